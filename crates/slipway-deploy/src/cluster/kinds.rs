//! What the cluster calls a kind, asked once for each.
//!
//! Deliberately not here: every kind that it has; only those that are deployed are asked for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use kube::api::{Api, ApiResource, DynamicObject};
use kube::core::{DynamicResourceScope, GroupVersionKind};
use kube::discovery::{Scope, pinned_kind};
use kube::{Error, Resource, error::DiscoveryError};

use super::KubeTarget;
use super::connect::answered;
use crate::{DeployError, ManifestObject, ObjectKey};

/// How a kind is asked for.
#[derive(Clone)]
pub(super) struct Kind {
    pub(super) resource: ApiResource,
    pub(super) is_namespaced: bool,
}

/// Those asked for so far.
pub(super) struct Kinds<'a> {
    target: &'a KubeTarget,
    known: Mutex<HashMap<(String, String), Kind>>,
}

impl<'a> Kinds<'a> {
    pub(super) fn new(target: &'a KubeTarget) -> Self {
        Self { target, known: Mutex::default() }
    }

    pub(super) fn target(&self) -> &KubeTarget {
        self.target
    }

    /// The kind, or the error that the cluster does not know it.
    pub(super) async fn find(&self, api_version: &str, kind: &str) -> Result<Kind, DeployError> {
        let key = (api_version.to_owned(), kind.to_owned());
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Ok(known.clone());
        }
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let wanted = GroupVersionKind::gvk(group, version, kind);
        let unknown = || DeployError::KindUnknown {
            context: self.target.context.clone(),
            kind: kind.to_owned(),
            api_version: api_version.to_owned(),
        };
        match answered(pinned_kind(&self.target.client, &wanted)).await {
            Ok((resource, capabilities)) => {
                let is_namespaced = matches!(capabilities.scope, Scope::Namespaced);
                let found = Kind { resource, is_namespaced };
                lock().insert(key, found.clone());
                Ok(found)
            }
            Err(Error::Discovery(DiscoveryError::MissingKind(_))) => Err(unknown()),
            Err(Error::Api(status)) if status.code == 404 => Err(unknown()),
            Err(error) => Err(self.target.failed("asking for the kinds it knows", error)),
        }
    }

    /// Where the object is, and by which key it is known from then on.
    pub(super) async fn place(
        &self,
        object: &ManifestObject,
    ) -> Result<(Api<DynamicObject>, ObjectKey), DeployError> {
        let kind = self.find(&object.api_version, &object.kind).await?;
        let key = object.key(kind.is_namespaced.then_some(self.target.namespace.as_str()));
        Ok((self.api(&kind, key.namespace.as_deref()), key))
    }

    /// Where an object with that key is.
    pub(super) async fn of_key<K>(&self, key: &ObjectKey) -> Result<Api<K>, DeployError>
    where
        K: Resource<DynamicType = ApiResource, Scope = DynamicResourceScope>,
    {
        let kind = self.find(&key.api_version, &key.kind).await?;
        Ok(self.api(&kind, key.namespace.as_deref()))
    }

    fn api<K>(&self, kind: &Kind, namespace: Option<&str>) -> Api<K>
    where
        K: Resource<DynamicType = ApiResource, Scope = DynamicResourceScope>,
    {
        let client = self.target.client.clone();
        match namespace {
            Some(namespace) if kind.is_namespaced => {
                Api::namespaced_with(client, namespace, &kind.resource)
            }
            _ => Api::all_with(client, &kind.resource),
        }
    }
}
