//! Open targets: one for each environment that something was deployed to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use slipway_core::{EnvironmentName, ProjectId, TargetKind};
use slipway_deploy::{DeployTarget, LocalTarget};
use slipway_store::EnvironmentRow;
use tokio::sync::Mutex;

use crate::app::App;
use crate::error::ApiError;

type Key = (ProjectId, EnvironmentName);

/// Local targets stay open, because their services and probes live in this process.
#[derive(Default)]
pub(crate) struct Targets {
    local: Mutex<HashMap<Key, Arc<DeployTarget>>>,
    looked_at: Mutex<HashSet<Key>>,
}

impl Targets {
    /// True once for each environment: its services may need a moment until they answer again.
    pub(crate) async fn is_first_look(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
    ) -> bool {
        self.looked_at.lock().await.insert((project.clone(), environment.clone()))
    }

    /// Lets go of every target; the containers go on.
    pub(crate) async fn release(&self) {
        self.local.lock().await.clear();
    }
}

impl App {
    /// The environment's target, opened if it is not open yet.
    pub(crate) async fn target(
        &self,
        environment: &EnvironmentRow,
    ) -> Result<Arc<DeployTarget>, ApiError> {
        match environment.target {
            TargetKind::Local => self.local_target(environment).await,
            TargetKind::Kubernetes => {
                // What is wrong with a context of Azure is said in its own words.
                self.kube_source(&environment.context).await?;
                let EnvironmentRow { context, namespace, .. } = environment;
                let target = self.kube.target(context, namespace).await?;
                Ok(Arc::new(DeployTarget::Kubernetes(target)))
            }
        }
    }

    async fn local_target(
        &self,
        environment: &EnvironmentRow,
    ) -> Result<Arc<DeployTarget>, ApiError> {
        let engine = self.machine.engine().await?;
        let key = (environment.project_id.clone(), environment.name.clone());
        let mut open = self.targets.local.lock().await;
        if let Some(target) = open.get(&key) {
            return Ok(Arc::clone(target));
        }
        let target =
            LocalTarget::new(engine, environment.project_id.as_str(), environment.name.as_str());
        target.restore().await?;
        let target = Arc::new(DeployTarget::Local(target));
        open.insert(key, Arc::clone(&target));
        Ok(target)
    }

    /// Opens the local targets that something runs in, so that their services answer again, and lets the
    /// containers of every environment reach the telemetry endpoint. Runs once, when the endpoint is there.
    pub(crate) fn restore_local_targets(&self) {
        if !self.options.is_active {
            return;
        }
        let app = self.handle();
        self.tasks.spawn(async move {
            if let Err(error) = app.restore_each().await {
                tracing::warn!(
                    code = error.code,
                    "local environments are not restored: {}",
                    error.message
                );
            }
        });
    }

    async fn restore_each(&self) -> Result<(), ApiError> {
        for project in self.store.projects().await? {
            for environment in self.store.environments(&project.id).await? {
                let current = self.store.current_deployment(&project.id, &environment.name).await?;
                if current.is_none() {
                    continue;
                }
                match self.reopen_door(&environment).await {
                    // An address of a cluster's environment that is gone is no matter of the engine's.
                    Err(error) if environment.target == TargetKind::Kubernetes => {
                        let name = &environment.name;
                        tracing::warn!(code = error.code, "environment {name}: {}", error.message);
                    }
                    other => other?,
                }
            }
        }
        self.changed(&[slipway_core::Tag::Deployment]);
        // Their containers need the endpoint's address, so not before it is there.
        self.recover(TargetKind::Local).await
    }
}
