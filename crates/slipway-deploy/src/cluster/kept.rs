//! One client for each context, kept for whoever asks the cluster.
//!
//! Deployments, looks at environments and the cluster view go the same way, so that a credential plugin runs
//! once and not at each look. A kubeconfig that was written anew is taken up by the next who asks, for all.
//! Deliberately not here: credentials that end (`renew`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kube::Client;

use super::connect::{self, KubeSource};
use super::renew::Renewing;
use crate::DeployError;

/// Whoever signs in to a context is alone with it; another context does not wait for that.
type Place = Arc<tokio::sync::Mutex<Option<(Arc<Renewing>, Client)>>>;

/// Clients by the context's name.
#[derive(Default)]
pub(crate) struct KubeClients(Mutex<HashMap<String, Place>>);

impl KubeClients {
    /// The client of a context.
    pub(crate) async fn client(
        &self,
        context: &str,
        kubeconfig: KubeSource,
    ) -> Result<Client, DeployError> {
        let place = Arc::clone(self.places().entry(context.to_owned()).or_default());
        let mut kept = place.lock().await;
        if let Some((known, client)) = kept.as_ref().filter(|(known, _)| known.is_of(&kubeconfig)) {
            known.refresh().await?;
            return Ok(client.clone());
        }
        let made = connect::client(kubeconfig, context).await?;
        let client = made.client();
        *kept = Some((made, client.clone()));
        Ok(client)
    }

    /// Lets go of a context's client; what goes on with it goes on.
    pub(crate) fn forget(&self, context: &str) {
        self.places().remove(context);
    }

    fn places(&self) -> MutexGuard<'_, HashMap<String, Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
