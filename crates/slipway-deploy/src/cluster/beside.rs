//! What a strategy asks of a cluster: what runs now, whether a kind is served, and the end of what ran
//! beside.
//!
//! Deliberately not here: what is put beside it (`strategy`).

use kube::Error;
use kube::api::{Api, DynamicObject};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::KubeTarget;
use super::connect::answered;
use super::kinds::Kinds;
use super::run::Run;
use crate::{ApplyRequest, DeployError, ManifestObject, ObjectKey, Progress};

impl KubeTarget {
    /// The namespace that it deploys to.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The object of that kind and name as it is now; none if it is not there or about to go.
    pub(crate) async fn live(&self, object: &ManifestObject) -> Result<Option<Value>, DeployError> {
        let kinds = Kinds::new(self);
        let (api, key): (Api<DynamicObject>, _) = kinds.place(object).await?;
        match answered(api.get_opt(&key.name)).await {
            Ok(found) => Ok(found
                .filter(|found| found.metadata.deletion_timestamp.is_none())
                .map(|found| json!(found))),
            Err(Error::Api(status)) if status.code == 404 => Ok(None),
            Err(error) => Err(self.failed(&format!("looking at {key}"), error)),
        }
    }

    /// True if the cluster knows the kind.
    pub(crate) async fn serves(&self, api_version: &str, kind: &str) -> Result<bool, DeployError> {
        match Kinds::new(self).find(api_version, kind).await {
            Ok(_) => Ok(true),
            Err(DeployError::KindUnknown { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Deletes objects that are ours; whatever else has such a name is left, and why is told.
    pub(crate) async fn remove(
        &self,
        keys: Vec<ObjectKey>,
        request: &ApplyRequest,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<(Vec<ObjectKey>, Vec<String>), DeployError> {
        let run = Run { target: self, progress, cancel, kinds: Kinds::new(self) };
        let unwanted = run.kinds.prunable(&keys, &[], &[], &request.labels).await?;
        let mut notes = Vec::new();
        let removed = run.prune(unwanted, &mut notes).await?;
        Ok((removed, notes))
    }
}
