//! The app's own log, which every host starts first: a file a day in the data folder, fourteen kept. A run's output is not here; it
//! is product data and lies in the database.

use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

use crate::guard::{MaskedWriter, mask_panics};

/// Starts the log; lines are written until the guard is dropped.
pub fn start_log(data_dir: &Path) -> Option<WorkerGuard> {
    // The appender complains on standard error when its folder is missing.
    std::fs::create_dir_all(data_dir.join("logs")).ok()?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("slipway")
        .filename_suffix("log")
        .max_log_files(14)
        .build(data_dir.join("logs"))
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(appender);
    mask_panics();
    let filter = EnvFilter::try_from_env("SLIPWAY_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,slipway=info"));
    // At `debug` this crate would log request bodies, and those hold environment variables.
    let filter = match "bollard=info".parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(move || MaskedWriter(writer.clone()))
        .with_ansi(false)
        .try_init()
        .ok()?;
    Some(guard)
}
