//! `slipway azure` with a recording `az`, against an Azure of our own on loopback that answers in the documented shapes.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use slipway_tests::{House, Sandbox, binary};

const TOKEN: &str = "token-of-the-azure-cli-7Q~";
const CLUSTER: &str = "/subscriptions/s-1/resourceGroups/harbour/providers/Microsoft.ContainerService/managedClusters/shop";

/// Azure Resource Manager; keeps what was asked, the token included.
struct Azure {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Azure {
    fn open() -> Self {
        Self::saying(|_, request| answer(request.split(' ').nth(1).unwrap_or_default()))
    }

    /// The function gets the address and each request.
    fn saying(answer: fn(&str, &str) -> (u16, Value)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (kept, own) = (Arc::clone(&asked), address.clone());
        // Ends with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { break };
                let request = head(&mut stream);
                let (status, body) = answer(&own, &request);
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
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut chunk) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&chunk[..count]),
            _ => return text,
        }
    }
}

/// The same as above for somebody who signs in with a code; the cluster's API server is here too.
fn answer_of_entra(address: &str, request: &str) -> (u16, Value) {
    let path = request.split(' ').nth(1).unwrap_or_default();
    let has = |word: &str| request.contains(word);
    if path.ends_with("/devicecode") {
        return (
            200,
            json!({"device_code": "d", "user_code": "ABCD1234", "verification_uri": "https://login.own.test/device",
            "expires_in": 900, "interval": 0}),
        );
    }
    if path.ends_with("/token") {
        let token = if has("scope=6dae42f8") { "token-for-the-cluster" } else { "token-for-arm" };
        return (
            200,
            json!({"access_token": token, "refresh_token": "refresh-token-of-mara", "expires_in": 3600}),
        );
    }
    if path.contains("/listClusterUserCredential") {
        let kubeconfig = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: shop\ncontexts:\n- name: shop\n  context: {{cluster: c, user: u}}\n\
             clusters:\n- name: c\n  cluster: {{server: '{address}'}}\nusers:\n- name: u\n  user:\n    exec:\n\
             \x20     apiVersion: client.authentication.k8s.io/v1beta1\n      args:\n      - get-token\n      - --server-id\n\
             \x20     - 6dae42f8-4368-4678-94ff-3960e28e3630\n      command: kubelogin\n"
        );
        return (
            200,
            json!({"kubeconfigs": [{"name": "clusterUser", "value": base64(&kubeconfig)}]}),
        );
    }
    if path.contains("Microsoft.ContainerRegistry") {
        let one = json!({"id": "/subscriptions/s-1/resourceGroups/harbour/providers/Microsoft.ContainerRegistry/registries/quay",
            "name": "quay", "properties": {"loginServer": "quay.azurecr.io"}});
        return (200, json!({"value": [one]}));
    }
    if path.starts_with("/api/v1/namespaces/default/") {
        let kind = if path.contains("pods") { "PodList" } else { "ServiceList" };
        return match has("Bearer token-for-the-cluster") {
            true => (200, json!({"kind": kind, "apiVersion": "v1", "metadata": {}, "items": []})),
            false => (
                401,
                json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 401, "message": "Unauthorized", "reason": "Unauthorized"}),
            ),
        };
    }
    answer(path)
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    text.as_bytes()
        .chunks(3)
        .map(|three| {
            let number = three.iter().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte))
                << (8 * (3 - three.len()));
            (0..4)
                .map(|at| {
                    if at > three.len() {
                        '='
                    } else {
                        char::from(LETTERS[((number >> (18 - 6 * at)) & 63) as usize])
                    }
                })
                .collect::<String>()
        })
        .collect()
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
        for file in files(&sandbox.data()) {
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

#[tokio::test(flavor = "multi_thread")]
async fn a_code_leads_into_a_cluster_whose_plugin_is_not_here() {
    let sandbox = Sandbox::new("azure-code");
    let azure = Azure::saying(answer_of_entra);
    let mut options = House::options(&sandbox);
    options.is_active = true;
    let house = House::open_with(options).await;
    let request = json!({"kind": "device", "authority": azure.address, "resourceManager": azure.address,
        "tenant": "contoso.test", "application": "aaaa-bbbb"});
    let begun = house.call("azure_sign_in", request).await;
    assert_eq!(begun["pending"]["userCode"], "ABCD1234", "{begun}");
    let signed =
        slipway_tests::eventually_async("the sign-in", Duration::from_secs(30), || async {
            let view = house.call("azure_get", json!({})).await;
            assert_eq!(view["problem"], json!(null), "{view}");
            (!view["signIn"].is_null()).then_some(view)
        });
    assert_eq!(signed.await["signIn"]["kind"], "device");
    let list = house.call("azure_cluster_list", json!({})).await;
    assert_eq!(list[1]["clusters"][0]["name"], "shop", "{list}");
    house.call("azure_cluster_connect", json!({"clusterId": CLUSTER})).await;
    let contexts = house.call("kube_context_list", json!({})).await;
    let own = contexts["contexts"].as_array().unwrap().iter().find(|one| one["name"] == "aks:shop");
    assert_eq!(own.unwrap()["signIn"], "azure", "{contexts}");

    let repository = sandbox.data().parent().unwrap().join("repository");
    std::fs::create_dir_all(&repository).unwrap();
    let git =
        std::process::Command::new("git").arg("init").arg("-q").arg(&repository).status().unwrap();
    assert!(git.success());
    let project = house.project(&repository).await;
    let environment = json!({"projectId": project, "name": "production", "target": "kubernetes",
        "context": "aks:shop", "namespace": "default", "variables": []});
    let saved = house.call("environment_save", environment.clone()).await;
    assert_eq!(saved["problem"], json!(null), "the cluster took the token: {saved}");
    for _ in 0..3 {
        house.call("environment_list", json!({"projectId": project})).await;
    }
    let all = azure.asked.lock().unwrap().clone();
    let for_cluster = all.iter().filter(|one| one.contains("scope=6dae42f8")).count();
    assert_eq!(for_cluster, 1, "a token that lasts is not asked for at each look: {all:#?}");

    let pull = json!({"clusterId": CLUSTER, "registry": "quay.azurecr.io"});
    let asked = [
        ("azure_get", json!({})),
        ("azure_sign_in", json!({"kind": "azureCli"})),
        ("azure_sign_out", json!({})),
        ("azure_cluster_list", json!({})),
        ("azure_cluster_connect", json!({"clusterId": CLUSTER})),
        ("azure_cluster_forget", json!({"context": "aks:shop"})),
        ("azure_pull_get", pull.clone()),
    ];
    // `azure_devops_get` is the Library's.
    let all = slipway_api::table::COMMANDS.iter().map(|one| one.name);
    let all = all.filter(|name| name.starts_with("azure_") && !name.contains("devops")).count();
    assert_eq!(asked.len(), all, "each command of Azure has its case");
    for (name, mut request) in asked {
        request["noSuchField"] = json!(1);
        let refused = house.refused(name, request).await;
        assert_eq!(refused.code, "bad_request", "{name}: {refused:?}");
    }
    let right = house.call("azure_pull_get", pull).await;
    assert_eq!(right["state"], "unknown", "its identity is not told: {right}");
    let view = house.call("azure_cluster_forget", json!({"context": "aks:shop"})).await;
    assert_eq!(view["clusters"], json!([]), "{view}");
    house.call("azure_cluster_connect", json!({"clusterId": CLUSTER})).await;

    house.call("azure_sign_out", json!({})).await;
    let error = house.call("environment_save", environment).await;
    let problem = error["problem"].as_str().unwrap();
    assert!(problem.contains("'aks:shop' is not connected any more"), "{problem}");
    let data = sandbox.data().to_owned();
    house.close().await;
    for secret in ["token-for-the-cluster", "refresh-token-of-mara"] {
        for file in files(&data) {
            let bytes = std::fs::read(&file).unwrap();
            let is_there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!is_there, "{secret} lies in {}", file.display());
        }
    }
}

fn files(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}
