//! Logs, commands and forwarded ports through the real API server, to the kubelet of the simulated nodes.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams};
use slipway_core::{Explain as _, KubeForwardKind, KubeForwardTarget, KubeStreamState};
use slipway_deploy::{ExecWanted, ForwardWanted, KubeViews, LogsWanted};

use crate::control_plane::ADMIN;
use crate::outage::server;
use crate::view_tables::views;
use crate::way::Way;
use crate::yard::{Yard, pushed, until, web};

fn logs(namespace: &str, is_following: bool) -> LogsWanted {
    LogsWanted {
        namespace: namespace.to_owned(),
        selector: Some("app=web".to_owned()),
        tail: 10,
        is_following,
        ..LogsWanted::default()
    }
}

fn texts(views: &KubeViews, log: &str) -> Vec<String> {
    let page = views.log_page(log, 0, 1_000, None).unwrap();
    page.lines.into_iter().map(|line| line.text).collect()
}

async fn pods(yard: &Yard) -> Vec<String> {
    let pods = yard.api::<Pod>().list(&ListParams::default().labels("app=web")).await.unwrap();
    pods.items.into_iter().map(|pod| pod.metadata.name.unwrap()).collect()
}

/// What a simulated container writes from now on.
async fn write(yard: &Yard, pod: &str, text: &str) {
    let api: Api<Pod> = yard.api();
    let patch = serde_json::json!({"metadata": {"annotations": {"sim.slipway.dev/log": text}}});
    api.patch(pod, &PatchParams::default(), &Patch::Merge(&patch)).await.unwrap();
}

#[tokio::test]
async fn logs_of_many_pods_are_one_and_newcomers_join() {
    let yard = Yard::open("view-logs").await;
    yard.apply(&web(2, "sim.slipway.dev/log: hello"), &pushed('a')).await.unwrap();
    let views = views();
    let once = views.logs(ADMIN, logs("view-logs", false)).await.unwrap();
    let ended =
        async || views.log_page(&once, 0, 10, None).unwrap().state == KubeStreamState::Ended;
    until("what is there was read", ended).await;
    assert_eq!(texts(&views, &once), ["hello", "hello"]);

    let log = views.logs(ADMIN, logs("view-logs", true)).await.unwrap();
    until("both are read", async || texts(&views, &log).len() == 2).await;
    let first = pods(&yard).await[0].clone();
    write(&yard, &first, "hello\nGET /\nerror: no such thing").await;
    until("what is new comes", async || texts(&views, &log).len() >= 3).await;
    let found = async || !views.log_page(&log, 0, 10, Some("ERROR")).unwrap().lines.is_empty();
    until("a search finds it", found).await;
    let path = slipway_deploy::ObjectPath {
        kind: slipway_deploy::KubeKind::new("apps", "v1", "deployments"),
        namespace: "view-logs".into(),
        name: "web".into(),
    };
    views.scale(ADMIN, &path, 3).await.unwrap();
    let joined = async || {
        let page = views.log_page(&log, 0, 1_000, None).unwrap();
        let mut pods: Vec<_> = page.lines.into_iter().map(|line| line.pod).collect();
        pods.sort();
        pods.dedup();
        pods.len() == 3
    };
    until("the third pod joins", joined).await;
    views.end_log(&log);
    assert_eq!(views.log_page(&log, 0, 1, None).unwrap_err().code(), "view_closed");
}

#[tokio::test]
async fn a_followed_log_goes_on_after_an_outage() {
    let yard = Yard::open("view-logs-outage").await;
    yard.apply(&web(1, "sim.slipway.dev/log: before"), &pushed('a')).await.unwrap();
    let way = Way::open(server()).await;
    let folder = tempfile::tempdir().unwrap();
    let views = KubeViews::new(Some(way.kubeconfig(folder.path())), |_, _| {});
    let log = views.logs(ADMIN, logs("view-logs-outage", true)).await.unwrap();
    until("it is read", async || texts(&views, &log) == ["before"]).await;
    way.close();
    let state = async || views.log_page(&log, 0, 1, None).unwrap().state;
    until("the outage shows", async || state().await == KubeStreamState::Reconnecting).await;
    way.open_again();
    // Only what comes after the way is open again is sure to be followed by a simulated container.
    let pod = pods(&yard).await[0].clone();
    let mut text = "before".to_owned();
    let came = async || {
        text.push_str("\nafter");
        write(&yard, &pod, &text).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        texts(&views, &log).iter().any(|line| line == "after")
    };
    until("it goes on", came).await;
    let lines = texts(&views, &log);
    assert_eq!(lines.iter().filter(|line| *line == "before").count(), 1, "nothing comes twice");
}

#[tokio::test]
async fn logs_without_pods_say_so() {
    let _yard = Yard::open("view-logs-none").await;
    let error = views().logs(ADMIN, logs("view-logs-none", false)).await.unwrap_err();
    assert!(error.to_string().contains("app=web"), "{error}");
    let named = LogsWanted { pods: vec!["gone".into()], ..logs("view-logs-none", false) };
    let error = views().logs(ADMIN, named).await.unwrap_err();
    assert_eq!(error.code(), "pod_missing");
}

fn shell(yard: &Yard, pod: &str, command: &[&str]) -> ExecWanted {
    ExecWanted {
        namespace: yard.namespace.clone(),
        pod: pod.to_owned(),
        container: None,
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        columns: 80,
        rows: 24,
    }
}

fn screen(views: &KubeViews, id: &str) -> String {
    let page = views.exec_page(id, 0).unwrap();
    String::from_utf8(STANDARD.decode(page.base64).unwrap()).unwrap()
}

#[tokio::test]
async fn a_shell_takes_what_is_typed_knows_its_size_and_says_how_it_ended() {
    let yard = Yard::open("view-exec").await;
    yard.apply(&web(1, ""), &pushed('a')).await.unwrap();
    let pod = pods(&yard).await[0].clone();
    let views = views();
    let id = views.exec(ADMIN, shell(&yard, &pod, &["sh"])).await.unwrap();
    until("it prompts", async || screen(&views, &id).contains("$ ")).await;
    views.exec_send(&id, b"ls -l\n".to_vec()).unwrap();
    until("it answers", async || screen(&views, &id).contains("ran: ls -l")).await;
    views.exec_resize(&id, 120, 40).unwrap();
    let sized = async || {
        views.exec_send(&id, b"size\n".to_vec()).unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        screen(&views, &id).contains("120×40")
    };
    until("it knows its size", sized).await;
    views.exec_send(&id, b"exit 3\n".to_vec()).unwrap();
    let end = async || views.exec_page(&id, u64::MAX).unwrap();
    until("it ends", async || end().await.state == KubeStreamState::Ended).await;
    assert_eq!(end().await.exit_code, Some(3));

    let id = views.exec(ADMIN, shell(&yard, &pod, &["bash"])).await.unwrap();
    let state = async || views.exec_page(&id, u64::MAX).unwrap();
    until("it fails", async || state().await.state == KubeStreamState::Failed).await;
    assert!(state().await.problem.unwrap().contains("not found"), "{:?}", state().await);

    let error = views.exec("slipway-test-reader", shell(&yard, &pod, &["sh"])).await.unwrap_err();
    assert!(error.to_string().contains("pods/exec"), "which right is missing: {error}");
}

fn forward(namespace: &str, kind: KubeForwardKind, name: &str, port: u16) -> ForwardWanted {
    ForwardWanted {
        context: ADMIN.to_owned(),
        namespace: namespace.to_owned(),
        target: KubeForwardTarget { kind, name: name.to_owned() },
        port,
        local_port: None,
    }
}

async fn fetch(url: &str) -> Option<String> {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    client.get(format!("{url}/page")).send().await.ok()?.text().await.ok()
}

#[tokio::test]
async fn a_forwarded_port_outlives_its_pod() {
    let yard = Yard::open("view-forward").await;
    let manifest = format!(
        "{}---\napiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec:\n  selector: {{app: web}}\n  ports: [{{port: 80, targetPort: http}}]\n",
        web(1, "")
    );
    yard.apply(&manifest, &pushed('a')).await.unwrap();
    let views = views();
    let service = forward("view-forward", KubeForwardKind::Service, "web", 80);
    let opened = views.forward(service).await.unwrap();
    assert!(opened.url.starts_with("http://127.0.0.1:"), "loopback only: {}", opened.url);
    let first = pods(&yard).await[0].clone();
    let answer = fetch(&opened.url).await.unwrap();
    assert_eq!(answer, format!("pod {first}, port 8080, /page\n"), "by the port's name");

    let api: Api<Pod> = yard.api();
    api.delete(&first, &DeleteParams::default()).await.unwrap();
    let moved = async || {
        fetch(&opened.url)
            .await
            .is_some_and(|answer| !answer.is_empty() && !answer.contains(&first))
    };
    until("the next pod answers", moved).await;
    let listed = views.forwards();
    assert_eq!((listed.len(), listed[0].state), (1, KubeStreamState::Live));
    assert_ne!(listed[0].pod.as_deref(), Some(first.as_str()));

    let by_name = forward("view-forward", KubeForwardKind::Deployment, "web", 8080);
    let deployment = views.forward(by_name).await.unwrap();
    assert!(fetch(&deployment.url).await.unwrap().contains("port 8080"));
    let shut = forward("view-forward", KubeForwardKind::Deployment, "web", 9999);
    let shut = views.forward(shut).await.unwrap();
    assert_eq!(fetch(&shut.url).await.unwrap_or_default(), "");
    let refused = async || {
        let listed = views.forwards().into_iter().find(|one| one.id == shut.id).unwrap();
        listed.problem.is_some_and(|text| text.contains("refused"))
    };
    until("why it does not answer is told", refused).await;
    views.end_forward(&opened.id);
    until("the port is closed", async || fetch(&opened.url).await.is_none()).await;
}

#[tokio::test]
async fn a_port_that_cannot_be_had_is_named() {
    let yard = Yard::open("view-ports").await;
    yard.apply(&web(1, ""), &pushed('a')).await.unwrap();
    let views = views();
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let wanted = ForwardWanted {
        local_port: Some(port),
        ..forward("view-ports", KubeForwardKind::Deployment, "web", 8080)
    };
    let error = views.forward(wanted).await.unwrap_err();
    assert!(error.to_string().contains(&port.to_string()), "{error}");
    let error = views
        .forward(forward("view-ports", KubeForwardKind::Service, "gone", 80))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("\"gone\" not found"), "{error}");
}
