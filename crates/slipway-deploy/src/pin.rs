//! Replaces every image of every workload by `registry/repository@sha256:…`.
//!
//! Both targets call it before anything else, so nothing is ever deployed by tag. Deliberately not
//! here: asking a registry; a [`PushedImage`] carries what was read back from it.
//!
//! How an image of a manifest finds its pushed image, tag and registry set aside:
//! 1. its repository equals the pushed repository (`shop/web` and `shop/web`);
//! 2. else, unless it is written by digest, the last segments are equal (`web` and `shop/web`,
//!    `acr.example.com/team/web` and `shop/web`), and only one pushed image ends so.
//!
//! An image that no pushed image covers must be by digest already.

use serde_json::Value;
use slipway_core::{Digest, PushedImage};

use crate::{DeployError, ManifestObject};

/// An image that now stands by digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedImage {
    /// Kind and name, such as `Deployment/web`.
    pub workload: String,
    pub container: String,
    /// What the manifest said.
    pub written: String,
    /// What is deployed.
    pub reference: String,
    pub digest: Digest,
    /// False for an image that was by digest already and is not of this run.
    pub is_of_run: bool,
}

/// Pins all images in place and says which.
pub fn pin_images(
    objects: &mut [ManifestObject],
    images: &[PushedImage],
) -> Result<Vec<PinnedImage>, DeployError> {
    let mut pinned = Vec::new();
    for object in objects.iter_mut() {
        pinned.extend(pin_object(object, images)?);
    }
    check_used(&pinned, images)?;
    Ok(pinned)
}

/// The images of one object.
pub(crate) fn pin_object(
    object: &mut ManifestObject,
    images: &[PushedImage],
) -> Result<Vec<PinnedImage>, DeployError> {
    let place = object.place.clone();
    let workload = format!("{}/{}", object.kind, object.name);
    let images = if object.keeps_images { &[] } else { images };
    let Some(pod_spec) = pod_spec_mut(&object.kind, &mut object.value) else {
        return Ok(Vec::new());
    };
    let mut pinned = Vec::new();
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        let containers = pod_spec.get_mut(list).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            let name = text(container, "name");
            let written = text(container, "image");
            let (reference, digest, is_of_run) = pin_one(&place, &name, &written, images)?;
            container["image"] = Value::String(reference.clone());
            let workload = workload.clone();
            pinned.push(PinnedImage {
                workload,
                container: name,
                written,
                reference,
                digest,
                is_of_run,
            });
        }
    }
    Ok(pinned)
}

/// A deployment of images that no workload uses would prove nothing.
pub(crate) fn check_used(
    pinned: &[PinnedImage],
    images: &[PushedImage],
) -> Result<(), DeployError> {
    if !images.is_empty() && !pinned.is_empty() && !pinned.iter().any(|image| image.is_of_run) {
        return Err(DeployError::ImageUnused { pushed: repositories(images) });
    }
    Ok(())
}

fn pin_one(
    place: &crate::Place,
    container: &str,
    written: &str,
    images: &[PushedImage],
) -> Result<(String, Digest, bool), DeployError> {
    let image = ImageName::split(written);
    let exact: Vec<_> = images.iter().filter(|p| p.repository == image.repository).collect();
    let found = if exact.is_empty() && image.digest.is_none() {
        let last = last_segment(&image.repository);
        images.iter().filter(|p| last_segment(&p.repository) == last).collect()
    } else {
        exact
    };
    let mut references: Vec<String> = found.iter().map(|p| p.reference()).collect();
    references.dedup();
    match (found.first(), references.as_slice()) {
        (Some(pushed), [reference]) => Ok((reference.clone(), pushed.digest.clone(), true)),
        (Some(_), _) => Err(DeployError::ImageAmbiguous {
            place: Box::new(place.clone()),
            container: container.to_owned(),
            image: written.to_owned(),
            candidates: references,
        }),
        (None, _) => match image.digest {
            Some(digest) => Ok((written.to_owned(), digest, false)),
            None => Err(DeployError::ImageNotPinned {
                place: Box::new(place.clone()),
                container: container.to_owned(),
                image: written.to_owned(),
                pushed: repositories(images),
            }),
        },
    }
}

fn repositories(images: &[PushedImage]) -> Vec<String> {
    images.iter().map(|image| image.repository.clone()).collect()
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn last_segment(repository: &str) -> &str {
    repository.rsplit('/').next().unwrap_or(repository)
}

/// The pod specification inside of a workload of any kind.
pub(crate) fn pod_spec_mut<'a>(kind: &str, object: &'a mut Value) -> Option<&'a mut Value> {
    let path = match kind {
        "Pod" => "/spec",
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        "Deployment"
        | "StatefulSet"
        | "DaemonSet"
        | "ReplicaSet"
        | "Job"
        | "ReplicationController" => "/spec/template/spec",
        _ => return None,
    };
    object.pointer_mut(path)
}

/// An image reference, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ImageName {
    pub(crate) registry: Option<String>,
    pub(crate) repository: String,
    pub(crate) digest: Option<Digest>,
}

impl ImageName {
    /// Takes it apart as engines do: the first segment is a registry if it looks like a host.
    pub(crate) fn split(reference: &str) -> Self {
        let (name, digest) = match reference.split_once('@') {
            Some((name, digest)) => (name, Digest::parse(digest).ok()),
            None => (reference, None),
        };
        let (registry, rest) = match name.split_once('/') {
            Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => {
                (Some(host.to_owned()), rest)
            }
            _ => (None, name),
        };
        // A colon after the last slash separates the tag.
        let repository = match rest.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => repository,
            _ => rest,
        };
        Self { registry, repository: repository.to_owned(), digest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_manifest;

    fn pushed(repository: &str, digit: &str) -> PushedImage {
        let digest = Digest::parse(&format!("sha256:{}", digit.repeat(64))).unwrap();
        PushedImage {
            registry: "127.0.0.1:5210".into(),
            repository: repository.into(),
            tags: vec!["12".into()],
            digest: digest.clone(),
            config_digest: digest,
            media_type: "application/vnd.docker.distribution.manifest.v2+json".into(),
            size_bytes: 1,
            pushed_at: 0,
        }
    }

    fn workload(kind: &str, image: &str) -> Vec<ManifestObject> {
        let spec = format!("{{containers: [{{name: c, image: '{image}'}}]}}");
        let (version, body) = match kind {
            "Pod" => ("v1", format!("spec: {spec}")),
            "CronJob" => (
                "batch/v1",
                format!(
                    "spec: {{schedule: '* * * * *', jobTemplate: {{spec: {{template: {{spec: \
                     {spec}}}}}}}}}"
                ),
            ),
            "Job" => ("batch/v1", format!("spec: {{template: {{spec: {spec}}}}}")),
            _ => (
                "apps/v1",
                format!("spec: {{selector: {{}}, template: {{metadata: {{}}, spec: {spec}}}}}"),
            ),
        };
        let text = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: w}}\n{body}\n");
        read_manifest("w.yaml", &text).unwrap()
    }

    #[test]
    fn references_are_taken_apart() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let cases = [
            ("web", None, "web", false),
            ("web:1.2", None, "web", false),
            ("shop/web:1", None, "shop/web", false),
            ("localhost/web", Some("localhost"), "web", false),
            ("127.0.0.1:5210/shop/web:1", Some("127.0.0.1:5210"), "shop/web", false),
            ("acr.example.com/web", Some("acr.example.com"), "web", false),
        ];
        for (reference, registry, repository, has_digest) in cases {
            let name = ImageName::split(reference);
            assert_eq!(name.registry.as_deref(), registry, "registry of {reference}");
            assert_eq!(name.repository, repository, "repository of {reference}");
            assert_eq!(name.digest.is_some(), has_digest, "digest of {reference}");
        }
        let name = ImageName::split(&format!("r:5000/a/b:tag@{digest}"));
        assert_eq!((name.repository.as_str(), name.digest.is_some()), ("a/b", true));
    }

    #[test]
    fn every_kind_of_workload_is_pinned() {
        for kind in ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"] {
            let mut objects = workload(kind, "acr.example.com/shop/web:latest");
            let pinned = pin_images(&mut objects, &[pushed("shop/web", "a")]).unwrap();
            let expected = format!("127.0.0.1:5210/shop/web@sha256:{}", "a".repeat(64));
            assert_eq!(pinned[0].reference, expected, "{kind}: registry and tag are replaced");
            let spec = pod_spec_mut(kind, &mut objects[0].value).unwrap();
            assert_eq!(spec["containers"][0]["image"], expected, "{kind}: it is in the object");
        }
    }

    #[test]
    fn the_last_segment_matches_only_alone() {
        let images = [pushed("shop/web", "a"), pushed("blog/web", "b")];
        let mut exact = workload("Deployment", "blog/web");
        let pinned = pin_images(&mut exact, &images).unwrap();
        assert!(pinned[0].reference.contains("blog/web@sha256:bbb"), "an exact name wins");
        let error = pin_images(&mut workload("Deployment", "web:1"), &images).unwrap_err();
        assert!(matches!(error, DeployError::ImageAmbiguous { .. }), "two candidates: {error}");
        let pinned = pin_images(&mut workload("Deployment", "web:1"), &images[..1]).unwrap();
        assert!(pinned[0].is_of_run, "one candidate is enough");
    }

    #[test]
    fn a_tag_is_refused_and_a_foreign_digest_kept() {
        let images = [pushed("shop/web", "a")];
        let error = pin_images(&mut workload("Deployment", "redis:7"), &images).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("Nothing is deployed by tag"), "it says why: {text}");
        assert!(text.contains("'redis:7'") && text.contains("w.yaml:1"), "and where: {text}");
        let foreign = format!("other.example.com/web@sha256:{}", "c".repeat(64));
        let mut objects = workload("Deployment", "shop/web");
        objects.extend(workload("Job", &foreign));
        let pinned = pin_images(&mut objects, &images).unwrap();
        assert_eq!(pinned[1].reference, foreign, "by digest, only the exact name is ours");
        assert!(!pinned[1].is_of_run, "it is not of this run");
    }

    #[test]
    fn a_run_whose_image_nobody_uses_is_refused() {
        let foreign = format!("redis@sha256:{}", "c".repeat(64));
        let error = pin_images(&mut workload("Deployment", &foreign), &[pushed("shop/web", "a")]);
        assert!(matches!(error, Err(DeployError::ImageUnused { .. })), "got {error:?}");
    }
}
