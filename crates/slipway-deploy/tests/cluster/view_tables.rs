//! Tables of the cluster view against the real API server: what they show, how they stay fresh, what a user
//! without rights sees, and what becomes of them while the server is gone.

use std::sync::{Arc, Mutex};

use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams, PostParams};
use slipway_core::{Explain as _, KubeHealth, KubeRow, KubeRows, KubeSection, KubeWatchState};
use slipway_deploy::{KubeKind, KubeViews, RowsWanted};

use crate::control_plane::{ADMIN, control_plane};
use crate::outage::server;
use crate::way::Way;
use crate::yard::{Yard, pushed, until, web};

pub(crate) fn views() -> KubeViews {
    KubeViews::new(Some(control_plane().kubeconfig.clone()), |_, _| {})
}

fn pods() -> KubeKind {
    KubeKind::new("", "v1", "pods")
}

pub(crate) fn all(views: &KubeViews, watch: &str) -> KubeRows {
    filtered(views, watch, "")
}

fn filtered(views: &KubeViews, watch: &str, filter: &str) -> KubeRows {
    let wanted = RowsWanted { filter: filter.to_owned(), limit: 1000, ..RowsWanted::default() };
    views.rows(watch, &wanted).unwrap()
}

fn cell(rows: &KubeRows, row: &KubeRow, column: &str) -> String {
    let at = rows.columns.iter().position(|known| known.name == column);
    row.cells[at.unwrap_or_else(|| panic!("there is a column {column}: {:?}", rows.columns))]
        .clone()
}

/// Waits until a table is live.
async fn live(views: &KubeViews, watch: &str) -> KubeRows {
    until("the table is live", async || all(views, watch).state == KubeWatchState::Live).await;
    all(views, watch)
}

#[tokio::test]
async fn every_context_is_offered_and_none_is_asked() {
    let contexts = views().contexts();
    assert_eq!(contexts.problem, None);
    let names: Vec<_> = contexts.contexts.iter().map(|context| context.name.as_str()).collect();
    assert!(names.contains(&"slipway-test") && names.contains(&"slipway-test-gone"), "{names:?}");
    let current: Vec<_> = contexts.contexts.iter().filter(|c| c.is_current).collect();
    assert_eq!(current[0].name, "slipway-test-gone", "shown, and nothing was asked of it");
}

#[tokio::test]
async fn an_overview_says_what_the_cluster_offers() {
    let yard = Yard::open("view-overview").await;
    let overview = views().overview(ADMIN).await.unwrap();
    assert!(overview.version.starts_with('v'), "{}", overview.version);
    assert!(overview.namespaces.iter().any(|one| one.name == yard.namespace));
    assert_eq!(overview.problem, None);
    let kind = |group: &str, plural: &str| {
        overview.kinds.iter().find(|kind| kind.group == group && kind.plural == plural).unwrap()
    };
    let deployments = kind("apps", "deployments");
    assert_eq!((deployments.version.as_str(), deployments.section), ("v1", KubeSection::Workloads));
    assert!(deployments.subresources.iter().any(|sub| sub == "scale"), "{deployments:?}");
    assert!(deployments.short_names.iter().any(|name| name == "deploy"));
    assert!(kind("", "pods").is_namespaced && !kind("", "nodes").is_namespaced);
    assert!(overview.nodes.iter().all(|node| node.is_ready) && !overview.nodes.is_empty());
}

#[tokio::test]
async fn who_may_not_list_namespaces_still_gets_the_rest() {
    let overview = views().overview("slipway-test-nobody").await.unwrap();
    assert!(!overview.can_list_namespaces && overview.namespaces.is_empty());
    assert!(!overview.kinds.is_empty(), "discovery is for everybody");
    assert_eq!(overview.problem, None, "what is not allowed is not offered, and no problem");
    let rights = views().rights("slipway-test-nobody", "default").await.unwrap();
    let may_list = rights.rules.iter().any(|rule| rule.resources.iter().any(|one| one == "pods"));
    assert!(!may_list, "{rights:?}");
    let rights = views().rights("slipway-test-reader", "default").await.unwrap();
    let pods = rights.rules.iter().find(|rule| rule.resources.iter().any(|one| one == "pods"));
    let verbs = &pods.unwrap().verbs;
    assert!(verbs.iter().any(|verb| verb == "watch") && !verbs.iter().any(|verb| verb == "delete"));
}

#[tokio::test]
async fn a_cluster_that_is_not_there_says_so() {
    let error = views().overview("slipway-test-gone").await.unwrap_err();
    assert_eq!(error.code(), "cluster_unreachable", "{error}");
    let error = views().overview("slipway").await.unwrap_err();
    assert_eq!(error.code(), "context_missing", "{error}");
}

#[tokio::test]
async fn pods_read_as_kubectl_says_them_and_change_as_they_do() {
    let yard = Yard::open("view-pods").await;
    let views = views();
    let watch = views.watch(ADMIN, "view-pods", &pods()).unwrap();
    assert_eq!(live(&views, &watch).await.total, 0);
    yard.apply(&web(2, ""), &pushed('a')).await.unwrap();
    let good = async || {
        let rows = all(&views, &watch);
        rows.rows.iter().filter(|row| row.state == KubeHealth::Good).count() == 2
    };
    until("both pods are good", good).await;
    let rows = all(&views, &watch);
    let row = &rows.rows[0];
    assert_eq!(
        (cell(&rows, row, "Ready"), cell(&rows, row, "Status")),
        ("1/1".into(), "Running".into())
    );
    assert!(cell(&rows, row, "Node").starts_with("node-"), "{row:?}");
    assert!(row.created_at > 1_700_000_000_000 && row.name.starts_with("web-"));

    let crash = web(1, "sim.slipway.dev/behaviour: crash").replace("name: web}", "name: bad}");
    let crash = crash.replace("app: web", "app: bad");
    yard.apply_within(crate::yard::SHORT, &crash, &pushed('a')).await.unwrap_err();
    until("a crash loop shows", async || filtered(&views, &watch, "crashloop").matching == 1).await;
    let rows = filtered(&views, &watch, "crashloop");
    assert_eq!((rows.rows[0].state, rows.total), (KubeHealth::Bad, 3));
    assert_eq!(cell(&rows, &rows.rows[0], "Restarts"), "3");

    let api: Api<Pod> = yard.api();
    api.delete_collection(&DeleteParams::default(), &ListParams::default().labels("app=bad"))
        .await
        .unwrap();
    let name = rows.rows[0].name.clone();
    until("the deleted pod is gone", async || filtered(&views, &watch, &name).matching == 0).await;
}

#[tokio::test]
async fn other_kinds_have_the_servers_columns() {
    let yard = Yard::open("view-kinds").await;
    yard.apply(&web(1, ""), &pushed('a')).await.unwrap();
    let views = views();
    let deployments = KubeKind::new("apps", "v1", "deployments");
    let watch = views.watch(ADMIN, "view-kinds", &deployments).unwrap();
    let rows = live(&views, &watch).await;
    let row = &rows.rows[0];
    assert_eq!((cell(&rows, row, "Ready"), row.state), ("1/1".into(), KubeHealth::Good));
    assert!(cell(&rows, row, "Images").contains("shop/web@sha256"), "{row:?}");
    // A change comes as a line without column definitions, and reads the same.
    let api: Api<k8s_openapi::api::apps::v1::Deployment> = yard.api();
    let patch = serde_json::json!({"spec": {"replicas": 0}});
    api.patch("web", &PatchParams::default(), &Patch::Merge(&patch)).await.unwrap();
    let scaled = async || {
        let rows = all(&views, &watch);
        cell(&rows, &rows.rows[0], "Ready") == "0/0"
    };
    until("it is scaled down", scaled).await;

    let secrets = KubeKind::new("", "v1", "secrets");
    let secret = serde_json::json!({"apiVersion": "v1", "kind": "Secret",
        "metadata": {"name": "s"}, "stringData": {"key": "a-secret-value"}});
    let api: Api<k8s_openapi::api::core::v1::Secret> = yard.api();
    api.create(&PostParams::default(), &serde_json::from_value(secret).unwrap()).await.unwrap();
    let watch = views.watch(ADMIN, "view-kinds", &secrets).unwrap();
    let rows = live(&views, &watch).await;
    assert_eq!(cell(&rows, &rows.rows[0], "Data"), "1", "how many values, and none of them");
    let nodes = views.watch(ADMIN, "", &KubeKind::new("", "v1", "nodes")).unwrap();
    let rows = live(&views, &nodes).await;
    assert_eq!(
        (cell(&rows, &rows.rows[0], "Status"), rows.rows[0].state),
        ("Ready".into(), KubeHealth::Good)
    );
}

#[tokio::test]
async fn a_custom_kind_has_its_printer_columns() {
    let yard = Yard::open("view-custom").await;
    let definition = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.view.example.com}
spec:
  group: view.example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
      additionalPrinterColumns:
        - {name: Colour, type: string, jsonPath: .spec.colour}
        - {name: Size, type: integer, jsonPath: .spec.size}
";
    type Definition =
        k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
    let api: Api<Definition> = Api::all(yard.client.clone());
    let definition: serde_json::Value = serde_saphyr::from_str(definition).unwrap();
    api.create(&PostParams::default(), &serde_json::from_value(definition).unwrap()).await.unwrap();
    let views = views();
    let is_known = async || {
        let overview = views.overview(ADMIN).await.unwrap();
        overview
            .kinds
            .iter()
            .any(|kind| kind.kind == "Widget" && kind.section == KubeSection::Custom)
    };
    until("the kind is served", is_known).await;
    let kind = KubeKind::new("view.example.com", "v1", "widgets");
    let watch = views.watch(ADMIN, "view-custom", &kind).unwrap();
    let widget = serde_json::json!({"apiVersion": "view.example.com/v1", "kind": "Widget",
        "metadata": {"name": "w"}, "spec": {"colour": "red", "size": 3}});
    let resource = kube::core::ApiResource::from_gvk_with_plural(
        &kube::core::GroupVersionKind::gvk("view.example.com", "v1", "Widget"),
        "widgets",
    );
    let api: Api<kube::core::DynamicObject> =
        Api::namespaced_with(yard.client.clone(), "view-custom", &resource);
    api.create(&PostParams::default(), &serde_json::from_value(widget).unwrap()).await.unwrap();
    until("the object shows", async || all(&views, &watch).total == 1).await;
    let rows = all(&views, &watch);
    let row = &rows.rows[0];
    assert_eq!((cell(&rows, row, "Colour"), cell(&rows, row, "Size")), ("red".into(), "3".into()));
    assert!(rows.columns.iter().any(|column| column.name == "Size" && column.is_number));
}

#[tokio::test]
async fn the_same_watch_is_shared_until_the_last_one_leaves() {
    let _yard = Yard::open("view-shared").await;
    let views = views();
    let first = views.watch(ADMIN, "view-shared", &pods()).unwrap();
    let second = views.watch(ADMIN, "view-shared", &pods()).unwrap();
    let other = views.watch(ADMIN, "", &pods()).unwrap();
    assert!(first == second && first != other, "one store for the same, another for another");
    views.unwatch(&first);
    live(&views, &second).await;
    views.unwatch(&second);
    let error = views.rows(&second, &RowsWanted::default()).unwrap_err();
    assert_eq!(error.code(), "view_closed", "{error}");
}

#[tokio::test]
async fn what_may_not_be_listed_says_which_right_is_missing() {
    let _yard = Yard::open("view-refused").await;
    let views = views();
    let watch = views.watch("slipway-test-nobody", "view-refused", &pods()).unwrap();
    until("it is refused", async || all(&views, &watch).state == KubeWatchState::Refused).await;
    let problem = all(&views, &watch).problem.unwrap();
    assert!(
        problem.contains("cannot list resource \"pods\""),
        "which verb and resource: {problem}"
    );
    assert!(problem.contains("Role"), "and the next step: {problem}");
}

#[tokio::test]
async fn what_may_be_listed_but_not_watched_is_listed_again() {
    let yard = Yard::open("view-poll").await;
    let rights = [
        serde_json::json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
            "metadata": {"name": "lister"},
            "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["list"]}]}),
        serde_json::json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
            "metadata": {"name": "lister"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "lister"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User",
                "name": "slipway-test-nobody"}]}),
    ];
    let [role, binding] = rights.map(|object| object.to_string());
    let roles: Api<k8s_openapi::api::rbac::v1::Role> = yard.api();
    roles.create(&PostParams::default(), &serde_json::from_str(&role).unwrap()).await.unwrap();
    let bindings: Api<k8s_openapi::api::rbac::v1::RoleBinding> = yard.api();
    bindings
        .create(&PostParams::default(), &serde_json::from_str(&binding).unwrap())
        .await
        .unwrap();
    let views = views();
    let kind = KubeKind::new("", "v1", "configmaps");
    let allowed = async || {
        // Rights take a moment to hold; a watch that was refused asks again only after a while.
        let watch = views.watch("slipway-test-nobody", "view-poll", &kind).unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let is_live = all(&views, &watch).state == KubeWatchState::Live;
        if !is_live {
            views.unwatch(&watch);
        }
        is_live
    };
    until("it may be listed", allowed).await;
    let watch = views.watch("slipway-test-nobody", "view-poll", &kind).unwrap();
    let map = serde_json::json!({"metadata": {"name": "later"}}).to_string();
    let api: Api<ConfigMap> = yard.api();
    api.create(&PostParams::default(), &serde_json::from_str(&map).unwrap()).await.unwrap();
    until("the next list has it", async || filtered(&views, &watch, "later").matching == 1).await;
}

#[tokio::test]
async fn rows_stay_while_the_server_is_gone_and_change_after_it_is_back() {
    let yard = Yard::open("view-outage").await;
    yard.apply(&web(2, ""), &pushed('a')).await.unwrap();
    let way = Way::open(server()).await;
    let folder = tempfile::tempdir().unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = told.clone();
    let views = KubeViews::new(Some(way.kubeconfig(folder.path())), move |id: &str, version| {
        heard.lock().unwrap().push((id.to_owned(), version));
    });
    let watch = views.watch(ADMIN, "view-outage", &pods()).unwrap();
    assert_eq!(live(&views, &watch).await.total, 2);
    way.close();
    let gone = async || all(&views, &watch).state == KubeWatchState::Reconnecting;
    until("the outage shows", gone).await;
    let rows = all(&views, &watch);
    assert_eq!(rows.total, 2, "what was seen stays");
    assert!(rows.problem.is_some(), "and it says that it is old");
    let api: Api<Pod> = yard.api();
    let name = rows.rows[0].name.clone();
    api.delete(&name, &DeleteParams::default()).await.unwrap();
    way.open_again();
    live(&views, &watch).await;
    until("what was missed is caught up", async || {
        filtered(&views, &watch, &name).total == 2 && filtered(&views, &watch, &name).matching == 0
    })
    .await;
    assert_eq!(all(&views, &watch).problem, None);
    let told = told.lock().unwrap();
    assert!(told.iter().all(|(id, _)| *id == watch), "each notice names what changed");
    assert!(told.windows(2).all(|two| two[0].1 < two[1].1), "and its version grows");
}

#[tokio::test]
async fn a_list_of_many_pages_is_whole() {
    let yard = Yard::open("view-pages").await;
    let api: Api<ConfigMap> = yard.api();
    for number in 0..1_100 {
        let map: ConfigMap = serde_json::from_value(serde_json::json!({
            "metadata": {"name": format!("m-{number}")}, "data": {"a": "b"}}))
        .unwrap();
        api.create(&PostParams::default(), &map).await.unwrap();
    }
    let views = views();
    let watch = views.watch(ADMIN, "view-pages", &KubeKind::new("", "v1", "configmaps")).unwrap();
    // The namespace has one of its own: the cluster's certificate.
    let rows = live(&views, &watch).await;
    assert!(rows.total >= 1_100, "three pages: {}", rows.total);
    let wanted = RowsWanted {
        filter: "m-".to_owned(),
        sort: Some(("Name".to_owned(), true)),
        offset: 1_099,
        limit: 10,
    };
    let rows = views.rows(&watch, &wanted).unwrap();
    assert_eq!((rows.matching, rows.rows.len()), (1_100, 1), "the last one of all");
    assert_eq!(rows.rows[0].name, "m-0");
}
