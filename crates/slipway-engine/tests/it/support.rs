//! A test case with an engine of its own names, which cleans up after itself, also after a panic.

use std::future::Future;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use slipway_engine::{BuildRequest, BuiltImage, ContainerSpec, Engine, EngineError, EngineLine};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_util::sync::CancellationToken;

const LABEL: &str = "slipway.test-case";

/// One test: an engine, and a name that no other test has.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) engine: Engine,
    pub(crate) name: String,
}

/// Where the engine is, and `None` if these tests shall not need one.
pub(crate) async fn engine() -> Option<Engine> {
    let host = std::env::var("SLIPWAY_DOCKER_HOST").ok();
    match Engine::connect(host.as_deref()).await {
        Ok(engine) => Some(engine),
        Err(error) if std::env::var("SLIPWAY_NO_ENGINE").as_deref() == Ok("1") => {
            println!("skipped, SLIPWAY_NO_ENGINE=1: {error}");
            None
        }
        Err(error) => panic!("these tests need a container engine: {error}"),
    }
}

/// Runs a test body and removes what carries its label.
pub(crate) async fn case<F: Future<Output = ()> + Send + 'static>(
    name: &str,
    body: impl FnOnce(Case) -> F,
) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Some(engine) = engine().await else { return };
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("slipway-test-{name}-{}-{count}", std::process::id());
    let case = Case { engine, name };
    let ended = tokio::spawn(body(case.clone())).await;
    for container in case.engine.list(&[case.label()]).await.unwrap() {
        case.engine.remove(&container.id, true).await.unwrap();
    }
    case.engine.remove_network(&case.name).await.unwrap();
    case.engine.remove_image(&case.image()).await.unwrap();
    if let Err(panic) = ended {
        std::panic::resume_unwind(panic.into_panic());
    }
}

impl Case {
    pub(crate) fn label(&self) -> (String, String) {
        (LABEL.to_owned(), self.name.clone())
    }

    pub(crate) fn image(&self) -> String {
        format!("{}:1", self.name)
    }

    /// Builds from a folder with the case's tag, and gives the lines too.
    pub(crate) async fn build(
        &self,
        context: &Path,
    ) -> (Result<BuiltImage, EngineError>, Vec<EngineLine>) {
        let (lines, got) = unbounded_channel();
        let request = BuildRequest {
            context: context.to_owned(),
            dockerfile: "Dockerfile".into(),
            tags: vec![self.image()],
            labels: vec![self.label()],
            ..Default::default()
        };
        let built = self.engine.build(request, lines, &CancellationToken::new()).await;
        (built, drain(got))
    }

    /// An image with nothing but busybox and its shell.
    pub(crate) async fn busybox(&self) -> String {
        let dir = tempfile::tempdir().unwrap();
        busybox_context(dir.path(), "CMD [\"/bin/sh\", \"-c\", \"echo from CMD\"]\n");
        self.build(dir.path()).await.0.unwrap().image_id
    }

    /// A container of the case's image that runs a shell script.
    pub(crate) fn script(&self, suffix: &str, script: &str) -> ContainerSpec {
        ContainerSpec {
            name: format!("{}-{suffix}", self.name),
            image: self.image(),
            command: Some(vec!["/bin/sh".into(), "-c".into(), script.into()]),
            labels: vec![self.label()],
            ..Default::default()
        }
    }

    /// Creates and starts.
    pub(crate) async fn run(&self, spec: &ContainerSpec) -> String {
        let id = self.engine.create(spec).await.unwrap();
        self.engine.start(&id).await.unwrap();
        id
    }
}

/// Writes a context whose Dockerfile begins with busybox and its shell.
pub(crate) fn busybox_context(root: &Path, rest: &str) {
    // No layer is shared with another test: one that removes its images would take it away from a build.
    let own = root.display();
    let dockerfile = format!(
        "FROM scratch\nLABEL bench=\"{own}\"\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\n{rest}"
    );
    std::fs::write(root.join("Dockerfile"), dockerfile).unwrap();
    std::fs::copy("/bin/busybox", root.join("busybox"))
        .expect("these tests need a static /bin/busybox (Debian: busybox-static)");
}

/// All lines sent so far.
pub(crate) fn drain(mut lines: UnboundedReceiver<EngineLine>) -> Vec<EngineLine> {
    let mut all = Vec::new();
    while let Ok(line) = lines.try_recv() {
        all.push(line);
    }
    all
}

/// The texts only.
pub(crate) fn texts(lines: &[EngineLine]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

/// Asks again until the answer is yes, for ten seconds.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut ask: impl FnMut() -> F) {
    let end = Instant::now() + Duration::from_secs(10);
    while !ask().await {
        assert!(Instant::now() < end, "waited ten seconds until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
