//! Sorts objects by kind for a local environment and refuses what it cannot run.
//!
//! Deliberately not here: what inside of a Deployment is supported; the local planner knows.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Secret, Service};

use super::{ManifestObject, check_fields, typed};
use crate::{DeployError, Place};

/// The objects of a local environment.
#[derive(Debug, Default)]
pub(crate) struct LocalObjects {
    pub(crate) deployments: Vec<(Place, Deployment)>,
    pub(crate) services: Vec<(Place, Service)>,
    pub(crate) config_maps: BTreeMap<String, ConfigMap>,
    pub(crate) secrets: BTreeMap<String, Secret>,
    /// What is left out, one sentence each.
    pub(crate) notes: Vec<String>,
}

/// Sorts them.
pub(crate) fn sort_local(objects: &[ManifestObject]) -> Result<LocalObjects, DeployError> {
    let mut sorted = LocalObjects::default();
    let mut seen = BTreeMap::new();
    for object in objects {
        let key = (object.kind.clone(), object.name.clone());
        if let Some(first) = seen.insert(key, object.place.clone()) {
            return Err(DeployError::ManifestField {
                place: Box::new(object.place.clone()),
                field: "metadata.name".to_owned(),
                reason: format!(
                    "is used before, in {first}; a local environment has one namespace."
                ),
            });
        }
        check_fields(object)?;
        match object.kind.as_str() {
            "Deployment" => sorted.deployments.push((object.place.clone(), typed(object)?)),
            "Service" => sorted.services.push((object.place.clone(), typed(object)?)),
            "ConfigMap" => {
                sorted.config_maps.insert(object.name.clone(), typed(object)?);
            }
            "Secret" => {
                sorted.secrets.insert(object.name.clone(), typed(object)?);
            }
            "Namespace" => sorted.notes.push(format!(
                "Namespace '{}' is left out: a local environment is its own namespace.",
                object.name
            )),
            kind => {
                return Err(DeployError::KindUnsupported {
                    place: Box::new(object.place.clone()),
                    kind: kind.to_owned(),
                });
            }
        }
    }
    Ok(sorted)
}
