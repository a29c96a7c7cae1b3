//! Holds a value against the API's own types: wrong types, wrong apiVersion, and for a local environment
//! unknown fields.
//!
//! Deliberately not here: kinds that the API server alone knows; those pass through. So do fields that
//! are newer than the types: a cluster is asked, and answers with the line just as well.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{
    ConfigMap, Namespace, PersistentVolumeClaim, Pod, Secret, Service, ServiceAccount,
};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{DeployError, ManifestObject};

/// Checks the types of an object of a well-known kind.
pub(crate) fn check_known(object: &ManifestObject) -> Result<(), DeployError> {
    lost(object).map(|_| ())
}

/// Refuses a field that nobody would read.
pub(crate) fn check_fields(object: &ManifestObject) -> Result<(), DeployError> {
    match lost(object)? {
        Some(path) => {
            let reason =
                format!("is not a field of a {}; check its spelling and indent.", object.kind);
            Err(complaint(object, &path, reason))
        }
        None => Ok(()),
    }
}

/// The first field that the type of its kind does not have.
fn lost(object: &ManifestObject) -> Result<Option<String>, DeployError> {
    match (object.api_version.as_str(), object.kind.as_str()) {
        ("apps/v1", "Deployment") => strict::<Deployment>(object),
        ("apps/v1", "StatefulSet") => strict::<StatefulSet>(object),
        ("apps/v1", "DaemonSet") => strict::<DaemonSet>(object),
        ("apps/v1", "ReplicaSet") => strict::<ReplicaSet>(object),
        ("batch/v1", "Job") => strict::<Job>(object),
        ("batch/v1", "CronJob") => strict::<CronJob>(object),
        ("v1", "Pod") => strict::<Pod>(object),
        ("v1", "Service") => strict::<Service>(object),
        ("v1", "ConfigMap") => strict::<ConfigMap>(object),
        ("v1", "Secret") => strict::<Secret>(object),
        ("v1", "Namespace") => strict::<Namespace>(object),
        ("v1", "ServiceAccount") => strict::<ServiceAccount>(object),
        ("v1", "PersistentVolumeClaim") => strict::<PersistentVolumeClaim>(object),
        ("networking.k8s.io/v1", "Ingress") => strict::<Ingress>(object),
        ("networking.k8s.io/v1", "NetworkPolicy") => strict::<NetworkPolicy>(object),
        ("autoscaling/v2", "HorizontalPodAutoscaler") => strict::<HorizontalPodAutoscaler>(object),
        ("policy/v1", "PodDisruptionBudget") => strict::<PodDisruptionBudget>(object),
        (version, kind) => match expected_version(kind) {
            Some(expected) => Err(complaint(
                object,
                "apiVersion",
                format!("is '{version}', but a {kind} is of '{expected}'."),
            )),
            None => Ok(None),
        },
    }
}

/// The version of the kinds that a local environment runs; others may live in several groups.
fn expected_version(kind: &str) -> Option<&'static str> {
    match kind {
        "Deployment" | "StatefulSet" | "DaemonSet" => Some("apps/v1"),
        "ConfigMap" | "Secret" | "Namespace" | "Pod" => Some("v1"),
        _ => None,
    }
}

/// The object as a type; it was checked when it was read.
pub(crate) fn typed<T: DeserializeOwned>(object: &ManifestObject) -> Result<T, DeployError> {
    read_typed(object).map_err(|(field, reason)| DeployError::ManifestField {
        place: Box::new(object.place.clone()),
        field,
        reason,
    })
}

fn strict<T: DeserializeOwned + Serialize>(
    object: &ManifestObject,
) -> Result<Option<String>, DeployError> {
    let typed: T =
        read_typed(object).map_err(|(field, reason)| complaint(object, &field, reason))?;
    // The API's types skip what they do not know; what is lost on the way back is unknown.
    let back = serde_json::to_value(&typed).unwrap_or(Value::Null);
    Ok(lost_field(&object.value, &back, ""))
}

fn read_typed<T: DeserializeOwned>(object: &ManifestObject) -> Result<T, (String, String)> {
    serde_path_to_error::deserialize(&object.value).map_err(|error| {
        let path = error.path().to_string();
        // The reader quotes what it found, which must not happen to a secret.
        let reason = if object.kind == "Secret" {
            "has not the type that a Secret asks for (data is base64 text, stringData plain text)."
                .to_owned()
        } else {
            said(&error.into_inner().to_string())
        };
        (path, reason)
    })
}

/// The reader's words, with the advice that helps most often.
fn said(reason: &str) -> String {
    let is_text_wanted = reason.contains("expected a string");
    match (is_text_wanted, reason.contains("integer"), reason.contains("boolean")) {
        (true, true, _) | (true, _, true) => format!("{reason}; put the value in quotes."),
        _ => format!("{reason}."),
    }
}

fn complaint(object: &ManifestObject, field: &str, reason: String) -> DeployError {
    let place = Box::new(object.place_of(field));
    DeployError::ManifestField { place, field: field.to_owned(), reason }
}

/// The first path that is in `written` and not in `back`; nulls say nothing.
fn lost_field(written: &Value, back: &Value, path: &str) -> Option<String> {
    match (written, back) {
        (Value::Object(written), Value::Object(back)) => {
            written.iter().filter(|(_, value)| !value.is_null()).find_map(|(key, value)| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match back.get(key) {
                    Some(other) => lost_field(value, other, &path),
                    None => Some(path),
                }
            })
        }
        (Value::Array(written), Value::Array(back)) => {
            written.iter().zip(back).enumerate().find_map(|(index, (value, other))| {
                lost_field(value, other, &format!("{path}[{index}]"))
            })
        }
        _ => None,
    }
}
