//! `slipway variable-group`, `secret`, `secure-file` and `variable`: the Library in a terminal.
//!
//! Deliberately not here: rules about names and values, which the commands of the app have.

mod group;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::Engine as _;
use clap::Subcommand;
use serde_json::{Value, json};
use slipway_api::app::{App, AppOptions};
use slipway_api::dto::{PipelineVariableView, ProjectView, SecretsView, SecureFileView};
use slipway_api::error::ApiError;
use slipway_core::ErrorKind;

use crate::{ask, print, read};

pub(crate) use group::{GroupCommand, execute as variable_group};

/// `slipway secret …`.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Sets a secret; its value comes from standard input or a prompt.
    Set {
        name: String,
        /// The variable group that has it; a variable of the pipeline if left out.
        #[arg(long, value_name = "GROUP")]
        group: Option<String>,
    },
    /// Says where secrets are kept, and what protects them.
    Where,
    /// Locks the encrypted file with a passphrase from standard input or a prompt.
    Passphrase {
        /// Takes the passphrase away.
        #[arg(long)]
        remove: bool,
    },
}

/// `slipway variable …`.
#[derive(Debug, Subcommand)]
pub(crate) enum VariableCommand {
    /// Lists the variables of the pipeline's settings.
    Ls {
        #[arg(long)]
        json: bool,
    },
    /// Sets one; a secret is set with `slipway secret set`.
    Set {
        #[arg(value_name = "NAME=VALUE")]
        variable: String,
        /// Whoever starts a run may give another value.
        #[arg(long)]
        settable: bool,
    },
    /// Forgets one.
    Rm { name: String },
}

/// `slipway secure-file …`.
#[derive(Debug, Subcommand)]
pub(crate) enum SecureFileCommand {
    /// Keeps a file, encrypted.
    Add {
        file: PathBuf,
        /// Its name in the Library; the file's own if left out.
        #[arg(long)]
        name: Option<String>,
    },
    /// Lists names and sizes.
    Ls {
        #[arg(long)]
        json: bool,
    },
    /// Forgets a file.
    Rm { name: String },
}

/// The Library of one project, opened.
pub(crate) struct Library {
    app: std::sync::Arc<App>,
    project: ProjectView,
}

impl Library {
    /// Opens the project of a folder; the current one if none is given.
    pub(crate) async fn open(
        mut options: AppOptions,
        folder: Option<PathBuf>,
    ) -> Result<Self, ApiError> {
        options.is_active = false;
        ask::unlock(&mut options);
        let app = App::open(options).await?;
        match crate::serve::open_project(&app, Some(folder.unwrap_or_else(|| ".".into()))).await {
            Ok(project) => Ok(Self { app, project: read(project)? }),
            Err(error) => {
                app.close().await;
                Err(error)
            }
        }
    }

    /// Calls a command about the project, and closes the app.
    pub(crate) async fn call_once(self, name: &str, request: Value) -> Result<Value, ApiError> {
        let answer = self.call(name, request).await;
        self.app.close().await;
        answer
    }

    pub(crate) async fn call(&self, name: &str, mut request: Value) -> Result<Value, ApiError> {
        request["projectId"] = json!(self.project.id);
        self.app.call(name, request).await
    }
}

pub(crate) fn wrong_use(code: &str, message: String, hint: &str) -> ApiError {
    ApiError::new(ErrorKind::UserInput, code, message).with_hint(hint)
}

/// `NAME=VALUE`.
pub(crate) fn pair(text: &str) -> Result<(&str, &str), ApiError> {
    text.split_once('=').filter(|(name, _)| !name.trim().is_empty()).ok_or_else(|| {
        let name = text.trim();
        wrong_use("pair_invalid", format!("'{name}' is not NAME=VALUE."), "Put = between the two.")
    })
}

/// `slipway secret`.
pub(crate) async fn secret(
    options: AppOptions,
    project: Option<PathBuf>,
    command: SecretCommand,
) -> Result<ExitCode, ApiError> {
    match command {
        SecretCommand::Set { name, group } => {
            let library = Library::open(options, project).await?;
            let value = ask::value(&format!("Value of {name}"))?;
            let request = json!({ "name": name, "group": group, "value": value });
            library.call_once("secret_set", request).await?;
            print::line(&format!("{name} is set."));
        }
        SecretCommand::Where => show_place(options, "secrets_get", json!({})).await?,
        SecretCommand::Passphrase { remove } => {
            let passphrase = if remove { String::new() } else { ask::value("New passphrase")? };
            let request = json!({ "passphrase": passphrase });
            show_place(options, "secrets_passphrase", request).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn show_place(mut options: AppOptions, name: &str, request: Value) -> Result<(), ApiError> {
    options.is_active = false;
    ask::unlock(&mut options);
    let app = App::open(options).await?;
    let answer = app.call(name, request).await;
    app.close().await;
    let view: SecretsView = read(answer?)?;
    print::line(&view.statement);
    Ok(())
}

/// `slipway variable`.
pub(crate) async fn variable(
    options: AppOptions,
    project: Option<PathBuf>,
    command: VariableCommand,
) -> Result<ExitCode, ApiError> {
    let library = Library::open(options, project).await?;
    match command {
        VariableCommand::Ls { json: as_json } => {
            let answer = library.call_once("pipeline_variable_list", json!({})).await?;
            if as_json {
                print::json(&answer);
                return Ok(ExitCode::SUCCESS);
            }
            for row in read::<Vec<PipelineVariableView>>(answer)? {
                let value = row.value.as_deref().unwrap_or("***");
                let settable = if row.is_settable { "  (settable at queue time)" } else { "" };
                print::line(&format!("{} = {value}{settable}", row.name));
            }
        }
        VariableCommand::Set { variable, settable } => {
            let (name, value) = pair(&variable)?;
            let request = json!({ "name": name, "value": value, "isSettable": settable });
            library.call_once("pipeline_variable_save", request).await?;
        }
        VariableCommand::Rm { name } => {
            library.call_once("pipeline_variable_remove", json!({ "name": name })).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `slipway secure-file`.
pub(crate) async fn secure_file(
    options: AppOptions,
    project: Option<PathBuf>,
    command: SecureFileCommand,
) -> Result<ExitCode, ApiError> {
    let library = Library::open(options, project).await?;
    match command {
        SecureFileCommand::Add { file, name } => {
            let request = content(&file, name);
            let request = match request {
                Ok(request) => request,
                Err(error) => {
                    library.app.close().await;
                    return Err(error);
                }
            };
            let kept: SecureFileView = read(library.call_once("secure_file_add", request).await?)?;
            print::line(&format!("{} is kept, encrypted ({} bytes).", kept.name, kept.size_bytes));
        }
        SecureFileCommand::Ls { json: as_json } => {
            let answer = library.call_once("secure_file_list", json!({})).await?;
            if as_json {
                print::json(&answer);
                return Ok(ExitCode::SUCCESS);
            }
            for row in read::<Vec<SecureFileView>>(answer)? {
                print::line(&format!("{}  {} bytes", row.name, row.size_bytes));
            }
        }
        SecureFileCommand::Rm { name } => {
            library.call_once("secure_file_remove", json!({ "name": name })).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn content(file: &Path, name: Option<String>) -> Result<Value, ApiError> {
    let bytes = std::fs::read(file).map_err(|error| {
        let message = format!("The file {} cannot be read: {error}.", file.display());
        wrong_use("file_unreadable", message, "Name a file that you may read.")
    })?;
    let own = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let content = base64::engine::general_purpose::STANDARD.encode(bytes);
    Ok(json!({ "name": name.or(own), "content": content }))
}
