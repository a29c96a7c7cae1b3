//! The file that is asked about, with what surrounds it: parameters, variables, other repositories.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use slipway_api::error::ApiError;
use slipway_api::{DiskFiles, House, Repositories};
use slipway_core::ErrorKind;
use slipway_pipeline::LoadRequest;

/// One file and its surroundings.
#[derive(Debug, clap::Args)]
pub(crate) struct Reading {
    /// The file, - for standard input.
    #[arg(default_value = "azure-pipelines.yml", value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    surroundings: Surroundings,
}

/// What a file is read with.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Surroundings {
    /// A parameter for the run, as NAME=VALUE; repeat for more.
    #[arg(long = "parameter", short = 'p', value_name = "NAME=VALUE", value_parser = pair)]
    parameters: Vec<(String, String)>,
    /// A variable that is known before the run, as NAME=VALUE; repeat for more.
    #[arg(long = "variable", short = 'v', value_name = "NAME=VALUE", value_parser = pair)]
    variables: Vec<(String, String)>,
    /// Where a repository resource lies on this machine, as ALIAS=FOLDER; repeat for more.
    #[arg(long = "repository", short = 'r', value_name = "ALIAS=FOLDER", value_parser = pair)]
    repositories: Vec<(String, String)>,
    /// A folder of tasks, read in place of those that were added; repeat for more.
    #[arg(long = "tasks", value_name = "FOLDER")]
    tasks: Vec<PathBuf>,
}

/// A text that was read, and everything that reading it further takes.
pub(crate) struct Input {
    /// The path from the repository's root.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) request: LoadRequest,
    pub(crate) files: DiskFiles,
    pub(crate) house: House,
    /// What stands before the path in the repository, as the file was named.
    pub(crate) before: String,
}

impl Reading {
    /// Reads the file.
    pub(crate) fn open(&self, house: &House) -> Result<Input, ApiError> {
        Input::open(&self.file, &self.surroundings, house)
    }
}

impl Input {
    /// Reads a file.
    pub(crate) fn open(
        file: &Path,
        surroundings: &Surroundings,
        house: &House,
    ) -> Result<Self, ApiError> {
        let text = read(file)?;
        let place = if file == Path::new("-") { Path::new("azure-pipelines.yml") } else { file };
        let repositories =
            surroundings.repositories.iter().map(|(name, folder)| (name.clone(), folder.into()));
        let folders = surroundings.tasks.iter().map(PathBuf::as_path);
        let house = house.clone().with_folders(folders)?;
        let (files, name) = house.files(place, Repositories::of(repositories));
        let request = LoadRequest {
            parameters: surroundings.parameters.iter().cloned().collect(),
            variables: surroundings.variables.iter().cloned().collect(),
        };
        let whole = place.display().to_string();
        let before = whole.strip_suffix(&name).unwrap_or_default().to_owned();
        Ok(Self { name, text, request, files, house, before })
    }
}

/// Reads a file, or standard input.
pub(crate) fn read(file: &Path) -> Result<String, ApiError> {
    let outcome = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    outcome.map_err(|error| {
        let message = format!("The file {} cannot be read: {error}.", file.display());
        ApiError::new(ErrorKind::UserInput, "file_unreadable", message)
            .with_hint("Name the pipeline file, or - for standard input.")
    })
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or_else(|| format!("'{text}' has no '='; write NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}
