//! A registry, a few tiny images, and a project of its own for each test; all gone afterwards.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use slipway_core::{Digest, LogStream, PushedImage};
use slipway_deploy::{
    AppliedDeployment, ApplyRequest, DeployError, LocalTarget, Progress, read_manifest,
};
use slipway_engine::{BuildRequest, ContainerFacts, Engine};
use tokio_util::sync::CancellationToken;

/// The longest wait for anything that should happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Serves `/version`, `/env`, `/files`; `/ready` exists unless the image says `broken`.
const RUN: &str = "\
/bin/busybox mkdir -p /www /run
/bin/busybox cp /app/version /www/version
/bin/busybox env > /www/env
[ \"$(/bin/busybox cat /app/version)\" = broken ] || echo yes > /www/ready
[ -z \"$SHOW\" ] || /bin/busybox cat $SHOW > /www/files
[ -z \"$SHOW\" ] || /bin/busybox ls -ld $SHOW > /www/modes
echo starting version $(/bin/busybox cat /app/version)
exec /bin/busybox httpd -f -p 8080 -h /www
";

pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) project: String,
    registry: Child,
    address: String,
    folder: tempfile::TempDir,
    images: Mutex<Vec<String>>,
}

/// Collects a rollout's lines.
#[derive(Default)]
pub(crate) struct Lines(Mutex<Vec<String>>);

impl Progress for Lines {
    fn line(&self, _: LogStream, text: String) {
        self.texts().push(text);
    }
}

impl Lines {
    pub(crate) fn texts(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn joined(&self) -> String {
        self.texts().join("\n")
    }
}

fn docker_host() -> String {
    std::env::var("SLIPWAY_DOCKER_HOST").unwrap_or_else(|_| "/var/run/docker.sock".to_owned())
}

fn docker(arguments: &[&str]) -> String {
    let host = docker_host();
    let host = if host.contains("://") { host } else { format!("unix://{host}") };
    let output = Command::new("docker").args(["-H", &host]).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

impl Bench {
    /// `None` means that the user asked to do without an engine.
    pub(crate) async fn start(name: &str) -> Option<Self> {
        if std::env::var("SLIPWAY_NO_ENGINE").as_deref() == Ok("1") {
            println!("skipped: SLIPWAY_NO_ENGINE=1");
            return None;
        }
        rustls::crypto::ring::default_provider().install_default().ok();
        let engine = Engine::connect(Some(&docker_host()))
            .await
            .expect("these tests need a container engine; SLIPWAY_NO_ENGINE=1 skips them");
        let folder = tempfile::tempdir().unwrap();
        let (registry, address) = start_registry(folder.path()).await;
        let project = format!("it-deploy-{name}-{}", std::process::id());
        Some(Self { engine, project, registry, address, folder, images: Mutex::default() })
    }

    pub(crate) fn target(&self) -> LocalTarget {
        LocalTarget::new(self.engine.clone(), &self.project, "dev")
    }

    /// Builds and pushes an image whose only difference is its version.
    pub(crate) async fn push(&self, repository: &str, version: &str) -> PushedImage {
        let context =
            self.folder.path().join(format!("{}-{version}", repository.replace('/', "-")));
        std::fs::create_dir_all(context.join("app")).unwrap();
        std::fs::copy("/bin/busybox", context.join("busybox")).expect("busybox-static is needed");
        std::fs::write(context.join("app/run.sh"), RUN).unwrap();
        std::fs::write(context.join("app/version"), version).unwrap();
        // No layer is shared with another test: one that removes its images would take it away from a build.
        let dockerfile = format!(
            "FROM scratch\nLABEL bench={}\nCOPY busybox /bin/busybox\nCOPY app /app\n\
             ENTRYPOINT [\"/bin/busybox\", \"sh\", \"/app/run.sh\"]\n",
            self.project
        );
        std::fs::write(context.join("Dockerfile"), dockerfile).unwrap();
        let reference = format!("{}/{repository}:{version}", self.address);
        let request = BuildRequest {
            context,
            dockerfile: "Dockerfile".into(),
            tags: vec![reference.clone()],
            labels: vec![("dev.slipway.project".into(), self.project.clone())],
            ..BuildRequest::default()
        };
        let (lines, _kept) = tokio::sync::mpsc::unbounded_channel();
        let cancel = CancellationToken::new();
        self.engine.build(request, lines.clone(), &cancel).await.unwrap();
        let report = self.engine.push(&reference, lines, &cancel).await.unwrap();
        self.images.lock().unwrap().push(reference);
        let digest = report.digest.expect("docker tells the digest of what it pushed");
        self.pushed(repository, version, digest).await
    }

    /// Reads back from the registry what it holds.
    async fn pushed(&self, repository: &str, version: &str, digest: Digest) -> PushedImage {
        let url = format!("http://{}/v2/{repository}/manifests/{digest}", self.address);
        let media_type = "application/vnd.docker.distribution.manifest.v2+json";
        let answer = client().get(url).header("accept", media_type).send().await.unwrap();
        let manifest: serde_json::Value =
            serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let config = manifest["config"]["digest"].as_str().expect("a manifest names its config");
        PushedImage {
            registry: self.address.clone(),
            repository: repository.to_owned(),
            tags: vec![version.to_owned()],
            digest,
            config_digest: Digest::parse(config).unwrap(),
            media_type: media_type.to_owned(),
            size_bytes: 1,
            pushed_at: 0,
        }
    }

    pub(crate) fn request(&self, manifest: &str, images: &[PushedImage]) -> ApplyRequest {
        ApplyRequest {
            objects: read_manifest("k8s/web.yaml", manifest).unwrap(),
            images: images.to_vec(),
            env_injected: Vec::new(),
            labels: vec![("dev.slipway.run".to_owned(), "run-1".to_owned())],
            rollout_timeout: PATIENCE,
            registry_pull: false,
            prune: Vec::new(),
        }
    }

    pub(crate) async fn apply(
        &self,
        target: &LocalTarget,
        manifest: &str,
        image: &PushedImage,
    ) -> Result<AppliedDeployment, DeployError> {
        let request = self.request(manifest, std::slice::from_ref(image));
        target.apply(request, &Lines::default(), &CancellationToken::new()).await
    }

    /// All containers of the project that play pods, by name.
    pub(crate) async fn pods(&self) -> BTreeMap<String, ContainerFacts> {
        let labels = [
            ("dev.slipway.project".to_owned(), self.project.clone()),
            ("dev.slipway.role".to_owned(), "pod".to_owned()),
        ];
        let found = self.engine.list(&labels).await.unwrap();
        found.into_iter().map(|container| (container.name.clone(), container)).collect()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let label = format!("label=dev.slipway.project={}", self.project);
        for id in docker(&["ps", "-aq", "--filter", &label]).split_whitespace() {
            docker(&["rm", "-f", "-v", id]);
        }
        for id in docker(&["network", "ls", "-q", "--filter", &label]).split_whitespace() {
            docker(&["network", "rm", id]);
        }
        for image in self.images.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            docker(&["rmi", "-f", image]);
        }
        self.registry.kill().ok();
        self.registry.wait().ok();
    }
}

async fn start_registry(folder: &Path) -> (Child, String) {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let config = format!(
        "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: \
         {{rootdirectory: {}}}}}\nhttp: {{addr: '{address}'}}\n",
        folder.join("registry").display()
    );
    std::fs::write(folder.join("registry.yml"), config).unwrap();
    let child = Command::new("docker-registry")
        .arg("serve")
        .arg(folder.join("registry.yml"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("docker-registry is needed");
    let url = format!("http://{address}/v2/");
    until("the registry answers", async || {
        client().get(&url).send().await.is_ok_and(|answer| answer.status().is_success())
    })
    .await;
    (child, address)
}

/// Without pooling: each request is a connection of its own.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0)
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap()
}

/// The body at a path of a deployment's first service.
pub(crate) async fn get(applied: &AppliedDeployment, path: &str) -> Result<String, String> {
    let url = format!("{}{path}", applied.url().expect("a service has a url"));
    let answer = client().get(url).send().await.map_err(|error| format!("{error:?}"))?;
    if !answer.status().is_success() {
        return Err(answer.status().to_string());
    }
    Ok(answer.text().await.map_err(|error| error.to_string())?.trim().to_owned())
}

/// Waits until a condition holds.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain until {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A Deployment and its Service; `container` adds fields to the container.
pub(crate) fn web(replicas: u32, container: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: shop/web:latest
          ports: [{{name: http, containerPort: 8080}}]
          {container}
---
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec:
  selector: {{app: web}}
  ports: [{{port: 80, targetPort: http}}]
"
    )
}

pub(crate) const READY: &str =
    "readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1}";
