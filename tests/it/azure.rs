//! `slipway azure` with a recording `az`, against an Azure of our own on loopback that answers in the documented shapes.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use slipway_tests::{Sandbox, binary};

const TOKEN: &str = "token-of-the-azure-cli-7Q~";
const CLUSTER: &str = "/subscriptions/s-1/resourceGroups/harbour/providers/Microsoft.ContainerService/managedClusters/shop";

/// Azure Resource Manager; keeps what was asked, the token included.
struct Azure {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Azure {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&asked);
        // Ends with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { break };
                let request = head(&mut stream);
                let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                let (status, body) = answer(&path);
                kept.lock().unwrap().push(request);
                let text = body.to_string();
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    text.len()
                );
                stream.write_all(head.as_bytes()).ok();
                stream.write_all(text.as_bytes()).ok();
            }
        });
        Self { address, asked }
    }
}

fn head(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 1024];
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut chunk) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&chunk[..count]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn answer(path: &str) -> (u16, Value) {
    if path.contains("/listClusterUserCredential") {
        // Of a cluster with local accounts, as base64.
        let kubeconfig = "YXBpVmVyc2lvbjogdjEKa2luZDogQ29uZmlnCmN1cnJlbnQtY29udGV4dDogc2hvcApjb250ZXh0czogW3tuYW1lOiBzaG9wLCBjb250ZXh0OiB7Y2x1c3RlcjogYywgdXNlcjogdX19XQpjbHVzdGVyczogW3tuYW1lOiBjLCBjbHVzdGVyOiB7c2VydmVyOiAnaHR0cHM6Ly8xMjcuMC4wLjE6MSd9fV0KdXNlcnM6IFt7bmFtZTogdSwgdXNlcjoge3Rva2VuOiBsb2NhbC1hY2NvdW50LXRva2VuLTk5fX1dCg==";
        return (200, json!({"kubeconfigs": [{"name": "clusterUser", "value": kubeconfig}]}));
    }
    let cluster = json!({"id": CLUSTER, "location": "westeurope", "properties": {
        "provisioningState": "Succeeded", "currentKubernetesVersion": "1.33.4", "fqdn": "shop.azmk8s.io",
        "agentPoolProfiles": [{"name": "system", "count": 3}]}});
    if path.starts_with("/subscriptions/s-2/") {
        let said =
            json!({"error": {"code": "AuthorizationFailed", "message": "You may not list here."}});
        return (403, said);
    }
    if path.contains("managedClusters/shop") {
        return (200, cluster);
    }
    if path.contains("managedClusters?") {
        return (200, json!({"value": [cluster]}));
    }
    let one = |id: &str, name: &str| json!({"subscriptionId": id, "displayName": name, "state": "Enabled"});
    (200, json!({"value": [one("s-1", "Harbour"), one("s-2", "Closed")]}))
}

/// A folder with an `az` that says what the real one says.
fn az(sandbox: &Sandbox, script: &str) -> PathBuf {
    let folder = sandbox.data().parent().unwrap().join("az-bin");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("az");
    std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn azure(sandbox: &Sandbox, path: &std::path::Path, words: &[&str]) -> Output {
    let mut command = sandbox.command(binary());
    let own = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{own}", path.display()));
    command.arg("--data-dir").arg(sandbox.data()).arg("azure").args(words);
    command.stdin(Stdio::null()).output().unwrap()
}

fn text(output: &Output) -> String {
    let all = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&all).into_owned()
}

#[test]
fn a_sign_in_of_the_azure_cli_leads_to_a_context_and_its_token_is_nowhere() {
    let sandbox = Sandbox::new("azure");
    let azure_of_ours = Azure::open();
    let log = sandbox.data().parent().unwrap().join("az.log");
    let path = az(
        &sandbox,
        &format!(
            "echo \"$@\" >> {}\necho '{{\"accessToken\":\"{TOKEN}\",\"expires_on\":4102444800,\"tokenType\":\"Bearer\"}}'",
            log.display()
        ),
    );
    let own =
        ["--authority", "https://login.own.test", "--resource-manager", &azure_of_ours.address];
    let login = azure(&sandbox, &path, &[&["login"], &own[..]].concat());
    assert!(login.status.success(), "{}", text(&login));
    let asked = std::fs::read_to_string(&log).unwrap();
    assert!(
        asked.contains("account get-access-token") && asked.contains(&azure_of_ours.address),
        "{asked}"
    );

    let listed = azure(&sandbox, &path, &["clusters"]);
    let shown = text(&listed);
    assert!(shown.contains("shop  Kubernetes 1.33.4, 3 nodes, westeurope, Succeeded"), "{shown}");
    assert!(shown.contains("You may not list here."), "one that is closed hides no other: {shown}");

    let connected = azure(&sandbox, &path, &["connect", CLUSTER]);
    assert_eq!(
        String::from_utf8_lossy(&connected.stdout).trim(),
        "aks:shop",
        "{}",
        text(&connected)
    );
    let status = text(&azure(&sandbox, &path, &["status", "--json"]));
    let status: Value = serde_json::from_str(&status).unwrap();
    assert_eq!(status["clusters"][0]["context"], "aks:shop", "{status}");
    let bearer = format!("Bearer {TOKEN}");
    let all = azure_of_ours.asked.lock().unwrap().join("\n");
    assert!(all.contains(&bearer), "Azure gets the token: {all}");

    for secret in [TOKEN, "local-account-token-99"] {
        for file in files(sandbox.data()) {
            let bytes = std::fs::read(&file).unwrap();
            let is_there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!is_there, "{secret} lies in {}", file.display());
        }
    }
    let out = azure(&sandbox, &path, &["logout"]);
    assert!(out.status.success(), "{}", text(&out));
    let after = text(&azure(&sandbox, &path, &["clusters"]));
    assert!(after.contains("Nobody is signed in"), "{after}");
}

#[test]
fn an_azure_cli_that_is_signed_out_says_what_to_do_and_nothing_is_kept() {
    let sandbox = Sandbox::new("azure-out");
    let path = az(
        &sandbox,
        "echo 'ERROR: Please run az login to setup account. secret-in-the-words' >&2\nexit 1",
    );
    let own = [
        "login",
        "--authority",
        "https://login.own.test",
        "--resource-manager",
        "https://arm.own.test",
    ];
    let login = azure(&sandbox, &path, &own);
    let said = text(&login);
    assert_eq!(login.status.code(), Some(1), "{said}");
    assert!(said.contains("it is not signed in") && said.contains("az login"), "{said}");
    assert!(!said.contains("secret-in-the-words"), "its words are not repeated: {said}");
    let status = text(&azure(&sandbox, &path, &["status"]));
    assert!(status.contains("Nobody is signed in"), "{status}");
}

fn files(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}
