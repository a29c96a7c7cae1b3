//! What an earlier deployment applied and this one no longer wants.
//!
//! Only what still carries our mark is deleted, and never what would take data or other objects with
//! it. Deliberately not here: finding objects by a label; the caller knows what was applied.

use kube::api::{Api, DeleteParams, DynamicObject, Preconditions};
use kube::{Error, ResourceExt as _};
use serde_json::json;

use super::connect::answered;
use super::kinds::Kinds;
use super::prepare::rank;
use super::run::Run;
use crate::plan::FIELD_MANAGER;
use crate::plan::fields::Managed;
use crate::{DEPLOYMENT_MARK, DeployError, ENVIRONMENT_MARK, ObjectKey, ObjectPlan, PlanAction};

/// Kinds whose end would be the end of data, or of objects that nobody named.
const KEPT: &[&str] =
    &["Namespace", "CustomResourceDefinition", "PersistentVolumeClaim", "PersistentVolume"];

/// Something that was applied earlier, is there still and is no longer wanted.
pub(super) struct Unwanted {
    key: ObjectKey,
    pub(super) uid: String,
    /// Why it is left alone.
    kept: Option<String>,
    api: Api<DynamicObject>,
}

impl Unwanted {
    pub(super) fn plan(&self) -> ObjectPlan {
        let action = if self.kept.is_some() { PlanAction::Same } else { PlanAction::Delete };
        let mut plan = ObjectPlan::of(self.key.clone(), None, action);
        plan.problem = self.kept.as_ref().map(|why| format!("It is no longer wanted, but {why}."));
        plan
    }
}

impl Kinds<'_> {
    /// What would be pruned, in the order it would go: the reverse of the order of applying.
    pub(super) async fn prunable(
        &self,
        applied_before: &[ObjectKey],
        wanted: &[ObjectKey],
        wanted_uids: &[String],
        labels: &[(String, String)],
    ) -> Result<Vec<Unwanted>, DeployError> {
        let mut found: Vec<Unwanted> = Vec::new();
        for key in applied_before.iter().rev() {
            if wanted.iter().any(|other| other.is_same(key)) {
                continue;
            }
            let Some(one) = self.unwanted(key, labels).await? else { continue };
            // The same object may have been applied under another group's name.
            let is_known = found.iter().any(|other| other.uid == one.uid);
            if !is_known && !wanted_uids.contains(&one.uid) {
                found.push(one);
            }
        }
        found.sort_by_key(|one| std::cmp::Reverse(rank(&one.key.kind)));
        Ok(found)
    }

    async fn unwanted(
        &self,
        key: &ObjectKey,
        labels: &[(String, String)],
    ) -> Result<Option<Unwanted>, DeployError> {
        let api: Api<DynamicObject> = match self.of_key(key).await {
            Ok(api) => api,
            // With the definition of a kind its objects are gone.
            Err(DeployError::KindUnknown { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let unwanted = |uid: String, kept: Option<String>| {
            Some(Unwanted { key: key.clone(), uid, kept, api: api.clone() })
        };
        match answered(api.get_opt(&key.name)).await {
            Ok(Some(object)) if object.metadata.deletion_timestamp.is_none() => {
                let uid = object.uid().unwrap_or_default();
                Ok(unwanted(uid, reason_to_keep(key, &object, labels)))
            }
            Ok(_) => Ok(None),
            Err(Error::Api(status)) if status.code == 403 => {
                let why = format!("it may not be looked at: {}", status.message);
                Ok(unwanted(String::new(), Some(why)))
            }
            Err(error) => Err(self.target().failed(&format!("looking at {key}"), error)),
        }
    }
}

fn reason_to_keep(
    key: &ObjectKey,
    object: &DynamicObject,
    labels: &[(String, String)],
) -> Option<String> {
    let managed = Managed::of(&json!(object));
    let marks = object.annotations();
    if !marks.contains_key(DEPLOYMENT_MARK) || !managed.has_applied(FIELD_MANAGER) {
        return Some("it does not carry Slipway's mark any more".to_owned());
    }
    let ours = labels.iter().find(|(name, _)| name == ENVIRONMENT_MARK);
    let theirs = marks.get(ENVIRONMENT_MARK);
    if let (Some((_, ours)), Some(theirs)) = (ours, theirs)
        && ours != theirs
    {
        return Some(format!("it belongs to the environment {theirs} now"));
    }
    if let Some(owner) = object.owner_references().first() {
        return Some(format!("it is owned by {} '{}'", owner.kind, owner.name));
    }
    if let Some(other) = managed.other_applier(FIELD_MANAGER) {
        return Some(format!("'{other}' applies it too"));
    }
    let kind = key.kind.as_str();
    KEPT.contains(&kind)
        .then(|| format!("a {kind} is never deleted for that: what it holds would be lost with it"))
}

impl Run<'_> {
    /// Deletes what is no longer wanted. The deployment has succeeded by then, so a refusal is a note.
    pub(super) async fn prune(
        &self,
        unwanted: Vec<Unwanted>,
        notes: &mut Vec<String>,
    ) -> Result<Vec<ObjectKey>, DeployError> {
        let mut pruned = Vec::new();
        for one in unwanted {
            self.check_cancel("deleting what is no longer wanted")?;
            let key = one.key;
            if let Some(why) = one.kept {
                notes.push(format!("{key} is no longer wanted, but {why}."));
                continue;
            }
            // What it owns goes with it; a Job would leave its pods behind otherwise. Another object of
            // that name is not meant.
            let parameters = DeleteParams::background()
                .preconditions(Preconditions { uid: Some(one.uid), resource_version: None });
            match answered(one.api.delete(&key.name, &parameters)).await {
                Ok(_) => {
                    self.say(format!("{key} is deleted: it is no longer wanted."));
                    pruned.push(key);
                }
                Err(Error::Api(status)) if status.code == 404 => {}
                Err(error) => {
                    let error = self.target.failed(&format!("deleting {key}"), error);
                    notes.push(format!("{key} is no longer wanted and still there: {error}"));
                }
            }
        }
        Ok(pruned)
    }
}
