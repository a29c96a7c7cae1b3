//! The cluster view as a part of the app: what is open on clusters tells every face when it changes.

use std::path::PathBuf;
use std::sync::Weak;

use slipway_core::AppEvent;
use slipway_deploy::{DeployError, KubeKind, KubeSource, KubeViews};

use crate::app::App;

/// The app's views of clusters.
pub(crate) fn views(kubeconfig: Option<PathBuf>, app: Weak<App>) -> KubeViews {
    let (file, asked) = (kubeconfig.clone(), app.clone());
    let source = move |context: String| -> futures_util::future::BoxFuture<'static, _> {
        let (file, app) = (file.clone(), asked.upgrade());
        Box::pin(async move {
            // A view may outlive the app by a moment.
            let Some(app) = app else { return Ok(KubeSource::File(file)) };
            app.kube_source(&context).await.map_err(|error| DeployError::SignInNeeded {
                context,
                doing: "signing in".to_owned(),
                reason: error.into_reasons().join(" "),
            })
        })
    };
    KubeViews::with_sources(kubeconfig, source, move |id, version| {
        if let Some(app) = app.upgrade() {
            app.emit(AppEvent::KubeChanged { id: id.to_owned(), version });
        }
    })
}

/// A kind as a request names it.
pub(crate) fn kind(group: &str, version: &str, plural: &str) -> KubeKind {
    KubeKind::new(group, version, plural)
}
