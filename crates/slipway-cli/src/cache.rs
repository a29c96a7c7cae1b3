//! `slipway cache`: lists and removes what `Cache@2` keeps between runs.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;
use slipway_api::app::{App, AppOptions};
use slipway_api::dto::{CacheRemove, CacheRemoved, CacheView, Nothing};
use slipway_api::error::ApiError;

use crate::{print, read};

#[derive(Debug, Args)]
pub(crate) struct CacheArguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the caches, the one used last first.
    Ls {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Removes caches.
    Rm {
        /// As listed; the beginning is enough where it names one.
        #[arg(required_unless_present = "all")]
        ids: Vec<String>,
        /// Removes every cache.
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
}

pub(crate) async fn execute(
    mut options: AppOptions,
    arguments: CacheArguments,
) -> Result<ExitCode, ApiError> {
    match arguments.command {
        Command::Ls { json: as_json } => {
            let app = App::open_read_only(&options.data_dir).await?;
            let answer = app.call("cache_list", json!(Nothing {})).await?;
            if as_json {
                print::line(&serde_json::to_string_pretty(&answer).unwrap_or_default());
            } else {
                list(&read::<Vec<CacheView>>(answer)?);
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Rm { ids, all } => {
            options.is_active = false;
            let app = App::open(options).await?;
            let removed = remove(&app, ids, all).await;
            app.close().await;
            removed
        }
    }
}

fn list(caches: &[CacheView]) {
    for cache in caches {
        let size = cache.size_bytes / 1024;
        let key = format!("{}  {:>10} KiB  {}  {}", cache.id, size, cache.project, cache.branch);
        print::line(&format!("{key}  {}", cache.key));
    }
    let total: i64 = caches.iter().map(|cache| cache.size_bytes).sum();
    print::line(&format!("{} caches, {} KiB", caches.len(), total / 1024));
}

async fn remove(app: &App, wanted: Vec<String>, all: bool) -> Result<ExitCode, ApiError> {
    let mut ids = None;
    if !all {
        let known: Vec<CacheView> = read(app.call("cache_list", json!(Nothing {})).await?)?;
        let mut found = Vec::new();
        for beginning in wanted {
            let mut matching = known.iter().filter(|cache| cache.id.starts_with(&beginning));
            match (matching.next(), matching.next()) {
                (Some(one), None) => found.push(one.id.clone()),
                (None, _) => return Err(ApiError::not_found("cache", &beginning)),
                (Some(_), Some(_)) => {
                    let text = format!("Several caches begin with {beginning}.");
                    return Err(ApiError::refused("cache_ambiguous", text)
                        .with_hint("Write more of the id, as `slipway cache ls` shows it."));
                }
            }
        }
        ids = Some(found);
    }
    let removed: CacheRemoved = read(app.call("cache_remove", json!(CacheRemove { ids })).await?)?;
    print::line(&format!("{} caches removed", removed.count));
    Ok(ExitCode::SUCCESS)
}
