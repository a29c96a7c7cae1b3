//! Random edits in the words of pipelines, and what each has to come to.

use slipway_pipeline::document::{At, Edit, FilterList, FilterOn, TriggerKey, Value};
use slipway_pipeline::tree::Node;

use crate::edit_oracle::Tree;
use crate::edit_random::Dice;

/// Stages and jobs by name, with the number of steps of each job.
#[derive(Default)]
struct Names {
    stages: Vec<String>,
    jobs: Vec<(Option<String>, String, usize)>,
    variables: Vec<String>,
    parameters: Vec<String>,
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key)?.text().filter(|name| !name.is_empty()).map(str::to_owned)
}

fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.get(key).and_then(Node::items).unwrap_or_default()
}

fn names(root: &Node) -> Names {
    let mut names = Names::default();
    let mut jobs = |stage: Option<String>, owner: &Node| {
        for job in items(owner, "jobs") {
            if let Some(name) = text(job, "job").or_else(|| text(job, "deployment")) {
                names.jobs.push((stage.clone(), name, items(job, "steps").len()));
            }
        }
    };
    jobs(None, root);
    for stage in items(root, "stages") {
        let name = text(stage, "stage");
        if name.is_some() {
            jobs(name, stage);
        }
    }
    names.stages = items(root, "stages").iter().filter_map(|stage| text(stage, "stage")).collect();
    names.parameters =
        items(root, "parameters").iter().filter_map(|parameter| text(parameter, "name")).collect();
    let variables = root.get("variables");
    let listed = variables.and_then(Node::items).unwrap_or_default();
    names.variables.extend(listed.iter().filter_map(|variable| text(variable, "name")));
    let mapped = variables.and_then(Node::entries).unwrap_or_default();
    let keys = mapped.iter().map(|entry| entry.key.as_str());
    names.variables.extend(keys.filter(|key| !key.contains("${{")).map(str::to_owned));
    names
}

fn pick<'a, T>(dice: &mut Dice, all: &'a [T]) -> Option<&'a T> {
    all.get(dice.roll(all.len()))
}

/// Some edit that fits the file more or less.
pub(crate) fn random(dice: &mut Dice, root: &Node) -> Edit {
    let names = names(root);
    let stage = pick(dice, &names.stages).cloned().unwrap_or_else(|| "Nowhere".to_owned());
    let (of, job, steps) =
        pick(dice, &names.jobs).cloned().unwrap_or((None, "Nowhere".to_owned(), 0));
    let at = if names.jobs.is_empty() {
        At { step: Some(dice.roll(items(root, "steps").len())), ..At::default() }
    } else {
        At {
            stage: of.clone(),
            job: Some(job.clone()),
            step: Some(dice.roll(steps)),
            ..At::default()
        }
    };
    // A name that the file does not have: it can be put back into the old one everywhere.
    let all = format!("{:?}", Tree::of(root));
    let mut to = "Renamed1".to_owned();
    while all.contains(&to) {
        to.push('1');
    }
    let value = Some(Value::Text(dice.text())).filter(|_| dice.roll(4) > 0);
    let variable = pick(dice, &names.variables).cloned().unwrap_or_else(|| "none".to_owned());
    let parameter = pick(dice, &names.parameters).cloned().unwrap_or_else(|| "none".to_owned());
    let scope = if dice.roll(2) == 0 { At::default() } else { At { step: None, ..at.clone() } };
    let (trigger, on, list) = (
        [TriggerKey::Trigger, TriggerKey::Pr][dice.roll(2)],
        [FilterOn::Branches, FilterOn::Paths, FilterOn::Tags][dice.roll(3)],
        [FilterList::Include, FilterList::Exclude][dice.roll(2)],
    );
    let pattern = dice.text();
    let step = Value::map([
        ("script", Value::Text(dice.text())),
        ("displayName", Value::Text(dice.text())),
    ]);
    match dice.roll(22) {
        0 => Edit::AddStage {
            name: to,
            after: Some(stage).filter(|_| dice.roll(2) == 0),
            value: None,
        },
        1 => Edit::RenameStage { stage, to },
        2 => Edit::RemoveStage { stage },
        3 => Edit::SetStage { stage, key: "displayName".to_owned(), value },
        4 => Edit::AddJob { stage: of, name: to, is_deployment: false, after: None, value: None },
        5 | 6 => Edit::RenameJob { stage: of, job, to },
        7 => Edit::RemoveJob { stage: of, job },
        8 => Edit::SetJob { stage: of, job: Some(job), key: "displayName".to_owned(), value },
        9 => Edit::AddStep { at: At { step: None, ..at }, index: None, value: step },
        10 => Edit::SetStep { at, key: "displayName".to_owned(), value },
        11 => Edit::SetInput { at, name: "newInput".to_owned(), value },
        12 => Edit::SetEnv { at, name: "NEW_ENV".to_owned(), value },
        13 => Edit::SetVariable { at: scope, name: variable, value: Value::Text(pattern) },
        14 => Edit::SetVariable {
            at: scope,
            name: "new.variable".to_owned(),
            value: Value::Text(pattern),
        },
        15 => Edit::RenameVariable { at: At::default(), name: variable, to },
        16 => Edit::AddParameter { name: to, value: None },
        17 => Edit::RenameParameter { name: parameter, to },
        18 | 19 => Edit::AddFilter { trigger, on, list, pattern },
        20 => Edit::SetCondition {
            at,
            condition: Some("and(succeeded(), eq('a', 'b: # c'))".to_owned()),
        },
        _ => Edit::SetDependsOn {
            stage: of,
            job: Some(job),
            depends_on: Some((0..dice.roll(3)).map(|at| format!("Other{at}")).collect()),
        },
    }
}

/// The same tree with the fresh name put back.
fn put_back(tree: &Tree, fresh: &str, old: &str) -> Tree {
    let back = |text: &str| text.replace(fresh, old);
    match tree {
        Tree::Null => Tree::Null,
        Tree::Text(text) => Tree::Text(back(text)),
        Tree::List(items) => {
            Tree::List(items.iter().map(|item| put_back(item, fresh, old)).collect())
        }
        Tree::Map(entries) => Tree::Map(
            entries.iter().map(|(key, tree)| (back(key), put_back(tree, fresh, old))).collect(),
        ),
    }
}

fn lowered(tree: &Tree) -> Tree {
    match tree {
        Tree::Null => Tree::Null,
        Tree::Text(text) => Tree::Text(text.to_lowercase()),
        Tree::List(items) => Tree::List(items.iter().map(lowered).collect()),
        Tree::Map(entries) => Tree::Map(
            entries.iter().map(|(key, tree)| (key.to_lowercase(), lowered(tree))).collect(),
        ),
    }
}

/// Scalars and keys that are in one tree and not in the other, counted.
fn extra(left: &Tree, right: &Tree) -> Vec<String> {
    fn all(tree: &Tree, found: &mut Vec<String>) {
        match tree {
            Tree::Null => {}
            Tree::Text(text) => found.push(text.clone()),
            Tree::List(items) => items.iter().for_each(|item| all(item, found)),
            Tree::Map(entries) => entries.iter().for_each(|(key, tree)| {
                found.push(format!("{key}:"));
                all(tree, found);
            }),
        }
    }
    let (mut have, mut other) = (Vec::new(), Vec::new());
    all(left, &mut have);
    all(right, &mut other);
    other.iter().for_each(|text| {
        if let Some(at) = have.iter().position(|own| own == text) {
            have.swap_remove(at);
        }
    });
    have
}

fn job<'n>(root: &'n Node, stage: Option<&str>, name: Option<&str>) -> Option<&'n Node> {
    let Some(name) = name else { return Some(root) };
    let owners: Vec<&Node> = match stage {
        Some(stage) => items(root, "stages")
            .iter()
            .filter(|at| text(at, "stage").as_deref() == Some(stage))
            .collect(),
        None => vec![root],
    };
    owners
        .into_iter()
        .flat_map(|owner| items(owner, "jobs"))
        .find(|job| text(job, "job").or_else(|| text(job, "deployment")).as_deref() == Some(name))
}

fn step<'n>(root: &'n Node, at: &At) -> Option<&'n Node> {
    let job = job(root, at.stage.as_deref(), at.job.as_deref())?;
    items(job, "steps").get(at.step?)
}

/// The lines that an edit may change, where that is a matter of one stage, job or step; for a renaming
/// whether each line holds the name.
pub(crate) fn is_its_line(edit: &Edit, old: &Node, text: &str, lines: (usize, usize)) -> bool {
    let holds = |name: &str| {
        let touched = text.lines().skip(lines.0).take(lines.1 - lines.0 + 1);
        let is_plain = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        // An odd name is written with escapes.
        !is_plain || touched.map(str::to_lowercase).all(|line| line.contains(&name.to_lowercase()))
    };
    let within = |node: Option<&Node>| {
        node.is_none_or(|node| {
            let (first, last) = (node.place.span.line as usize, node.place.span.end_line as usize);
            // A block that keeps its blank lines ends behind them.
            let blank = text.lines().skip(last).take_while(|line| line.trim().is_empty()).count();
            lines.0 + 1 >= first && lines.1 < last + blank
        })
    };
    match edit {
        Edit::RenameStage { stage: name, .. }
        | Edit::RenameJob { job: name, .. }
        | Edit::RenameVariable { name, .. }
        | Edit::RenameParameter { name, .. } => holds(name),
        Edit::SetStep { at, .. }
        | Edit::SetInput { at, .. }
        | Edit::SetEnv { at, .. }
        | Edit::SetCondition { at, .. } => within(step(old, at)),
        Edit::SetJob { stage, job: name, .. } | Edit::SetDependsOn { stage, job: name, .. } => {
            within(job(old, stage.as_deref(), name.as_deref()))
        }
        _ => true,
    }
}

/// What is wrong with the result, if anything is.
pub(crate) fn judge(edit: &Edit, old: &Node, new: &Node, text_after: &str) -> Result<(), String> {
    let (before, after) = (Tree::of(old), Tree::of(new));
    let gone = extra(&before, &after);
    let come = extra(&after, &before);
    let want = |holds: bool, what: &str| {
        if holds { Ok(()) } else { Err(format!("{what}: gone {gone:?}, come {come:?}")) }
    };
    let is = |node: Option<&Node>, value: &Option<Value>| match (node, value) {
        (None, None) => true,
        (Some(node), Some(Value::Text(text))) => Tree::of(node) == Tree::Text(text.clone()),
        _ => false,
    };
    match edit {
        Edit::RenameStage { stage: old_name, to }
        | Edit::RenameJob { job: old_name, to, .. }
        | Edit::RenameVariable { name: old_name, to, .. }
        | Edit::RenameParameter { name: old_name, to } => {
            let back = put_back(&after, to, old_name);
            want(lowered(&back) == lowered(&before), "putting the name back gives the old tree")?;
            want(text_after.contains(to), "the new name is there")
        }
        Edit::AddStage { name, .. }
        | Edit::AddJob { name, .. }
        | Edit::AddParameter { name, .. } => {
            let known = [
                "jobs:",
                "stages:",
                "steps:",
                "parameters:",
                "Job",
                "Stage",
                "job:",
                "stage:",
                "name:",
                "type:",
                "string",
            ];
            let fresh = come.iter().all(|text| {
                text.trim_end_matches(':') == name
                    || text.is_empty()
                    || known.contains(&text.as_str())
            });
            want(gone.is_empty() && fresh && text_after.contains(name), "only the new one came")
        }
        Edit::RemoveStage { .. } | Edit::RemoveJob { .. } => {
            want(come.is_empty() && !gone.is_empty(), "something went, nothing came")
        }
        Edit::SetStage { stage, key, value } => {
            let mut all = items(new, "stages").iter();
            let node = all.find(|at| text(at, "stage").as_ref() == Some(stage));
            want(is(node.and_then(|node| node.get(key)), value), "the stage has it")
        }
        Edit::SetJob { stage, job: name, key, value } => {
            let node = job(new, stage.as_deref(), name.as_deref());
            want(is(node.and_then(|node| node.get(key)), value), "the job has it")
        }
        Edit::AddStep { at, value, .. } => {
            let job = job(new, at.stage.as_deref(), at.job.as_deref());
            let last = job.and_then(|job| items(job, "steps").last());
            let Value::Map(entries) = value else { return Err("a step is a mapping".to_owned()) };
            let has = |(key, value): &(String, Value)| {
                is(last.and_then(|last| last.get(key)), &Some(value.clone()))
            };
            // Of a deployment the steps are further down.
            want(
                (last.is_none() || entries.iter().all(has))
                    && gone.iter().all(|text| text.is_empty()),
                "the step is the last",
            )
        }
        Edit::SetStep { at, key, value } => want(
            is(step(new, at).and_then(|step| step.get(key)), value) || step(new, at).is_none(),
            "the step has it",
        ),
        Edit::SetInput { at, name, value } => {
            let inputs = step(new, at).and_then(|step| step.get("inputs"));
            want(
                is(inputs.and_then(|map| map.get(name)), value) || step(new, at).is_none(),
                "the input is set",
            )
        }
        Edit::SetEnv { at, name, value } => {
            let env = step(new, at).and_then(|step| step.get("env"));
            want(
                is(env.and_then(|map| map.get(name)), value) || step(new, at).is_none(),
                "the environment has it",
            )
        }
        Edit::SetVariable { at, name, value } => {
            let scope = job(new, at.stage.as_deref(), at.job.as_deref());
            let variables = scope.and_then(|scope| scope.get("variables"));
            let listed = variables.and_then(Node::items).and_then(|items| {
                items.iter().find(|item| text(item, "name").as_ref() == Some(name))?.get("value")
            });
            let found = listed.or_else(|| variables.and_then(|map| map.get(name)));
            want(is(found, &Some(value.clone())), "the variable is set")
        }
        Edit::AddFilter { trigger, on, list, pattern } => {
            let word = |json: String| json.trim_matches('"').to_owned();
            let key = |it: &dyn erased::Word| word(it.json());
            let node = new.get(&key(trigger));
            let short = node.and_then(Node::items);
            let long = node.and_then(|node| node.get(&key(on))?.get(&key(list))?.items());
            let last = short.or(long).and_then(<[Node]>::last);
            want(is(last, &Some(Value::Text(pattern.clone()))), "the pattern is the last")
        }
        Edit::SetCondition { at, condition } => {
            let found = step(new, at).and_then(|step| step.get("condition"));
            let is_there = step(new, at).is_some();
            want(
                !is_there || is(found, &condition.clone().map(Value::Text)),
                "the condition is set",
            )
        }
        Edit::SetDependsOn { stage, job: name, depends_on } => {
            let found =
                job(new, stage.as_deref(), name.as_deref()).and_then(|job| job.get("dependsOn"));
            let names: Option<Vec<String>> = found.map(|node| match node.items() {
                Some(items) => {
                    items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
                }
                None => node.text().map(str::to_owned).into_iter().collect(),
            });
            want(names == *depends_on, "the dependencies are these")
        }
        _ => Ok(()),
    }
}

/// The words of triggers as they are on the wire.
mod erased {
    pub(crate) trait Word {
        fn json(&self) -> String;
    }

    impl<T: serde::Serialize> Word for T {
        fn json(&self) -> String {
            serde_json::to_string(self).unwrap_or_default()
        }
    }
}
