//! The cluster view as a part of the app: what is open on clusters tells every face when it changes.

use std::path::PathBuf;
use std::sync::Weak;

use slipway_core::{AppEvent, Masker};
use slipway_deploy::{HIDDEN, KubeKind, KubeViews, ObjectPlan as Planned, PlanAction};

use crate::app::App;
use crate::dto::{FieldChange, ObjectAction, ObjectPlan};

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

/// An edit's plan as it is shown. A field with a secret that the app knows is hidden as a whole.
pub(crate) fn object_plan(planned: Planned, masker: &Masker) -> ObjectPlan {
    let action = match planned.action {
        PlanAction::Create => ObjectAction::Create,
        PlanAction::Change => ObjectAction::Change,
        PlanAction::Same => ObjectAction::Same,
        PlanAction::Delete => ObjectAction::Delete,
        PlanAction::Conflict => ObjectAction::Conflict,
        PlanAction::Refused => ObjectAction::Refused,
    };
    let known =
        |value: &Option<String>| value.as_ref().is_some_and(|value| masker.mask(value) != *value);
    let fields = planned.fields.into_iter().map(|field| {
        let is_secret = field.is_secret || known(&field.before) || known(&field.after);
        let shown = |value: Option<String>| {
            if is_secret { value.map(|_| HIDDEN.to_owned()) } else { value }
        };
        FieldChange {
            path: field.path,
            before: shown(field.before),
            after: shown(field.after),
            is_secret,
            owner: field.owner,
            is_conflict: field.is_conflict,
        }
    });
    ObjectPlan {
        api_version: planned.key.api_version,
        kind: planned.key.kind,
        name: planned.key.name,
        namespace: planned.key.namespace,
        place: planned.place,
        action,
        fields: fields.collect(),
        problem: planned.problem.map(|problem| masker.mask(&problem)),
        hint: planned.hint,
    }
}
