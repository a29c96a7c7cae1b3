//! Environment variables of a pod: literals, ConfigMaps, Secrets, fields, and `$(NAME)`.
//!
//! Called by the planner (what to set) and when a pod is created (with what values). Deliberately
//! not here: variables that Kubernetes makes of services (`WEB_SERVICE_HOST`).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ConfigMap, Container, EnvVarSource, Secret};

/// ConfigMaps and Secrets that a pod may refer to.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub(crate) config_maps: &'a BTreeMap<String, ConfigMap>,
    pub(crate) secrets: &'a BTreeMap<String, Secret>,
}

/// Why a variable or a file cannot be made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SourceFault {
    /// A ConfigMap, a Secret or a key of one is not there.
    Missing(String),
    /// The reference is of a kind that a local environment lacks.
    Unsupported(String),
}

/// A variable before a pod is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnvEntry {
    pub(crate) name: String,
    pub(crate) value: EnvValue,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EnvValue {
    /// Written in the manifest; `$(NAME)` is expanded.
    Written(String),
    /// From a ConfigMap or Secret, taken as it is.
    Taken(String),
    /// A field of the pod.
    Field(String),
}

/// What a field reference may ask of a pod.
#[derive(Debug, Clone, Default)]
pub(crate) struct PodFields {
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) uid: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) annotations: BTreeMap<String, String>,
}

impl Sources<'_> {
    /// All keys of a ConfigMap, as bytes.
    pub(crate) fn config_map(&self, name: &str) -> Option<BTreeMap<String, Vec<u8>>> {
        let map = self.config_maps.get(name)?;
        let texts = map.data.iter().flatten().map(|(k, v)| (k.clone(), v.clone().into_bytes()));
        let bytes = map.binary_data.iter().flatten().map(|(k, v)| (k.clone(), v.0.clone()));
        Some(texts.chain(bytes).collect())
    }

    /// All keys of a Secret, as bytes; `stringData` wins.
    pub(crate) fn secret(&self, name: &str) -> Option<BTreeMap<String, Vec<u8>>> {
        let secret = self.secrets.get(name)?;
        let bytes = secret.data.iter().flatten().map(|(k, v)| (k.clone(), v.0.clone()));
        let texts = secret.string_data.iter().flatten();
        Some(bytes.chain(texts.map(|(k, v)| (k.clone(), v.clone().into_bytes()))).collect())
    }
}

/// The variables of a container in order: `envFrom`, `env`, then what is injected and not yet set.
pub(crate) fn plan_env(
    container: &Container,
    sources: Sources<'_>,
    injected: &[(String, String)],
) -> Result<Vec<EnvEntry>, (String, SourceFault)> {
    let mut entries = Vec::new();
    for (index, from) in container.env_from.iter().flatten().enumerate() {
        let prefix = from.prefix.clone().unwrap_or_default();
        let at = |fault| (format!("envFrom[{index}]"), fault);
        let found = if let Some(map) = &from.config_map_ref {
            let optional = map.optional.unwrap_or_default();
            whole("ConfigMap", &map.name, sources.config_map(&map.name), optional).map_err(at)?
        } else if let Some(secret) = &from.secret_ref {
            let optional = secret.optional.unwrap_or_default();
            whole("Secret", &secret.name, sources.secret(&secret.name), optional).map_err(at)?
        } else {
            BTreeMap::new()
        };
        for (key, value) in found {
            let value = EnvValue::Taken(String::from_utf8_lossy(&value).into_owned());
            entries.push(EnvEntry { name: format!("{prefix}{key}"), value });
        }
    }
    for (index, variable) in container.env.iter().flatten().enumerate() {
        let value = match (&variable.value, &variable.value_from) {
            (_, Some(source)) => match one_source(source, sources) {
                Ok(Some(value)) => value,
                Ok(None) => continue,
                Err(fault) => return Err((format!("env[{index}] ({})", variable.name), fault)),
            },
            (text, None) => EnvValue::Written(text.clone().unwrap_or_default()),
        };
        entries.push(EnvEntry { name: variable.name.clone(), value });
    }
    for (name, value) in injected {
        if !entries.iter().any(|entry| entry.name == *name) {
            entries.push(EnvEntry { name: name.clone(), value: EnvValue::Taken(value.clone()) });
        }
    }
    Ok(entries)
}

fn whole(
    kind: &str,
    name: &str,
    found: Option<BTreeMap<String, Vec<u8>>>,
    is_optional: bool,
) -> Result<BTreeMap<String, Vec<u8>>, SourceFault> {
    match found {
        Some(found) => Ok(found),
        None if is_optional => Ok(BTreeMap::new()),
        None => Err(SourceFault::Missing(format!("the {kind} '{name}'"))),
    }
}

/// `None` leaves the variable out, as an optional reference to nothing does.
fn one_source(
    source: &EnvVarSource,
    sources: Sources<'_>,
) -> Result<Option<EnvValue>, SourceFault> {
    let (kind, name, key, optional, found) = if let Some(r) = &source.config_map_key_ref {
        ("ConfigMap", &r.name, &r.key, r.optional, sources.config_map(&r.name))
    } else if let Some(r) = &source.secret_key_ref {
        ("Secret", &r.name, &r.key, r.optional, sources.secret(&r.name))
    } else if let Some(field) = &source.field_ref {
        return match PodFields::default().get(&field.field_path) {
            Some(_) => Ok(Some(EnvValue::Field(field.field_path.clone()))),
            None => Err(SourceFault::Unsupported(format!(
                "fieldRef {} has no value outside of a cluster.",
                field.field_path
            ))),
        };
    } else {
        let reason = "only configMapKeyRef, secretKeyRef and fieldRef have a value here.";
        return Err(SourceFault::Unsupported(reason.to_owned()));
    };
    match found.and_then(|mut keys| keys.remove(key)) {
        Some(value) => Ok(Some(EnvValue::Taken(String::from_utf8_lossy(&value).into_owned()))),
        None if optional.unwrap_or_default() => Ok(None),
        None => Err(SourceFault::Missing(format!("the key '{key}' of the {kind} '{name}'"))),
    }
}

impl PodFields {
    /// A field's value; `None` if a local pod has no such field.
    pub(crate) fn get(&self, path: &str) -> Option<String> {
        let keyed = |map: &BTreeMap<String, String>, rest: &str| {
            let key = rest.strip_prefix("['")?.strip_suffix("']")?;
            Some(map.get(key).cloned().unwrap_or_default())
        };
        match path {
            "metadata.name" => Some(self.name.clone()),
            "metadata.namespace" => Some(self.namespace.clone()),
            "metadata.uid" => Some(self.uid.clone()),
            // The engine gives the address at the start, after the variables are set; the pod's
            // name resolves to it on the environment's network.
            "status.podIP" | "status.podIPs" => Some(self.name.clone()),
            "status.hostIP" | "status.hostIPs" => Some("host.docker.internal".to_owned()),
            "spec.nodeName" => Some("local".to_owned()),
            "spec.serviceAccountName" => Some("default".to_owned()),
            _ => path
                .strip_prefix("metadata.labels")
                .and_then(|rest| keyed(&self.labels, rest))
                .or_else(|| {
                    let rest = path.strip_prefix("metadata.annotations")?;
                    keyed(&self.annotations, rest)
                }),
        }
    }
}

/// The values for one pod. A later entry replaces an earlier one of the same name.
pub(crate) fn resolve_env(entries: &[EnvEntry], pod: &PodFields) -> Vec<(String, String)> {
    let mut resolved: Vec<(String, String)> = Vec::new();
    for entry in entries {
        let value = match &entry.value {
            EnvValue::Written(text) => expand(text, &resolved),
            EnvValue::Taken(text) => text.clone(),
            EnvValue::Field(path) => pod.get(path).unwrap_or_default(),
        };
        match resolved.iter_mut().find(|(name, _)| *name == entry.name) {
            Some((_, old)) => *old = value,
            None => resolved.push((entry.name.clone(), value)),
        }
    }
    resolved
}

/// Replaces `$(NAME)`; `$$` stands for `$`, and unknown names stay as they are.
pub(crate) fn expand(text: &str, known: &[(String, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("$$") {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) =
            rest.strip_prefix("$(").and_then(|inner| inner.split_once(')'))
        {
            match known.iter().find(|(known, _)| known == name) {
                Some((_, value)) => out.push_str(value),
                None => out.push_str(&rest[..name.len() + 3]),
            }
            rest = after;
        } else {
            out.push('$');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<(String, String)> {
        vec![("A".into(), "1".into()), ("B".into(), "two".into())]
    }

    #[test]
    fn references_expand_as_in_kubernetes() {
        let cases = [
            ("x$(A)y$(B)", "x1ytwo"),
            ("$(C)", "$(C)"),
            ("$$(A)", "$(A)"),
            ("$$$(A)", "$1"),
            ("cost $5 $(A", "cost $5 $(A"),
            ("ümlaut $(B)$", "ümlaut two$"),
        ];
        for (text, expected) in cases {
            assert_eq!(expand(text, &known()), expected, "expanding {text}");
        }
    }

    #[test]
    fn a_later_entry_wins_and_sees_the_earlier() {
        let entry = |name: &str, value: EnvValue| EnvEntry { name: name.into(), value };
        let entries = [
            entry("A", EnvValue::Taken("from map".into())),
            entry("A", EnvValue::Written("own".into())),
            entry("B", EnvValue::Written("$(A)!".into())),
            entry("P", EnvValue::Field("metadata.name".into())),
        ];
        let pod = PodFields { name: "web-1".into(), ..PodFields::default() };
        let resolved = resolve_env(&entries, &pod);
        let expected = [("A", "own"), ("B", "own!"), ("P", "web-1")];
        assert_eq!(resolved, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    }

    #[test]
    fn injected_variables_never_replace_the_containers_own() {
        let container: Container = serde_json::from_value(serde_json::json!({
            "name": "c", "env": [{"name": "A", "value": "mine"}]
        }))
        .unwrap();
        let (config_maps, secrets) = Default::default();
        let sources = Sources { config_maps: &config_maps, secrets: &secrets };
        let injected = [("A".to_owned(), "theirs".to_owned()), ("Z".to_owned(), "z".to_owned())];
        let entries = plan_env(&container, sources, &injected).unwrap();
        let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["A", "Z"], "only the missing one is added");
        assert_eq!(entries[0].value, EnvValue::Written("mine".into()));
    }

    #[test]
    fn a_missing_key_is_named_unless_optional() {
        let container = |optional: bool| -> Container {
            serde_json::from_value(serde_json::json!({
                "name": "c",
                "env": [{"name": "A", "valueFrom": {"secretKeyRef":
                    {"name": "s", "key": "k", "optional": optional}}}]
            }))
            .unwrap()
        };
        let (config_maps, secrets) = Default::default();
        let sources = Sources { config_maps: &config_maps, secrets: &secrets };
        let (field, fault) = plan_env(&container(false), sources, &[]).unwrap_err();
        assert_eq!(field, "env[0] (A)");
        assert_eq!(fault, SourceFault::Missing("the key 'k' of the Secret 's'".into()));
        assert!(plan_env(&container(true), sources, &[]).unwrap().is_empty(), "left out");
    }
}
