//! What a deployment would change: every object tried out beside the live one.
//!
//! The API server's own dry run decides, so defaults, admission and ownership are those of the real
//! thing. A refusal of one object is told with that object; only a cluster that cannot be asked is an
//! error. Deliberately not here: comparing two objects (`diff.rs`), what is pruned (`prune.rs`).

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _};
use kube::Error;
use kube::api::{Api, DynamicObject, Patch, PatchParams};
use serde_json::{Value, json};
use slipway_core::Explain as _;

use super::KubeTarget;
use super::connect::answered;
use super::kinds::Kinds;
use super::prepare::{Prepared, conflicts_in, needs_another};
use crate::plan::diff::{Difference, differences, settings};
use crate::plan::{FIELD_MANAGER, Seen};
use crate::{
    ApplyRequest, DeployError, DeploymentPlan, ManifestObject, ObjectKey, ObjectPlan, PlanAction,
};

/// As many objects are asked about at once.
pub(super) const AT_ONCE: usize = 16;

/// An object's plan, with what its hash is made of.
pub(super) struct Looked {
    pub(super) plan: ObjectPlan,
    seen: Value,
    uid: Option<String>,
}

/// Plans a deployment; `applied_before` is what an earlier one applied and would be pruned.
pub(crate) async fn plan(
    target: &KubeTarget,
    request: &ApplyRequest,
    applied_before: &[ObjectKey],
) -> Result<DeploymentPlan, DeployError> {
    let prepared = Prepared::of(request, &target.namespace)?;
    let planning = Planning::new(target, &prepared).await;
    let mut looked = planning.look_at_all(false).await?;
    for (object, error) in &prepared.refused {
        let namespace = object.namespace.as_deref().unwrap_or(&target.namespace);
        looked.push(refused(object, object.key(Some(namespace)), error.clone())?);
    }
    let mut seen = Seen::default();
    let (mut objects, mut uids) = (Vec::new(), Vec::new());
    for one in looked {
        seen.add(&one.seen);
        uids.extend(one.uid);
        objects.push(one.plan);
    }
    let wanted: Vec<_> = objects.iter().map(|plan| plan.key.clone()).collect();
    for found in planning.kinds.prunable(applied_before, &wanted, &uids, &request.labels).await? {
        let plan = found.plan();
        seen.add(&json!([plan, found.uid]));
        objects.push(plan);
    }
    Ok(DeploymentPlan { objects, hash: seen.hash() })
}

/// What of the objects is no longer as it was applied, with who changed it.
pub(crate) async fn drift(
    target: &KubeTarget,
    request: &ApplyRequest,
) -> Result<Vec<ObjectPlan>, DeployError> {
    let prepared = Prepared::of(request, &target.namespace)?;
    let planning = Planning::new(target, &prepared).await;
    let looked = planning.look_at_all(true).await?;
    let plans = looked.into_iter().map(|one| one.plan);
    Ok(plans.filter(|plan| plan.action != PlanAction::Same).collect())
}

struct Planning<'a> {
    target: &'a KubeTarget,
    kinds: Kinds<'a>,
    all: &'a [ManifestObject],
    has_namespace: bool,
}

impl<'a> Planning<'a> {
    async fn new(target: &'a KubeTarget, prepared: &'a Prepared) -> Self {
        let has_namespace = target.has_namespace().await;
        Self { target, kinds: Kinds::new(target), all: &prepared.objects, has_namespace }
    }

    async fn look_at_all(&self, is_forced: bool) -> Result<Vec<Looked>, DeployError> {
        // Boxed one by one: a closure that borrows would make this future not `Send`.
        let mut asking: Vec<BoxFuture<'_, _>> = Vec::new();
        for object in self.all {
            asking.push(Box::pin(self.look_at(object, is_forced)));
        }
        let mut answers = stream::iter(asking).buffered(AT_ONCE);
        let mut looked = Vec::new();
        while let Some(answer) = answers.next().await {
            looked.push(answer?);
        }
        Ok(looked)
    }

    async fn look_at(
        &self,
        object: &ManifestObject,
        is_forced: bool,
    ) -> Result<Looked, DeployError> {
        let needs_another = needs_another(object, self.all, self.has_namespace);
        let (api, key) = match self.kinds.place(object).await {
            Ok(place) => place,
            Err(DeployError::KindUnknown { .. }) if needs_another => {
                let key = object.key(Some(&self.target.namespace));
                return Ok(untried(object, key, "the definition of its kind"));
            }
            Err(error) => {
                let key = object.key(Some(&self.target.namespace));
                return refused(object, key, error);
            }
        };
        let live = match answered(api.get_opt(&object.name)).await {
            Ok(live) => live.map(|live| json!(live)),
            Err(error) => {
                return refused(object, key, self.target.refused("reading", object, error));
            }
        };
        if needs_another && live.is_none() {
            return Ok(untried(object, key, "its namespace or a definition"));
        }
        let (answer, conflict) = match self.try_one(&api, object, is_forced).await {
            Err(Error::Api(status)) if is_conflict(&status) => {
                let forced = self.try_one(&api, object, true).await;
                (forced, Some(Error::Api(status)))
            }
            answer => (answer, None),
        };
        let wanted = match answer {
            Ok(wanted) => wanted,
            Err(Error::Api(status)) if status.message.contains("does not support dry run") => {
                let action = if live.is_some() { PlanAction::Change } else { PlanAction::Create };
                let mut plan = ObjectPlan::of(key, Some(&object.place), action);
                plan.hint = Some(format!("The cluster cannot try it out: {}", status.message));
                return Ok(looked(plan, object, live.as_ref(), &[]));
            }
            Err(error) => {
                return refused(object, key, self.target.refused("applying", object, error));
            }
        };
        let found = differences(live.as_ref(), Some(&wanted));
        let action = match (&live, &conflict) {
            (None, _) => PlanAction::Create,
            (Some(_), Some(_)) => PlanAction::Conflict,
            (Some(_), None) if found.is_empty() => PlanAction::Same,
            (Some(_), None) => PlanAction::Change,
        };
        let mut plan = ObjectPlan::of(key, Some(&object.place), action);
        let mut answer = Vec::new();
        if let Some(Error::Api(status)) = &conflict {
            answer = conflicts_in(status);
        }
        if let Some(error) = conflict {
            let error = self.target.refused("applying", object, error);
            plan.problem = Some(error.to_string());
            plan.hint = error.hint();
        }
        let mut answered = looked(plan, object, live.as_ref(), &found);
        let is_secret = object.kind == "Secret";
        answered.plan.fields =
            found.into_iter().map(|change| change.shown(is_secret, &answer)).collect();
        Ok(answered)
    }

    async fn try_one(
        &self,
        api: &Api<DynamicObject>,
        object: &ManifestObject,
        is_forced: bool,
    ) -> Result<Value, Error> {
        let mut parameters = PatchParams::apply(FIELD_MANAGER).validation_strict().dry_run();
        parameters.force = is_forced;
        let patch = Patch::Apply(&object.value);
        let asked = api.patch(&object.name, &parameters, &patch);
        answered(asked).await.map(|object| json!(object))
    }
}

fn is_conflict(status: &kube::core::Status) -> bool {
    status.code == 409 && !conflicts_in(status).is_empty()
}

fn looked(
    plan: ObjectPlan,
    object: &ManifestObject,
    live: Option<&Value>,
    found: &[Difference],
) -> Looked {
    let uid = live.and_then(|live| live.pointer("/metadata/uid")).and_then(Value::as_str);
    let differences: Vec<_> = found.iter().map(Difference::whole).collect();
    let seen = json!([plan.key, plan.action, uid, differences, settings(&object.value)]);
    Looked { plan, seen, uid: uid.map(str::to_owned) }
}

/// What cannot be tried out before another object of the deployment is there.
fn untried(object: &ManifestObject, key: ObjectKey, missing: &str) -> Looked {
    let mut plan = ObjectPlan::of(key, Some(&object.place), PlanAction::Create);
    plan.hint = Some(format!("The cluster takes a look at it only once {missing} is there."));
    looked(plan, object, None, &[])
}

/// A refusal stays with its object; a cluster that does not answer is an error for all.
fn refused(
    object: &ManifestObject,
    key: ObjectKey,
    error: DeployError,
) -> Result<Looked, DeployError> {
    if !error.is_about_an_object() {
        return Err(error);
    }
    let mut plan = ObjectPlan::of(key, Some(&object.place), PlanAction::Refused);
    plan.problem = Some(error.to_string());
    plan.hint = error.hint();
    let mut answer = looked(plan, object, None, &[]);
    answer.seen = json!([answer.seen, error.to_string()]);
    Ok(answer)
}
