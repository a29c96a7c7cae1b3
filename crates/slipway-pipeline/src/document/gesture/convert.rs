//! A job becomes a deployment job, or a deployment job a job: its steps change places, the rest stays.

use super::ConvertTo;
use super::place::{Kind, Place, Places, Rank, spelled};
use crate::document::change::TextChange;
use crate::document::draft::{Draft, Step, View};
use crate::document::error::EditError;
use crate::document::extent::extent;
use crate::document::generic::rename_key;
use crate::document::part::{Form, Part};
use crate::document::path::Path;
use crate::document::remove::remove_each;
use crate::document::render::{dedented, padded};
use crate::document::shape::Shape;
use crate::document::value::Value;
use crate::document::words::order::Level;
use crate::document::words::set_key;
use crate::schema::{Shape as Keys, keys};

pub(super) fn make(
    draft: &mut Draft,
    node: &Path,
    to: ConvertTo,
    environment: Option<&str>,
) -> Result<Vec<Path>, EditError> {
    let view = draft.view();
    let places = Places::of(&view.root);
    let job = places.named(&view.root, node)?.clone();
    drop(view);
    match (job.kind, to) {
        (Kind::Job, ConvertTo::Deployment) => {
            to_deployment(draft, &job, environment.unwrap_or("staging"))?;
        }
        (Kind::Deployment, ConvertTo::Job) => to_job(draft, &job)?,
        (Kind::Deployment, ConvertTo::Deployment) => {
            if let Some(name) = environment {
                let keys = ["environment".to_owned()];
                super::set::make(draft, node, &keys, Some(&Value::from(name)))?;
            }
        }
        (Kind::Job, ConvertTo::Job) => {}
        _ => return Err(refused(&job, "only a job or a deployment job can be converted")),
    }
    Ok(vec![spelled(&draft.view().root, &job.path)])
}

fn refused(job: &Place, why: impl Into<String>) -> EditError {
    EditError::Inconvertible { job: job.label.clone(), why: why.into() }
}

/// A key that the other kind of job does not take.
fn stranger<'t>(part: &Part<'t>, shape: Keys, moved: &[&str]) -> Option<&'t str> {
    part.children.iter().filter_map(|child| child.key_text()).find(|key| {
        let is_known = keys(shape).iter().any(|known| known.name == *key);
        !is_known && !moved.contains(key) && !key.contains("${{")
    })
}

fn to_deployment(draft: &mut Draft, job: &Place, environment: &str) -> Result<(), EditError> {
    let view = draft.view();
    let part = view.root.at(&job.path);
    if part.get("strategy").is_some() {
        return Err(refused(
            job,
            "it has a strategy of its own, and a deployment has another kind",
        ));
    }
    if part.get("job").is_none() {
        return Err(refused(job, "it has no key 'job' that could be changed"));
    }
    if let Some(key) = stranger(part, Keys::Deployment, &["job", "steps"]) {
        return Err(refused(job, format!("a deployment job takes no '{key}'")));
    }
    let has_steps = part.get("steps").is_some();
    let outputs = super::outputs::Outputs::of(&view, &job.path);
    let name = part.index_of("job");
    drop(view);
    if has_steps {
        draft.make(|view| nested(view, &job.path))?;
    } else {
        set_key(draft, &job.path, Level::Job, "strategy", Some(&super::list::strategy()))?;
    }
    let mut key = job.path.clone();
    key.extend(name);
    draft.make(|view| rename_key(view, &key, "deployment"))?;
    let value = Value::from(environment);
    let view = draft.view();
    let map = view.root.at(&job.path);
    let has_one = map.get("environment").is_some();
    // The environment stands directly above the strategy when no other order is there.
    drop(view);
    if !has_one {
        set_key(draft, &job.path, Level::Job, "environment", Some(&value))?;
    }
    outputs.follow(draft, true)
}

/// `steps:` with its lines, below `strategy: runOnce: deploy:`.
fn nested(view: &View<'_>, job: &[usize]) -> Result<Step, EditError> {
    let map = view.root.at(job);
    let index = map.index_of("steps").unwrap_or_default();
    let child = &map.children[index];
    let (lines, step) = (&view.lines, view.style.step);
    simple(view, job, child)?;
    let own = extent(lines, map, index);
    let column = lines.column(child.start);
    let mut new: Vec<String> = Vec::new();
    let line = lines.of(child.start);
    // Comments above stay above.
    for above in lines.of(own.begin)..line {
        new.push(lines.line(above).to_owned());
    }
    new.push(padded(column, "strategy:"));
    new.push(padded(column + step, "runOnce:"));
    new.push(padded(column + 2 * step, "deploy:"));
    for below in line..=lines.of(own.finish) {
        new.push(padded(3 * step, lines.line(below)));
    }
    let mut expected = view.shape();
    if let Some(Shape::Map(entries)) = expected.at(job) {
        let inner = |key: &str, shape| Shape::Map(vec![(key.into(), shape)]);
        let (key, steps) = std::mem::replace(&mut entries[index], ("strategy".into(), Shape::Null));
        entries[index].1 = inner("runOnce", inner("deploy", Shape::Map(vec![(key, steps)])));
    }
    let text = new.join(view.style.line_end);
    let changes = vec![TextChange::new(own.begin, own.finish, text)];
    Ok(Step { changes, expected, removed: Vec::new() })
}

fn simple(view: &View<'_>, job: &[usize], child: &Part<'_>) -> Result<(), EditError> {
    let map = view.root.at(job);
    let is_fine =
        map.form == Form::BlockMap && !map.is_odd && view.lines.is_first_on_line(child.start);
    if is_fine {
        return Ok(());
    }
    let place = spelled(&view.root, job).to_string();
    Err(EditError::Layout { place, why: "it is written on one line" })
}

fn to_job(draft: &mut Draft, job: &Place) -> Result<(), EditError> {
    let view = draft.view();
    let part = view.root.at(&job.path);
    let places = Places::of(&view.root);
    let hooks: Vec<&Place> = places
        .iter()
        .filter(|place| place.kind == Kind::Hook && place.path.starts_with(&job.path))
        .collect();
    let way = part.get("strategy").and_then(|strategy| strategy.children.first());
    if let Some(way) = way.and_then(|way| way.key_text()).filter(|way| *way != "runOnce") {
        return Err(refused(job, format!("its strategy is {way}, and a job has none like it")));
    }
    let strategy = part.get("strategy").into_iter().flat_map(|strategy| &strategy.children);
    let inside = way.into_iter().flat_map(|way| &way.children);
    let others = strategy.skip(1).chain(inside).filter_map(|child| child.key_text());
    let is_hook = |key: &str| keys(Keys::RunOnce).iter().any(|known| known.name == key);
    if let Some(key) = others.into_iter().find(|key| !is_hook(key)) {
        return Err(refused(job, format!("the '{key}' of its strategy has no place in a job")));
    }
    if let Some(hook) = hooks.iter().find(|hook| hook.name != "deploy") {
        let why = format!("its hook '{}' has no place in a job: remove it first", hook.name);
        return Err(refused(job, why));
    }
    if let Some(key) = stranger(part, Keys::Job, &["deployment", "environment", "strategy"]) {
        return Err(refused(job, format!("a job takes no '{key}'")));
    }
    let hook = hooks.first().map(|hook| hook.path.clone());
    let others = hook.as_ref().and_then(|hook| {
        let hook = view.root.at(hook).children.iter();
        hook.filter_map(|child| child.key_text()).find(|key| *key != "steps")
    });
    if let Some(key) = others {
        return Err(refused(job, format!("the '{key}' of its hook has no place in a job")));
    }
    let outputs = super::outputs::Outputs::of(&view, &job.path);
    let steps = hook.and_then(|hook| {
        let index = view.root.at(&hook).index_of("steps")?;
        Some([hook, vec![index]].concat())
    });
    let has_strategy = part.get("strategy").is_some();
    let name = part.index_of("deployment");
    drop(view);
    match steps {
        Some(steps) => draft.make(|view| lifted(view, &job.path, &steps))?,
        None => {
            let empty = Value::List(Vec::new());
            if has_strategy {
                set_key(draft, &job.path, Level::Job, "strategy", None)?;
            }
            set_key(draft, &job.path, Level::Job, Rank::Step.key(), Some(&empty))?;
        }
    }
    let mut key = job.path.clone();
    key.extend(name);
    draft.make(|view| rename_key(view, &key, "job"))?;
    let environment = draft.view().root.at(&job.path).index_of("environment");
    if let Some(index) = environment {
        let path: Vec<usize> = job.path.iter().copied().chain([index]).collect();
        draft.make(|view| remove_each(view, std::slice::from_ref(&path)))?;
    }
    outputs.follow(draft, false)
}

/// The steps of a hook in the place of the strategy around it. Comments beside the words that go
/// stand above the steps.
fn lifted(view: &View<'_>, job: &[usize], steps: &[usize]) -> Result<Step, EditError> {
    let map = view.root.at(job);
    let index = map.index_of("strategy").unwrap_or_default();
    let child = &map.children[index];
    let inner = view.root.at(steps);
    let lines = &view.lines;
    simple(view, job, child)?;
    if !lines.is_first_on_line(inner.start) {
        let place = spelled(&view.root, steps).to_string();
        return Err(EditError::Layout { place, why: "it is written on one line" });
    }
    let own = extent(lines, map, index);
    let (old, column) = (lines.column(inner.start), lines.column(child.start));
    let line = lines.of(inner.start);
    let mut new: Vec<String> = Vec::new();
    for above in lines.of(own.begin)..line {
        let text = lines.line(above);
        let comment = if lines.is_comment(above) {
            Some(text.trim_start())
        } else {
            text.find(" #").map(|at| text[at..].trim_start())
        };
        new.extend(comment.map(|comment| padded(column, comment)));
    }
    for below in line..=lines.of(own.finish) {
        let text = lines.line(below);
        new.push(padded(column, dedented(text, old)));
    }
    let mut expected = view.shape();
    let shape = expected.at(steps).cloned().unwrap_or(Shape::Null);
    if let Some(Shape::Map(entries)) = expected.at(job) {
        entries[index] = (Rank::Step.key().into(), shape);
    }
    let text = new.join(view.style.line_end);
    let changes = vec![TextChange::new(own.begin, own.finish, text)];
    Ok(Step { changes, expected, removed: Vec::new() })
}
