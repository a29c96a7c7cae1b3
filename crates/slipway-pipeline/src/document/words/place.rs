//! Where stages, jobs and steps are written.

use crate::document::draft::View;
use crate::document::edit::At;
use crate::document::error::EditError;
use crate::document::part::Part;
use crate::hints::nearest;

/// Keys that open a job.
pub(in crate::document) const JOB_KEYS: [&str; 3] = ["job", "deployment", "phase"];
/// Keys that hold jobs.
const JOB_LISTS: [&str; 2] = ["jobs", "phases"];

/// The items of a list, and those of the lists below its `${{ }}` keys.
pub(in crate::document) fn items(root: &Part<'_>, list: &[usize]) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    collect(root.at(list), &mut list.to_vec(), &mut found);
    found
}

// The depth is that of the tree, which its reader limits.
fn collect(list: &Part<'_>, path: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    if !list.is_list() {
        return;
    }
    for (index, item) in list.children.iter().enumerate() {
        path.push(index);
        let is_block = item.is_map()
            && !item.children.is_empty()
            && item.children.iter().all(|entry| {
                entry.key_text().is_some_and(|key| key.trim_start().starts_with("${{"))
            });
        if is_block {
            for (number, entry) in item.children.iter().enumerate() {
                path.push(number);
                collect(entry, path, found);
                path.pop();
            }
        } else {
            found.push(path.clone());
        }
        path.pop();
    }
}

/// A list below a key of a mapping.
pub(in crate::document) fn list(
    root: &Part<'_>,
    map: &[usize],
    keys: &[&str],
) -> Option<Vec<usize>> {
    let index = keys.iter().find_map(|key| root.at(map).index_of(key))?;
    let mut path = map.to_vec();
    path.push(index);
    Some(path)
}

/// The list of stages.
pub(in crate::document) fn stage_list(root: &Part<'_>) -> Option<Vec<usize>> {
    list(root, &[], &["stages"])
}

/// The stages, with their names.
pub(in crate::document) fn stages<'t>(root: &Part<'t>) -> Vec<(&'t str, Vec<usize>)> {
    let Some(list) = stage_list(root) else { return Vec::new() };
    named(root, &list, &["stage"])
}

/// The items of a list that have a name, with it.
pub(super) fn named<'t>(
    root: &Part<'t>,
    list: &[usize],
    keys: &[&str],
) -> Vec<(&'t str, Vec<usize>)> {
    items(root, list)
        .into_iter()
        .filter_map(|path| {
            let item = root.at(&path);
            let name = keys.iter().find_map(|key| item.get(key)?.text())?;
            Some((name, path))
        })
        .collect()
}

/// The only one of that name.
pub(super) fn one(
    what: &'static str,
    name: &str,
    all: &[(&str, Vec<usize>)],
) -> Result<Vec<usize>, EditError> {
    let exact: Vec<&Vec<usize>> =
        all.iter().filter(|(other, _)| *other == name).map(|(_, path)| path).collect();
    let near =
        || all.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, path)| path);
    let found: Vec<&Vec<usize>> = if exact.is_empty() { near().collect() } else { exact };
    match found.as_slice() {
        [path] => Ok((*path).clone()),
        [] => Err(EditError::NotFound {
            what,
            name: name.to_owned(),
            place: String::new(),
            nearest: nearest(name, all.iter().map(|(other, _)| *other)).map(str::to_owned),
        }),
        many => Err(EditError::Ambiguous { what, name: name.to_owned(), count: many.len() }),
    }
}

/// The stage of that name.
pub(super) fn stage(root: &Part<'_>, name: &str) -> Result<Vec<usize>, EditError> {
    one("stage", name, &stages(root))
}

/// The list of a stage's jobs; without a stage the file's.
pub(super) fn job_list(
    root: &Part<'_>,
    stage: Option<&str>,
) -> Result<Option<Vec<usize>>, EditError> {
    let map = stage.map_or(Ok(Vec::new()), |name| self::stage(root, name))?;
    Ok(list(root, &map, &JOB_LISTS))
}

/// The jobs of a stage; without a stage those of the whole file.
pub(super) fn jobs<'t>(
    root: &Part<'t>,
    stage: Option<&str>,
) -> Result<Vec<(&'t str, Vec<usize>)>, EditError> {
    if stage.is_some() || stage_list(root).is_none() {
        let list = job_list(root, stage)?;
        return Ok(list.map(|list| named(root, &list, &JOB_KEYS)).unwrap_or_default());
    }
    let all = stages_and_unnamed(root);
    Ok(all
        .iter()
        .filter_map(|stage| list(root, stage, &JOB_LISTS))
        .flat_map(|list| named(root, &list, &JOB_KEYS))
        .collect())
}

fn stages_and_unnamed(root: &Part<'_>) -> Vec<Vec<usize>> {
    stage_list(root).map(|list| items(root, &list)).unwrap_or_default()
}

/// A job; without a name the file's implicit one, or the only one there is.
pub(super) fn job(
    root: &Part<'_>,
    stage: Option<&str>,
    name: Option<&str>,
) -> Result<Vec<usize>, EditError> {
    let all = jobs(root, stage)?;
    match name {
        Some(name) => one("job", name, &all),
        None if stage.is_none() && root.get("steps").is_some() => Ok(Vec::new()),
        None => match all.as_slice() {
            [(_, path)] => Ok(path.clone()),
            [] if stage.is_none() && stage_list(root).is_none() && root.get("jobs").is_none() => {
                Ok(Vec::new())
            }
            [] => Err(EditError::NoBody { what: "job", why: "it has none yet" }),
            many => {
                Err(EditError::Ambiguous { what: "job", name: String::new(), count: many.len() })
            }
        },
    }
}

/// The mapping that holds `steps` in a job, and the list when it is there.
pub(super) fn steps(
    view: &View<'_>,
    at: &At,
) -> Result<(Vec<usize>, Option<Vec<usize>>), EditError> {
    let root = &view.root;
    if let Some(path) = &at.path {
        let path = path.resolve(root)?;
        if root.at(&path).is_list() {
            let owner = path.split_last().map_or(&[][..], |(_, above)| above).to_vec();
            return Ok((owner, Some(path)));
        }
        let found = list(root, &path, &["steps"]);
        return Ok((path, found));
    }
    let job = job(root, at.stage.as_deref(), at.job.as_deref())?;
    let is_deployment = root.at(&job).get("deployment").is_some();
    let owner = if is_deployment || at.hook.is_some() {
        hook(root, &job, at.hook.as_deref().unwrap_or("deploy"))?
    } else {
        job
    };
    let found = list(root, &owner, &["steps"]);
    Ok((owner, found))
}

fn hook(root: &Part<'_>, job: &[usize], name: &str) -> Result<Vec<usize>, EditError> {
    let missing = || EditError::NotFound {
        what: "hook",
        name: name.to_owned(),
        place: String::new(),
        nearest: None,
    };
    let strategy = list(root, job, &["strategy"]).ok_or_else(missing)?;
    let mut path = list(root, &strategy, &["runOnce", "rolling", "canary"]).ok_or_else(missing)?;
    for part in name.split('.') {
        path = list(root, &path, &[part]).ok_or_else(missing)?;
    }
    Ok(path)
}

/// A step.
pub(super) fn step(view: &View<'_>, at: &At) -> Result<Vec<usize>, EditError> {
    let number = at.step;
    if let (Some(path), None) = (&at.path, number) {
        return path.resolve(&view.root);
    }
    let (_, list) = steps(view, at)?;
    let number = number.unwrap_or(0);
    let count = list.as_ref().map_or(0, |list| view.root.at(list).children.len());
    match list {
        Some(mut path) if number < count => {
            path.push(number);
            Ok(path)
        }
        _ => Err(EditError::NotFound {
            what: "step",
            name: number.to_string(),
            place: String::new(),
            nearest: None,
        }),
    }
}

/// What an address means as a whole: a step, job, stage, or the file.
pub(super) fn node(view: &View<'_>, at: &At) -> Result<(Vec<usize>, super::Level), EditError> {
    use super::Level;
    if at.step.is_some() {
        return Ok((step(view, at)?, Level::Step));
    }
    if let Some(path) = &at.path {
        let path = path.resolve(&view.root)?;
        let map = view.root.at(&path);
        let opens = |keys: &[&str]| keys.iter().any(|key| map.get(key).is_some());
        let level = match () {
            () if path.is_empty() => Level::Root,
            () if opens(&["stage"]) => Level::Stage,
            () if opens(&JOB_KEYS) => Level::Job,
            () => Level::Step,
        };
        return Ok((path, level));
    }
    match (&at.stage, &at.job) {
        (stage, Some(name)) => Ok((job(&view.root, stage.as_deref(), Some(name))?, Level::Job)),
        (Some(name), None) => Ok((stage(&view.root, name)?, Level::Stage)),
        (None, None) => Ok((Vec::new(), Level::Root)),
    }
}
