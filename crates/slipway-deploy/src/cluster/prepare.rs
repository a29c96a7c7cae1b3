//! Objects as they are sent: in order, in the right namespace, with what Slipway adds.
//!
//! Pure. Deliberately not here: defaults, which the API server fills in.

use k8s_openapi::ByteString;
use kube::core::Status;
use serde_json::{Map, Value, json};

use crate::pin::{check_used, pin_object, pod_spec_mut};
use crate::{ApplyRequest, DeployError, ManifestObject, PinnedImage};

/// The objects of a deployment as they are sent.
pub(crate) struct Prepared {
    /// In the order they are applied.
    pub(crate) objects: Vec<ManifestObject>,
    /// What cannot be sent at all, and why.
    pub(crate) refused: Vec<(ManifestObject, DeployError)>,
    pub(crate) pinned: Vec<PinnedImage>,
}

impl Prepared {
    /// Pins images, adds variables and annotations, and puts all in order.
    pub(crate) fn of(request: &ApplyRequest, namespace: &str) -> Result<Self, DeployError> {
        if request.objects.is_empty() {
            return Err(DeployError::NothingToDeploy);
        }
        let (mut objects, mut refused, mut pinned) = (Vec::new(), Vec::new(), Vec::new());
        for object in &request.objects {
            let mut object = object.clone();
            let checked = check_namespace(&object, namespace);
            match checked.and_then(|()| pin_object(&mut object, &request.images)) {
                Ok(images) => pinned.extend(images),
                Err(error) => {
                    refused.push((object, error));
                    continue;
                }
            }
            inject_env(&mut object, &request.env_injected);
            annotate(&mut object, &request.labels);
            encode(&mut object);
            objects.push(object);
        }
        if refused.is_empty() {
            check_used(&pinned, &request.images)?;
        }
        Ok(Self { objects: in_order(objects), refused, pinned })
    }
}

/// What other objects need comes first; within a rank the manifests' order stays.
fn in_order(mut objects: Vec<ManifestObject>) -> Vec<ManifestObject> {
    objects.sort_by_key(|object| rank(&object.kind));
    objects
}

/// Objects of one rank do not need each other.
pub(crate) fn rank(kind: &str) -> u8 {
    match kind {
        "Namespace" => 0,
        "CustomResourceDefinition"
        | "ResourceQuota"
        | "LimitRange"
        | "PriorityClass"
        | "StorageClass" => 1,
        "ServiceAccount" | "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => 2,
        "ConfigMap" | "Secret" | "PersistentVolume" | "PersistentVolumeClaim" => 3,
        "Service" => 4,
        _ => 5,
    }
}

/// An object that names another namespace than the environment's is refused, as `kubectl` does.
pub(crate) fn check_namespace(object: &ManifestObject, namespace: &str) -> Result<(), DeployError> {
    match &object.namespace {
        Some(own) if own != namespace => Err(DeployError::ManifestField {
            place: Box::new(object.place.clone()),
            field: "metadata.namespace".to_owned(),
            reason: format!(
                "is '{own}', but the environment deploys to '{namespace}'. Remove it from the \
                 manifest, or change the environment."
            ),
        }),
        _ => Ok(()),
    }
}

/// Adds variables to every container that does not set them itself.
pub(crate) fn inject_env(object: &mut ManifestObject, variables: &[(String, String)]) {
    let Some(spec) = pod_spec_mut(&object.kind, &mut object.value) else { return };
    let containers = spec.get_mut("containers").and_then(Value::as_array_mut);
    for container in containers.into_iter().flatten().filter_map(Value::as_object_mut) {
        let env = container.entry("env").or_insert_with(|| json!([]));
        if env.is_null() {
            *env = json!([]);
        }
        let Some(env) = env.as_array_mut() else { continue };
        for (name, value) in variables {
            if !env.iter().any(|known| known["name"] == **name) {
                env.push(json!({"name": name, "value": value}));
            }
        }
    }
}

/// Writes run, commit and deployment on the object itself.
pub(crate) fn annotate(object: &mut ManifestObject, labels: &[(String, String)]) {
    let Some(metadata) = object.value.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
    if annotations.is_null() {
        *annotations = json!({});
    }
    if let Some(annotations) = annotations.as_object_mut() {
        let added = labels.iter().map(|(name, value)| (name.clone(), json!(value)));
        annotations.extend(added.collect::<Map<_, _>>());
    }
}

/// The plain texts of a Secret as `data`: of `stringData` the API server keeps no owners, so that a key
/// that is no longer wanted would stay for ever.
fn encode(object: &mut ManifestObject) {
    if object.kind != "Secret" {
        return;
    }
    let Some(fields) = object.value.as_object_mut() else { return };
    let Some(Value::Object(texts)) = fields.remove("stringData") else { return };
    let data = fields.entry("data").or_insert_with(|| json!({}));
    if data.is_null() {
        *data = json!({});
    }
    let Some(data) = data.as_object_mut() else { return };
    for (name, text) in texts {
        let bytes = text.as_str().unwrap_or_default().as_bytes().to_vec();
        data.insert(name, json!(ByteString(bytes)));
    }
}

/// Each field that belongs to somebody else, as the API server writes it, and its manager.
pub(crate) fn conflicts_in(status: &Status) -> Vec<(String, String)> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let conflicts = causes.filter(|cause| cause.reason == "FieldManagerConflict");
    conflicts
        .map(|cause| {
            // conflict with "kubectl-client-side-apply" using apps/v1
            let manager = cause.message.split('"').nth(1).unwrap_or(&cause.message);
            (cause.field.trim_start_matches('.').replace('"', ""), manager.to_owned())
        })
        .collect()
}

/// Turns a refusal into words: a conflict names the field and who owns it, everything else the line.
pub(crate) fn refusal(doing: &str, object: &ManifestObject, status: &Status) -> DeployError {
    let shown = format!("{} '{}'", object.kind, object.name);
    let conflicts = conflicts_in(status);
    if status.code != 409 || conflicts.is_empty() {
        let place = object.place_of(&field_in(status));
        return DeployError::ClusterRefused {
            doing: format!("{doing} {shown} of {}", place.in_short()),
            status: status.code,
            message: status.message.clone(),
        };
    }
    let mut fields: Vec<_> = conflicts.iter().map(|(field, _)| field.as_str()).collect();
    let mut managers: Vec<_> = conflicts.iter().map(|(_, manager)| manager.as_str()).collect();
    fields.dedup();
    managers.sort_unstable();
    managers.dedup();
    DeployError::ApplyConflict {
        object: shown,
        field: fields.join(", "),
        manager: managers.join("', '"),
    }
}

/// The first field that a refusal is about: of its causes, or of its message, which for an unknown field
/// begins with `failed to create typed patch object (…): .spec.x: field not declared in schema`.
fn field_in(status: &Status) -> String {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let named = causes.map(|cause| &cause.field).find(|field| !field.is_empty());
    let said = || {
        let (before, _) = status.message.split_once(": field not declared")?;
        Some(before.rsplit_once(' ').map_or(before, |(_, field)| field).to_owned())
    };
    named.cloned().or_else(said).unwrap_or_default()
}

/// Objects that can only be tried out once another of the same deployment is there: which kinds a
/// definition brings along, and which objects go into a namespace, only the cluster knows for sure.
pub(crate) fn needs_another(
    object: &ManifestObject,
    all: &[ManifestObject],
    has_namespace: bool,
) -> bool {
    let brings = |kind: &str| all.iter().any(|other| other.kind == kind);
    let brings_namespace = brings("Namespace") && !has_namespace;
    object.kind != "Namespace" && (brings_namespace || brings("CustomResourceDefinition"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_manifest;

    fn object(text: &str) -> ManifestObject {
        read_manifest("w.yaml", text).unwrap().remove(0)
    }

    fn deployment() -> ManifestObject {
        object(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec: \
             {selector: {}, template: {spec: {containers: [{name: a, env: [{name: K, value: own}]}, \
             {name: b}]}}}\n",
        )
    }

    #[test]
    fn what_others_need_comes_first() {
        let texts = [
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n",
            "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: k}\n",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n",
        ];
        let ordered = in_order(texts.iter().map(|text| object(text)).collect());
        let kinds: Vec<_> = ordered.iter().map(|object| object.kind.as_str()).collect();
        assert_eq!(kinds, ["Namespace", "Secret", "Service", "Deployment"]);
    }

    #[test]
    fn a_foreign_namespace_is_refused() {
        assert!(check_namespace(&deployment(), "shop").is_ok());
        let error = check_namespace(&deployment(), "prod").unwrap_err().to_string();
        assert!(error.contains("'shop'") && error.contains("'prod'"), "both are named: {error}");
    }

    #[test]
    fn variables_are_added_where_missing() {
        let mut object = deployment();
        inject_env(&mut object, &[("K".into(), "theirs".into()), ("N".into(), "new".into())]);
        let containers = &object.value["spec"]["template"]["spec"]["containers"];
        assert_eq!(containers[0]["env"][0]["value"], "own", "the container's own value stays");
        assert_eq!(containers[0]["env"][1], json!({"name": "N", "value": "new"}));
        assert_eq!(containers[1]["env"].as_array().unwrap().len(), 2, "a container without env");
    }

    #[test]
    fn annotations_stay_off_the_template() {
        let mut object = deployment();
        annotate(&mut object, &[("dev.slipway.run".into(), "7".into())]);
        assert_eq!(object.value["metadata"]["annotations"]["dev.slipway.run"], "7");
        let template = &object.value["spec"]["template"];
        assert!(template.get("metadata").is_none(), "a run alone is no new pod template");
    }

    #[test]
    fn a_conflict_names_field_and_manager() {
        // As an API server of 1.33 answers a server-side apply.
        let status: Status = serde_json::from_value(json!({
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 409,
            "reason": "Conflict",
            "message": "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" \
                        using apps/v1: .spec.replicas",
            "details": {"causes": [{"reason": "FieldManagerConflict", "field": ".spec.replicas",
                "message": "conflict with \"kubectl-client-side-apply\" using apps/v1"}]}
        }))
        .unwrap();
        let error = refusal("applying", &deployment(), &status);
        assert_eq!(
            error,
            DeployError::ApplyConflict {
                object: "Deployment 'web'".into(),
                field: "spec.replicas".into(),
                manager: "kubectl-client-side-apply".into(),
            }
        );
    }
}
