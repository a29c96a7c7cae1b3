//! A container that really runs: the sample, built by its own pipeline, on a real kubelet that pulls it from
//! Slipway's registry by digest.
//!
//! Needs root, containerd and CNI plugins; `SLIPWAY_NODE_BIN` is the node of `tests/cluster/kubelet`, which
//! `cargo xtask test` builds where they are there.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;
use slipway_tests::{Sandbox, eventually_async, http};

use crate::control_plane::{self, ADMIN};
use crate::tideline::{Tideline, proven};

/// On loopback, given there by the node.
const ADDRESS: &str = "10.213.0.1";
const LIMIT: Duration = Duration::from_secs(60);

/// A real node. It takes all that it made with it when its standard input closes.
struct Node(Child);

impl Node {
    fn start(program: &Path, files: &Path) -> Self {
        let mut child = Command::new(program)
            .arg("--files")
            .arg(files)
            .args(["--address", ADDRESS])
            .arg("--log")
            .arg(files.join("node.log"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with('{'), "the node says on standard error why it is not ready");
        Self(child)
    }

    fn stop(&mut self) -> bool {
        drop(self.0.stdin.take());
        self.0.wait().is_ok_and(|status| status.success())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stop();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_container_runs_on_a_real_node_serves_its_page_and_reports() {
    let Some(program) = std::env::var_os("SLIPWAY_NODE_BIN") else {
        println!(
            "Did not run: SLIPWAY_NODE_BIN names no node (it needs root, containerd and CNI)."
        );
        return;
    };
    let before = traces();
    let sandbox = Sandbox::new("node");
    let files = sandbox.path("files");
    std::fs::create_dir(&files).unwrap();
    let words =
        ["--nodes", "0", "--node-address", ADDRESS, "--node-files", &files.to_string_lossy()];
    let cluster = control_plane::start("-node", &words);
    let mut node = Node::start(Path::new(&program), &files);
    let tideline = Tideline::open(&sandbox, &cluster.kubeconfig).await;
    tideline.aim(ADMIN, &[("Slipway.TelemetryAddress", ADDRESS)]).await;

    let run = tideline.run().await;
    let deployment = proven(&run);
    let digest = deployment["digest"].as_str().unwrap();
    let environment = tideline.environment().await;
    let pod = &environment["pods"][0];
    assert_eq!(pod["digest"], json!(digest), "containerd pulled what was pushed: {environment}");
    let id = pod["containerId"].as_str().unwrap();
    assert!(id.starts_with("containerd://"), "a container of containerd: {pod}");

    let page = page(&tideline).await;
    let commit = run["run"]["commit"].as_str().unwrap();
    assert!(page.contains(&format!("Version {commit}")), "this commit's page: {page}");
    assert!(page.contains("Welcome to the harbour"), "with the environment's greeting: {page}");

    // Visitors of its own walk through the pages.
    let seen = eventually_async("telemetry of the pod", LIMIT, || async {
        let request =
            json!({ "projectId": tideline.project, "environment": "local", "minutes": 5 });
        let seen = tideline.house.call("telemetry_get", request).await;
        (seen["requests"].as_u64() > Some(5)).then_some(seen)
    })
    .await;
    println!("requests of the pod: {}", seen["requests"]);

    assert_eq!(tideline.house.stop(), Some(0), "it ends in order");
    assert!(node.stop(), "the node ends in order");
    drop(cluster);
    assert_eq!(traces(), before, "nothing is left of it");
}

/// The page, over a port that Slipway forwards to the Service.
async fn page(tideline: &Tideline) -> String {
    let request = json!({ "context": ADMIN, "namespace": "default", "port": 8080,
        "target": { "kind": "service", "name": "tideline" } });
    let forward = tideline.house.call("kube_forward_start", request).await;
    let url = forward["url"].as_str().unwrap();
    eventually_async("the page over the forwarded port", LIMIT, || async {
        let answer = http().get(url).send().await.ok()?;
        answer.text().await.ok()
    })
    .await
}

/// What a node could leave on the machine: processes, mounts, links and their addresses, control groups.
fn traces() -> Vec<String> {
    let mut found = Vec::new();
    for file in ["/proc/self/mounts", "/proc/net/fib_trie"] {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let lines =
            text.lines().filter(|line| line.contains("10.213.") || line.contains("/run/node"));
        found.extend(lines.map(str::to_owned));
    }
    for folder in ["/sys/class/net", "/sys/fs/cgroup"] {
        found.extend(below(Path::new(folder), 2).filter(|path| path.contains("slipway")));
    }
    for process in below(Path::new("/proc"), 1) {
        let words = std::fs::read_to_string(Path::new(&process).join("cmdline"));
        let words = words.unwrap_or_default().replace('\0', " ");
        if words.contains("/run/node/") {
            found.push(words);
        }
    }
    found.sort();
    found
}

fn below(folder: &Path, levels: usize) -> Box<dyn Iterator<Item = String>> {
    let entries: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()).collect();
    Box::new(entries.into_iter().flat_map(move |path| {
        let own = std::iter::once(path.to_string_lossy().into_owned());
        let more: Box<dyn Iterator<Item = String>> = match levels {
            0 | 1 => Box::new(std::iter::empty()),
            _ => below(&path, levels - 1),
        };
        own.chain(more)
    }))
}
