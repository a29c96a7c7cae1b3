//! Variable groups over HTTP: the documented answers, and everything a server may say instead.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use slipway_core::Explain as _;
use slipway_secrets::azure_devops::{Group, Project, SignIn, read_groups};
use slipway_secrets::{SecretString, SecretsError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const PAT: &str = "pat-of-a-test-1234";

/// Answers one request after the other, and keeps what was asked.
struct Double {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Double {
    async fn saying(answers: &[(&str, &str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/contoso", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let mut answers: VecDeque<String> = answers
            .iter()
            .map(|(status, headers, body)| {
                let length = body.len();
                format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
                )
            })
            .collect();
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Some(answer) = answers.pop_front() {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    let mut chunk = [0; 1024];
                    let count = stream.read(&mut chunk).await.unwrap();
                    request.extend_from_slice(&chunk[..count]);
                }
                kept.lock().unwrap().push(String::from_utf8(request).unwrap());
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.shutdown().await.ok();
            }
        });
        Self { address, asked }
    }

    async fn read(&self) -> Result<Vec<Group>, SecretsError> {
        rustls::crypto::ring::default_provider().install_default().ok();
        let project =
            Project { organization: self.address.clone(), project: "Web Shop".to_owned() };
        read_groups(&project, &SignIn::Pat(SecretString::from(PAT))).await
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

const JSON: &str = "content-type: application/json; charset=utf-8; api-version=7.1\r\n";

/// After the documentation of `GET distributedtask/variablegroups`.
const PAGE_ONE: &str = r#"{"count":2,"value":[
{"variables":{"key1":{"value":"value1"},"key2":{"value":null,"isSecret":true},"empty":{"value":null}},
 "id":1,"type":"Vsts","name":"TestVariableGroup1","description":"A test variable group",
 "createdBy":{"id":"4adb1680","displayName":"Chuck Reinhart"},"createdOn":"2017-12-12T06:35:51.69Z",
 "isShared":false,"variableGroupProjectReferences":[{"name":"TestVariableGroup1"}]},
{"variables":{"db-password":{"enabled":true,"contentType":"","value":null,"expires":null}},
 "id":2,"type":"AzureKeyVault","name":"vault","description":null,
 "providerData":{"serviceEndpointId":"a1","vault":"contoso-vault","lastRefreshedOn":"2020-01-01T00:00:00Z"}}]}"#;
const PAGE_TWO: &str =
    r#"{"count":1,"value":[{"id":3,"type":"Vsts","name":"last","variables":{}}]}"#;

#[tokio::test]
async fn groups_come_page_by_page_and_secrets_without_values() {
    let more = format!("{JSON}x-ms-continuationtoken: next page\r\n");
    let double = Double::saying(&[("200 OK", &more, PAGE_ONE), ("200 OK", JSON, PAGE_TWO)]).await;
    let groups = double.read().await.unwrap();
    let names: Vec<_> = groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["TestVariableGroup1", "vault", "last"], "both pages");
    let first = &groups[0];
    let of = |name: &str| first.variables.iter().find(|it| it.name == name).unwrap();
    assert_eq!(of("key1").value.as_deref(), Some("value1"), "a plain one comes with its value");
    assert_eq!((of("key2").is_secret, of("key2").value.clone()), (true, None), "a secret without");
    assert_eq!((of("empty").is_secret, of("empty").value.as_deref()), (false, Some("")), "empty");
    assert_eq!(first.key_vault, None, "an ordinary group");
    assert_eq!(groups[1].key_vault.as_deref(), Some("contoso-vault"), "the vault is named");
    assert!(groups[1].variables[0].is_secret, "all that a vault holds is secret");
    let asked = double.asked();
    assert!(
        asked[0].starts_with(
            "GET /contoso/Web%20Shop/_apis/distributedtask/variablegroups?api-version=7.1 "
        ),
        "the documented address: {}",
        asked[0]
    );
    assert!(asked[1].contains("continuationToken=next+page"), "the next page: {}", asked[1]);
    let head = asked[0].to_ascii_lowercase();
    assert!(head.contains("x-tfs-fedauthredirect: suppress"), "no sign-in page instead of 401");
    // base64 of ":pat-of-a-test-1234".
    assert!(
        asked[0].contains("Basic OnBhdC1vZi1hLXRlc3QtMTIzNA=="),
        "the token with an empty name"
    );
}

#[tokio::test]
async fn a_sign_in_page_is_a_refused_sign_in() {
    let html = "content-type: text/html; charset=utf-8\r\n";
    for (status, headers) in [
        ("401 Unauthorized", JSON),
        ("203 Non-Authoritative Information", html),
        ("302 Found", "location: https://spsprodeus21.vssps.visualstudio.com/_signin\r\n"),
        ("200 OK", html),
    ] {
        let double = Double::saying(&[(status, headers, "<html>")]).await;
        let error = double.read().await.unwrap_err();
        assert!(matches!(error, SecretsError::AzureSignIn { .. }), "{status}: {error}");
        assert!(error.hint().unwrap().contains("token"), "it says what to do");
        assert_eq!(double.asked().len(), 1, "the token is sent nowhere else");
    }
}

#[tokio::test]
async fn refusals_are_told_in_the_servers_words_and_without_the_token() {
    let missing = r#"{"$id":"1","innerException":null,"message":"TF200016: The following project does not exist: Web Shop.","typeName":"Microsoft.TeamFoundation.Core.WebApi.ProjectDoesNotExistWithNameException","typeKey":"ProjectDoesNotExistWithNameException","errorCode":0,"eventId":3000}"#;
    let limited = r#"{"message":"TF400733: The request has been canceled."}"#;
    let retry = format!("{JSON}retry-after: 17\r\n");
    for (status, headers, body, words) in [
        ("404 Not Found", JSON, missing, "TF200016"),
        ("429 Too Many Requests", retry.as_str(), limited, "17 s"),
        ("500 Internal Server Error", JSON, "oh", "no reason"),
        ("200 OK", JSON, "{\"value\": 7}", "cannot be read"),
    ] {
        let double = Double::saying(&[(status, headers, body)]).await;
        let error = double.read().await.unwrap_err();
        assert!(error.to_string().contains(words), "{status}: {error}");
        assert!(!format!("{error:?}").contains(PAT), "no error holds the token: {error:?}");
    }
}

#[tokio::test]
async fn a_token_goes_only_over_https_or_to_this_machine() {
    for address in
        ["http://dev.azure.com/contoso", "ftp://x", "contoso", "https://me:pat@dev.azure.com/c"]
    {
        let project = Project { organization: address.to_owned(), project: "p".to_owned() };
        let error = read_groups(&project, &SignIn::Pat(SecretString::from(PAT))).await.unwrap_err();
        assert!(matches!(error, SecretsError::OrganizationInvalid { .. }), "{address}: {error}");
        assert!(!error.to_string().contains("me:pat"), "a token in it is not repeated: {error}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_told() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let organization = format!("http://{}/contoso", listener.local_addr().unwrap());
    drop(listener);
    let project = Project { organization, project: "p".to_owned() };
    let error = read_groups(&project, &SignIn::Pat(SecretString::from(PAT))).await.unwrap_err();
    assert!(matches!(error, SecretsError::AzureUnreachable { .. }), "nobody listens: {error}");
}
