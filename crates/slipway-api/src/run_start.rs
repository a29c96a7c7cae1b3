//! What a run is started with: its commit, parameters and variables, from whoever starts it and from the
//! pipeline's settings.
//!
//! Called by `handlers::run` and `runs`. Deliberately not here: carrying a run out (`runs`).

use indexmap::IndexMap;
use slipway_core::{ErrorKind, Masker};
use slipway_pipeline::plan::Plan;
use slipway_runner::Choice;
use slipway_secrets::ExposeSecret as _;
use slipway_store::{PipelineVariableRow, ProjectRow, RunChoiceRow, RunInputRow};

use crate::app::App;
use crate::attempts::NextAttempt;
use crate::dto::{RunParameter, RunVariable};
use crate::error::ApiError;
use crate::library::checked_variable;
use crate::pipelines::PIPELINE_FILE;
use crate::skips::Leaving;
use crate::vault::SecretKey;

/// Which pipeline file a run reads, and what it is given.
#[derive(Debug, Clone)]
pub(crate) struct RunInput {
    /// From the root of the repository.
    pub(crate) file: String,
    /// The branch that is checked out if left out.
    pub(crate) branch: Option<String>,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) variables: Vec<RunVariable>,
    /// What of it is left out because it cannot run here.
    pub(crate) leaving: Leaving,
    /// What of it runs; all of it if nothing is named.
    pub(crate) chosen: Chosen,
    /// Set for a run that goes on where another one failed.
    pub(crate) attempt: Option<NextAttempt>,
}

/// What was chosen of a pipeline, as it was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chosen {
    /// `stage`, `stage/job` or `stage/job/step`.
    pub(crate) targets: Vec<String>,
    pub(crate) is_with_needed: bool,
}

impl Chosen {
    pub(crate) fn said(only: Option<Vec<String>>, is_with_needed: Option<bool>) -> Self {
        Self {
            targets: only.unwrap_or_default(),
            is_with_needed: is_with_needed.unwrap_or_default(),
        }
    }

    /// Found in the plan; nothing if all of it runs.
    pub(crate) fn find(&self, plan: &Plan) -> Result<Option<Choice>, ApiError> {
        if self.targets.is_empty() {
            return Ok(None);
        }
        Ok(Some(Choice::of(plan, &self.targets, self.is_with_needed)?))
    }

    pub(crate) fn to_row(&self, choice: &Choice) -> RunChoiceRow {
        RunChoiceRow {
            targets: self.targets.clone(),
            is_with_needed: self.is_with_needed,
            text: choice.text.clone(),
        }
    }
}

impl Default for RunInput {
    fn default() -> Self {
        Self {
            file: PIPELINE_FILE.to_owned(),
            branch: None,
            parameters: Vec::new(),
            variables: Vec::new(),
            leaving: Leaving::default(),
            chosen: Chosen::default(),
            attempt: None,
        }
    }
}

impl RunInput {
    pub(crate) fn of(parameters: Vec<RunParameter>, variables: Vec<RunVariable>) -> Self {
        let parameters = parameters.into_iter().map(|given| (given.name, given.value)).collect();
        Self { parameters, variables, ..Self::default() }
    }

    /// What is kept of it: of secrets only the names.
    pub(crate) fn to_row(&self) -> RunInputRow {
        let plain = self.variables.iter().filter(|variable| !variable.is_secret);
        let secret = self.variables.iter().filter(|variable| variable.is_secret);
        let is_usual = self.file == PIPELINE_FILE;
        RunInputRow {
            file: (!is_usual).then(|| self.file.clone()),
            parameters: self.parameters.clone(),
            variables: plain.map(|it| (it.name.clone(), it.value.0.clone())).collect(),
            secret_names: secret.map(|it| it.name.clone()).collect(),
        }
    }

    /// True if there is nothing to keep.
    pub(crate) fn is_empty(&self) -> bool {
        self.parameters.is_empty() && self.variables.is_empty() && self.file == PIPELINE_FILE
    }
}

/// The variables that a run starts with, and which of them are secret.
#[derive(Debug, Default)]
pub(crate) struct StartVariables {
    values: IndexMap<String, (String, String, bool)>,
}

impl StartVariables {
    fn set(&mut self, name: &str, value: String, is_secret: bool) {
        self.values.insert(name.to_lowercase(), (name.to_owned(), value, is_secret));
    }

    /// Those that may be shown.
    pub(crate) fn plain(&self) -> impl Iterator<Item = (&str, &str)> {
        let plain = self.values.values().filter(|(.., is_secret)| !is_secret);
        plain.map(|(name, value, _)| (name.as_str(), value.as_str()))
    }

    /// All of them; the masker learns the secrets.
    pub(crate) fn into_pairs(self, masker: &Masker) -> Vec<(String, String)> {
        let pair = |(name, value, is_secret): (String, String, bool)| {
            if is_secret {
                masker.add(&value);
            }
            (name, value)
        };
        self.values.into_values().map(pair).collect()
    }
}

impl App {
    /// Settings of the pipeline, and over them what this run is given.
    pub(crate) async fn start_variables(
        &self,
        project: &ProjectRow,
        input: &RunInput,
    ) -> Result<StartVariables, ApiError> {
        let settings = self.store.pipeline_variables(&project.id).await?;
        let mut variables = StartVariables::default();
        refuse_fixed(&settings, &input.variables)?;
        for row in settings {
            // What this run is given anyway need not be unlocked.
            if input.variables.iter().any(|given| given.name.eq_ignore_ascii_case(&row.name)) {
                continue;
            }
            let value = match row.value {
                Some(value) => value,
                None => {
                    let name = row.name.clone();
                    let key = SecretKey::OfPipeline { project: project.id.clone(), name };
                    let kept = self.secret(key).await?.ok_or_else(|| {
                        let message = format!(
                            "The pipeline's secret variable '{}' has no value here.",
                            row.name
                        );
                        ApiError::refused("variable_unset", message)
                            .with_hint("Set it in the Library, or with: slipway secret set NAME.")
                    })?;
                    kept.expose_secret().to_owned()
                }
            };
            variables.set(&row.name, value, row.is_secret);
        }
        for given in &input.variables {
            let name = checked_variable(&given.name)?;
            if given.is_secret {
                self.masker.add(&given.value.0);
            }
            variables.set(&name, given.value.0.clone(), given.is_secret);
        }
        Ok(variables)
    }
}

fn refuse_fixed(settings: &[PipelineVariableRow], given: &[RunVariable]) -> Result<(), ApiError> {
    let fixed: Vec<&str> = settings
        .iter()
        .filter(|row| !row.is_settable)
        .filter(|row| given.iter().any(|given| given.name.eq_ignore_ascii_case(&row.name)))
        .map(|row| row.name.as_str())
        .collect();
    if fixed.is_empty() {
        return Ok(());
    }
    let message = format!(
        "You can't set the following variables ({}): they are not settable at queue time.",
        fixed.join(", ")
    );
    Err(ApiError::new(ErrorKind::UserInput, "variable_fixed", message)
        .with_hint("Allow it at the variable in the Library: Let users override this value."))
}
