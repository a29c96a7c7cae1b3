//! The cluster view as a part of the app: what is open on clusters tells every face when it changes.

use std::path::PathBuf;
use std::sync::Weak;

use slipway_core::AppEvent;
use slipway_deploy::{KubeKind, KubeViews};

use crate::app::App;

/// The app's views of clusters.
pub(crate) fn views(kubeconfig: Option<PathBuf>, app: Weak<App>) -> KubeViews {
    KubeViews::new(kubeconfig, move |id, version| {
        // A view may outlive the app by a moment.
        if let Some(app) = app.upgrade() {
            app.emit(AppEvent::KubeChanged { id: id.to_owned(), version });
        }
    })
}

/// A kind as a request names it.
pub(crate) fn kind(group: &str, version: &str, plural: &str) -> KubeKind {
    KubeKind::new(group, version, plural)
}
