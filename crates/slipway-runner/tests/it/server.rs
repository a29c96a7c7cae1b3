//! Agentless tasks that call an HTTP API, with a real server.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use slipway_core::RunResult;
use slipway_runner::{GroupVariable, Skip, catalog, obstacles};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::{Bench, MemoryHost};

/// Answers each path with a status and a body, and keeps what it was asked.
struct Api {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Api {
    async fn start(answers: HashMap<&'static str, (&'static str, &'static str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = Vec::new();
                let request = loop {
                    let mut part = [0; 4096];
                    let count = stream.read(&mut part).await.unwrap();
                    bytes.extend_from_slice(&part[..count]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    if count == 0 || is_whole(&text) {
                        break text;
                    }
                };
                let path = request.split_whitespace().nth(1).unwrap_or_default().to_owned();
                kept.lock().unwrap().push(request);
                let (status, body) = answers.get(path.as_str()).unwrap_or(&("404 Not Found", ""));
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self { url, asked }
    }

    fn asked(&self, position: usize) -> String {
        self.asked.lock().unwrap()[position].clone()
    }
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let head = head.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.trim().parse().unwrap())
}

fn connection(bench: &mut Bench, url: &str) {
    let variable = |name: &str, value: &str, is_secret| GroupVariable {
        name: name.to_owned(),
        value: value.to_owned(),
        is_secret,
    };
    let group = vec![
        variable("url", url, false),
        variable("username", "ada", false),
        variable("password", "l0velace", true),
    ];
    let groups = [("Api".to_owned(), group)].into();
    bench.host = Arc::new(MemoryHost { groups, ..MemoryHost::default() });
}

const CALLS: &str = "jobs:
- job: Calls
  pool: server
  variables: {who: Ada}
  steps:
  - task: InvokeRESTAPI@1
    displayName: Good
    inputs:
      connectionType: connectedServiceName
      serviceConnection: Api
      method: POST
      urlSuffix: /v1/good
      headers: '{\"X-Who\": \"$(who)\"}'
      body: '{\"run\": \"$(Build.BuildNumber)\"}'
      waitForCompletion: 'false'
      successCriteria: and(eq(root['status'], 'done'), eq(root.items[1].name, 'two'))
  - task: InvokeRESTAPI@1
    displayName: Not enough
    continueOnError: true
    inputs:
      serviceConnection: Api
      method: GET
      urlSuffix: v1/good
      successCriteria: eq(root['status'], 'later')
  - task: InvokeRESTAPI@1
    displayName: Broken
    continueOnError: true
    inputs: {serviceConnection: Api, method: GET, urlSuffix: v1/bad}
  - task: AzureFunction@1
    displayName: Function
    inputs:
      function: FUNCTION
      key: k3y
      method: GET
      queryParameters: a=1
  - task: InvokeRESTAPI@1
    displayName: Nobody
    inputs: {serviceConnection: None, method: GET}
";

#[tokio::test]
async fn an_api_is_called_and_its_answer_judged() {
    let answers = [
        ("/v1/good", ("200 OK", r#"{"status":"done","items":[{"name":"one"},{"name":"two"}]}"#)),
        ("/v1/bad", ("500 Internal Server Error", "it broke")),
        ("/f?a=1", ("200 OK", "fine")),
    ];
    let api = Api::start(answers.into()).await;
    let mut bench = Bench::new();
    connection(&mut bench, &api.url);
    let yaml = CALLS.replace("FUNCTION", &format!("{}/f", api.url));
    let report = bench.run(&yaml).await;
    assert_eq!(report.result, RunResult::Failed, "the last one has no connection: {report:?}");
    let log = bench.log("Good").join("\n");
    assert_eq!(bench.step("Good").result, RunResult::Succeeded, "{log}");
    assert!(log.contains("Response Code: 200 OK"), "what came is told: {log}");
    assert!(log.contains("Expanded: and(eq('done', 'done'), eq('two', 'two'))"), "and why: {log}");
    let asked = api.asked(0);
    assert!(asked.starts_with("POST /v1/good HTTP/1.1"), "{asked}");
    let lower = asked.to_lowercase();
    assert!(lower.contains("x-who: ada"), "headers with macros: {asked}");
    assert!(lower.contains("content-type: application/json"), "as the service sends: {asked}");
    assert!(asked.contains("Basic YWRhOmwwdmVsYWNl"), "signed in by the connection: {asked}");
    assert!(asked.ends_with(r#"{"run": "20261122.1"}"#), "the body with macros: {asked}");
    let not_enough = bench.step("Not enough");
    assert_eq!(not_enough.result, RunResult::SucceededWithIssues, "{not_enough:?}");
    assert!(not_enough.issue.unwrap().contains("does not meet successCriteria"), "it says why");
    let broken = bench.step("Broken").issue.unwrap();
    assert!(broken.contains("/v1/bad answered 500"), "no success without a 2xx: {broken}");
    assert_eq!(bench.step("Function").result, RunResult::Succeeded, "{:?}", bench.log("Function"));
    assert!(api.asked(3).to_lowercase().contains("x-functions-key: k3y"), "{}", api.asked(3));
    let nobody = bench.step("Nobody").issue.unwrap();
    assert!(nobody.contains("service connection 'None'"), "named: {nobody}");
    let all = bench.everything();
    assert!(!all.contains("l0velace") && !all.contains("k3y"), "nothing secret is shown: {all}");
}

#[tokio::test]
async fn who_does_not_answer_and_who_shall_call_back_is_told() {
    let mut bench = Bench::new();
    connection(&mut bench, "http://127.0.0.1:1/");
    let step = "{task: InvokeRESTAPI@1, inputs: {serviceConnection: Api, method: GET}}";
    let report =
        bench.run(&format!("jobs:\n- job: A\n  pool: server\n  steps:\n  - {step}\n")).await;
    assert_eq!(report.result, RunResult::Failed, "nobody listens there");
    let issue = report.issue.unwrap();
    assert!(issue.contains("http://127.0.0.1:1/ could not be called"), "{issue}");
    let yaml = "jobs:\n- job: A\n  pool: server\n  steps:\n  - task: InvokeRESTAPI@1\n    displayName: Back\n    inputs: {serviceConnection: Api, waitForCompletion: true}\n";
    let found = obstacles(&Bench::plan(yaml), catalog(), None);
    assert_eq!(found.len(), 1, "told before the run: {found:#?}");
    assert!(found[0].blocks() && found[0].diagnostic.message.contains("callback"), "{found:#?}");
    let skips = found.iter().filter_map(|it| Skip::chosen(it, "anna")).collect();
    let bench = Bench { skips, ..Bench::new() };
    let report = bench.run(yaml).await;
    assert!(report.result.is_success(), "it can be left out: {report:?}");
    assert_eq!(bench.step("Back").result, RunResult::Skipped, "by choice");
}
