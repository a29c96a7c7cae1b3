//! What the lines of a file come to.

use super::*;

/// `key=value` of every node, indented by depth.
fn shown(text: &str) -> String {
    let sketch = Sketch::new(text);
    let mut out = String::new();
    for id in 1..sketch.nodes.len() {
        let depth = sketch.ancestors(id).count() - 2;
        let node = sketch.node(id);
        let key = match node.kind {
            Kind::Item => "-",
            _ => sketch.key(id),
        };
        let sign = match node.form {
            Form::Empty => "",
            Form::Scalar => "=",
            Form::Block => "|",
            Form::FlowMapping => "{}",
            Form::FlowSequence => "[]",
        };
        let word = if node.kind == Kind::Word { "?" } else { "" };
        out.push_str(&format!("{}{key}{word}{sign}{}\n", " ".repeat(depth), sketch.value(id)));
    }
    out
}

#[test]
fn keys_items_and_scalars_nest_by_indentation() {
    let text = "trigger: none # why\nsteps:\n- script: |\n    a: b\n\n    - c\n  displayName: 'x: y'\n- task: A@1\n  inputs:\n    k: v\npool: {vmImage: ubuntu, demands: [a, b]}\n";
    let wanted = "trigger=none\nsteps\n -\n  script|\n  displayName=x: y\n -\n  task=A@1\n  inputs\n   k=v\npool{}\n vmImage=ubuntu\n demands[]\n  -=a\n  -=b\n";
    assert_eq!(shown(text), wanted, "scripts are not read as YAML");
}

#[test]
fn expressions_are_keys_and_values() {
    let text = "steps:\n  - ${{ if eq(a, 'b: c') }}:\n    - script: ${{ x }}\n  - ${{ each s in parameters.s }}:\n    - ${{ s }}\n";
    let wanted = "steps\n -\n  ${{ if eq(a, 'b: c') }}\n   -\n    script=${{ x }}\n -\n  ${{ each s in parameters.s }}\n   -=${{ s }}\n";
    assert_eq!(shown(text), wanted, "a colon in an expression ends no key");
}

#[test]
fn what_is_being_typed_spoils_nothing() {
    let text = "stages:\n- stage: A\n  jobs:\n  - job: J\n    pool: {vmImage: \n    steps:\n    - scr\n  - job: K\n    disp\nvariables: [\nname: 'open\nx: y\n";
    let wanted = "stages\n -\n  stage=A\n  jobs\n   -\n    job=J\n    pool{}\n     vmImage\n    steps\n     -=scr\n   -\n    job=K\n    disp?\nvariables[]\nname=open\nx=y\n";
    assert_eq!(shown(text), wanted, "an open bracket or quote ends with its lines");
}

#[test]
fn scalars_go_on_over_lines() {
    let text = "condition: and(a,\n  eq(variables['x'], 'y'),\n  b)\nname: \"a\n  b\"\nlist:\n  - one\n    two\n  - three\n";
    let wanted = "condition=and(a,\n  eq(variables['x'], 'y'),\n  b)\nname=a\n  b\nlist\n -=one\n    two\n -=three\n";
    assert_eq!(shown(text), wanted, "a deeper line is no key");
}

#[test]
fn odd_texts_end() {
    for text in [
        "",
        "-",
        "- - - -",
        ":",
        "a:\n\t- b",
        "{",
        "[{[{",
        "'",
        "\u{feff}a: b",
        "a: {é: ü, 'ö",
        "x: [a: b, ]]}",
    ] {
        let sketch = Sketch::new(text);
        for node in &sketch.nodes {
            assert!(text.get(node.key.clone()).is_some(), "keys lie in {text:?}");
            assert!(text.get(node.value.clone()).is_some(), "values lie in {text:?}");
            assert!(node.end <= text.len(), "ends lie in {text:?}");
        }
    }
}
