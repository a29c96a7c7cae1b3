//! The cluster view as a page asks for it: by command names and JSON, with its one event.

use std::sync::Arc;

use serde_json::{Value, json};
use slipway_api::app::{App, AppOptions, HostKind};
use slipway_api::table::COMMANDS;
use slipway_core::AppEvent;
use slipway_tests::eventually_async;

use crate::control_plane::{ADMIN, control_plane};

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

async fn open() -> (Arc<App>, tempfile::TempDir) {
    rustls::crypto::ring::default_provider().install_default().ok();
    let folder = tempfile::tempdir().unwrap();
    let mut options = AppOptions::new(folder.path().join("data"), HostKind::Test);
    options.is_active = false;
    options.kubeconfig = Some(control_plane().kubeconfig.clone());
    (App::open(options).await.unwrap(), folder)
}

async fn ask(app: &App, name: &str, request: Value) -> Value {
    app.call(name, request).await.unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_chooses_a_context_and_watches_a_kind() {
    let (app, _folder) = open().await;
    let contexts = ask(&app, "kube_context_list", json!({})).await;
    let names: Vec<_> =
        contexts["contexts"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
    assert!(names.contains(&&json!(ADMIN)), "{contexts}");
    let overview = ask(&app, "kube_overview", json!({"context": ADMIN})).await;
    let kinds = overview["kinds"].as_array().unwrap();
    let namespaces = kinds.iter().find(|kind| kind["plural"] == "namespaces").unwrap();
    assert_eq!(namespaces["section"], "cluster", "{namespaces}");

    let mut events = app.events();
    let started = ask(
        &app,
        "kube_watch_start",
        json!({"context": ADMIN, "namespace": "", "group": "", "version": "v1", "plural": "namespaces"}),
    )
    .await;
    let watch = started["watchId"].as_str().unwrap().to_owned();
    let rows =
        json!({"watchId": watch, "filter": "kube-system", "sort": null, "offset": 0, "limit": 50});
    eventually_async("the namespace shows", PATIENCE, async || {
        let seen = ask(&app, "kube_rows", rows.clone()).await;
        let is_there = seen["rows"][0]["name"] == "kube-system" && seen["matching"] == 1;
        (seen["state"] == "live" && is_there).then_some(())
    })
    .await;
    let event = tokio::time::timeout(std::time::Duration::from_secs(5), async {
        loop {
            if let AppEvent::KubeChanged { id, version } = events.recv().await.unwrap() {
                return (id, version);
            }
        }
    });
    let (id, version) = event.await.expect("a change is told");
    assert!(id == watch && version > 0, "the page knows what to ask for again");

    let object = json!({"context": ADMIN, "group": "", "version": "v1", "plural": "namespaces",
        "namespace": "", "name": "kube-system"});
    let shown = ask(&app, "kube_object", object).await;
    assert!(shown["yaml"].as_str().unwrap().contains("kind: Namespace"), "{shown}");
    ask(&app, "kube_watch_stop", json!({"watchId": watch})).await;
    let error = app.call("kube_rows", rows).await.unwrap_err();
    assert_eq!(error.code, "view_closed", "{error:?}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_context_is_ever_taken_by_itself() {
    let (app, _folder) = open().await;
    for request in [json!({"context": ""}), json!({"context": "slipway"})] {
        let error = app.call("kube_overview", request).await.unwrap_err();
        assert_eq!(error.code, "context_missing", "{error:?}");
    }
    let error = app.call("kube_overview", json!({})).await.unwrap_err();
    assert_eq!(error.code, "bad_request", "a context must be named");
    app.close().await;
}

/// A request of a command, and the refusal that it meets where what it names is not there.
fn case(name: &str) -> Option<(Value, Option<&'static str>)> {
    let of = |group: &str, plural: &str, name: &str, more: Value| {
        let mut request = json!({"context": ADMIN, "group": group, "version": "v1",
            "plural": plural, "namespace": "default", "name": name});
        if let (Some(request), Some(more)) = (request.as_object_mut(), more.as_object()) {
            request.extend(more.clone());
        }
        request
    };
    let namespace = json!({"context": ADMIN, "namespace": "default"});
    let map = "kube-root-ca.crt";
    let closed = Some("view_closed");
    Some(match name {
        "kube_context_list" | "kube_forward_list" => (json!({}), None),
        "kube_overview" => (json!({"context": ADMIN}), None),
        "kube_rights" | "kube_map" | "kube_usage" => (namespace, None),
        "kube_watch_start" => (
            json!({"context": ADMIN, "namespace": "", "group": "", "version": "v1", "plural": "pods"}),
            None,
        ),
        "kube_rows" => (json!({"watchId": "gone", "offset": 0, "limit": 1}), closed),
        "kube_watch_stop" => (json!({"watchId": "gone"}), None),
        "kube_object" => (of("", "configmaps", map, json!({})), None),
        "kube_events" => (json!({"context": ADMIN, "namespace": "", "limit": 10}), None),
        "kube_object_diff" => {
            (of("", "configmaps", map, json!({"yaml": "a: ["})), Some("kube_yaml"))
        }
        "kube_object_apply" => {
            let edit = json!({"yaml": "a: [", "resourceVersion": "1"});
            (of("", "configmaps", map, edit), Some("kube_yaml"))
        }
        "kube_scale" => {
            let request = of("apps", "deployments", "gone", json!({"replicas": 1}));
            (request, Some("cluster_refused"))
        }
        "kube_restart" => (of("", "pods", "gone", json!({})), Some("kube_not_restartable")),
        "kube_delete" => (of("", "pods", "gone", json!({})), Some("cluster_refused")),
        "kube_log_start" => (
            json!({"context": ADMIN, "namespace": "default", "pods": ["gone"], "tail": 1}),
            Some("pod_missing"),
        ),
        "kube_log_page" => (json!({"streamId": "gone", "after": 0, "limit": 1}), closed),
        "kube_log_stop" => (json!({"streamId": "gone"}), None),
        "kube_exec_start" => (
            json!({"context": ADMIN, "namespace": "default", "pod": "gone", "command": ["sh"],
                "columns": 80, "rows": 24}),
            Some("cluster_refused"),
        ),
        "kube_exec_send" => (json!({"sessionId": "gone", "base64": ""}), closed),
        "kube_exec_resize" => (json!({"sessionId": "gone", "columns": 80, "rows": 24}), closed),
        "kube_exec_page" => (json!({"sessionId": "gone", "after": 0}), closed),
        "kube_exec_stop" => (json!({"sessionId": "gone"}), None),
        // A Service without pods: the port waits for one.
        "kube_forward_start" => (
            json!({"context": ADMIN, "namespace": "default", "port": 443,
                "target": {"kind": "service", "name": "kubernetes"}}),
            None,
        ),
        "kube_forward_stop" => (json!({"id": "gone"}), None),
        _ => return None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_and_refuses_what_it_does_not_know() {
    let (app, _folder) = open().await;
    for command in COMMANDS.iter().filter(|command| command.name.starts_with("kube_")) {
        let name = command.name;
        let (request, refusal) = case(name).unwrap_or_else(|| panic!("{name} has no case"));
        let mut unknown = request.clone();
        unknown["noSuchField"] = json!(1);
        let error = app.call(name, unknown).await.unwrap_err();
        assert_eq!(error.code, "bad_request", "{name}: {error:?}");
        assert!(error.message.contains("noSuchField"), "{name} names the field: {error:?}");
        let answer = app.call(name, request).await;
        let code = answer.as_ref().err().map(|error| error.code.as_str());
        assert_eq!(code, refusal, "{name}: {answer:?}");
    }
    app.close().await;
}
