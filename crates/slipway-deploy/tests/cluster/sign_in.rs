//! Credentials that come from a plugin, end, are renewed, or cannot be had; and clocks that are wrong.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use k8s_openapi::api::authentication::v1::TokenRequest;
use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::RoleBinding;
use kube::config::Kubeconfig;
use serde_json::json;
use slipway_core::{ErrorKind, Explain as _};
use slipway_deploy::{DeployError, KubeTarget, KubeViews};

use crate::control_plane::{ADMIN, control_plane};
use crate::yard::{PATIENCE, Yard, pushed, request, target, web};

const FUTURE: &str = "2099-01-01T00:00:00Z";
const PAST: &str = "2020-01-01T00:00:00Z";

/// A plugin in a folder of its own, which answers what it is told to.
struct Plugin {
    folder: tempfile::TempDir,
}

impl Plugin {
    fn new(answer: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plugin = Self { folder };
        plugin.answer(answer);
        plugin.write("calls", "");
        let script = format!(
            "#!/bin/sh\ncd {}\necho call >> calls\nanswer=$(cat answer)\ncase $answer in fail*) echo \
             \"$answer\" >&2; exit 3;; esac\necho \"$answer\"\n",
            plugin.folder.path().display()
        );
        plugin.write("plugin", &script);
        let mode = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(plugin.path("plugin"), mode).unwrap();
        plugin
    }

    fn answer(&self, answer: &str) {
        self.write("answer", answer);
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::join(self.folder.path(), name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn calls(&self) -> usize {
        std::fs::read_to_string(self.path("calls")).unwrap().lines().count()
    }

    /// A target whose context signs in with it.
    async fn target(&self, namespace: &str) -> Result<KubeTarget, DeployError> {
        KubeTarget::connect(Some(self.kubeconfig()), "plugin", namespace).await
    }

    /// A kubeconfig with such a context.
    fn kubeconfig(&self) -> PathBuf {
        let read = Kubeconfig::read_from(&control_plane().kubeconfig).unwrap();
        let cluster = read.clusters.iter().find(|cluster| cluster.name == ADMIN).unwrap();
        let config = json!({"apiVersion": "v1", "kind": "Config", "clusters": [cluster],
            "users": [{"name": "plugin", "user": {"exec": {
                "apiVersion": "client.authentication.k8s.io/v1",
                "command": self.path("plugin"), "interactiveMode": "Never"}}}],
            "contexts": [{"name": "plugin", "context": {"cluster": ADMIN, "user": "plugin"}}]});
        self.write("kubeconfig", &config.to_string());
        self.path("kubeconfig")
    }
}

fn credential(token: &str, until: Option<&str>) -> String {
    let credential = json!({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
        "status": {"token": token, "expirationTimestamp": until}});
    credential.to_string()
}

/// A token that the API server takes, of an account that may do everything in the namespace.
async fn token(yard: &Yard) -> String {
    let name = "deployer";
    yard.create::<ServiceAccount>(json!({"metadata": {"name": name}})).await;
    let binding = json!({"metadata": {"name": name},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": yard.namespace}]});
    yard.create::<RoleBinding>(binding).await;
    let asked: TokenRequest = serde_json::from_value(json!({"spec": {"audiences": []}})).unwrap();
    let accounts = yard.api::<ServiceAccount>();
    let given = accounts.create_token_request(name, &Default::default(), &asked).await.unwrap();
    given.status.unwrap().token
}

#[tokio::test]
async fn credentials_that_end_early_are_renewed_once() {
    let yard = Yard::open("renewed").await;
    let good = token(&yard).await;
    // It says that it is good for years; the API server knows better.
    let plugin = Plugin::new(&credential("stale", Some(FUTURE)));
    let target = plugin.target("renewed").await.unwrap();
    // The client library asks it more than once for one sign-in.
    let once = plugin.calls();
    plugin.answer(&credential(&good, None));
    assert!(target.status().await.unwrap().pods.is_empty(), "renewed without a word");
    assert_eq!(plugin.calls(), 2 * once, "one sign-in, and one renewal");
    let lines = crate::yard::Lines::default();
    let request = request(&web(1, ""), &pushed('a'), PATIENCE);
    target.apply(request, &lines, &Default::default()).await.unwrap();
    assert_eq!(plugin.calls(), 2 * once, "and not again");
}

#[tokio::test]
async fn credentials_that_cannot_be_renewed_ask_for_a_sign_in() {
    let _yard = Yard::open("not-renewed").await;
    let plugin = Plugin::new(&credential("stale", Some(FUTURE)));
    let target = plugin.target("not-renewed").await.unwrap();
    let once = plugin.calls();
    let error = target.status().await.unwrap_err();
    assert!(matches!(error, DeployError::SignInNeeded { .. }), "{error}");
    assert_eq!(plugin.calls(), 2 * once, "tried again once, not for ever");
    assert_eq!(error.kind(), ErrorKind::Refused);
    let text = format!("{error} {:?}", error.hint());
    assert!(text.contains("context 'plugin'") && text.contains("Sign in again"), "{text}");
    assert!(!text.contains("stale"), "a token is no word for a person: {text}");
}

#[tokio::test]
async fn a_plugin_that_fails_says_why() {
    let plugin = Plugin::new("fail: run 'az login' first");
    let Err(error) = plugin.target("plugin-fails").await else { panic!("there is no token") };
    assert!(matches!(error, DeployError::SignInNeeded { .. }), "{error}");
    assert!(error.to_string().contains("run 'az login' first"), "the plugin's words: {error}");
}

#[tokio::test]
async fn many_looks_sign_in_once_and_a_kubeconfig_written_anew_is_taken_up_by_all() {
    let yard = Yard::open("kept").await;
    let plugin = Plugin::new(&credential(&token(&yard).await, None));
    let kubeconfig = plugin.kubeconfig();
    let views = KubeViews::new(Some(kubeconfig.clone()), |_, _| {});
    let early = views.target("plugin", "kept").await.unwrap();
    let once = plugin.calls();
    for _ in 0..20 {
        let target = views.target("plugin", "kept").await.unwrap();
        assert!(target.status().await.unwrap().pods.is_empty());
        views.rights("plugin", "kept").await.unwrap();
    }
    assert_eq!(plugin.calls(), once, "deployments and the cluster view sign in together, once");

    // Somebody signs in elsewhere, with a token that is no longer good, and then with one that is.
    let text = std::fs::read_to_string(&kubeconfig).unwrap();
    let mut config: serde_json::Value = serde_json::from_str(&text).unwrap();
    config["users"][0]["user"] = json!({ "token": "stale" });
    plugin.write("kubeconfig", &config.to_string());
    let late = views.target("plugin", "kept").await.unwrap();
    assert!(matches!(late.status().await, Err(DeployError::SignInNeeded { .. })), "it is taken up");
    assert!(early.status().await.is_err(), "by whoever was connected before, too");
    plugin.write("kubeconfig", &text);
    views.rights("plugin", "kept").await.unwrap();
    for target in [early, late] {
        assert!(target.status().await.unwrap().pods.is_empty(), "and so is the next one");
    }
    config["contexts"] = json!([]);
    plugin.write("kubeconfig", &config.to_string());
    let gone = views.target("plugin", "kept").await;
    assert!(matches!(gone, Err(DeployError::ContextMissing { .. })), "a context that is gone");
}

#[tokio::test]
async fn a_clock_that_is_ahead_asks_the_plugin_and_goes_on() {
    let yard = Yard::open("clock-ahead").await;
    let good = token(&yard).await;
    // By this machine's clock the token is over already.
    let plugin = Plugin::new(&credential(&good, Some(PAST)));
    let target = plugin.target("clock-ahead").await.unwrap();
    assert!(target.status().await.unwrap().pods.is_empty(), "the API server's clock decides");
}

#[tokio::test]
async fn a_certificate_that_has_not_begun_points_at_the_clock() {
    let _yard = Yard::open("clock-behind").await;
    let error = target("slipway-test-early", "clock-behind").await.status().await.unwrap_err();
    assert!(matches!(error, DeployError::SignInNeeded { .. }), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("clock")), "{:?}", error.hint());
}
