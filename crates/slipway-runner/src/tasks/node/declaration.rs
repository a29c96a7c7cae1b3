//! `task.json`: what a task is called, takes, sets, and how it is started.
//!
//! Called by `folder`. The inputs become the same [`TaskSpec`] as those of the runner's own tasks; it is
//! kept for the life of the program, once for each text. Deliberately not here: running it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::{Map, Value};
use slipway_pipeline::catalog::TaskSpec;

use super::error::TaskFolderError;
use super::json::{Fields, object};
use super::spec::{InputType, spec_of};
use crate::scope::lock;

/// What a task says of itself.
#[derive(Debug)]
pub(crate) struct Declaration {
    /// Lower case.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) friendly_name: String,
    pub(crate) author: String,
    pub(crate) help_url: String,
    pub(crate) version: (u32, u32, u32),
    pub(crate) spec: &'static TaskSpec,
    /// The types of the inputs, in the order of the spec.
    pub(crate) types: Vec<InputType>,
    pub(crate) main: Vec<Handler>,
    pub(crate) before_job: Vec<Handler>,
    pub(crate) after_job: Vec<Handler>,
    pub(crate) restrictions: Restrictions,
}

/// A way to start a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Handler {
    /// As the file writes it, such as `Node20_1`.
    pub(crate) name: String,
    pub(crate) kind: HandlerKind,
    /// The script, from the task's folder.
    pub(crate) target: String,
    pub(crate) working_folder: String,
}

/// What a handler needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandlerKind {
    /// Of this major version.
    Node(u32),
    PowerShell,
    /// Nothing that this machine could do.
    Other,
}

/// What a task forbids itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Restrictions {
    pub(crate) is_restricted: bool,
    /// Patterns; none when it may set all.
    pub(crate) settable_variables: Option<Vec<String>>,
}

/// Reads a declaration. The same text is read once.
pub(crate) fn read(path: &Path, text: &str) -> Result<Arc<Declaration>, TaskFolderError> {
    static KNOWN: OnceLock<Mutex<HashMap<String, Arc<Declaration>>>> = OnceLock::new();
    let known = KNOWN.get_or_init(Mutex::default);
    if let Some(declaration) = lock(known).get(text) {
        return Ok(Arc::clone(declaration));
    }
    let map = object(path, text)?;
    let declaration = Arc::new(declared(Fields::of(path, &map))?);
    lock(known).insert(text.to_owned(), Arc::clone(&declaration));
    Ok(declaration)
}

fn declared(fields: Fields<'_>) -> Result<Declaration, TaskFolderError> {
    let id = fields.needed("id")?.to_lowercase();
    if uuid_like(&id).is_none() {
        return Err(fields.wrong("id", "must be a GUID"));
    }
    let name = fields.needed("name")?;
    if name.contains(['@', '/', '\\']) || name.contains(char::is_whitespace) {
        return Err(fields.wrong("name", "must be a name without blanks, @ and slashes"));
    }
    let Some(version) = fields.object("version")? else {
        return Err(fields.wrong("version", "is missing"));
    };
    let version = fields.at(version, "version.");
    let version = (version.number("Major")?, version.number("Minor")?, version.number("Patch")?);
    let (spec, types) = spec_of(&fields, &name, version.0)?;
    let main = handlers(&fields, "execution")?;
    Ok(Declaration {
        id,
        friendly_name: fields.text("friendlyName")?.unwrap_or_else(|| name.clone()),
        author: fields.text("author")?.unwrap_or_default(),
        help_url: fields.text("helpUrl")?.unwrap_or_default(),
        name,
        version,
        spec,
        types,
        main,
        before_job: handlers(&fields, "prejobexecution")?,
        after_job: handlers(&fields, "postjobexecution")?,
        restrictions: restrictions(&fields)?,
    })
}

fn uuid_like(text: &str) -> Option<()> {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let is_hex = parts.iter().all(|part| part.chars().all(|letter| letter.is_ascii_hexdigit()));
    (lengths == [8, 4, 4, 4, 12] && is_hex).then_some(())
}

fn handlers(fields: &Fields<'_>, key: &str) -> Result<Vec<Handler>, TaskFolderError> {
    let Some(map) = fields.object(key)? else { return Ok(Vec::new()) };
    let place = format!("{key}.");
    let all = fields.at(map, &place);
    let mut found = Vec::new();
    for (name, _) in map {
        let Some(handler) = all.object(name)? else { continue };
        found.push(one_handler(&all, name, handler, &format!("{key}.{name}."))?);
    }
    Ok(found)
}

fn one_handler(
    fields: &Fields<'_>,
    name: &str,
    map: &Map<String, Value>,
    place: &str,
) -> Result<Handler, TaskFolderError> {
    let kind = kind_of(name);
    let handler = fields.at(map, place);
    let target = match kind {
        HandlerKind::Other => handler.text("target").ok().flatten().unwrap_or_default(),
        _ => handler.needed("target")?,
    };
    Ok(Handler {
        name: name.to_owned(),
        kind,
        target: target.replace('\\', "/"),
        working_folder: handler.text("workingDirectory").ok().flatten().unwrap_or_default(),
    })
}

fn kind_of(name: &str) -> HandlerKind {
    let name = name.to_ascii_lowercase();
    match name.strip_prefix("node") {
        // The first handler of this name meant Node 6.
        Some("") => HandlerKind::Node(6),
        Some(rest) => {
            let major = rest.split('_').next().and_then(|major| major.parse().ok());
            major.map_or(HandlerKind::Other, HandlerKind::Node)
        }
        None if name == "powershell3" => HandlerKind::PowerShell,
        None => HandlerKind::Other,
    }
}

fn restrictions(fields: &Fields<'_>) -> Result<Restrictions, TaskFolderError> {
    let Some(map) = fields.object("restrictions")? else { return Ok(Restrictions::default()) };
    let all = fields.at(map, "restrictions.");
    let mut found = Restrictions::default();
    if let Some(commands) = all.object("commands")? {
        let mode = all.at(commands, "restrictions.commands.").text("mode")?.unwrap_or_default();
        found.is_restricted = mode.eq_ignore_ascii_case("restricted");
    }
    if let Some(settable) = all.object("settableVariables")? {
        let allowed = all.at(settable, "restrictions.settableVariables.").texts("allowed")?;
        found.settable_variables = Some(allowed);
    }
    Ok(found)
}
