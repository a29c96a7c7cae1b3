//! .NET solutions and projects.

use super::super::component::Component;
use super::super::docker::Recipe;
use super::super::folder::{Folder, first_group, last};
use super::super::yaml::Step;

struct Project {
    path: String,
    text: String,
}

impl Project {
    fn is_test(&self) -> bool {
        self.text.contains("Microsoft.NET.Test.Sdk")
    }

    fn is_web(&self) -> bool {
        self.text.contains("Microsoft.NET.Sdk.Web")
    }

    fn is_program(&self) -> bool {
        self.text.contains("<OutputType>Exe</OutputType>")
            || self.text.contains("Microsoft.NET.Sdk.Worker")
    }

    /// What the program is called.
    fn assembly(&self) -> String {
        let named = first_group(&self.text, r"<AssemblyName>\s*([^<\s]+)");
        let stem = last(&self.path).rsplit_once('.').map_or("app", |(stem, _)| stem);
        named.unwrap_or_else(|| stem.to_owned())
    }
}

pub(super) fn read(folder: &Folder<'_>) -> Option<Component> {
    let is_project = |path: &String| path.ends_with(".csproj") || path.ends_with(".fsproj");
    let projects: Vec<Project> = folder
        .below()
        .into_iter()
        .filter(is_project)
        .filter_map(|path| Some(Project { text: folder.read(&path)?, path }))
        .collect();
    let first = projects.first()?;
    let mut component = Component { language: ".NET", usual_port: 8080, ..Component::default() };
    let framework = projects
        .iter()
        .find_map(|one| first_group(&one.text, r"<TargetFrameworks?>\s*net(\d+\.\d+)"));
    let what =
        framework.as_deref().map_or_else(|| ".NET".to_owned(), |version| format!(".NET {version}"));
    component.note(what, folder.of(&first.path));
    let solution =
        folder.below().into_iter().find(|path| path.ends_with(".sln") || path.ends_with(".slnx"));
    component.name = solution.as_deref().map_or_else(
        || first.assembly(),
        |path| last(path).rsplit_once('.').map_or(path, |(stem, _)| stem).to_owned(),
    );
    if folder.has("global.json") {
        component.note("global.json names the SDK", folder.of("global.json"));
        let mut inputs = vec![("useGlobalJson", "true".to_owned())];
        if !folder.path.is_empty() {
            inputs.push(("workingDirectory", folder.path.clone()));
        }
        component.tools = vec![Step::task("UseDotNet@2", "Take the SDK of global.json", &inputs)];
        component.why.push(
            "The SDK is the one of global.json, so that the build here and on a desk is the same."
                .to_owned(),
        );
    } else if let Some(version) = &framework {
        let major = version.split('.').next().unwrap_or(version);
        component.tools = vec![Step::task(
            "UseDotNet@2",
            &format!("Take .NET {major}"),
            &[("version", format!("{major}.x"))],
        )];
        component
            .why
            .push(format!("The SDK {major} fits the target framework of {}.", last(&first.path)));
    }
    let all = match &solution {
        Some(solution) => folder.of(solution),
        None => folder.of("**/*.csproj"),
    };
    let cli = |display: &str, command: &str, projects: String, arguments: &str| {
        let inputs = [
            ("command", command.to_owned()),
            ("projects", projects),
            ("arguments", arguments.to_owned()),
        ];
        Step::task("DotNetCoreCLI@2", display, &inputs)
    };
    component.build = vec![cli("Build", "build", all, "--configuration Release")];
    let tests: Vec<&Project> = projects.iter().filter(|one| one.is_test()).collect();
    if let Some(test) = tests.first() {
        component.note("Has .NET tests", folder.of(&test.path));
        let paths: Vec<String> = tests.iter().map(|one| folder.of(&one.path)).collect();
        component.tests =
            vec![cli("Run the tests", "test", paths.join("\n"), "--configuration Release")];
        component.why.push("The task publishes the test results by itself.".to_owned());
    }
    let programs = || projects.iter().filter(|one| !one.is_test());
    let web: Vec<&Project> = programs().filter(|one| one.is_web()).collect();
    let others: Vec<&Project> = programs().filter(|one| one.is_program()).collect();
    let chosen = match (web.as_slice(), others.as_slice()) {
        ([one], _) => Some((*one, "aspnet")),
        ([], [one]) => Some((*one, "runtime")),
        _ => None,
    };
    if let Some((program, runtime)) = chosen {
        component.is_server = program.is_web();
        let version = framework.as_deref().unwrap_or("8.0");
        component.note(format!("{} is the program", program.assembly()), folder.of(&program.path));
        component.recipe = Some(Recipe {
            text: format!(
                "FROM mcr.microsoft.com/dotnet/sdk:{version} AS build\nWORKDIR /src\nCOPY . .\n\
                 RUN dotnet publish {} --configuration Release --output /out\n\n\
                 FROM mcr.microsoft.com/dotnet/{runtime}:{version}\nWORKDIR /app\nCOPY --from=build /out ./\n\
                 ENV ASPNETCORE_URLS=http://+:@port@\nUSER 65534:65534\nEXPOSE @port@\n\
                 ENTRYPOINT [\"dotnet\", \"{}.dll\"]\n",
                program.path,
                program.assembly()
            ),
            ignored: vec!["**/bin", "**/obj"],
            why: vec![format!(
                "Built with the SDK {version}; the image that runs has only the {runtime} runtime."
            )],
        });
    }
    Some(component)
}
