//! The environment of a node task: what the agent tells it of inputs, variables, connections and files (§19).
//!
//! Called by `NodeTask`. Secrets go by names of their own, which the task library takes out of the process's
//! environment as it starts. Deliberately not here: what every step gets.

use serde_json::json;

use super::declaration::Declaration;
use super::endpoints::{Endpoint, secure_file};
use super::spec::InputType;
use crate::error::RunnerError;
use crate::scope::lock;
use crate::step_scope::StepScope;
use crate::variables::environment_name;

/// The agent whose contract is kept. Tasks ask for a minimum.
const AGENT_VERSION: &str = "4.260.0";

/// Everything that a node task finds beside what every step gets.
pub(super) async fn environment(
    step: &StepScope,
    task: &Declaration,
) -> Result<Vec<(String, String)>, RunnerError> {
    let mut all = vec![
        ("AGENT_VERSION".to_owned(), AGENT_VERSION.to_owned()),
        ("SYSTEM_CULTURE".to_owned(), "en-US".to_owned()),
        ("TASK_DISPLAYNAME".to_owned(), task.friendly_name.clone()),
    ];
    variables(step, &mut all);
    inputs(step, task, &mut all).await?;
    Ok(all)
}

fn variables(step: &StepScope, all: &mut Vec<(String, String)>) {
    let variables = lock(&step.job.variables);
    let mut names = (Vec::new(), Vec::new());
    for variable in variables.iter() {
        if variable.is_secret {
            names.1.push(variable.name.as_str());
            all.push((
                format!("SECRET_{}", environment_name(&variable.name)),
                variable.value.clone(),
            ));
        } else {
            names.0.push(variable.name.as_str());
        }
    }
    all.push(("VSTS_PUBLIC_VARIABLES".to_owned(), json!(names.0).to_string()));
    all.push(("VSTS_SECRET_VARIABLES".to_owned(), json!(names.1).to_string()));
    let url = variables.value("System.CollectionUri").unwrap_or_default();
    let token = variables.value("System.AccessToken").unwrap_or_default();
    all.extend(Endpoint::of_system(url, token).environment());
    drop(variables);
    for (name, value) in step.task_variables() {
        all.push((format!("VSTS_TASKVARIABLE_{}", environment_name(&name)), value));
    }
}

async fn inputs(
    step: &StepScope,
    task: &Declaration,
    all: &mut Vec<(String, String)>,
) -> Result<(), RunnerError> {
    for (input, kind) in task.spec.inputs.iter().zip(&task.types) {
        let given = step.input(input.name).unwrap_or_default();
        let value = match kind {
            // An empty path means the default working directory; the library knows.
            InputType::FilePath => step.resolve(given).display().to_string(),
            InputType::Connection if !given.is_empty() => {
                let endpoint = Endpoint::named(step, given).await?;
                all.extend(endpoint.environment());
                endpoint.id
            }
            InputType::SecureFile if !given.is_empty() => {
                let (id, environment) = secure_file(step, given).await?;
                all.extend(environment);
                id
            }
            _ => given.to_owned(),
        };
        all.push((format!("INPUT_{}", environment_name(input.name)), value));
    }
    for (name, value) in &step.undeclared {
        all.push((format!("INPUT_{}", environment_name(name)), value.clone()));
    }
    Ok(())
}
