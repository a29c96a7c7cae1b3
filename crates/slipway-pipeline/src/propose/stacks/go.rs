//! Go modules.

use super::super::component::Component;
use super::super::docker::Recipe;
use super::super::folder::{Folder, last, parent};
use super::super::yaml::Step;

/// Writes JUnit of what `go test` says; run by its version, so nothing is added to go.mod.
const GOTESTSUM: &str = "gotest.tools/gotestsum@v1.13.0";

pub(super) fn read(folder: &Folder<'_>) -> Option<Component> {
    let module = folder.read("go.mod")?;
    let file = folder.of("go.mod");
    let mut component = Component { language: "Go", usual_port: 8080, ..Component::default() };
    let version = folder.find("go.mod", r"(?m)^go\s+(\d+\.\d+(?:\.\d+)?)");
    component.note(format!("Go {}", version.as_deref().unwrap_or("of no given version")), file);
    let name = folder.find("go.mod", r"(?m)^module\s+(\S+)").unwrap_or_default();
    component.name = last(&name).to_owned();
    component.why.push(
        "Go itself fetches a newer version where go.mod asks for one, so no step puts Go on PATH."
            .to_owned(),
    );
    component.build = vec![
        Step::script("Look for mistakes", &folder.path, &["go vet ./..."]),
        Step::script("Build", &folder.path, &["go build ./..."]),
    ];
    if let Some(test) = folder.below().iter().find(|path| path.ends_with("_test.go")) {
        component.note("Has Go tests", folder.of(test));
        let run = if module.contains("gotest.tools/gotestsum") {
            "gotest.tools/gotestsum"
        } else {
            GOTESTSUM
        };
        let run = format!("go run {run} --junitfile results/TEST-go.xml ./...");
        component.tests = vec![
            Step::script("Run the unit tests", &folder.path, &[run.as_str()]),
            Step::results("Go", &folder.of("results/TEST-go.xml")),
        ];
        component.why.push("gotestsum runs `go test` and writes its results as JUnit, which the run then shows test by test.".to_owned());
    }
    let programs = programs(folder);
    if let Some((program, file)) = choose(&programs, &component.name) {
        let place = if program.is_empty() { ".".to_owned() } else { format!("./{program}") };
        let what = match programs.len() {
            1 => "Has a program".to_owned(),
            count => format!("Has {count} programs; the image runs {place}"),
        };
        component.note(what, folder.of(file));
        component.recipe = Some(recipe(folder, &module, version.as_deref(), &place));
    }
    Some(component)
}

fn recipe(folder: &Folder<'_>, module: &str, version: Option<&str>, place: &str) -> Recipe {
    let version = version.unwrap_or("1");
    let sums = if folder.has("go.sum") { "COPY go.mod go.sum ./\n" } else { "COPY go.mod ./\n" };
    let modules = if module.contains("require") {
        format!(
            "# Modules first: they are fetched again only when these files change.\n{sums}RUN go mod download\n"
        )
    } else {
        String::new()
    };
    Recipe {
        text: format!(
            "FROM golang:{version} AS build\nWORKDIR /src\n{modules}COPY . .\n\
             RUN CGO_ENABLED=0 go build -trimpath -o /out/app {place}\n\n\
             # One static program and what it needs to trust other servers.\n\
             FROM scratch\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\n\
             COPY --from=build /out/app /app\nUSER 65534:65534\nEXPOSE @port@\nENTRYPOINT [\"/app\"]\n"
        ),
        ignored: vec!["results"],
        why: vec![
            format!(
                "Built with Go {version}, the version go.mod names, whatever is installed where the image is built."
            ),
            "The image starts from nothing: a static Go program needs no system around it."
                .to_owned(),
        ],
    }
}

/// Folders with a `package main`, the root or those of `cmd`, each with a file that says so.
fn programs(folder: &Folder<'_>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for path in folder.below() {
        let place = parent(&path);
        let is_near = place.is_empty() || place == "cmd" || parent(place) == "cmd";
        let is_known = found.iter().any(|(known, _)| known == place);
        if !is_near || is_known || !path.ends_with(".go") || path.ends_with("_test.go") {
            continue;
        }
        let is_program = folder.find(&path, r"(?s)\bpackage\s+main\b.*\nfunc\s+(main)\(").is_some();
        // Files behind a build tag are not built by default.
        if is_program && folder.find(&path, r"(?m)^//go:build\s+(ignore)\b").is_none() {
            found.push((place.to_owned(), path));
        }
    }
    found
}

fn choose<'a>(programs: &'a [(String, String)], name: &str) -> Option<&'a (String, String)> {
    let usual = [name, "server", "api", "web", "app"];
    let fits = |(place, _): &&(String, String)| place.is_empty() || usual.contains(&last(place));
    programs.iter().find(fits).or(programs.first())
}
