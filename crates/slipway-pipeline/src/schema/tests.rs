//! The table against itself and against the words of the language.

use std::collections::HashSet;

use super::*;

/// Every shape that a shape leads to, the root first.
fn reachable() -> Vec<Shape> {
    let mut found = vec![Shape::Root];
    let mut next = 0;
    while let Some(shape) = found.get(next).copied() {
        for key in keys(shape) {
            for value in key.values {
                let shapes: Vec<Shape> = match value {
                    Value::Map(shape) => vec![*shape],
                    Value::Items(shapes) => shapes.to_vec(),
                    _ => Vec::new(),
                };
                for shape in shapes {
                    if !found.contains(&shape) {
                        found.push(shape);
                    }
                }
            }
        }
        next += 1;
    }
    found
}

#[test]
fn every_shape_is_sound() {
    let shapes = reachable();
    assert!(shapes.len() >= 58, "all shapes are reached from the root: {}", shapes.len());
    for shape in shapes {
        let mut seen = HashSet::new();
        for key in keys(shape) {
            assert!(seen.insert(key.name), "{shape:?} has {} once", key.name);
            assert!(key.help.ends_with('.'), "{shape:?} {}: the help is a sentence", key.name);
            assert!(!key.values.is_empty(), "{shape:?} {} takes something", key.name);
        }
        let firsts = keys(shape).iter().filter(|key| key.is_first).count();
        assert!(firsts <= 1, "{shape:?} has one first key at most");
        assert!(page(shape).starts_with("https://"), "{shape:?} has a page");
    }
}

#[test]
fn the_words_of_the_language_are_there() {
    for (shape, wanted) in [
        (
            Shape::Stage,
            "stage displayName group pool dependsOn condition variables jobs lockBehavior trigger isSkippable templateContext checks",
        ),
        (
            Shape::Job,
            "job displayName dependsOn condition continueOnError timeoutInMinutes cancelTimeoutInMinutes variables strategy pool container services workspace uses steps templateContext",
        ),
        (Shape::Deployment, "deployment environment strategy"),
        (
            Shape::Task,
            "task inputs name displayName condition continueOnError enabled env timeoutInMinutes retryCountOnTaskFailure target",
        ),
        (
            Shape::Checkout,
            "checkout clean fetchDepth fetchFilter fetchTags lfs submodules persistCredentials path sparseCheckoutDirectories sparseCheckoutPatterns workspaceRepo",
        ),
        (
            Shape::Container,
            "image endpoint env options ports volumes mapDockerSocket mountReadOnly",
        ),
        (
            Shape::Queue,
            "name demands timeoutInMinutes cancelTimeoutInMinutes parallel matrix container workspace",
        ),
        (Shape::Root, "phases queue server appendCommitMessageToRunName lockBehavior extends"),
    ] {
        for word in wanted.split(' ') {
            assert!(key(shape, word).is_some(), "{shape:?} has {word}");
        }
    }
}

#[test]
fn names_are_found_ignoring_case() {
    assert!(predefined("build.buildid").is_some(), "variables ignore case");
    assert_eq!(command("Task.Issue").map(|known| known.name), Some("task.logissue"), "an alias");
    let known: HashSet<String> =
        PREDEFINED.iter().map(|variable| variable.name.to_lowercase()).collect();
    assert_eq!(known.len(), PREDEFINED.len(), "no variable is there twice");
}
