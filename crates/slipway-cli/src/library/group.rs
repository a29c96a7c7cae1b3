//! `slipway variable-group`: groups of this machine, and groups read from Azure DevOps.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};
use slipway_api::app::AppOptions;
use slipway_api::dto::{GroupsRead, VariableGroupView};
use slipway_api::error::ApiError;

use super::{Library, pair, wrong_use};
use crate::{ask, print, read};

/// `slipway variable-group …`.
#[derive(Debug, Subcommand)]
pub(crate) enum GroupCommand {
    /// Lists the groups.
    Ls {
        #[arg(long)]
        json: bool,
    },
    /// Shows a group; secrets as stars.
    Show {
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Adds a group, or sets variables of one. Secrets are set with `slipway secret set --group`.
    Set {
        name: String,
        #[arg(value_name = "NAME=VALUE")]
        variables: Vec<String>,
        #[arg(long)]
        description: Option<String>,
    },
    /// Forgets a group, or some of its variables.
    Rm {
        name: String,
        #[arg(value_name = "VARIABLE")]
        variables: Vec<String>,
    },
    /// Reads the groups of an Azure DevOps project. A token comes from standard input or a prompt.
    Read {
        /// Such as https://dev.azure.com/contoso.
        #[arg(long, value_name = "URL")]
        organization: String,
        #[arg(long, value_name = "NAME")]
        azure_project: String,
        /// Signs in with the Azure CLI instead of a personal access token.
        #[arg(long)]
        az: bool,
        /// Uses the token of the last reading.
        #[arg(long, conflicts_with = "az")]
        kept_token: bool,
    },
}

/// `slipway variable-group`.
pub(crate) async fn execute(
    options: AppOptions,
    project: Option<PathBuf>,
    command: GroupCommand,
) -> Result<ExitCode, ApiError> {
    let library = Library::open(options, project).await?;
    match command {
        GroupCommand::Ls { json: as_json } => {
            let answer = library.call_once("variable_group_list", json!({})).await?;
            if as_json {
                print::json(&answer);
                return Ok(ExitCode::SUCCESS);
            }
            for group in read::<Vec<VariableGroupView>>(answer)? {
                print::line(&format!("{}  {}", group.name, summary(&group)));
            }
        }
        GroupCommand::Show { name, json: as_json } => {
            let request = json!({ "name": name });
            let answer = library.call_once("variable_group_get", request).await?;
            if as_json {
                print::json(&answer);
                return Ok(ExitCode::SUCCESS);
            }
            show(&read(answer)?);
        }
        GroupCommand::Set { name, variables, description } => {
            let known = known(&library, &name).await?;
            let request = changed(known, &name, &variables, description)?;
            library.call_once("variable_group_save", request).await?;
        }
        GroupCommand::Rm { name, variables } if variables.is_empty() => {
            library.call_once("variable_group_remove", json!({ "name": name })).await?;
        }
        GroupCommand::Rm { name, variables } => {
            let group = library.call("variable_group_get", json!({ "name": name })).await?;
            let request = without(read(group)?, &variables)?;
            library.call_once("variable_group_save", request).await?;
        }
        GroupCommand::Read { organization, azure_project, az, kept_token } => {
            let token = if az || kept_token { None } else { Some(ask::value("Token")?) };
            let sign_in = if az { "azureCli" } else { "personalAccessToken" };
            let request = json!({
                "organization": organization,
                "project": azure_project,
                "signIn": sign_in,
                "token": token,
            });
            told(&read(library.call_once("variable_group_read", request).await?)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(group: &VariableGroupView) -> String {
    let secrets = group.variables.iter().filter(|variable| variable.is_secret).count();
    let count = format!("{} variables, {secrets} secret", group.variables.len());
    match &group.origin {
        Some(origin) => format!("{count}, from {}/{}", origin.organization, origin.project),
        None => count,
    }
}

fn show(group: &VariableGroupView) {
    print::line(&format!("{}: {}", group.name, summary(group)));
    if !group.description.is_empty() {
        print::line(&group.description);
    }
    if let Some(vault) = group.origin.as_ref().and_then(|origin| origin.key_vault.as_deref()) {
        print::line(&format!("Linked to the key vault {vault}."));
    }
    for variable in &group.variables {
        let value = match (variable.is_secret, variable.set_at) {
            (false, _) => variable.value.as_deref().unwrap_or_default(),
            (true, Some(_)) => "***",
            (true, None) => "(a secret without a value here)",
        };
        print::line(&format!("  {} = {value}", variable.name));
    }
}

async fn known(library: &Library, name: &str) -> Result<Option<VariableGroupView>, ApiError> {
    let groups: Vec<VariableGroupView> =
        read(library.call("variable_group_list", json!({})).await?)?;
    Ok(groups.into_iter().find(|group| group.name.eq_ignore_ascii_case(name)))
}

/// What a group has; values of secrets stay as they are.
fn rows(group: &VariableGroupView) -> Vec<Value> {
    let row = |variable: &slipway_api::dto::GroupVariableView| {
        json!({
            "name": variable.name, "value": variable.value, "isSecret": variable.is_secret,
        })
    };
    group.variables.iter().map(row).collect()
}

fn changed(
    known: Option<VariableGroupView>,
    name: &str,
    variables: &[String],
    description: Option<String>,
) -> Result<Value, ApiError> {
    let before = known.as_ref().map(|group| group.description.clone()).unwrap_or_default();
    let mut rows = known.as_ref().map(rows).unwrap_or_default();
    for text in variables {
        let (name, value) = pair(text)?;
        let is_it = |row: &&mut Value| {
            row["name"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(name))
        };
        match rows.iter_mut().find(is_it) {
            Some(row) if row["isSecret"] == true => {
                return Err(wrong_use(
                    "is_secret",
                    format!("'{name}' is a secret."),
                    "Set it with: slipway secret set --group GROUP NAME.",
                ));
            }
            Some(row) => row["value"] = json!(value),
            None => rows.push(json!({ "name": name, "value": value })),
        }
    }
    let description = description.unwrap_or(before);
    Ok(json!({ "name": name, "description": description, "variables": rows }))
}

fn without(group: VariableGroupView, names: &[String]) -> Result<Value, ApiError> {
    let mut rows = rows(&group);
    for name in names {
        let before = rows.len();
        rows.retain(|row| {
            !row["name"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(name))
        });
        if rows.len() == before {
            let message = format!("The group '{}' has no variable '{name}'.", group.name);
            return Err(wrong_use(
                "variable_missing",
                message,
                "See: slipway variable-group show.",
            ));
        }
    }
    Ok(json!({ "name": group.name, "description": group.description, "variables": rows }))
}

fn told(read: &GroupsRead) {
    print::line(&format!("Read: {}.", read.read.join(", ")));
    if !read.kept.is_empty() {
        print::line(&format!(
            "Left as they are, because groups of this machine have their names: {}.",
            read.kept.join(", ")
        ));
    }
    for name in &read.unset {
        print::line(&format!("No value here yet: {name}. Azure DevOps does not hand out secrets."));
    }
}
