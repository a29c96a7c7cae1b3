//! The Library's rules: what a group or variable may be, what a run gets of it, what Azure DevOps has.
//!
//! Called by `handlers::library` and by runs. Deliberately not here: where secrets lie (`vault`).

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use slipway_core::{ErrorKind, ProjectId};
use slipway_pipeline::nearest;
use slipway_pipeline::plan::Plan;
use slipway_runner::GroupVariable;
use slipway_secrets::ExposeSecret as _;
use slipway_store::{GroupVariableRow, ProjectRow, VariableGroupRow};

use crate::app::App;
use crate::dto::VariableInput;
use crate::error::ApiError;
use crate::vault::SecretKey;

/// More than any name needs; less than a keychain minds.
const LONGEST_NAME: usize = 256;

pub(crate) fn refused_name(message: String, hint: &str) -> ApiError {
    ApiError::new(ErrorKind::UserInput, "name_invalid", message).with_hint(hint)
}

/// A name without blanks around it.
pub(crate) fn checked_name(what: &str, name: &str) -> Result<String, ApiError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(refused_name(format!("A {what} needs a name."), "Write one."));
    }
    if name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(refused_name(
            format!("The name of the {what} is too long, or holds letters that cannot be seen."),
            "Write a short name in one line.",
        ));
    }
    Ok(name.to_owned())
}

/// Names that the agent keeps for itself (§5.3).
pub(crate) fn checked_variable(name: &str) -> Result<String, ApiError> {
    const TAKEN: [&str; 5] = ["endpoint", "input", "secret", "path", "securefile"];
    let name = checked_name("variable", name)?;
    let lower = name.to_ascii_lowercase();
    if let Some(taken) = TAKEN.iter().find(|taken| lower == **taken) {
        return Err(refused_name(
            format!("A variable cannot be called '{name}': the agent keeps '{taken}' for itself."),
            "Choose another name.",
        ));
    }
    Ok(name)
}

/// What a save comes to: the rows as they shall be, values to keep secret, names to forget.
#[derive(Debug, Default)]
pub(crate) struct GroupChange {
    pub(crate) rows: Vec<GroupVariableRow>,
    pub(crate) set: Vec<(String, String)>,
    pub(crate) forget: Vec<String>,
}

/// Compares what a group is with what it shall be.
pub(crate) fn group_change(
    known: &[GroupVariableRow],
    wanted: Vec<VariableInput>,
    now: i64,
) -> Result<GroupChange, ApiError> {
    let mut change = GroupChange::default();
    let mut names = HashSet::new();
    for input in wanted {
        let name = checked_variable(&input.name)?;
        if !names.insert(name.to_lowercase()) {
            return Err(refused_name(
                format!("The variable '{name}' is there twice."),
                "Give each variable one row.",
            ));
        }
        let before = known.iter().find(|row| row.name.eq_ignore_ascii_case(&name));
        let value = input.value.map(|value| value.0);
        let row = if input.is_secret {
            // What was plain until now and gets no other value keeps its value, as a secret.
            let value = value.or_else(|| before.and_then(|before| before.value.clone()));
            let set_at = match value {
                Some(value) => {
                    change.set.push((name.clone(), value));
                    Some(now)
                }
                None => before.and_then(|before| before.set_at),
            };
            GroupVariableRow { name, value: None, is_secret: true, set_at }
        } else {
            let was_secret = before.is_some_and(|before| before.is_secret);
            let value = match value {
                Some(value) => value,
                None if was_secret => {
                    return Err(refused_name(
                        format!("'{name}' was a secret; its value is not shown again."),
                        "Write a value for it, or leave it a secret.",
                    ));
                }
                None => before.and_then(|before| before.value.clone()).unwrap_or_default(),
            };
            if was_secret {
                change.forget.push(name.clone());
            }
            GroupVariableRow { name, value: Some(value), is_secret: false, set_at: None }
        };
        change.rows.push(row);
    }
    let gone =
        known.iter().filter(|row| row.is_secret && !names.contains(&row.name.to_lowercase()));
    change.forget.extend(gone.map(|row| row.name.clone()));
    Ok(change)
}

impl App {
    pub(crate) async fn group_row(
        &self,
        project: &ProjectId,
        name: &str,
    ) -> Result<VariableGroupRow, ApiError> {
        if let Some(row) = self.store.variable_group(project, name.trim()).await? {
            return Ok(row);
        }
        let rows = self.store.variable_groups(project).await?;
        let near = nearest(name, rows.iter().map(|row| row.name.as_str()));
        let hint = near.map_or_else(
            || "Add it in the Library, or read the groups of Azure DevOps there.".to_owned(),
            |near| format!("Did you mean '{near}'? Groups are in the Library."),
        );
        let message = format!("There is no variable group '{name}' in this project's Library.");
        Err(ApiError::new(ErrorKind::UserInput, "group_missing", message).with_hint(hint))
    }

    /// A group as a run needs it, secrets with their values.
    pub(crate) async fn group_variables(
        &self,
        project: &ProjectId,
        name: &str,
    ) -> Result<Vec<GroupVariable>, ApiError> {
        let row = self.group_row(project, name).await?;
        let mut variables = Vec::with_capacity(row.variables.len());
        let mut missing = Vec::new();
        for variable in row.variables {
            let value = if variable.is_secret {
                let key = SecretKey::OfGroup {
                    project: project.clone(),
                    group: row.name.clone(),
                    name: variable.name.clone(),
                };
                match self.secret(key).await? {
                    Some(value) => value.expose_secret().to_owned(),
                    None => {
                        missing.push(variable.name);
                        continue;
                    }
                }
            } else {
                variable.value.unwrap_or_default()
            };
            variables.push(GroupVariable {
                name: variable.name,
                value,
                is_secret: variable.is_secret,
            });
        }
        if missing.is_empty() {
            return Ok(variables);
        }
        Err(unset(&row.name, row.origin.is_some(), &missing))
    }

    /// Writes a secure file into a folder, for its owner alone.
    pub(crate) async fn secure_file_into(
        &self,
        project: &ProjectId,
        name: &str,
        into: &Path,
    ) -> Result<PathBuf, ApiError> {
        let missing = || {
            let message = format!("There is no secure file '{name}' in this project's Library.");
            ApiError::new(ErrorKind::UserInput, "secure_file_missing", message)
                .with_hint("Add it in the Library, or with: slipway secure-file add FILE.")
        };
        let row = self.store.secure_file(project, name.trim()).await?.ok_or_else(missing)?;
        let id = row.id.clone();
        let bytes = self.with_secrets(move |secrets| secrets.file(&id)).await?;
        let bytes = bytes.ok_or_else(missing)?;
        let path = into.join(&row.name);
        let target = path.clone();
        let written = tokio::task::spawn_blocking(move || write_private(&target, &bytes)).await;
        let failed = |error: &dyn std::fmt::Display| {
            let message = format!("The secure file '{name}' cannot be written: {error}.");
            ApiError::new(ErrorKind::Unavailable, "secure_file_write", message)
                .with_hint("Check the free space of the data folder.")
        };
        written.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        Ok(path)
    }

    /// Refuses a plan that names what the Library does not have, before anything runs.
    pub(crate) async fn check_library(
        &self,
        project: &ProjectRow,
        plan: &Plan,
    ) -> Result<(), ApiError> {
        let mut found: Option<ApiError> = None;
        for (name, line) in groups_named(plan) {
            let Err(mut error) = self.group_variables(&project.id, &name).await else { continue };
            error.message = format!("{} (line {line})", error.message);
            found = Some(match found {
                Some(first) => first.and(error.into_reasons()),
                None => error,
            });
        }
        found.map_or(Ok(()), Err)
    }
}

/// Every group that a plan names, once, with its first line.
fn groups_named(plan: &Plan) -> Vec<(String, u32)> {
    let of_stages = plan.stages.iter().flat_map(|stage| {
        let of_jobs = stage.jobs.iter().flat_map(|job| &job.variable_groups);
        stage.variable_groups.iter().chain(of_jobs)
    });
    let mut seen = HashSet::new();
    let named = plan.variable_groups.iter().chain(of_stages);
    named
        // A name with a macro is known only during the run.
        .filter(|group| !group.name.contains("$(") && seen.insert(group.name.to_lowercase()))
        .map(|group| (group.name.clone(), group.span.line))
        .collect()
}

/// Nobody else may read it, not even for a moment.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

fn unset(group: &str, is_read: bool, missing: &[String]) -> ApiError {
    let names = missing.join("', '");
    let message =
        format!("The variable group '{group}' has secrets without a value here: '{names}'.");
    let why = if is_read { "Azure DevOps does not hand out secrets: set them" } else { "Set them" };
    let name = missing.first().map_or("NAME", String::as_str);
    ApiError::refused("group_secret_unset", message).with_hint(format!(
        "{why} in the Library, or with: slipway secret set --group '{group}' '{name}'."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::SecretText;

    fn input(name: &str, value: Option<&str>, is_secret: bool) -> VariableInput {
        let value = value.map(|text| SecretText(text.to_owned()));
        VariableInput { name: name.to_owned(), value, is_secret }
    }

    fn row(name: &str, value: Option<&str>) -> GroupVariableRow {
        GroupVariableRow {
            name: name.to_owned(),
            value: value.map(str::to_owned),
            is_secret: value.is_none(),
            set_at: value.is_none().then_some(1),
        }
    }

    #[test]
    fn a_save_says_what_to_keep_and_what_to_forget() -> Result<(), ApiError> {
        let known = [row("token", None), row("old", None), row("plain", Some("1"))];
        let wanted = vec![
            input("TOKEN", None, true),
            input("plain", None, true),
            input("fresh", Some("2"), true),
            input("word", Some("3"), false),
        ];
        let change = group_change(&known, wanted, 9)?;
        assert_eq!(change.rows[0].set_at, Some(1), "a secret without a value keeps the one it has");
        assert_eq!(
            change.set,
            [("plain".to_owned(), "1".to_owned()), ("fresh".to_owned(), "2".to_owned())],
            "what becomes a secret is kept as one"
        );
        assert_eq!(change.forget, ["old"], "what is gone is forgotten");
        assert!(change.rows.iter().all(|row| !row.is_secret || row.value.is_none()), "no value");
        Ok(())
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let known = [row("token", None)];
        for wanted in [
            vec![input("token", None, false)],
            vec![input("a", None, false), input("A", None, false)],
            vec![input(" ", None, false)],
            vec![input("Path", Some("x"), false)],
        ] {
            let shown = format!("{wanted:?}");
            let refused = group_change(&known, wanted, 9);
            assert!(refused.is_err_and(|error| error.hint.is_some()), "{shown} with what to do");
        }
    }
}
