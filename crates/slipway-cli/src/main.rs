//! `slipway`: the same engine as the window, from a terminal.
//!
//! Exit codes: 0 done, 1 the run or check failed, 2 wrong use or something the machine lacks.

mod ask;
mod azure;
mod cache;
mod data_dir;
mod deploy;
mod file_run;
mod library;
mod loop_run;
mod lsp;
mod mapped;
mod people;
mod pipeline;
mod pools;
mod print;
mod progress;
mod questions;
mod remote;
mod rerun;
mod serve;
mod tasks;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mapped::Mapped;
use serde_json::{Value, json};
use slipway_api::House;
use slipway_api::app::{App, AppOptions, HostKind};
use slipway_api::dto::{ThreadGet, ThreadView};
use slipway_api::error::ApiError;
use slipway_core::ErrorKind;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// From a commit to a healthy container and back to the backlog item, on this machine.
#[derive(Debug, Parser)]
#[command(name = "slipway", version, about)]
struct Arguments {
    /// Folder for databases, the registry and the sample project.
    #[arg(long, global = true, env = "SLIPWAY_DATA_DIR", value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// Container engine, such as unix:///var/run/docker.sock; looked for in the usual places.
    #[arg(long, global = true, env = "SLIPWAY_ENGINE", value_name = "ADDRESS")]
    engine: Option<String>,
    /// Port the local registry should take if it is free.
    #[arg(long, global = true, env = "SLIPWAY_REGISTRY_PORT", value_name = "PORT")]
    registry_port: Option<u16>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs a pipeline file; without one, takes the pending change round the loop: commit, build, push,
    /// deploy, observe, close the item.
    Run(loop_run::RunArguments),
    /// Runs a run's commit again: all of it, or only the jobs that failed and what waits for them.
    Rerun(rerun::RerunArguments),
    /// Opens the page in a browser: the window's screens on a loopback address.
    Serve(serve::ServeArguments),
    /// Deploys an image with manifests of the repository to an environment; the diff comes first.
    Deploy(deploy::DeployArguments),
    /// Takes what runs in an environment to the next one, with its parameters.
    Promote(deploy::PromoteArguments),
    /// Brings an earlier proven deployment back; runs wait until it is released.
    Rollback(deploy::RollbackArguments),
    /// Shows what runs where: digest, commit, health, drift.
    Status(deploy::StatusArguments),
    /// Shows what a deployment would change, or what changed since; ends with 1 if something differs.
    Diff(deploy::DiffArguments),
    /// Prints the last lines of an environment's pods, or what a deployment said.
    Logs(deploy::LogsArguments),
    /// Lists what runs ask people.
    Approvals(people::ApprovalsArguments),
    /// Approves what a run waits for.
    Approve(people::AnswerArguments),
    /// Rejects what a run waits for.
    Reject(people::AnswerArguments),
    /// Starts a stage that waits for a hand.
    Stages(people::StagesArguments),
    /// Prints everything that hangs together with a commit, digest, run, work item, deployment or pod.
    Thread {
        /// Such as 3f2a91c0, sha256:9d…, 20261122.1, AB#1.
        key: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Says what is wrong with pipeline files, and what of them cannot run on this machine: pipeline check --here.
    Check(pipeline::CheckArguments),
    /// Speaks the Language Server Protocol on standard input and output, for text editors.
    Lsp {
        /// Accepted: it is the only way there is.
        #[arg(long)]
        stdio: bool,
        #[command(flatten)]
        mapped: Mapped,
    },
    /// Reads, checks, expands, plans, draws and edits a pipeline file.
    Pipeline(pipeline::PipelineArguments),
    /// Lists and removes what Cache@2 keeps between runs.
    Cache(cache::CacheArguments),
    /// Lists, shows, changes and reads variable groups of a project's Library.
    VariableGroup {
        /// The project's repository; the current folder if left out.
        #[arg(long, global = true, value_name = "FOLDER")]
        project: Option<PathBuf>,
        #[command(subcommand)]
        command: library::GroupCommand,
    },
    /// Sets secrets, and says where they are kept.
    Secret {
        /// The project's repository; the current folder if left out.
        #[arg(long, global = true, value_name = "FOLDER")]
        project: Option<PathBuf>,
        #[command(subcommand)]
        command: library::SecretCommand,
    },
    /// Lists and changes the variables of the pipeline's settings.
    Variable {
        /// The project's repository; the current folder if left out.
        #[arg(long, global = true, value_name = "FOLDER")]
        project: Option<PathBuf>,
        #[command(subcommand)]
        command: library::VariableCommand,
    },
    /// Keeps files that only jobs get to see.
    SecureFile {
        /// The project's repository; the current folder if left out.
        #[arg(long, global = true, value_name = "FOLDER")]
        project: Option<PathBuf>,
        #[command(subcommand)]
        command: library::SecureFileCommand,
    },
    /// Signs in to Azure, lists its AKS clusters and connects them.
    Azure {
        #[command(subcommand)]
        command: azure::AzureCommand,
    },
    /// Says where the jobs of each pool (vmImage: or a name) run: on this machine, or in an image.
    Pools(pools::PoolArguments),
    /// Lists, adds and shows tasks: Slipway's own, and folders of tasks that Node runs.
    Tasks(tasks::TasksArguments),
    /// Calls any command of the app by its name, with a JSON request, and prints the JSON answer.
    Call {
        /// Such as run_list.
        name: String,
        /// Such as '{"projectId":"…","limit":10}'.
        #[arg(default_value = "{}")]
        request: String,
    },
}

fn main() -> ExitCode {
    rustls::crypto::ring::default_provider().install_default().ok();
    let arguments = Arguments::parse();
    // It needs neither the app nor its runtime, and standard output is the protocol's.
    if let Command::Lsp { mapped, .. } = arguments.command {
        return lsp::serve(data_dir::choose(arguments.data_dir).ok(), mapped);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            print::line_error(&format!("The runtime cannot be started: {error}."));
            return ExitCode::from(2);
        }
    };
    let outcome = runtime.block_on(execute(arguments));
    // A blocking read that nobody waits for any more must not hold the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            print::error(&error);
            ExitCode::from(if error.kind == ErrorKind::Refused { 1 } else { 2 })
        }
    }
}

async fn execute(arguments: Arguments) -> Result<ExitCode, ApiError> {
    let Arguments { data_dir, engine, registry_port, command } = arguments;
    let around = || Around::of(data_dir.clone(), engine, registry_port);
    match command {
        // What only reads text needs no data folder, and leaves none behind.
        Command::Check(arguments) => {
            let house = house(data_dir).await;
            pipeline::check_here(&arguments, &house)
        }
        Command::Lsp { .. } => Ok(ExitCode::SUCCESS),
        Command::Pipeline(arguments) => {
            let house = house(data_dir).await;
            pipeline::execute(arguments, &house)
        }
        Command::Run(run) => {
            let around = around()?;
            loop_run::execute(around.options, run).await
        }
        Command::Rerun(arguments) => {
            let around = around()?;
            rerun::execute(around.options, arguments).await
        }
        Command::VariableGroup { project, command } => {
            let around = around()?;
            library::variable_group(around.options, project, command).await
        }
        Command::Secret { project, command } => {
            let around = around()?;
            library::secret(around.options, project, command).await
        }
        Command::Variable { project, command } => {
            let around = around()?;
            library::variable(around.options, project, command).await
        }
        Command::SecureFile { project, command } => {
            let around = around()?;
            library::secure_file(around.options, project, command).await
        }
        Command::Azure { command } => {
            let around = around()?;
            azure::execute(around.options, command).await
        }
        Command::Serve(serve) => {
            let mut around = around()?;
            ask::unlock(&mut around.options);
            around.options.host = HostKind::Serve;
            serve::execute(around.options, serve).await
        }
        Command::Deploy(arguments) => deploy::deploy(around()?.options, arguments).await,
        Command::Promote(arguments) => deploy::promote(around()?.options, arguments).await,
        Command::Rollback(arguments) => deploy::rollback(around()?.options, arguments).await,
        Command::Status(arguments) => deploy::status(around()?.options, arguments).await,
        Command::Diff(arguments) => deploy::diff(around()?.options, arguments).await,
        Command::Logs(arguments) => deploy::logs(around()?.options, arguments).await,
        Command::Approvals(arguments) => {
            let around = around()?;
            people::approvals(&around.options.data_dir, arguments).await
        }
        Command::Approve(arguments) => {
            let around = around()?;
            people::answer(&around.options.data_dir, arguments, true).await
        }
        Command::Reject(arguments) => {
            let around = around()?;
            people::answer(&around.options.data_dir, arguments, false).await
        }
        Command::Stages(arguments) => {
            let around = around()?;
            people::stages(&around.options.data_dir, arguments).await
        }
        Command::Thread { key, json } => {
            let around = around()?;
            thread(&around.options.data_dir, key, json).await
        }
        Command::Cache(arguments) => {
            let around = around()?;
            cache::execute(around.options, arguments).await
        }
        Command::Pools(arguments) => {
            let around = around()?;
            pools::execute(around.options, arguments).await
        }
        Command::Tasks(arguments) => {
            let around = around()?;
            tasks::execute(around.options, arguments).await
        }
        Command::Call { name, request } => {
            let around = around()?;
            call(around.options, &name, &request).await
        }
    }
}

/// What a command that opens the app has around it.
struct Around {
    options: AppOptions,
    /// The log is written until this goes.
    _log: Option<Box<dyn std::any::Any>>,
}

impl Around {
    fn of(
        data_dir: Option<PathBuf>,
        engine: Option<String>,
        registry_port: Option<u16>,
    ) -> Result<Self, ApiError> {
        let data_dir = data_dir::choose(data_dir)?;
        let log = slipway_api::start_log(&data_dir);
        let mut options = AppOptions::new(&data_dir, HostKind::Terminal);
        options.engine = engine;
        options.registry_port = registry_port;
        Ok(Self { options, _log: log.map(|log| Box::new(log) as Box<dyn std::any::Any>) })
    }
}

/// Reads beside a window that is open on the same folder; never waits for it.
async fn thread(
    data_dir: &std::path::Path,
    key: String,
    as_json: bool,
) -> Result<ExitCode, ApiError> {
    let app = App::open_read_only(data_dir).await?;
    let request = json!(ThreadGet { project_id: None, key });
    let answer = app.call("thread_get", request).await?;
    if as_json {
        print::line(&serde_json::to_string_pretty(&answer).unwrap_or_default());
        return Ok(ExitCode::SUCCESS);
    }
    let view: ThreadView = read(answer)?;
    print::thread(&view);
    Ok(ExitCode::SUCCESS)
}

/// What the data folder knows of tasks and pools; nothing if there is none.
async fn house(data_dir: Option<PathBuf>) -> House {
    let Ok(folder) = data_dir::choose(data_dir) else { return House::default() };
    House::read(&folder).await.unwrap_or_else(|error| {
        print::line_error(&format!("Without added tasks and chosen pools: {}", error.message));
        House::default()
    })
}

async fn call(mut options: AppOptions, name: &str, request: &str) -> Result<ExitCode, ApiError> {
    let request: Value = serde_json::from_str(request).map_err(|error| {
        ApiError::new(
            ErrorKind::UserInput,
            "bad_request",
            format!("The request is not JSON: {error}."),
        )
    })?;
    options.is_active = false;
    let data_dir = options.data_dir.clone();
    let is_mutation = slipway_api::table::COMMANDS
        .iter()
        .find(|command| command.name == name)
        .is_none_or(|command| command.is_mutation);
    let app = if is_mutation {
        App::open(options).await?
    } else {
        App::open_read_only(&data_dir).await?
    };
    let answer = app.call(name, request).await;
    if is_mutation {
        app.close().await;
    }
    print::line(&serde_json::to_string_pretty(&answer?).unwrap_or_default());
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(answer: Value) -> Result<T, ApiError> {
    serde_json::from_value(answer).map_err(|error| {
        ApiError::new(ErrorKind::Bug, "bad_answer", format!("An answer cannot be read: {error}."))
    })
}
