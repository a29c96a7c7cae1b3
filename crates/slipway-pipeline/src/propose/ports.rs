//! The port a program listens on and the path that says it is ready, as far as its files tell.

use regex::Regex;

use super::component::Component;
use super::folder::Folder;

/// Files that are looked into for a component.
const MOST_FILES: usize = 60;
const MOST_BYTES: usize = 256 * 1024;
const SOURCES: &[&str] = &[
    "go",
    "js",
    "mjs",
    "cjs",
    "ts",
    "py",
    "java",
    "kt",
    "cs",
    "rs",
    "json",
    "properties",
    "yml",
    "yaml",
];
const HEALTH: &str =
    r#"["'`](/(?:healthz|readyz|livez|health|ready|healthcheck|api/health))["'`/]"#;
const PORTS: &[&str] = &[
    r"(?m)^\s*EXPOSE\s+(\d{2,5})\b",
    r"(?m)^\s*server\.port\s*[=:]\s*(\d{2,5})\b",
    r#"(?i)\bPORT["']?\s*\)?\s*(?:,|\|\||\?\?|:-|or)\s*["'`]?(\d{4,5})\b"#,
    r"\.listen\(\s*(\d{4,5})\b",
    r#"ListenAndServe\(\s*["`][^"`:]*:(\d{4,5})["`]"#,
    r#"["'`](?:0\.0\.0\.0|\[::\]|\*)?:(\d{4,5})["'`]"#,
    r"(?i)\bport\s*=\s*(\d{4,5})\b",
];

/// Looks for port and path; the Dockerfile goes first.
pub(super) fn look(root: &Folder<'_>, component: &mut Component) {
    if let Some((file, _)) = component.dockerfile.clone()
        && let Some(port) = root.read(&file).as_deref().and_then(|text| number(text, &PORTS[..1]))
    {
        component.port = Some(port);
        component.note(format!("Listens on port {port}"), file);
    }
    let folder = root.at(&component.folder);
    let health = Regex::new(HEALTH).ok();
    let is_source = |path: &String| {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is_test =
            path.contains("test") || path.contains("spec.") || path.ends_with("lock.json");
        SOURCES.contains(&ending) && !is_test && !path.ends_with("package.json")
    };
    for path in folder.below().into_iter().filter(is_source).take(MOST_FILES) {
        if component.port.is_some() && component.health.is_some() {
            return;
        }
        let Some(text) = folder.read(&path).filter(|text| text.len() <= MOST_BYTES) else {
            continue;
        };
        if component.port.is_none()
            && let Some(port) = number(&text, &PORTS[1..])
        {
            component.port = Some(port);
            component.note(format!("Listens on port {port}"), folder.of(&path));
        }
        if component.health.is_none()
            && let Some(found) = health.as_ref().and_then(|pattern| pattern.captures(&text))
            && let Some(place) = found.get(1)
        {
            component.health = Some(place.as_str().to_owned());
            component
                .note(format!("Answers {} when it is ready", place.as_str()), folder.of(&path));
        }
    }
}

/// The first port that one of the patterns finds.
fn number(text: &str, patterns: &[&str]) -> Option<u16> {
    patterns.iter().find_map(|pattern| {
        let found = Regex::new(pattern).ok()?.captures(text)?.get(1)?.as_str().parse().ok()?;
        (found > 0).then_some(found)
    })
}
