//! `slipway pools`: where the jobs of each pool run.
//!
//! Called by `main`. The app keeps the choices; here they are shown and changed. Deliberately not here: what
//! a label means.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;
use slipway_api::app::{App, AppOptions};
use slipway_api::dto::PoolMappingView;
use slipway_api::error::ApiError;

use crate::{print, read};

#[derive(Debug, Args)]
pub(crate) struct PoolArguments {
    #[command(subcommand)]
    command: PoolCommand,
}

#[derive(Debug, Subcommand)]
enum PoolCommand {
    /// Lists what was chosen.
    Ls,
    /// Chooses where the jobs of a label run.
    Set {
        /// What vmImage: says, or a pool's name, such as ubuntu-latest.
        label: String,
        /// host for this machine, or an image such as debian:12.
        place: String,
    },
    /// Forgets a choice: jobs of a label without one run on this machine.
    Rm {
        /// The label.
        label: String,
    },
}

/// The word for this machine.
const HOST: &str = "host";

pub(crate) async fn execute(
    options: AppOptions,
    arguments: PoolArguments,
) -> Result<ExitCode, ApiError> {
    let app = App::open(AppOptions { is_active: false, ..options }).await?;
    let answer = carry_out(&app, arguments.command).await;
    app.close().await;
    answer.map(|()| ExitCode::SUCCESS)
}

async fn carry_out(app: &App, command: PoolCommand) -> Result<(), ApiError> {
    match command {
        PoolCommand::Ls => {
            let answer = app.call("pool_mapping_list", json!({ "projectId": null })).await?;
            let rows: Vec<PoolMappingView> = read(answer)?;
            if rows.is_empty() {
                print::line("Nothing is chosen: jobs of every pool run on this machine.");
            }
            for row in rows {
                let place = row.image.as_deref().unwrap_or(HOST);
                print::line(&format!("{:<24} {place}", row.label));
            }
        }
        PoolCommand::Set { label, place } => {
            let image = (!place.eq_ignore_ascii_case(HOST)).then_some(place);
            let request = json!({ "label": label, "image": image });
            app.call("pool_mapping_set", request).await?;
        }
        PoolCommand::Rm { label } => {
            app.call("pool_mapping_remove", json!({ "label": label })).await?;
        }
    }
    Ok(())
}
