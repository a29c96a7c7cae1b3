//! A deployment of 200 manifests beside `kubectl apply --server-side`, in one run against one API server.
//!
//! `cargo xtask bench deploy` builds both programs and runs this; the ratios are what counts. Slipway tries
//! all objects out before it applies the first, which kubectl does not and which is in its time. That it
//! then watches the workloads to their end is told apart. The Deployments want no pods: what a kubelet
//! takes is nobody's merit here.

#![expect(clippy::unwrap_used, reason = "a bench that cannot measure stops")]
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

#[expect(dead_code, reason = "a bench lets no watch expire")]
#[path = "../tests/cluster/control_plane.rs"]
mod control_plane;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use control_plane::{ADMIN, control_plane};
use slipway_core::LogStream;
use slipway_deploy::{ApplyRequest, KubeTarget, ObjectKey, Progress, read_manifest};
use tokio_util::sync::CancellationToken;

/// Of each of the five kinds.
const EACH: usize = 40;
const TIMES: usize = 5;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    // The first of each pays for what the API server has not done yet.
    let open = |namespace: &str| run(&["create", "namespace", namespace], folder.path());
    open("warm-ours");
    open("warm-theirs");
    slipway("warm-ours", "warm").await;
    kubectl(folder.path(), "warm-theirs", "warm");
    let [mut new, mut changed, mut same] = [(); 3].map(|()| (Vec::new(), Vec::new(), Vec::new()));
    for time in 0..TIMES {
        let (ours, theirs) = (format!("ours-{time}"), format!("theirs-{time}"));
        open(&ours);
        open(&theirs);
        for (value, took) in [("one", &mut new), ("two", &mut changed), ("two", &mut same)] {
            let (applied, watched) = slipway(&ours, value).await;
            took.0.push(applied);
            took.1.push(watched);
            took.2.push(kubectl(folder.path(), &theirs, value));
        }
    }
    for (what, (ours, watched, theirs)) in [("new", new), ("changed", changed), ("same", same)] {
        let (ours, watched, theirs) = (median(ours), median(watched), median(theirs));
        println!(
            "{what}: manifests {}, slipway_ms {:.0}, watched_ms {:.0}, kubectl_ms {:.0}, ratio {:.2}",
            EACH * 5,
            ours.as_secs_f64() * 1000.0,
            watched.as_secs_f64() * 1000.0,
            theirs.as_secs_f64() * 1000.0,
            ours.as_secs_f64() / theirs.as_secs_f64()
        );
    }
}

/// Until all is applied, and until all is rolled out.
async fn slipway(namespace: &str, value: &str) -> (Duration, Duration) {
    let text = manifests(value);
    let begun = Instant::now();
    let kubeconfig = Some(control_plane().kubeconfig.clone());
    let target = KubeTarget::connect(kubeconfig, ADMIN, namespace).await.unwrap();
    let request = ApplyRequest {
        objects: read_manifest("all.yaml", &text).unwrap(),
        images: Vec::new(),
        env_injected: Vec::new(),
        labels: vec![("dev.slipway.deployment".to_owned(), value.to_owned())],
        rollout_timeout: Duration::from_secs(60),
        registry_pull: false,
        prune: Vec::new(),
    };
    let last = Last(Mutex::new(begun));
    let applied = target.apply(request, &last, &CancellationToken::new()).await.unwrap();
    assert_eq!(applied.applied.len(), EACH * 5, "all of it");
    (last.0.into_inner().unwrap() - begun, begun.elapsed())
}

/// When the last object was applied.
struct Last(Mutex<Instant>);

impl Progress for Last {
    fn line(&self, _: LogStream, _: String) {}

    fn applied(&self, _: &ObjectKey) {
        *self.0.lock().unwrap() = Instant::now();
    }
}

fn kubectl(folder: &Path, namespace: &str, value: &str) -> Duration {
    let file = folder.join("all.yaml");
    std::fs::write(&file, manifests(value)).unwrap();
    let begun = Instant::now();
    run(
        &["--namespace", namespace, "apply", "--server-side", "-f", &file.to_string_lossy()],
        folder,
    );
    begun.elapsed()
}

fn run(words: &[&str], folder: &Path) {
    let program = std::env::var_os("SLIPWAY_BENCH_KUBECTL").expect("kubectl is built by xtask");
    let status = Command::new(program)
        .args(["--context", ADMIN])
        .args(words)
        .env("KUBECONFIG", &control_plane().kubeconfig)
        // What it keeps of what the API server knows, as on a user's machine.
        .env("KUBECACHEDIR", folder.join("cache"))
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "kubectl does it");
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took[took.len() / 2]
}

fn manifests(value: &str) -> String {
    let digest = format!("sha256:{}", "a".repeat(64));
    let mut text = String::new();
    for number in 0..EACH {
        let head = |api: &str, kind: &str| {
            format!("---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: object-{number}}}\n")
        };
        write!(
            text,
            "{}data: {{value: {value}, other: constant}}\n{}stringData: {{value: {value}}}\n\
             {}spec: {{selector: {{app: web-{number}}}, ports: [{{port: 80, name: {value}}}]}}\n\
             {}{}\
             spec:\n  replicas: 0\n  selector: {{matchLabels: {{app: web-{number}}}}}\n  template:\n    \
             metadata: {{labels: {{app: web-{number}}}}}\n    spec:\n      containers:\n        - \
             {{name: web, image: 'r/shop/web@{digest}', env: [{{name: VALUE, value: {value}}}], ports: \
             [{{containerPort: 8080}}]}}\n",
            head("v1", "ConfigMap"),
            head("v1", "Secret"),
            head("v1", "Service"),
            head("v1", "ServiceAccount"),
            head("apps/v1", "Deployment"),
        )
        .unwrap();
    }
    text
}
