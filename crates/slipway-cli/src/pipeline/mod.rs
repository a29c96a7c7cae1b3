//! `slipway pipeline`: what the language says of a file, in a terminal, a hook or another tool.
//!
//! Exit codes: 0 nothing is wrong, 1 there are errors (or, for `starts`, it would not start), 2 wrong
//! use or a file that cannot be read. Deliberately not here: running a pipeline (`slipway run`).

mod edit;
mod init;
mod input;
mod output;
mod sarif;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use slipway_api::House;
use slipway_api::error::ApiError;
use slipway_pipeline::tree::{self, SourceId, SourceText, read};
use slipway_pipeline::{Loaded, expand, expanded_yaml};

use crate::print;
use edit::EditArguments;
use input::{Input, Reading};

/// What `pipeline` takes.
#[derive(Debug, Args)]
pub(crate) struct PipelineArguments {
    #[command(subcommand)]
    command: PipelineCommand,
}

#[derive(Debug, Subcommand)]
enum PipelineCommand {
    /// Writes the file through the tree that was read: byte for byte, whatever is wrong with it.
    Print(Reading),
    /// Says what is wrong with files, by line and column.
    Check(CheckArguments),
    /// Writes the file with its templates put in and its expressions computed.
    Expand(Reading),
    /// Writes the stages, jobs and steps that the file comes to.
    Plan(PlanArguments),
    /// Draws who waits for whom.
    Graph(GraphArguments),
    /// Changes a file by edits, touching only the lines it must.
    Edit(EditArguments),
    /// Writes a pipeline for a repository that has none, with a Dockerfile and manifests where they are missing.
    Init(init::InitArguments),
    /// Says whether a push would start the pipeline, and why.
    Starts(StartsArguments),
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    Text,
    Json,
    Sarif,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The files; azure-pipelines.yml if left out, - for standard input.
    #[arg(default_value = "azure-pipelines.yml", value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    surroundings: input::Surroundings,
    /// text, json or sarif.
    #[arg(long, value_enum, default_value = "text")]
    format: CheckFormat,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// The same as --format sarif.
    #[arg(long, conflicts_with_all = ["format", "json"])]
    sarif: bool,
    /// Also say what cannot run on this machine, as `slipway check` does.
    #[arg(long)]
    here: bool,
}

#[derive(Debug, Args)]
struct PlanArguments {
    #[command(flatten)]
    reading: Reading,
    /// The whole plan as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GraphFormat {
    Dot,
    Mermaid,
    Json,
}

#[derive(Debug, Args)]
struct GraphArguments {
    #[command(flatten)]
    reading: Reading,
    /// dot, mermaid or json.
    #[arg(long, value_enum, default_value = "dot")]
    format: GraphFormat,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Args)]
struct StartsArguments {
    #[command(flatten)]
    reading: Reading,
    /// The branch that is pushed, or a tag as refs/tags/NAME.
    #[arg(long, default_value = "main")]
    branch: String,
    /// A changed path, from the repository's root; repeat for more.
    #[arg(long = "path", value_name = "PATH")]
    paths: Vec<String>,
    /// The head commit's message.
    #[arg(long, default_value = "")]
    message: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Does what was asked.
pub(crate) fn execute(arguments: PipelineArguments, house: &House) -> Result<ExitCode, ApiError> {
    match arguments.command {
        PipelineCommand::Print(reading) => print_file(&reading.open(house)?),
        PipelineCommand::Check(check) => check_files(&check, house, check.here),
        PipelineCommand::Expand(reading) => expand_file(&reading.open(house)?),
        PipelineCommand::Plan(plan) => plan_file(&plan, house),
        PipelineCommand::Graph(graph) => graph_file(&graph, house),
        PipelineCommand::Edit(edit) => edit::execute(&edit),
        PipelineCommand::Init(arguments) => init::execute(&arguments),
        PipelineCommand::Starts(starts) => starts_file(&starts, house),
    }
}

/// `slipway check`: the same, with what cannot run here.
pub(crate) fn check_here(check: &CheckArguments, house: &House) -> Result<ExitCode, ApiError> {
    check_files(check, house, true)
}

fn loaded(input: &Input) -> Loaded {
    input.house.load(&input.name, &input.text, &input.request, &input.files)
}

/// Says what is wrong on standard error; true when something is.
fn complain(diagnostics: &[slipway_pipeline::diagnostic::Diagnostic]) -> bool {
    for line in output::lines(diagnostics) {
        print::line_error(&line);
    }
    output::errors(diagnostics) > 0
}

fn verdict(is_wrong: bool) -> ExitCode {
    ExitCode::from(u8::from(is_wrong))
}

fn print_file(input: &Input) -> Result<ExitCode, ApiError> {
    let source = SourceText::new(SourceId::default(), &input.name, &input.text);
    let found = read(&source);
    print::text(&tree::print(&source, &found));
    Ok(verdict(complain(&found.diagnostics)))
}

fn check_files(
    check: &CheckArguments,
    house: &House,
    runs_here: bool,
) -> Result<ExitCode, ApiError> {
    let mut diagnostics = Vec::new();
    let mut named = Vec::new();
    for file in &check.files {
        let Input { name, text, request, files, house, before } =
            Input::open(file, &check.surroundings, house)?;
        let found = house.check((&name, &text), &request, &files, runs_here);
        // People read the path that they wrote, programs the one in the repository.
        named.extend(found.iter().cloned().map(|mut at| {
            at.file.insert_str(0, &before);
            at
        }));
        diagnostics.extend(found);
    }
    let format = match (check.json, check.sarif) {
        (true, _) => CheckFormat::Json,
        (_, true) => CheckFormat::Sarif,
        _ => check.format,
    };
    match format {
        CheckFormat::Json => print::json(&output::json(&diagnostics)),
        CheckFormat::Sarif => print::json(&sarif::log(&diagnostics)),
        CheckFormat::Text => {
            for line in output::lines(&named) {
                print::line(&line);
            }
            print::line(&output::summary(check.files.len(), &diagnostics));
        }
    }
    Ok(verdict(output::errors(&diagnostics) > 0))
}

fn expand_file(input: &Input) -> Result<ExitCode, ApiError> {
    let expanded = expand(&input.name, &input.text, &input.request, &input.files);
    let is_wrong = complain(&expanded.diagnostics);
    if let Some(root) = expanded.root.filter(|_| !is_wrong) {
        print::text(&expanded_yaml(&root));
    }
    Ok(verdict(is_wrong))
}

fn plan_file(arguments: &PlanArguments, house: &House) -> Result<ExitCode, ApiError> {
    let loaded = loaded(&arguments.reading.open(house)?);
    let is_wrong = complain(&loaded.diagnostics);
    if let Some(plan) = &loaded.plan {
        if arguments.json {
            print::json(&json!(plan));
        } else {
            for line in output::plan(plan) {
                print::line(&line);
            }
        }
    }
    Ok(verdict(is_wrong))
}

fn graph_file(arguments: &GraphArguments, house: &House) -> Result<ExitCode, ApiError> {
    let loaded = loaded(&arguments.reading.open(house)?);
    let is_wrong = complain(&loaded.diagnostics);
    if let Some(plan) = &loaded.plan {
        let graph = plan.graph();
        match arguments.format {
            _ if arguments.json => print::json(&json!(graph)),
            GraphFormat::Json => print::json(&json!(graph)),
            GraphFormat::Dot => print::text(&graph.to_dot()),
            GraphFormat::Mermaid => print::text(&graph.to_mermaid()),
        }
    }
    Ok(verdict(is_wrong))
}

fn starts_file(arguments: &StartsArguments, house: &House) -> Result<ExitCode, ApiError> {
    let loaded = loaded(&arguments.reading.open(house)?);
    if complain(&loaded.diagnostics) {
        return Ok(ExitCode::from(1));
    }
    let verdict =
        loaded.triggers.ci.evaluate(&arguments.branch, &arguments.paths, &arguments.message);
    if arguments.json {
        print::json(&json!(verdict));
    } else {
        let word = if verdict.starts { "starts" } else { "does not start" };
        print::line(&format!("{word}: {}", verdict.reason));
    }
    Ok(self::verdict(!verdict.starts))
}
