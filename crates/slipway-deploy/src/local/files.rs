//! Volumes of a pod as files: ConfigMaps, Secrets and empty folders, packed for the engine.
//!
//! They are copied into the created container before it starts. Deliberately not here: updates while
//! a pod runs (Kubernetes refreshes mounted ConfigMaps; here a new pod gets the new content).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Container, KeyToPath, PodSpec, Volume};

use super::env::{SourceFault, Sources};

/// A file or folder inside of a container; its `Debug` form shows no content.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PodFile {
    /// Absolute.
    pub(crate) path: String,
    pub(crate) mode: u32,
    /// `None` is a folder.
    pub(crate) content: Option<Vec<u8>>,
}

impl std::fmt::Debug for PodFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({:o})", self.path, self.mode)
    }
}

/// What a volume holds, by path below the mount; `None` is an empty folder.
type Content = Option<BTreeMap<String, (Vec<u8>, u32)>>;

/// The files of a container's mounts; an error names the field.
pub(crate) fn plan_files(
    spec: &PodSpec,
    container: &Container,
    sources: Sources<'_>,
) -> Result<Vec<PodFile>, (String, SourceFault)> {
    let mut files = Vec::new();
    for (index, mount) in container.volume_mounts.iter().flatten().enumerate() {
        let field = format!("volumeMounts[{index}] ({})", mount.name);
        let volume = spec.volumes.iter().flatten().find(|volume| volume.name == mount.name);
        let Some(volume) = volume else {
            return Err((field, SourceFault::Missing(format!("the volume '{}'", mount.name))));
        };
        if mount.sub_path_expr.is_some() {
            let reason = "subPathExpr is not supported; write subPath.".to_owned();
            return Err((field, SourceFault::Unsupported(reason)));
        }
        let content = content_of(volume, sources)
            .map_err(|fault| (format!("volumes ({})", volume.name), fault))?;
        let root = mount.mount_path.trim_end_matches('/');
        match (content, mount.sub_path.as_deref().filter(|path| !path.is_empty())) {
            (None, _) => {
                files.push(PodFile { path: root.to_owned(), mode: 0o777, content: None });
            }
            (Some(mut entries), Some(sub_path)) => {
                if let Some((bytes, mode)) = entries.remove(sub_path) {
                    files.push(PodFile { path: root.to_owned(), mode, content: Some(bytes) });
                } else {
                    let missing = format!("the file '{sub_path}' in the volume '{}'", mount.name);
                    return Err((field, SourceFault::Missing(missing)));
                }
            }
            (Some(entries), None) => {
                files.push(PodFile { path: root.to_owned(), mode: 0o755, content: None });
                files.extend(entries.into_iter().map(|(name, (bytes, mode))| PodFile {
                    path: format!("{root}/{name}"),
                    mode,
                    content: Some(bytes),
                }));
            }
        }
    }
    Ok(files)
}

fn content_of(volume: &Volume, sources: Sources<'_>) -> Result<Content, SourceFault> {
    if volume.empty_dir.is_some() {
        return Ok(None);
    }
    if let Some(map) = &volume.config_map {
        let found = sources.config_map(&map.name);
        let what = format!("the ConfigMap '{}'", map.name);
        return chosen(what, found, map.items.as_deref(), map.default_mode, map.optional);
    }
    if let Some(secret) = &volume.secret {
        let name = secret.secret_name.clone().unwrap_or_default();
        let found = sources.secret(&name);
        let what = format!("the Secret '{name}'");
        return chosen(what, found, secret.items.as_deref(), secret.default_mode, secret.optional);
    }
    let reason = "only configMap, secret and emptyDir volumes exist in a local environment.";
    Err(SourceFault::Unsupported(reason.to_owned()))
}

fn chosen(
    what: String,
    found: Option<BTreeMap<String, Vec<u8>>>,
    items: Option<&[KeyToPath]>,
    default_mode: Option<i32>,
    optional: Option<bool>,
) -> Result<Content, SourceFault> {
    let is_optional = optional.unwrap_or_default();
    let mut found = match found {
        Some(found) => found,
        None if is_optional => BTreeMap::new(),
        None => return Err(SourceFault::Missing(what)),
    };
    let mode = |own: Option<i32>| {
        own.or(default_mode).and_then(|mode| u32::try_from(mode).ok()).unwrap_or(0o644) & 0o777
    };
    let Some(items) = items.filter(|items| !items.is_empty()) else {
        let all = found.into_iter().map(|(key, bytes)| (key, (bytes, mode(None))));
        return Ok(Some(all.collect()));
    };
    let mut picked = BTreeMap::new();
    for item in items {
        match found.remove(&item.key) {
            Some(bytes) => {
                picked.insert(item.path.clone(), (bytes, mode(item.mode)));
            }
            None if is_optional => {}
            None => return Err(SourceFault::Missing(format!("the key '{}' of {what}", item.key))),
        }
    }
    Ok(Some(picked))
}

/// Packs them as a tar to unpack at `/`.
pub(crate) fn pack(files: &[PodFile]) -> std::io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(file.mode);
        header.set_mtime(0);
        let path = file.path.trim_start_matches('/');
        let bytes = file.content.as_deref().unwrap_or_default();
        header.set_size(bytes.len() as u64);
        if file.content.is_none() {
            header.set_entry_type(tar::EntryType::Directory);
            archive.append_data(&mut header, format!("{path}/"), bytes)?;
        } else {
            header.set_entry_type(tar::EntryType::Regular);
            archive.append_data(&mut header, path, bytes)?;
        }
    }
    archive.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::core::v1::{ConfigMap, Secret};

    fn spec() -> PodSpec {
        serde_json::from_value(serde_json::json!({
            "containers": [{"name": "c", "volumeMounts": [
                {"name": "all", "mountPath": "/etc/all/"},
                {"name": "one", "mountPath": "/etc/one.conf", "subPath": "renamed"},
                {"name": "scratch", "mountPath": "/scratch"}
            ]}],
            "volumes": [
                {"name": "all", "secret": {"secretName": "s", "defaultMode": 256}},
                {"name": "one", "configMap": {"name": "m",
                    "items": [{"key": "a", "path": "renamed", "mode": 292}]}},
                {"name": "scratch", "emptyDir": {}}
            ]
        }))
        .unwrap()
    }

    fn maps() -> (BTreeMap<String, ConfigMap>, BTreeMap<String, Secret>) {
        let map =
            serde_json::from_value(serde_json::json!({"data": {"a": "1", "b": "2"}})).unwrap();
        let secret =
            serde_json::from_value(serde_json::json!({"stringData": {"pw": "x"}})).unwrap();
        (BTreeMap::from([("m".to_owned(), map)]), BTreeMap::from([("s".to_owned(), secret)]))
    }

    #[test]
    fn mounts_become_files_with_modes() {
        let (config_maps, secrets) = maps();
        let sources = Sources { config_maps: &config_maps, secrets: &secrets };
        let spec = spec();
        let files = plan_files(&spec, &spec.containers[0], sources).unwrap();
        let shown: Vec<_> = files.iter().map(|file| format!("{file:?}")).collect();
        assert_eq!(
            shown,
            ["/etc/all (755)", "/etc/all/pw (400)", "/etc/one.conf (444)", "/scratch (777)"],
            "folders, whole maps, single files and modes; no content in Debug"
        );
        assert!(!pack(&files).unwrap().is_empty(), "they can be packed");
    }

    #[test]
    fn what_is_missing_or_foreign_is_named() {
        let (config_maps, _) = maps();
        let secrets = BTreeMap::new();
        let sources = Sources { config_maps: &config_maps, secrets: &secrets };
        let mut spec = spec();
        let (field, fault) = plan_files(&spec, &spec.containers[0], sources).unwrap_err();
        assert_eq!(field, "volumes (all)");
        assert_eq!(fault, SourceFault::Missing("the Secret 's'".into()));
        let host: Volume =
            serde_json::from_value(serde_json::json!({"name": "all", "hostPath": {"path": "/"}}))
                .unwrap();
        spec.volumes.as_mut().unwrap()[0] = host;
        let (_, fault) = plan_files(&spec, &spec.containers[0], sources).unwrap_err();
        assert!(matches!(fault, SourceFault::Unsupported(_)), "the host's files stay out");
    }
}
