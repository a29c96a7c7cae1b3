//! The objects of a local environment as they were applied, beside those that are wanted.
//!
//! The record keeps what was written, without the values of Secrets. Deliberately not here: whether
//! pods must be replaced (`plan.rs` knows by the template's hash).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use slipway_core::Explain as _;

use super::plan::plan as plan_all;
use super::record::Record;
use super::state::Inner;
use crate::manifest::sort_local;
use crate::pin::{check_used, pin_object};
use crate::plan::diff::{Difference, settings, written_differences};
use crate::plan::{HIDDEN, Seen};
use crate::{
    ApplyRequest, DeployError, DeploymentPlan, ManifestObject, ObjectKey, ObjectPlan, PlanAction,
};

/// An object that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrittenObject {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) settings: Value,
}

impl WrittenObject {
    fn of(object: &ManifestObject) -> Self {
        let mut settings = settings(&object.value);
        if object.kind == "Secret" {
            for part in ["data", "stringData"] {
                let values = settings.get_mut(part).and_then(Value::as_object_mut);
                for value in values.into_iter().flat_map(|values| values.values_mut()) {
                    *value = json!(HIDDEN);
                }
            }
        }
        Self {
            api_version: object.api_version.clone(),
            kind: object.kind.clone(),
            name: object.name.clone(),
            settings,
        }
    }

    fn is(&self, key: &ObjectKey) -> bool {
        self.kind == key.kind && self.name == key.name
    }
}

/// The key of an object here, where there are no namespaces.
pub(crate) fn key_of(object: &ManifestObject) -> ObjectKey {
    object.key(None)
}

/// What is no longer wanted of what an earlier deployment applied.
pub(crate) fn unwanted<'a>(
    applied_before: &'a [ObjectKey],
    objects: &'a [ManifestObject],
) -> impl Iterator<Item = &'a ObjectKey> {
    applied_before.iter().filter(|key| {
        !objects.iter().any(|object| object.kind == key.kind && object.name == key.name)
    })
}

impl Record {
    /// Keeps what was applied, and forgets what is pruned.
    pub(crate) fn write_down(&mut self, objects: &[ManifestObject], pruned: &[ObjectKey]) {
        self.objects.retain(|one| {
            !pruned.iter().any(|key| one.is(key))
                && !objects.iter().any(|object| one.is(&key_of(object)))
        });
        // A Namespace means nothing here.
        let kept = objects.iter().filter(|object| object.kind != "Namespace");
        self.objects.extend(kept.map(WrittenObject::of));
    }

    /// What was applied under that name.
    pub(crate) fn written(&self, key: &ObjectKey) -> Option<Value> {
        self.objects.iter().find(|one| one.is(key)).map(|one| one.settings.clone())
    }

    /// True if something of that name was applied and is served or kept still.
    pub(crate) fn has(&self, key: &ObjectKey) -> bool {
        self.objects.iter().any(|one| one.is(key))
            || (key.kind == "Deployment" && self.workloads.contains_key(&key.name))
            || (key.kind == "Service" && self.services.iter().any(|port| port.is_of(&key.name)))
    }
}

/// Plans a deployment without asking the engine for more than the record.
pub(crate) fn plan(
    inner: &Inner,
    request: &ApplyRequest,
    applied_before: &[ObjectKey],
) -> Result<DeploymentPlan, DeployError> {
    if request.objects.is_empty() {
        return Err(DeployError::NothingToDeploy);
    }
    let record = inner.state().record.clone();
    let (mut wanted, mut refused, mut pinned) = (Vec::new(), Vec::new(), Vec::new());
    for object in &request.objects {
        let mut object = object.clone();
        match pin_object(&mut object, &request.images) {
            Ok(images) => {
                pinned.extend(images);
                wanted.push(object);
            }
            Err(error) => refused.push((object, error)),
        }
    }
    if refused.is_empty() {
        check_used(&pinned, &request.images)?;
    }
    // Objects lean on each other, so they are planned together; what is refused steps aside.
    loop {
        let planned = sort_local(&wanted)
            .and_then(|sorted| plan_all(&sorted, &inner.environment, &request.env_injected));
        let Err(error) = planned else { break };
        let place = error.place().filter(|_| error.is_about_an_object());
        let at = place.and_then(|place| {
            let is_there = |object: &ManifestObject| {
                (&object.place.file, object.place.document, &object.name)
                    == (&place.file, place.document, &place.name)
            };
            wanted.iter().rposition(is_there)
        });
        match at {
            Some(at) => refused.push((wanted.remove(at), error)),
            None => return Err(error),
        }
    }
    let mut seen = Seen::default();
    let mut objects = Vec::new();
    for object in &wanted {
        let found = compare(&record, object);
        let plan = object_plan(&record, object, &found);
        let whole: Vec<_> = found.iter().map(Difference::whole).collect();
        // Its values are not in the plan, and yet another Secret is another deployment.
        seen.add(&json!([plan, whole, object.value]));
        objects.push(plan);
    }
    for (object, error) in refused {
        let mut plan = ObjectPlan::of(key_of(&object), Some(&object.place), PlanAction::Refused);
        plan.problem = Some(error.to_string());
        plan.hint = error.hint();
        seen.add(&json!(plan));
        objects.push(plan);
    }
    for key in unwanted(applied_before, &request.objects).filter(|key| record.has(key)) {
        let plan = ObjectPlan::of(key.clone(), None, PlanAction::Delete);
        seen.add(&json!(plan));
        objects.push(plan);
    }
    Ok(DeploymentPlan { objects, hash: seen.hash() })
}

fn compare(record: &Record, object: &ManifestObject) -> Vec<Difference> {
    let key = key_of(object);
    let before = record.objects.iter().find(|one| one.is(&key)).map(|one| &one.settings);
    written_differences(before, Some(&WrittenObject::of(object).settings))
}

fn object_plan(record: &Record, object: &ManifestObject, found: &[Difference]) -> ObjectPlan {
    let key = key_of(object);
    let action = match (record.has(&key), found.is_empty()) {
        _ if object.kind == "Namespace" => PlanAction::Same,
        (false, _) => PlanAction::Create,
        (true, true) => PlanAction::Same,
        (true, false) => PlanAction::Change,
    };
    let mut plan = ObjectPlan::of(key, Some(&object.place), action);
    if object.kind == "Namespace" {
        plan.hint = Some("A local environment is its own namespace.".to_owned());
        return plan;
    }
    let is_secret = object.kind == "Secret";
    plan.fields = found.iter().map(|change| change.clone().shown(is_secret, &[])).collect();
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_manifest;

    fn objects(text: &str) -> Vec<ManifestObject> {
        read_manifest("local.yaml", text).unwrap()
    }

    const SECRET: &str =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {token: hush}\n";

    #[test]
    fn a_secrets_values_are_not_written_down() {
        let mut record = Record::default();
        record.write_down(&objects(SECRET), &[]);
        let text = serde_json::to_string(&record).unwrap();
        assert!(text.contains("token") && !text.contains("hush"), "only that it has one: {text}");
        let found = compare(&record, &objects(SECRET)[0]);
        assert_eq!(found, [], "the same again");
    }

    #[test]
    fn what_is_pruned_is_forgotten() {
        let mut record = Record::default();
        let before = objects(SECRET);
        record.write_down(&before, &[]);
        let applied = [key_of(&before[0])];
        assert!(record.has(&applied[0]));
        let next = objects("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n");
        let pruned: Vec<_> = unwanted(&applied, &next).cloned().collect();
        assert_eq!(pruned, applied, "the next manifests do without it");
        record.write_down(&next, &pruned);
        assert!(!record.has(&applied[0]) && record.has(&key_of(&next[0])));
    }

    #[test]
    fn a_change_is_told_field_by_field() {
        let mut record = Record::default();
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: one}\n";
        record.write_down(&objects(text), &[]);
        let changed = objects(&text.replace("one", "two"));
        let plan = object_plan(&record, &changed[0], &compare(&record, &changed[0]));
        assert_eq!(plan.action, PlanAction::Change);
        assert_eq!(plan.place.as_deref(), Some("local.yaml:1"));
        let field = &plan.fields[0];
        assert_eq!(field.path, "data.a");
        assert_eq!((field.before.as_deref(), field.after.as_deref()), (Some("one"), Some("two")));
    }
}
