//! An admission webhook of the cluster: what it refuses is said in its words, and that it does not answer too.
//!
//! It is served here, over TLS with a certificate of an authority made for this test, whose key nobody has.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use k8s_openapi::api::admissionregistration::v1::ValidatingWebhookConfiguration;
use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use kube::api::{DeleteParams, PostParams};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use slipway_core::{ErrorKind, Explain as _};
use slipway_deploy::PlanAction;

use crate::yard::{PATIENCE, Yard, pushed, request, until, web};

const AUTHORITY: &[u8] = include_bytes!("webhook/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("webhook/certificate.pem");
const KEY: &[u8] = include_bytes!("webhook/key.pem");

/// A webhook that refuses everything with the same words.
struct Webhook {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Webhook {
    fn serve(words: &'static str) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
        let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        let config = Arc::new(config.with_single_cert(vec![certificate], key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (config, counted) = (Arc::clone(&config), Arc::clone(&counted));
                // A connection that ends is no failure of the webhook.
                std::thread::spawn(move || answer_all(stream, config, words, &counted));
            }
        });
        Self { port, asked }
    }
}

/// Answers one request after another, until the API server lets go of the connection.
fn answer_all(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    words: &str,
    asked: &AtomicUsize,
) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or_default();
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let review: Value = serde_json::from_slice(&body)?;
        asked.fetch_add(1, Ordering::SeqCst);
        let answer = json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
            "response": {"uid": review["request"]["uid"], "allowed": false,
                "status": {"code": 403, "message": words}}})
        .to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        );
        let out = stream.get_mut();
        out.write_all(head.as_bytes())?;
        out.write_all(answer.as_bytes())?;
        out.flush()?;
    }
}

/// Lets the cluster ask the webhook about every Deployment of the namespace.
async fn register(yard: &Yard, port: u16) -> Api<ValidatingWebhookConfiguration> {
    let bundle = base64::engine::general_purpose::STANDARD.encode(AUTHORITY);
    let configuration = json!({"metadata": {"name": yard.namespace}, "webhooks": [{
        "name": "releases.slipway.test",
        "clientConfig": {"url": format!("https://127.0.0.1:{port}/judge"), "caBundle": bundle},
        "rules": [{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"],
            "resources": ["deployments"]}],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": yard.namespace}},
        "sideEffects": "None", "admissionReviewVersions": ["v1"], "failurePolicy": "Fail",
        "timeoutSeconds": 5}]});
    let all: Api<ValidatingWebhookConfiguration> = Api::all(yard.client.clone());
    let configuration = serde_json::from_value(configuration).unwrap();
    all.create(&PostParams::default(), &configuration).await.unwrap();
    let planned = request(&web(1, ""), &pushed('a'), PATIENCE);
    until("the webhook is in force", async || {
        yard.target.plan(&planned, &[]).await.unwrap().is_blocked()
    })
    .await;
    all
}

#[tokio::test]
async fn a_webhook_that_refuses_is_named_with_its_words_in_plan_and_deployment() {
    let yard = Yard::open("webhook").await;
    let webhook = Webhook::serve("every release needs a ticket");
    let all = register(&yard, webhook.port).await;
    let planned = request(&web(1, ""), &pushed('a'), PATIENCE);
    let plan = yard.target.plan(&planned, &[]).await.unwrap();
    let object = &plan.objects[0];
    assert_eq!(object.action, PlanAction::Refused, "{plan:?}");
    let problem = object.problem.as_deref().unwrap_or_default();
    let error = yard.apply(&web(1, ""), &pushed('a')).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    for text in [problem, &error.to_string()] {
        assert!(text.contains("releases.slipway.test"), "which webhook: {text}");
        assert!(text.contains("every release needs a ticket"), "its words: {text}");
        assert!(text.contains("k8s/web.yaml"), "and about what: {text}");
    }
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("policy of the cluster"), "the next step: {hint}");
    assert!(webhook.asked.load(Ordering::SeqCst) >= 2, "it was asked each time");
    assert!(yard.api::<Deployment>().get_opt("web").await.unwrap().is_none(), "nothing is applied");
    all.delete(&yard.namespace, &DeleteParams::default()).await.unwrap();
}

#[tokio::test]
async fn a_webhook_that_does_not_answer_is_explained() {
    let yard = Yard::open("webhook-gone").await;
    // Nothing listens on port 1.
    let all = register(&yard, 1).await;
    let planned = request(&web(1, ""), &pushed('a'), PATIENCE);
    let plan = yard.target.plan(&planned, &[]).await.unwrap();
    let problem = plan.objects[0].problem.clone().unwrap_or_default();
    let error = yard.apply(&web(1, ""), &pushed('a')).await.unwrap_err();
    for text in [problem, error.to_string()] {
        assert!(text.contains("failed calling webhook"), "what failed: {text}");
        assert!(text.contains("releases.slipway.test"), "which webhook: {text}");
    }
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("does not answer"), "what that means: {hint}");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "it may answer later");
    assert_eq!(plan.objects[0].hint.as_deref(), Some(hint.as_str()), "the plan says the same");
    all.delete(&yard.namespace, &DeleteParams::default()).await.unwrap();
}
