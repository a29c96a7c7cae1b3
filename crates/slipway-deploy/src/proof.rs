//! Proves that a running container is what was pushed.
//!
//! Engines keep images in one of two ways. The classic store calls an image by the digest of its
//! configuration; the containerd store calls it by the digest of its manifest. Both are compared, and
//! beside it the digests under which registries know the image. Deliberately not here: trusting the
//! reference that the container was created with.

use slipway_core::{Clock, Digest, LaunchProof, PushedImage, SystemClock};
use slipway_engine::{ContainerFacts, Engine, ImageFacts};

use crate::DeployError;

/// Compares a container's image with the pushed one. A difference is an answer, not an error.
pub async fn prove_local(
    engine: &Engine,
    container_id: &str,
    pushed: &PushedImage,
) -> Result<LaunchProof, DeployError> {
    let doing = "comparing the running image with the pushed one";
    let container = engine
        .inspect(container_id)
        .await
        .map_err(|source| DeployError::engine(doing, source))?
        .ok_or_else(|| DeployError::PodMissing {
            pod: container_id.to_owned(),
            environment: "the container engine".to_owned(),
        })?;
    let image = engine
        .image(&container.image_id)
        .await
        .map_err(|source| DeployError::engine(doing, source))?;
    Ok(judge(&container, image.as_ref(), pushed, SystemClock.now_ms()))
}

/// The comparison itself.
fn judge(
    container: &ContainerFacts,
    image: Option<&ImageFacts>,
    pushed: &PushedImage,
    checked_at: i64,
) -> LaunchProof {
    let running_id = container.image_id.as_str();
    let digests: Vec<Digest> = image
        .iter()
        .flat_map(|image| &image.repo_digests)
        .filter_map(|reference| Digest::parse(reference.rsplit_once('@')?.1).ok())
        .collect();
    let knows_digest = digests.contains(&pushed.digest);
    let is_config = running_id == pushed.config_digest.as_str();
    let is_manifest = running_id == pushed.digest.as_str();
    let is_running = container.is_running();
    let is_proven = is_running && (is_manifest || (is_config && knows_digest));
    let running_digest = if knows_digest || is_manifest {
        Some(pushed.digest.clone())
    } else {
        digests.first().cloned()
    };
    let statement = if !is_running {
        format!("Not proven: the container does not run (it is {}).", container.state)
    } else if is_manifest {
        format!("The container runs image {running_id}, the very manifest digest that was pushed.")
    } else if is_config && knows_digest {
        format!(
            "The container runs image {running_id}, which is the configuration that the pushed \
             manifest {} names, and the engine knows the image by that digest.",
            pushed.digest
        )
    } else if is_config {
        format!(
            "Not proven: the container's image {running_id} has the pushed configuration, but the \
             engine does not know it by the pushed digest {}.",
            pushed.digest
        )
    } else {
        format!(
            "Not proven: the container runs image {running_id}, but the pushed manifest {} names the \
             configuration {}.",
            pushed.digest, pushed.config_digest
        )
    };
    LaunchProof {
        pod: container.name.clone(),
        container_id: container.id.clone(),
        pushed_digest: pushed.digest.clone(),
        running_digest,
        running_image_id: running_id.to_owned(),
        is_proven,
        statement,
        checked_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_engine::ContainerState;

    fn digest(digit: &str) -> Digest {
        Digest::parse(&format!("sha256:{}", digit.repeat(64))).unwrap()
    }

    fn container(image_id: &Digest, state: ContainerState) -> ContainerFacts {
        ContainerFacts {
            id: "c1".into(),
            name: "web-1".into(),
            image_id: image_id.to_string(),
            image_reference: String::new(),
            labels: Default::default(),
            state,
            exit_code: None,
            started_at: None,
            finished_at: None,
            restart_count: 0,
            ip: None,
            published: Vec::new(),
            oom_killed: false,
            error: String::new(),
            health: Default::default(),
            env: Vec::new(),
        }
    }

    fn image(id: &Digest, repo_digests: &[String]) -> ImageFacts {
        ImageFacts {
            id: id.to_string(),
            repo_digests: repo_digests.to_vec(),
            repo_tags: Vec::new(),
            size_bytes: 1,
            architecture: "amd64".into(),
            os: "linux".into(),
            exposed_ports: Vec::new(),
            labels: Default::default(),
        }
    }

    #[test]
    fn each_way_an_image_is_or_is_not_the_pushed_one() {
        let (manifest, config, other) = (digest("a"), digest("c"), digest("e"));
        let pushed = PushedImage {
            registry: "r".into(),
            repository: "web".into(),
            tags: Vec::new(),
            digest: manifest.clone(),
            config_digest: config.clone(),
            media_type: String::new(),
            size_bytes: 1,
            pushed_at: 0,
        };
        let known = format!("r/web@{manifest}");
        let running = ContainerState::Running;
        let cases = [
            (&config, running, vec![known.clone()], true, "classic store, digest known"),
            (&manifest, running, vec![], true, "containerd store: the id is the manifest"),
            (&config, running, vec![format!("r/web@{other}")], false, "another manifest"),
            (&other, running, vec![known.clone()], false, "another image"),
            (&config, ContainerState::Exited, vec![known], false, "it must run"),
        ];
        for (id, state, repo_digests, expected, why) in cases {
            let proof = judge(&container(id, state), Some(&image(id, &repo_digests)), &pushed, 7);
            assert_eq!(proof.is_proven, expected, "{why}: {}", proof.statement);
            assert_eq!(proof.statement.starts_with("Not proven"), !expected, "{why}");
        }
    }
}
