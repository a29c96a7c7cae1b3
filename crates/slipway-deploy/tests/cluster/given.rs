//! A kubeconfig that names a credential plugin which is not needed: whoever connects has the tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use k8s_openapi::api::authentication::v1::TokenRequest;
use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{RoleBinding, RoleRef, Subject};
use kube::api::{Api, ObjectMeta, PostParams};
use slipway_core::Explain as _;
use slipway_deploy::{ClusterTokens, GivenCluster, KubeTarget};

use crate::control_plane::control_plane;
use crate::yard::Yard;

/// Refused at first, then good; as a token that was void before its end.
struct Tokens {
    good: Option<String>,
    asked: AtomicUsize,
}

impl ClusterTokens for Tokens {
    fn token(&self, is_refused: bool) -> BoxFuture<'_, Result<String, String>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let token = match &self.good {
            None => Err("the sign-in to Azure is over".to_owned()),
            Some(_) if !is_refused => Ok("void".to_owned()),
            Some(good) => Ok(good.clone()),
        };
        Box::pin(std::future::ready(token))
    }
}

async fn connect(
    yard: &Yard,
    tokens: &Arc<Tokens>,
) -> Result<KubeTarget, slipway_deploy::DeployError> {
    let text = std::fs::read_to_string(&control_plane().kubeconfig).unwrap();
    let mut read = kube::config::Kubeconfig::from_yaml(&text).unwrap();
    let cluster = read.clusters.iter().find(|one| one.name == "slipway-test").unwrap().clone();
    read.clusters = vec![cluster];
    let server = serde_json::to_value(&read.clusters).unwrap();
    let kubeconfig = serde_json::json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "shop", "clusters": server,
        "contexts": [{"name": "shop", "context": {"cluster": "slipway-test", "user": "u"}}],
        "users": [{"name": "u", "user": {"exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1", "command": "kubelogin-that-is-not-here",
            "args": ["get-token"], "interactiveMode": "Never"}}}]});
    let given = GivenCluster {
        name: "shop".to_owned(),
        kubeconfig: kubeconfig.to_string(),
        tokens: Some(Arc::clone(tokens) as Arc<dyn ClusterTokens>),
    };
    let source = slipway_deploy::KubeSource::Given(Arc::new(given));
    KubeTarget::connect(source, "shop", &yard.namespace).await
}

#[tokio::test]
async fn tokens_stand_in_for_the_plugin_and_a_refused_one_is_asked_for_anew() {
    let yard = Yard::open("given").await;
    let name = |name: &str| ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() };
    let account = ServiceAccount { metadata: name("sailor"), ..ServiceAccount::default() };
    let accounts: Api<ServiceAccount> = yard.api();
    accounts.create(&PostParams::default(), &account).await.unwrap();
    let binding = RoleBinding {
        metadata: name("sailor"),
        role_ref: RoleRef {
            api_group: "rbac.authorization.k8s.io".into(),
            kind: "ClusterRole".into(),
            name: "view".into(),
        },
        subjects: Some(vec![Subject {
            kind: "ServiceAccount".into(),
            name: "sailor".into(),
            namespace: Some("given".into()),
            api_group: None,
        }]),
    };
    yard.api::<RoleBinding>().create(&PostParams::default(), &binding).await.unwrap();
    let wanted = TokenRequest::default();
    let issued = accounts.create_token_request("sailor", &PostParams::default(), &wanted).await;
    let good = issued.unwrap().status.unwrap().token;
    let tokens = Arc::new(Tokens { good: Some(good), asked: AtomicUsize::new(0) });
    let target = connect(&yard, &tokens).await.unwrap();
    assert!(target.status().await.unwrap().pods.is_empty(), "the second token is accepted");
    assert_eq!(tokens.asked.load(Ordering::Relaxed), 2);

    let over = Arc::new(Tokens { good: None, asked: AtomicUsize::new(0) });
    let error = connect(&yard, &over).await.unwrap_err();
    assert_eq!(error.code(), "sign_in_needed");
    assert!(error.to_string().contains("the sign-in to Azure is over"), "{error}");
}
