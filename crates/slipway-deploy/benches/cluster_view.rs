//! The cluster view beside `kubectl get pods -A`: 10,000 pods on 500 simulated nodes.
//!
//! `cargo xtask bench cluster` builds the control plane and kubectl and runs this; both are measured in one
//! run, and the ratios are what counts. `SLIPWAY_BENCH_PODS` is another number of pods.

#![expect(clippy::unwrap_used, reason = "a bench that cannot measure stops")]
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use k8s_openapi::api::core::v1::{Namespace, Pod};
use kube::api::{Api, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::json;
use slipway_core::KubeWatchState;
use slipway_deploy::{KubeKind, KubeViews, RowsWanted};

const CONTEXT: &str = "slipway-test";
const NODES: usize = 500;
const NAMESPACES: usize = 20;
const TIMES: usize = 3;

#[tokio::main]
async fn main() {
    let pods: usize = std::env::var("SLIPWAY_BENCH_PODS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10_000);
    let plane = ControlPlane::start();
    let kubeconfig = plane.kubeconfig.clone();
    let begun = Instant::now();
    fill(&kubeconfig, pods).await;
    // Whatever the view takes comes from here on; what is let go in between may be taken again.
    let before = resident();
    let mut memory = 0.0_f64;
    let views = KubeViews::new(Some(kubeconfig.clone()), |_, _| {});
    wait_until_running(&views, pods).await;
    views.close();
    drop(views);
    report("filled", &[("pods", pods as f64), ("seconds", begun.elapsed().as_secs_f64())]);

    let kubectl = median((0..TIMES).map(|_| kubectl(&kubeconfig)).collect());
    let (mut first, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let views = KubeViews::new(Some(kubeconfig.clone()), |_, _| {});
        let (to_first, to_whole, watch) = list(&views, pods).await;
        first.push(to_first);
        whole.push(to_whole);
        memory = memory.max(most_resident() - before);
        if whole.len() == TIMES {
            filter(&views, &watch);
        }
        views.close();
    }
    let (first, whole) = (median(first), median(whole));
    report(
        "list",
        &[
            ("kubectl_ms", ms(kubectl)),
            ("first_rows_ms", ms(first)),
            ("all_rows_ms", ms(whole)),
            ("first_ratio", ms(first) / ms(kubectl)),
            ("all_ratio", ms(whole) / ms(kubectl)),
            ("memory_mb", memory),
        ],
    );
}

/// Each key of a word, as it is typed.
fn filter(views: &KubeViews, watch: &str) {
    let mut took = Vec::new();
    for word in ["shop-1", "running web", "node-42", "!running"] {
        for end in 1..=word.len() {
            let wanted =
                RowsWanted { filter: word[..end].to_owned(), limit: 50, ..RowsWanted::default() };
            let begun = Instant::now();
            views.rows(watch, &wanted).unwrap();
            took.push(begun.elapsed());
        }
    }
    let sorted = RowsWanted {
        sort: Some(("Restarts".to_owned(), true)),
        limit: 50,
        ..RowsWanted::default()
    };
    let begun = Instant::now();
    views.rows(watch, &sorted).unwrap();
    let sort = begun.elapsed();
    let begun = Instant::now();
    views.rows(watch, &RowsWanted { offset: 5_000, ..sorted }).unwrap();
    let scroll = begun.elapsed();
    let most = took.iter().max().copied().unwrap_or_default();
    report(
        "filter",
        &[
            ("median_ms", ms(median(took))),
            ("most_ms", ms(most)),
            ("sort_ms", ms(sort)),
            ("scroll_ms", ms(scroll)),
        ],
    );
}

async fn list(views: &KubeViews, pods: usize) -> (Duration, Duration, String) {
    let begun = Instant::now();
    let watch = views.watch(CONTEXT, "", &KubeKind::new("", "v1", "pods")).unwrap();
    let wanted = RowsWanted { limit: 50, ..RowsWanted::default() };
    let mut first = None;
    loop {
        let rows = views.rows(&watch, &wanted).unwrap();
        if first.is_none() && !rows.rows.is_empty() {
            first = Some(begun.elapsed());
        }
        if rows.state == KubeWatchState::Live && rows.total as usize >= pods {
            return (first.unwrap(), begun.elapsed(), watch);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn kubectl(kubeconfig: &Path) -> Duration {
    let program = std::env::var_os("SLIPWAY_BENCH_KUBECTL").expect("kubectl is built by xtask");
    let begun = Instant::now();
    let status = Command::new(program)
        .args(["--context", CONTEXT, "get", "pods", "-A"])
        .env("KUBECONFIG", kubeconfig)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "kubectl lists the pods");
    begun.elapsed()
}

async fn wait_until_running(views: &KubeViews, pods: usize) {
    let watch = views.watch(CONTEXT, "", &KubeKind::new("", "v1", "pods")).unwrap();
    let wanted = RowsWanted { filter: "running".to_owned(), ..RowsWanted::default() };
    let begun = Instant::now();
    while (views.rows(&watch, &wanted).unwrap().matching as usize) < pods {
        assert!(begun.elapsed() < Duration::from_secs(1_200), "the simulated nodes are too slow");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Pods with two containers each and what pods of a real cluster have.
async fn fill(kubeconfig: &Path, pods: usize) {
    let client = client(kubeconfig).await;
    let namespaces: Api<Namespace> = Api::all(client.clone());
    for number in 0..NAMESPACES {
        let object = json!({"metadata": {"name": format!("shop-{number}")}});
        let object = serde_json::from_value(object).unwrap();
        namespaces.create(&PostParams::default(), &object).await.unwrap();
    }
    let make = |number: usize| {
        let api: Api<Pod> =
            Api::namespaced(client.clone(), &format!("shop-{}", number % NAMESPACES));
        async move {
            let pod = serde_json::from_value(pod(number)).unwrap();
            // The namespace's service account may be a moment later than the namespace.
            while let Err(error) = api.create(&PostParams::default(), &pod).await {
                assert!(error.to_string().contains("serviceaccount"), "{error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    };
    stream::iter((0..pods).map(make)).buffer_unordered(32).collect::<Vec<()>>().await;
}

fn pod(number: usize) -> serde_json::Value {
    let container = |name: &str| {
        json!({
            "name": name, "image": format!("registry.example/shop/{name}:1.{number}"),
            "ports": [{"name": "http", "containerPort": 8080}],
            "env": (0..8).map(|at| json!({"name": format!("SETTING_{at}"), "value": format!("value {at}")})).collect::<Vec<_>>(),
            "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}},
            "livenessProbe": {"httpGet": {"path": "/live", "port": "http"}},
            "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
        })
    };
    json!({
        "metadata": {"name": format!("web-{number}"), "labels": {"app": "web", "tier": "front",
            "pod-template-hash": format!("{:08x}", number * 7919)},
            "annotations": {"example.com/checksum": format!("{number:064}")}},
        "spec": {"nodeName": format!("node-{}", number % NODES),
            "containers": [container("web"), container("proxy")]},
    })
}

async fn client(kubeconfig: &Path) -> Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    let read = Kubeconfig::read_from(kubeconfig).unwrap();
    let options = KubeConfigOptions { context: Some(CONTEXT.to_owned()), ..Default::default() };
    Client::try_from(Config::from_custom_kubeconfig(read, &options).await.unwrap()).unwrap()
}

/// Gone when its standard input closes.
struct ControlPlane {
    kubeconfig: PathBuf,
    child: Child,
}

impl ControlPlane {
    fn start() -> Self {
        let program = std::env::var_os("SLIPWAY_CLUSTER_BIN").expect("it is built by xtask");
        let folder = std::env::temp_dir();
        let kubeconfig = folder.join(format!("slipway-bench-{}.kubeconfig", std::process::id()));
        let mut child = Command::new(program)
            .args(["--nodes", &NODES.to_string(), "--data"])
            .arg(&folder)
            .arg("--kubeconfig")
            .arg(&kubeconfig)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with('{'), "the control plane says why it is not ready");
        Self { kubeconfig, child }
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}

/// Memory that this process holds, in MB.
fn resident() -> f64 {
    of_status("VmRSS:")
}

/// The most that it ever held.
fn most_resident() -> f64 {
    of_status("VmHWM:")
}

fn of_status(name: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    number.unwrap_or_default() / 1024.0
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took[took.len() / 2]
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

fn report(bench: &str, values: &[(&str, f64)]) {
    let fields: serde_json::Map<_, _> = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!((value * 100.0).round() / 100.0)))
        .collect();
    println!("{}", json!({"bench": bench, "values": fields}));
}
