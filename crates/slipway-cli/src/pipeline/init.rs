//! `slipway pipeline init`: a pipeline, and what it needs, for a repository that has none.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;
use slipway_api::error::ApiError;
use slipway_api::proposals::Source;
use slipway_pipeline::propose::{PIPELINE_FILE, Proposal, ProposedFile, Wishes};

use crate::print;

/// What `pipeline init` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct InitArguments {
    /// A folder of the repository; the current one if left out.
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    dir: PathBuf,
    /// Print the files and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print what was found and the files as JSON, and write nothing.
    #[arg(long, conflicts_with = "dry_run")]
    json: bool,
    /// Leave the tests out.
    #[arg(long)]
    no_tests: bool,
    /// Build no image, and deploy nothing.
    #[arg(long)]
    no_image: bool,
    /// Deploy nothing.
    #[arg(long)]
    no_deploy: bool,
    /// The branch that starts the pipeline; the repository's own if left out.
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// The port that the program listens on, where there is one image.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// The image's name; with several images, what their names begin with.
    #[arg(long, value_name = "NAME")]
    image_name: Option<String>,
    /// The environment to deploy to.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// The service connection of the registry.
    #[arg(long, value_name = "NAME")]
    registry: Option<String>,
}

/// Proposes, and adds the files that are not there yet.
pub(crate) fn execute(arguments: &InitArguments) -> Result<ExitCode, ApiError> {
    let source = Source::of(&arguments.dir)?;
    let proposal = source.propose(Wishes {
        name: String::new(),
        branch: arguments.branch.clone().unwrap_or_default(),
        tests: arguments.no_tests.then_some(false),
        image: arguments.no_image.then_some(false),
        deploy: arguments.no_deploy.then_some(false),
        port: arguments.port,
        image_name: arguments.image_name.clone(),
        environment: arguments.environment.clone(),
        registry: arguments.registry.clone(),
    });
    if arguments.json {
        print::json(&as_json(&proposal));
        return Ok(ExitCode::SUCCESS);
    }
    for found in &proposal.detected {
        print::line_error(&format!("{}: {}", found.file, found.what));
    }
    // The pipeline is what was asked for: one that is there is refused by name.
    let is_added = |file: &&ProposedFile| file.is_new || file.path == PIPELINE_FILE;
    let files: Vec<&ProposedFile> = proposal.files.iter().filter(is_added).collect();
    if arguments.dry_run {
        for file in files {
            print::line(&format!("==== {}", file.path));
            print::text(&file.text);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let texts: Vec<(String, String)> =
        files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    source.add(&texts)?;
    for file in files {
        print::line(&format!("created {}", file.path));
        for sentence in &file.why {
            print::line(&format!("  {sentence}"));
        }
    }
    for file in proposal.files.iter().filter(|file| !is_added(file)) {
        print::line(&format!("kept {}, which is there already", file.path));
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(proposal: &Proposal) -> serde_json::Value {
    let files = proposal.files.iter();
    let found = proposal.detected.iter();
    json!({
        "detected": found.map(|one| json!({ "what": one.what, "file": one.file })).collect::<Vec<_>>(),
        "files": files.map(|file| json!({
            "path": file.path, "text": file.text, "why": file.why, "isNew": file.is_new,
        })).collect::<Vec<_>>(),
    })
}
