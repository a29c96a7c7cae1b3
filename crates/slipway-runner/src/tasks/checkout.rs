//! `Checkout@1`: puts the run's commit into the workspace (§14). Only the pipeline's own repository.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::error::{OnPath, RunnerError};
use crate::scope::lock;
use crate::step_scope::StepScope;
use crate::timeline::folder_name;
use crate::variables::Variable;
use crate::workspace::{blocking, join_below, wipe};

pub(crate) struct Checkout;

#[async_trait]
impl Task for Checkout {
    fn spec(&self) -> &'static TaskSpec {
        &table::CHECKOUT_1
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let repository = step.required("repository")?;
        if !repository.eq_ignore_ascii_case("self") {
            return Err(RunnerError::NotSupported {
                feature: format!("`checkout: {repository}`"),
                instead: "Use `checkout: self` or `checkout: none`.".to_owned(),
            });
        }
        for input in ["lfs", "submodules", "sparseCheckoutDirectories", "sparseCheckoutPatterns"] {
            if step.input(input).is_some_and(|value| !value.eq_ignore_ascii_case("false")) {
                step.warning(&format!("The input '{input}' is not supported yet and is ignored."))
                    .await;
            }
        }
        let job = &step.job;
        let folders = &job.folders;
        let into = match step.input("path") {
            Some(path) => join_below(&folders.workspace, path)?,
            None if job.has_several_checkouts => {
                folders.sources.join(folder_name(&job.run.repository_path))
            }
            None => folders.sources.clone(),
        };
        let (folder, is_clean) = (into.clone(), step.flag("clean"));
        blocking(move || {
            if is_clean {
                wipe(&folder)?;
            }
            std::fs::create_dir_all(&folder).on("Creating", &folder)
        })
        .await?;
        let commit = &job.run.evidence.commit;
        step.line(&format!("##[command]checkout {} {commit}", job.run.repository_path.display()))
            .await;
        job.run.host.checkout(&job.run.repository_path, commit, &into).await?;
        step.line(&format!("Checked out {commit} to {}", into.display())).await;
        if !job.has_several_checkouts && into != folders.sources {
            let path = into.display().to_string();
            let mut variables = lock(&job.variables);
            for name in ["Build.SourcesDirectory", "Build.Repository.LocalPath"] {
                variables.set(Variable::system(name, path.clone()));
            }
        }
        Ok(RunResult::Succeeded)
    }
}
