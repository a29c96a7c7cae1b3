//! Hover, definition, references and rename; and that no text makes any of it panic.

use super::*;

const FILE: &str = "parameters:
- name: env
  type: string
  default: dev
  values: [dev, prod]
variables:
  image: web
stages:
- stage: Build
  jobs:
  - job: Compile
    variables:
      image: inner
    steps:
    - bash: |
        echo \"##vso[task.setvariable variable=tag;isOutput=true]$(image)\"
      name: set
    - script: echo $(set.tag) $(Build.BuildId) ${{ parameters.env }}
  - job: Test
    dependsOn: Compile
    condition: and(succeeded('Compile'), eq(dependencies.Compile.outputs['set.tag'], variables.image))
    steps:
    - task: Docker@2
      inputs:
        command: build
- stage: Deploy
  dependsOn: [Build]
  condition: eq(dependencies.Build.outputs['Compile.set.tag'], 'x')
  jobs:
  - deployment: Go
    variables:
      t: $[ stageDependencies.Build.Compile.outputs['set.tag'] ]
    environment: prod
";

/// The byte at which the cursor is in the n-th occurrence of a text.
fn nth(text: &str, n: usize) -> usize {
    FILE.match_indices(text).nth(n).map(|(at, _)| at).expect("BUG: the text is in the file")
}

fn hovered(text: &str, n: usize) -> String {
    hover(FILE, nth(text, n) + 1, &Alone).map(|hover| hover.text).unwrap_or_default()
}

#[test]
fn hover_says_what_a_thing_is() {
    for (text, n, wanted) in [
        ("dependsOn", 0, "Jobs it waits for"),
        ("dependsOn", 1, "Stages it waits for"),
        ("Docker@2", 0, "Builds container images"),
        ("command: build", 0, "What to do."),
        ("build\n", 0, "`buildAndPush` if left out"),
        ("succeeded(", 0, "**succeeded("),
        ("Build.BuildId", 0, "The run's id."),
        ("parameters.env", 0, "**parameters**"),
        ("env }}", 0, "Allowed: dev, prod."),
        ("image)", 0, "`inner`"),
        ("variables.image", 0, "**variables**"),
        ("task.setvariable", 0, "Sets a variable"),
        ("Compile.outputs", 0, "In the stage Build."),
        ("tag']", 0, "output of the step set"),
    ] {
        let found = hovered(text, n);
        assert!(found.contains(wanted), "{text} is explained with {wanted:?}: {found:?}");
    }
    let at = nth("variables.image", 0) + "variables.i".len();
    let found = hover(FILE, at, &Alone).map(|hover| hover.text).unwrap_or_default();
    assert!(found.contains("`web`"), "the job sees the root's variable: {found}");
    assert!(hover(FILE, nth("echo", 1), &Alone).is_none(), "a script's word is nothing");
}

#[test]
fn definitions_are_the_names_where_they_are_declared() {
    let target = |text: &str, n: usize, more: usize| {
        definition(FILE, nth(text, n) + more, &Alone).map(|found| found.range.start)
    };
    assert_eq!(target("dependsOn: Compile", 0, 12), Some(nth("Compile", 0)), "a job");
    assert_eq!(target("[Build]", 0, 2), Some(nth("Build\n", 0)), "a stage in brackets");
    assert_eq!(target("succeeded('Compile')", 0, 12), Some(nth("Compile", 0)), "a job in a text");
    assert_eq!(target("parameters.env", 0, 12), Some(nth("env\n", 0)), "a parameter");
    assert_eq!(target("$(image)", 0, 3), Some(nth("image: inner", 0)), "the innermost variable");
    assert_eq!(target("variables.image", 0, 12), Some(nth("image: web", 0)), "the root's variable");
    assert_eq!(target("$(set.tag)", 0, 3), Some(nth("set\n", 0)), "a step");
    assert_eq!(target("$(set.tag)", 0, 7), Some(nth("tag;", 0)), "an output");
    assert_eq!(target("'Compile.set.tag'", 0, 2), Some(nth("Compile", 0)), "the job of an output");
    assert_eq!(target("'Compile.set.tag'", 0, 10), Some(nth("set\n", 0)), "the step of an output");
    assert_eq!(target("stageDependencies.Build", 0, 19), Some(nth("Build\n", 0)), "a stage");
}

#[test]
fn references_and_rename_take_all_places() {
    let words = |at: usize| -> Vec<String> {
        let lines = |range: std::ops::Range<usize>| {
            let line = FILE[..range.start].matches('\n').count() + 1;
            format!("{line} {}", &FILE[range])
        };
        references(FILE, at).into_iter().map(lines).collect()
    };
    assert_eq!(
        words(nth("Compile", 0)),
        ["11 Compile", "20 Compile", "21 Compile", "21 Compile", "28 Compile", "32 Compile"],
        "a job where it is depended on, also from another stage"
    );
    assert_eq!(
        words(nth("Build\n", 0)),
        ["9 Build", "27 Build", "28 Build", "32 Build"],
        "a stage"
    );
    assert_eq!(words(nth("env", 0)), ["2 env", "18 env"], "a parameter, and no environment");
    assert_eq!(words(nth("image", 0)).len(), 4, "a variable in every scope");
    assert_eq!(words(nth("set\n", 0)).len(), 5, "a step: {:?}", words(nth("set\n", 0)));

    let renamed = |at: usize, name: &str| {
        let mut text = FILE.to_owned();
        for edit in rename(FILE, at, name).unwrap_or_default().into_iter().rev() {
            text.replace_range(edit.range, &edit.text);
        }
        text
    };
    let text = renamed(nth("Compile", 0), "Make");
    assert!(!text.contains("Compile"), "nothing of the old name is left: {text}");
    let text = renamed(nth("image", 0), "my.image");
    assert!(text.contains("variables['my.image']"), "a name with a dot goes in brackets: {text}");
    assert!(rename(FILE, nth("Compile", 0), "a-b").is_err(), "a job's name is an identifier");
    assert!(rename(FILE, nth("Build.BuildId", 0), "x").is_err(), "a predefined variable stays");
    assert!(rename(FILE, 3, "x").is_err(), "a key is no name");
}

#[test]
fn the_outline_has_stages_jobs_and_steps() {
    fn shown(items: &[OutlineItem], depth: usize, out: &mut String) {
        for item in items {
            out.push_str(&format!("{}{:?} {}\n", " ".repeat(depth), item.kind, item.name));
            shown(&item.children, depth + 1, out);
        }
    }
    let mut out = String::new();
    shown(&symbols(FILE), 0, &mut out);
    let wanted = "Section parameters\n Parameter env\nSection variables\nSection stages\n Stage Build\n  Job Compile\n   Step echo \"##vso[task.setvariable variable=tag;isOutput=true]$(image)\"\n   Step echo $(set.tag) $(Build.BuildId) ${{ parameters.env }}\n  Job Test\n   Step Docker@2\n Stage Deploy\n  Job Go\n";
    assert_eq!(out, wanted, "nested as the file is");
    let folds = folding("# a\n# b\nsteps:\n- script: |\n    x\n    y\n- script: z\n");
    let lines: Vec<(usize, usize)> = folds.iter().map(|fold| (fold.first, fold.last)).collect();
    assert_eq!(lines, [(0, 1), (2, 6), (3, 5)], "comments, a list, a step");
}

/// Every question about a place of a text, with its answers' places checked.
fn ask(text: &str, offset: usize) {
    let is_in = |range: &std::ops::Range<usize>, what: &str| {
        assert!(
            text.get(range.clone()).is_some(),
            "{what} at {offset} lies in {text:?}: {range:?}"
        );
    };
    for completion in complete(text, offset, &Alone) {
        is_in(&completion.replace, "a completion");
    }
    if let Some(hover) = hover(text, offset, &Alone) {
        is_in(&hover.range, "a hover");
    }
    if let Some(found) = definition(text, offset, &Alone) {
        is_in(&found.range, "a definition");
    }
    for range in references(text, offset) {
        is_in(&range, "a reference");
    }
    for edit in rename(text, offset, "renamed").unwrap_or_default() {
        is_in(&edit.range, "an edit");
    }
}

#[test]
fn no_place_of_any_text_makes_it_panic() {
    const HOOKS: &str = include_str!("../../tests/files/hooks.yml");
    const LOOP: &str = include_str!("../../tests/files/loop.yml");
    const BROKEN: &str = include_str!("../../tests/files/yaml-errors.yml");
    const ODD: &str = "\u{feff}é: [ü, {ö: 'x\ny: \"\u{1f600}\n- - - {\n\t- a: $(\n${{ : ]}\n  $[ é['ü\n##vso[task.setvariable variable=é;isOutput=true]\n? : -\n";
    for text in [FILE, HOOKS, LOOP, BROKEN, ODD] {
        for cut in [text.len(), text.len() * 2 / 3, text.len() / 3] {
            let text = &text[..on_boundary(text, cut)];
            for offset in (0..=text.len() + 1).step_by(7) {
                ask(text, offset);
            }
            symbols(text);
            folding(text);
        }
    }
    let deep: String = (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth % 300))).collect();
    ask(&deep, deep.len());
    let brackets = "[{a: ".repeat(2000);
    ask(&brackets, brackets.len());
    ask(&format!("x: {}", "- ".repeat(5000)), 5000);
    ask(&"- ".repeat(5000), 5000);
}
