//! Cargo packages and workspaces.

use super::super::component::Component;
use super::super::docker::Recipe;
use super::super::folder::{Folder, first_group, parent};
use super::super::yaml::Step;
use super::{toml_text, version_numbers};

pub(super) fn read(folder: &Folder<'_>) -> Option<Component> {
    let cargo = folder.read("Cargo.toml")?;
    let mut component = Component { language: "Rust", usual_port: 8080, ..Component::default() };
    component.name = toml_text(&cargo, "package", "name").unwrap_or_default();
    let toolchain = folder.first(&["rust-toolchain.toml", "rust-toolchain"]);
    let channel = toolchain.as_ref().and_then(|file| {
        let text = folder.read(file)?;
        toml_text(&text, "toolchain", "channel")
            .or_else(|| text.lines().next().map(|line| line.trim().to_owned()))
    });
    match (&channel, &toolchain) {
        (Some(channel), Some(file)) => component.note(format!("Rust {channel}"), folder.of(file)),
        _ => component.note("Rust", folder.of("Cargo.toml")),
    }
    component.why.push("rustup on the agent takes the toolchain that the repository asks for; no step is needed for that.".to_owned());
    let locked = if folder.has("Cargo.lock") { " --locked" } else { "" };
    component.build =
        vec![Step::script("Build", &folder.path, &[&format!("cargo build --workspace{locked}")])];
    if let Some(test) = test_file(folder) {
        component.note("Has Rust tests", folder.of(&test));
        component.tests = vec![Step::script(
            "Run the tests",
            &folder.path,
            &[&format!("cargo test --workspace{locked}")],
        )];
        component.why.push(
            "cargo writes no file of results, so the log is where failed tests are read."
                .to_owned(),
        );
    }
    if let Some(binary) = binary(folder, &cargo) {
        // The number of a toolchain is its image's tag as well; a channel's newest is tagged `1`.
        let version = channel
            .as_deref()
            .and_then(|word| version_numbers(word, 3))
            .unwrap_or_else(|| "1".to_owned());
        component.recipe = Some(Recipe {
            text: format!(
                "FROM rust:{version}-slim-bookworm AS build\nWORKDIR /src\nCOPY . .\n\
                 RUN cargo build --release{locked} --bin {binary}\n\n\
                 FROM gcr.io/distroless/cc-debian12:nonroot\n\
                 COPY --from=build /src/target/release/{binary} /app\nUSER 65532:65532\nEXPOSE @port@\nENTRYPOINT [\"/app\"]\n"
            ),
            ignored: vec!["target"],
            why: vec![
                format!("Built with the toolchain {version} in an image of its own."),
                "The image holds the C library and the program, and no shell.".to_owned(),
            ],
        });
    }
    Some(component)
}

fn test_file(folder: &Folder<'_>) -> Option<String> {
    let is_test = |path: &String| {
        path.ends_with(".rs")
            && (path.starts_with("tests/")
                || path.contains("/tests/")
                || folder
                    .read(path)
                    .is_some_and(|text| text.contains("#[test]") || text.contains("#[cfg(test)]")))
    };
    folder.below().into_iter().filter(|path| path.ends_with(".rs")).take(200).find(is_test)
}

/// The one program of the package or workspace; none if there are several to choose from.
fn binary(folder: &Folder<'_>, cargo: &str) -> Option<String> {
    if let Some(name) = first_group(cargo, r#"(?s)\[\[bin\]\].*?name\s*=\s*"([^"]+)""#) {
        return Some(name);
    }
    let mut mains = folder
        .below()
        .into_iter()
        .filter(|path| path == "src/main.rs" || path.ends_with("/src/main.rs"));
    let (main, None) = (mains.next()?, mains.next()) else { return None };
    let package = parent(parent(&main));
    let cargo =
        if package.is_empty() { "Cargo.toml".to_owned() } else { format!("{package}/Cargo.toml") };
    toml_text(&folder.read(&cargo)?, "package", "name")
}
