//! Pages without a build: files that a web server hands out.

use super::super::component::Component;
use super::super::docker::Recipe;
use super::super::folder::Folder;
use super::super::yaml::Step;

/// A web server that needs no rights, and its pages.
pub(super) fn server(from: &str) -> String {
    format!(
        "FROM nginxinc/nginx-unprivileged:1.28-alpine\nCOPY {from} /usr/share/nginx/html\nEXPOSE @port@\n"
    )
}

pub(super) fn read(folder: &Folder<'_>) -> Option<Component> {
    let mut component =
        Component { language: "static pages", port: Some(8080), ..Component::default() };
    component.note("Static pages", folder.of("index.html"));
    component.build = vec![Step::publish(
        "Keep the pages with the run",
        if folder.path.is_empty() { "." } else { &folder.path },
        "site",
    )];
    component.recipe = Some(Recipe {
        text: server("."),
        ignored: Vec::new(),
        why: vec!["The pages are handed out by nginx, in the edition that does not run as root and listens on 8080.".to_owned()],
    });
    Some(component)
}
