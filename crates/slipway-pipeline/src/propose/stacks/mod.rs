//! What is known of each language: which file tells of it, how it is built, tested and put into an image.

mod dotnet;
mod go;
mod java;
mod node;
mod page;
mod python;
mod rust;

use super::component::Component;
use super::folder::{Folder, parent};

/// A language with its build tool. Of two in a folder the first one here counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stack {
    Go,
    Rust,
    DotNet,
    Maven,
    Gradle,
    Python,
    Node,
    Page,
}

/// The language that a file's name tells of.
pub(super) fn of(name: &str) -> Option<Stack> {
    Some(match name {
        "go.mod" => Stack::Go,
        "Cargo.toml" => Stack::Rust,
        "pom.xml" => Stack::Maven,
        "build.gradle" | "build.gradle.kts" | "settings.gradle" | "settings.gradle.kts" => {
            Stack::Gradle
        }
        "package.json" => Stack::Node,
        "pyproject.toml" | "requirements.txt" | "setup.py" => Stack::Python,
        "index.html" => Stack::Page,
        name if name.ends_with(".sln")
            || name.ends_with(".slnx")
            || name.ends_with(".csproj")
            || name.ends_with(".fsproj") =>
        {
            Stack::DotNet
        }
        _ => return None,
    })
}

impl Stack {
    /// Reads a folder; none if there is nothing to build after all.
    pub(super) fn read(self, folder: &Folder<'_>) -> Option<Component> {
        let mut component = match self {
            Self::Go => go::read(folder),
            Self::Rust => rust::read(folder),
            Self::DotNet => dotnet::read(folder),
            Self::Maven => java::maven(folder),
            Self::Gradle => java::gradle(folder),
            Self::Python => python::read(folder),
            Self::Node => node::read(folder),
            Self::Page => page::read(folder),
        }?;
        component.folder.clone_from(&folder.path);
        Some(component)
    }

    /// Whether a component of this language builds what lies in folders below it as well.
    pub(super) fn covers(self, other: Self, root: &Folder<'_>, folder: &str) -> bool {
        match self {
            // Each go.mod is a module of its own, each package.json too unless it is a workspace's.
            Self::Go => false,
            Self::Node => {
                other == Self::Page || (other == Self::Node && node::is_workspace(&root.at(folder)))
            }
            Self::Page => other == Self::Page,
            _ => other == self || other == Self::Page,
        }
    }
}

/// The folder that builds a folder's files: projects of .NET belong to the solution, or to the root that holds several.
pub(super) fn home(stack: Stack, root: &Folder<'_>, folder: &str) -> String {
    if stack != Stack::DotNet {
        return folder.to_owned();
    }
    let is_solution = |path: &&str| path.ends_with(".sln") || path.ends_with(".slnx");
    let is_project = |path: &&str| path.ends_with(".csproj") || path.ends_with(".fsproj");
    let solution = root.all().filter(is_solution).min_by_key(|path| path.matches('/').count());
    match solution {
        Some(solution) => parent(solution).to_owned(),
        None if root.all().filter(is_project).count() > 1 => String::new(),
        None => folder.to_owned(),
    }
}

/// A key of a table of a TOML file, written in one line. Enough for what tools write there.
pub(super) fn toml_text(text: &str, table: &str, key: &str) -> Option<String> {
    let mut is_inside = table.is_empty();
    for line in text.lines() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            is_inside = header.trim_matches(['[', ']', ' ']) == table;
        } else if is_inside
            && let Some((name, value)) = line.split_once('=')
            && name.trim() == key
        {
            let value = value.split(" #").next().unwrap_or_default().trim();
            return Some(value.trim_matches(['"', '\'']).to_owned());
        }
    }
    None
}

/// The numbers at the start of a version: 20 of ^20.1, 3.12 of >=3.12,<4.
pub(super) fn version_numbers(text: &str, parts: usize) -> Option<String> {
    let digits = text.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let end = digits
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(digits.len());
    let numbers: Vec<&str> =
        digits[..end].split('.').filter(|part| !part.is_empty()).take(parts).collect();
    if numbers.is_empty() { None } else { Some(numbers.join(".")) }
}
