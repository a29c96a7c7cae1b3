//! Node.js and TypeScript, with npm, yarn or pnpm.

use serde_json::Value;

use super::super::component::Component;
use super::super::docker::Recipe;
use super::super::folder::{Folder, first_group};
use super::super::yaml::Step;
use super::{page, version_numbers};

/// Frameworks that answer requests by themselves.
const SERVERS: &[&str] = &[
    "express",
    "fastify",
    "koa",
    "next",
    "nuxt",
    "@nestjs/core",
    "@hapi/hapi",
    "hono",
    "@remix-run/node",
    "polka",
];
/// Tools that build pages, and where they put them.
const BUILDERS: &[(&str, &str)] = &[
    ("react-scripts", "build"),
    ("vite", "dist"),
    ("@angular/cli", "dist"),
    ("@vue/cli-service", "dist"),
    ("parcel", "dist"),
    ("astro", "dist"),
];
/// What `npm init` writes where there are no tests.
const NO_TESTS: &str = "no test specified";

/// Whether packages below this one are built with it.
pub(super) fn is_workspace(folder: &Folder<'_>) -> bool {
    let text = folder.read("package.json").unwrap_or_default();
    folder.has("pnpm-workspace.yaml")
        || serde_json::from_str::<Value>(&text).is_ok_and(|it| it.get("workspaces").is_some())
}

/// What package.json says.
struct Package(Value);

impl Package {
    fn script(&self, name: &str) -> Option<&str> {
        self.0.pointer(&format!("/scripts/{name}")).and_then(Value::as_str)
    }

    fn needs(&self, name: &str) -> bool {
        ["dependencies", "devDependencies"].iter().any(|list| self.0[list].get(name).is_some())
    }

    fn text(&self, pointer: &str) -> Option<&str> {
        self.0.pointer(pointer).and_then(Value::as_str)
    }
}

/// How packages are installed and scripts run.
struct Tool {
    name: &'static str,
    lock: Option<&'static str>,
    /// Makes the tool known.
    enable: Option<&'static str>,
    install: &'static str,
    prune: Option<&'static str>,
    /// Stands between a script's name and what is handed to it.
    between: &'static str,
}

impl Tool {
    fn of(folder: &Folder<'_>, package: &Package) -> Self {
        let named = package.text("/packageManager").unwrap_or_default();
        if folder.has("pnpm-lock.yaml") || named.starts_with("pnpm") {
            let install = "pnpm install --frozen-lockfile";
            Self {
                name: "pnpm",
                lock: Some("pnpm-lock.yaml"),
                enable: Some("corepack enable"),
                install,
                prune: Some("pnpm prune --prod"),
                between: " ",
            }
        } else if folder.has(".yarnrc.yml")
            || (named.starts_with("yarn@") && !named.starts_with("yarn@1"))
        {
            Self {
                name: "yarn",
                lock: Some("yarn.lock"),
                enable: Some("corepack enable"),
                install: "yarn install --immutable",
                prune: None,
                between: " ",
            }
        } else if folder.has("yarn.lock") {
            let install = "yarn install --frozen-lockfile";
            Self {
                name: "yarn",
                lock: Some("yarn.lock"),
                enable: None,
                install,
                prune: Some("yarn install --production --ignore-scripts --prefer-offline"),
                between: " ",
            }
        } else if folder.has("package-lock.json") {
            Self {
                name: "npm",
                lock: Some("package-lock.json"),
                enable: None,
                install: "npm ci",
                prune: Some("npm prune --omit=dev"),
                between: " -- ",
            }
        } else {
            Self {
                name: "npm",
                lock: None,
                enable: None,
                install: "npm install",
                prune: Some("npm prune --omit=dev"),
                between: " -- ",
            }
        }
    }

    fn run(&self, script: &str) -> String {
        if self.name == "npm" {
            format!("npm run {script}")
        } else {
            format!("{} {script}", self.name)
        }
    }
}

pub(super) fn read(folder: &Folder<'_>) -> Option<Component> {
    let package = Package(serde_json::from_str(&folder.read("package.json")?).ok()?);
    let tool = Tool::of(folder, &package);
    let tests = package.script("test").filter(|script| !script.contains(NO_TESTS));
    let has_work = ["build", "start", "lint"].iter().any(|name| package.script(name).is_some())
        || tests.is_some();
    // A package.json without scripts only holds settings of tools.
    if !has_work && !folder.has("server.js") && !folder.has("index.js") && !is_workspace(folder) {
        return None;
    }
    let mut component = Component { language: "Node.js", usual_port: 3000, ..Component::default() };
    component.name =
        package.text("/name").unwrap_or_default().trim_start_matches('@').replace('/', "-");
    let language = if folder.has("tsconfig.json") { "TypeScript" } else { "Node.js" };
    component.note(
        format!("{language} with {}", tool.name),
        folder.of(tool.lock.filter(|lock| folder.has(lock)).unwrap_or("package.json")),
    );
    let version = versions(folder, &package, &mut component);
    let mut install: Vec<&str> = tool.enable.into_iter().collect();
    install.push(tool.install);
    component.build.push(Step::script("Install packages", &folder.path, &install));
    if tool.lock.is_some() {
        component
            .why
            .push(format!("`{}` installs exactly what the lock file names.", tool.install));
    }
    for (script, display) in [("lint", "Look for mistakes"), ("build", "Build")] {
        if package.script(script).is_some() {
            component.build.push(Step::script(display, &folder.path, &[&tool.run(script)]));
        }
    }
    if let Some(script) = tests {
        component.note(format!("Has tests: {script}"), folder.of("package.json"));
        component.tests = test_steps(folder, &package, &tool, script, &mut component.why);
    }
    component.recipe =
        recipe(folder, &package, &tool, version.as_deref().unwrap_or("22"), &mut component);
    Some(component)
}

/// The version of Node that a file asks for, as images are tagged; a step takes the same on the agent.
fn versions(folder: &Folder<'_>, package: &Package, component: &mut Component) -> Option<String> {
    if let Some(file) = folder.first(&[".nvmrc", ".node-version"]) {
        let text = folder.read(&file)?.trim().to_owned();
        component.note(format!("Node {text}"), folder.of(&file));
        let inputs =
            [("versionSource", "fromFile".to_owned()), ("versionFilePath", folder.of(&file))];
        component.tools =
            vec![Step::task("NodeTool@0", &format!("Take the Node of {file}"), &inputs)];
        component
            .why
            .push(format!("Node is the one of {file}, so that it is written in one place."));
        return version_numbers(&text, 3);
    }
    let asked = package.text("/engines/node").or(package.text("/volta/node"))?;
    component.note(format!("Node {asked}"), folder.of("package.json"));
    let is_number = asked.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    let range = if is_number && asked.matches('.').count() < 2 {
        format!("{}.x", asked.trim_end_matches('.'))
    } else {
        asked.to_owned()
    };
    component.tools =
        vec![Step::task("UseNode@1", "Take the Node of package.json", &[("version", range)])];
    component.why.push("Node is one that package.json allows.".to_owned());
    version_numbers(asked, 1)
}

fn test_steps(
    folder: &Folder<'_>,
    package: &Package,
    tool: &Tool,
    script: &str,
    why: &mut Vec<String>,
) -> Vec<Step> {
    let test = format!("{} test", tool.name);
    let (command, environment) = if package.needs("vitest") && script.contains("vitest") {
        let once = if script.contains("run") { "" } else { "--run " };
        let command = format!(
            "{test}{}{once}--reporter=default --reporter=junit --outputFile.junit=results/TEST-vitest.xml",
            tool.between
        );
        (command, None)
    } else if package.needs("jest-junit") {
        let command =
            format!("{test}{}--ci --reporters=default --reporters=jest-junit", tool.between);
        (command, Some(("JEST_JUNIT_OUTPUT_FILE", "results/TEST-jest.xml")))
    } else if package.needs("mocha-junit-reporter") {
        (
            format!("{test}{}--reporter mocha-junit-reporter", tool.between),
            Some(("MOCHA_FILE", "results/TEST-mocha.xml")),
        )
    } else {
        why.push("The tests write no JUnit file, so failed ones are read in the log; with jest-junit or mocha-junit-reporter the run shows them one by one.".to_owned());
        return vec![Step::script("Run the tests", &folder.path, &[&test]).with(("CI", "true"))];
    };
    why.push("The test runner writes JUnit beside its usual output, and the run shows the tests one by one.".to_owned());
    let run = Step::script("Run the tests", &folder.path, &[&command]);
    let run = environment.into_iter().fold(run, Step::with);
    vec![
        run,
        Step::results(
            &format!("{} tests", package.text("/name").unwrap_or("Node")),
            &folder.of("results/TEST-*.xml"),
        ),
    ]
}

fn recipe(
    folder: &Folder<'_>,
    package: &Package,
    tool: &Tool,
    version: &str,
    component: &mut Component,
) -> Option<Recipe> {
    let files = match tool.lock.filter(|lock| folder.has(lock)) {
        Some(lock) => format!("package.json {lock}"),
        None => "package.json".to_owned(),
    };
    let files = if folder.has(".yarnrc.yml") { format!("{files} .yarnrc.yml") } else { files };
    let enable = tool.enable.map_or_else(String::new, |enable| format!("RUN {enable}\n"));
    let is_workspace = is_workspace(folder);
    // The packages of a workspace are needed to install; they come with everything else.
    let copy = if is_workspace {
        String::new()
    } else {
        format!(
            "# Packages first: they are installed again only when these files change.\nCOPY {files} ./\nRUN {}\nCOPY . .\n",
            tool.install
        )
    };
    let copy = if is_workspace { format!("COPY . .\nRUN {}\n", tool.install) } else { copy };
    let build = package
        .script("build")
        .map_or_else(String::new, |_| format!("RUN {}\n", tool.run("build")));
    let head = format!("FROM node:{version}-slim AS build\nWORKDIR /app\n{enable}{copy}{build}");
    let ignored = vec!["node_modules", "results"];
    let is_server = SERVERS.iter().any(|server| package.needs(server));
    component.is_server = is_server;
    let builder = BUILDERS.iter().find(|(builder, _)| package.needs(builder));
    if let (Some((builder, out)), false, true) =
        (builder, is_server, package.script("build").is_some())
    {
        let configured = folder
            .first(&["vite.config.ts", "vite.config.js", "vite.config.mjs"])
            .and_then(|file| folder.find(&file, r#"outDir\s*:\s*["'`]([\w./-]+)["'`]"#));
        let out = configured.unwrap_or_else(|| (*out).to_owned());
        component.note(format!("Built into pages by {builder}"), folder.of("package.json"));
        component.port = Some(8080);
        let server = page::server(&format!("--from=build /app/{out}"));
        return Some(Recipe {
            text: format!("{head}\n{server}"),
            ignored,
            why: vec![format!(
                "Node {version} builds the pages; nginx, in the edition that does not run as root, hands them out."
            )],
        });
    }
    let start = command(folder, package, tool)?;
    let prune = tool.prune.map_or_else(String::new, |prune| format!("RUN {prune}\n"));
    Some(Recipe {
        text: format!(
            "{head}{prune}\nFROM node:{version}-slim\nENV NODE_ENV=production\nWORKDIR /app\n{enable}\
             COPY --from=build --chown=node:node /app ./\nUSER node\nEXPOSE @port@\nCMD {start}\n"
        ),
        ignored,
        why: vec![format!(
            "Built and run with Node {version}; packages that only the build needs stay behind."
        )],
    })
}

/// How the program is started: by node itself where the script says so, as npm does not hand signals on.
fn command(folder: &Folder<'_>, package: &Package, tool: &Tool) -> Option<String> {
    if let Some(script) = package.script("start") {
        let plain = first_group(script, r"^node\s+([\w./-]+)$");
        return Some(match plain {
            Some(file) => format!("[\"node\", \"{file}\"]"),
            None => format!("[\"{}\", \"start\"]", tool.name),
        });
    }
    let is_server = SERVERS.iter().any(|server| package.needs(server));
    let main = package.text("/main").filter(|_| is_server).map(str::to_owned);
    let file = folder.first(&["server.js"]).or(main)?;
    Some(format!("[\"node\", \"{file}\"]"))
}
