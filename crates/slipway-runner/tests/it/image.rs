//! The image that container jobs of these tests run in: bash, and busybox for everything else.
//!
//! Made from Debian's static programs on first use, since no test pulls anything. Called by every test and
//! conformance folder that runs in a container. Deliberately not here: containers.

use std::fs;
use std::path::Path;
use std::process::Command;

use slipway_core::{IdGen, UuidIds};
use slipway_engine::{BuildRequest, Engine};
use tokio::sync::OnceCell;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

/// The name of [`steps`], for pipelines that are written before it is made.
pub(crate) const STEPS: &str = "slipway-test/steps:1";

/// The engine, or `None` if these tests shall not need one.
pub(crate) async fn engine() -> Option<Engine> {
    if std::env::var_os("SLIPWAY_NO_ENGINE").is_some() {
        println!("skipped: SLIPWAY_NO_ENGINE is set");
        return None;
    }
    rustls::crypto::ring::default_provider().install_default().ok();
    let host = std::env::var("SLIPWAY_DOCKER_HOST").ok();
    match Engine::connect(host.as_deref()).await {
        Ok(engine) => Some(engine),
        Err(error) => panic!("a container engine is needed, or SLIPWAY_NO_ENGINE=1: {error}"),
    }
}

/// Makes the image once for the process and tells its name.
pub(crate) async fn steps(engine: &Engine) -> &'static str {
    static MADE: OnceCell<()> = OnceCell::const_new();
    MADE.get_or_init(|| async {
        let context = tempfile::tempdir().unwrap();
        let copy = |from: &str, to: &str| {
            fs::copy(from, context.path().join(to)).unwrap_or_else(|error| {
                panic!("{from} is needed (bash-static, busybox-static): {error}")
            })
        };
        copy("/bin/bash-static", "bash");
        copy("/bin/busybox", "busybox");
        fs::write(context.path().join("passwd"), "root:x:0:0:root:/root:/bin/sh\n").unwrap();
        let dockerfile = "FROM scratch\n\
                          COPY bash busybox /bin/\n\
                          COPY passwd /etc/passwd\n\
                          RUN [\"/bin/busybox\", \"mkdir\", \"-p\", \"/usr/bin\", \"/tmp\", \"/root\"]\n\
                          RUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\n\
                          RUN [\"/bin/ln\", \"-s\", \"/bin/env\", \"/usr/bin/env\"]\n\
                          ENV PATH=/usr/bin:/bin IN_IMAGE=yes\n";
        build(engine, context.path(), dockerfile, STEPS).await;
    })
    .await;
    STEPS
}

/// The image of [`libraries`], for pipelines that are written before it is made.
pub(crate) const LIBRARIES: &str = "slipway-test/libraries:1";

/// The same with the libraries that this machine's Node needs, but without Node.
pub(crate) async fn libraries(engine: &Engine) -> &'static str {
    static MADE: OnceCell<()> = OnceCell::const_new();
    let steps = steps(engine).await;
    MADE.get_or_init(|| async {
        let context = tempfile::tempdir().unwrap();
        let asked = Command::new("sh").args(["-c", "ldd \"$(command -v node)\""]).output().unwrap();
        let told = String::from_utf8_lossy(&asked.stdout).into_owned();
        let paths = told.split_whitespace().filter(|word| word.starts_with('/'));
        for path in paths {
            let to = context.path().join("root").join(path.trim_start_matches('/'));
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(path, to).unwrap();
        }
        build(engine, context.path(), &format!("FROM {steps}\nCOPY root /\n"), LIBRARIES).await;
    })
    .await;
    LIBRARIES
}

/// An image of this test alone; the caller removes it.
pub(crate) async fn own(engine: &Engine, files: &[(&str, &str)], dockerfile: &str) -> String {
    let context = tempfile::tempdir().unwrap();
    for (from, to) in files {
        fs::copy(from, context.path().join(to)).unwrap();
    }
    let id = UuidIds.next_id();
    let name = format!("slipway-test/own-{id}:1");
    // No layer is shared with another test: one that removes its images would take it away from a build.
    let dockerfile =
        dockerfile.replacen("FROM scratch\n", &format!("FROM scratch\nLABEL own={id}\n"), 1);
    build(engine, context.path(), &dockerfile, &name).await;
    name
}

async fn build(engine: &Engine, context: &Path, dockerfile: &str, name: &str) {
    fs::write(context.join("Dockerfile"), dockerfile).unwrap();
    let (lines, mut got) = unbounded_channel();
    let request = BuildRequest {
        context: context.to_owned(),
        dockerfile: "Dockerfile".into(),
        tags: vec![name.to_owned()],
        ..BuildRequest::default()
    };
    let built = engine.build(request, lines, &CancellationToken::new()).await;
    let mut told = String::new();
    while let Ok(line) = got.try_recv() {
        told.push_str(&line.text);
        told.push('\n');
    }
    built.unwrap_or_else(|error| panic!("the image {name} is made: {error}\n{told}"));
}

#[tokio::test]
async fn the_image_has_a_shell_and_its_tools() {
    let Some(engine) = engine().await else { return };
    let name = steps(&engine).await;
    let facts = engine.image(name).await.unwrap();
    assert!(facts.is_some(), "{name} is made on first use");
}
