//! What a deployment would change, object by object and field by field, before anything is changed.
//!
//! Both targets answer with these and the faces show them as they are; they are also how drift is told.
//! Deliberately not here: finding the differences (`diff.rs`) and who owns a field (`fields.rs`).

pub(crate) mod diff;
pub(crate) mod fields;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{ManifestObject, Place};

/// Whose fields those are that Slipway applies (`managedFields`).
pub(crate) const FIELD_MANAGER: &str = "slipway";
/// Stands for a value that is not shown.
pub const HIDDEN: &str = "***";

/// Begins the names of all annotations that Slipway writes on objects.
pub const MARK_PREFIX: &str = "dev.slipway.";
/// The annotation that says which deployment applied an object. Only what has it is ever pruned.
pub const DEPLOYMENT_MARK: &str = "dev.slipway.deployment";
/// The annotation that says whose environment it is; what another's mark is on is never pruned.
pub const ENVIRONMENT_MARK: &str = "dev.slipway.environment";

/// Which object it is, among all that a cluster has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectKey {
    pub api_version: String,
    pub kind: String,
    /// `None` for an object that is in no namespace.
    pub namespace: Option<String>,
    pub name: String,
}

impl ObjectKey {
    /// True for the same object, which may be written in another version of its group.
    pub fn is_same(&self, other: &Self) -> bool {
        self.group() == other.group()
            && self.kind == other.kind
            && self.namespace == other.namespace
            && self.name == other.name
    }

    /// The group of its kind; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} '{}'", self.kind, self.name)
    }
}

/// What would happen to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PlanAction {
    Create,
    Change,
    Same,
    Delete,
    /// A field belongs to somebody else who set it to another value.
    Conflict,
    /// It would not be taken; the problem says why.
    Refused,
}

/// One object of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectPlan {
    #[serde(flatten)]
    pub key: ObjectKey,
    /// File and line of the manifest; `None` for what is in no manifest.
    pub place: Option<String>,
    pub action: PlanAction,
    pub fields: Vec<FieldChange>,
    /// Why it is refused or in conflict, or why it is left alone.
    pub problem: Option<String>,
    pub hint: Option<String>,
}

impl ObjectPlan {
    /// A plan without fields.
    pub(crate) fn of(key: ObjectKey, place: Option<&Place>, action: PlanAction) -> Self {
        let place = place.map(|place| match place.line {
            Some(line) => format!("{}:{line}", place.file),
            None => place.file.clone(),
        });
        Self { key, place, action, fields: Vec::new(), problem: None, hint: None }
    }

    /// True if a deployment could not go on with it.
    pub fn is_blocking(&self) -> bool {
        matches!(self.action, PlanAction::Conflict | PlanAction::Refused)
    }
}

/// One field that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// As `spec.template.spec.containers[name=web].image`.
    pub path: String,
    /// `None` if it was not there; texts as they are, everything else as JSON.
    pub before: Option<String>,
    pub after: Option<String>,
    /// The values are not shown: what is there stands as [`HIDDEN`].
    pub is_secret: bool,
    /// Who set the live field, by `managedFields`.
    pub owner: Option<String>,
    /// The owner is another and the API server would refuse the change.
    pub is_conflict: bool,
}

/// Everything that a deployment would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentPlan {
    /// Objects of the manifests in the order they are applied, then those that would be deleted.
    pub objects: Vec<ObjectPlan>,
    /// Changes when any of this changes, hidden values included.
    pub hash: String,
}

impl DeploymentPlan {
    /// True if a deployment would be refused.
    pub fn is_blocked(&self) -> bool {
        self.objects.iter().any(ObjectPlan::is_blocking)
    }
}

/// Makes a plan's hash of all that was seen.
#[derive(Default)]
pub(crate) struct Seen(Sha256);

impl Seen {
    pub(crate) fn add(&mut self, seen: &Value) {
        self.0.update(canonical(seen).as_bytes());
        self.0.update([0]);
    }

    pub(crate) fn hash(self) -> String {
        self.0.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// JSON with sorted keys, the same for the same value.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<_, _> = map.iter().collect();
            let parts: Vec<_> =
                sorted.iter().map(|(key, value)| format!("{key:?}:{}", canonical(value))).collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let parts: Vec<_> = items.iter().map(canonical).collect();
            format!("[{}]", parts.join(","))
        }
        other => other.to_string(),
    }
}

impl ManifestObject {
    /// Its key; objects that name no namespace are taken to be in the one given.
    pub(crate) fn key(&self, namespace: Option<&str>) -> ObjectKey {
        ObjectKey {
            api_version: self.api_version.clone(),
            kind: self.kind.clone(),
            namespace: namespace.map(str::to_owned),
            name: self.name.clone(),
        }
    }
}
