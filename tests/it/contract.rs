//! Every command of the table through the test host: it answers a valid request, and refuses one with a
//! field that it does not know. A command without a case here fails.

mod deploy;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use slipway_api::app::{App, TelemetryDoor};
use slipway_api::table::COMMANDS;
use slipway_core::ErrorKind;
use slipway_tests::{Harbour, House, Sandbox, engine_get, eventually_async, http};

/// Commands that start or end runs come last, in this order; all others come first.
const RUNNING: &[&str] = &[
    "deployment_start",
    "deployment_cancel",
    "environment_release",
    "strategy_finish",
    "commit_create",
    "pipeline_commit",
    "pipeline_propose_apply",
    "run_start",
    "run_cancel",
    "run_rerun",
    "loop_run",
    "approval_answer",
    "stage_start",
];

/// A project with one whole loop behind it.
struct Prepared {
    house: House,
    harbour: Harbour,
    project: String,
    run: Value,
    deployment: Value,
    problem: String,
    /// A run that is going on, for the command that cancels it.
    going: Option<String>,
}

impl Prepared {
    async fn new(sandbox: &Sandbox) -> Self {
        let house = House::open(sandbox).await;
        let harbour = Harbour::make(sandbox);
        let project = house.project(harbour.path()).await;
        let item = json!({ "projectId": project, "itemType": "issue", "title": "Light the quay" });
        house.call("work_item_create", item).await;
        harbour.write("www/index.html", "two\n");
        let run = house.run(&project, "Light the quay\n\nFixes AB#1").await;
        assert_eq!(
            run["run"]["result"], "succeeded",
            "the project is prepared by a good run: {run}"
        );
        let deployment = run["deployments"][0].clone();
        let problem = report_exception(&house, &project).await;
        Self { house, harbour, project, run, deployment, problem, going: None }
    }

    /// Puts an approval before the environment `local`, or takes it away.
    async fn ask_for_approval(&self, is_asked: bool) {
        let approval = json!({
            "type": "approval", "approvers": [], "minimumApprovers": 1, "instructions": "Look.",
            "requesterMayApprove": true, "timeoutMinutes": 60,
        });
        let checks = if is_asked { json!([approval]) } else { json!([]) };
        let request =
            json!({ "projectId": self.project, "environment": "local", "checks": checks });
        self.house.call("check_save", request).await;
    }

    /// The question of a run that has just been started.
    async fn asked(&mut self, started: &Value) -> Value {
        self.going = started["runId"].as_str().map(str::to_owned);
        let request = json!({ "runId": started["runId"] });
        let limit = std::time::Duration::from_secs(120);
        let asked = eventually_async("the question", limit, || async {
            let all = self.house.call("approval_list", request.clone()).await;
            all.as_array().unwrap().iter().find(|one| one["state"] == "pending").cloned()
        });
        asked.await
    }

    async fn over(&mut self, started: &Value) {
        let run = started["runId"].as_str().expect("a run was started").to_owned();
        self.house.finished(&run).await;
    }

    /// A valid request of a command; none means that its case was forgotten.
    async fn request(&mut self, name: &str) -> Option<Value> {
        let project = self.project.clone();
        let run = self.run["run"]["id"].clone();
        let of_project = json!({ "projectId": project });
        let of_run = json!({ "runId": run });
        Some(match name {
            "app_get" | "project_list" | "project_sample" | "registry_get" | "task_list"
            | "task_folder_list" => json!({}),
            "task_replace" => json!({ "name": "CmdLine", "version": 2, "replaces": false }),
            "task_folder_add" | "task_folder_remove" => {
                let text = json!({
                    "id": "1b0d7c5e-8a31-4b7e-9a38-0c5e2f6f0b01", "name": "Ring",
                    "version": { "Major": 1, "Minor": 0, "Patch": 0 },
                    "execution": { "Node20_1": { "target": "index.js" } },
                });
                // Beside the work tree, so that nothing is there to commit.
                self.harbour.write(".git/ring/task.json", &text.to_string());
                json!({ "path": self.harbour.path().join(".git/ring") })
            }
            "project_open" => json!({ "path": self.harbour.path() }),
            "secrets_get" => json!({}),
            "secrets_passphrase" => json!({ "passphrase": "" }),
            "secret_set" => json!({ "projectId": project, "name": "pier", "value": "p13r" }),
            "variable_group_save" => self.save_group(),
            "variable_group_get" => {
                let save = self.save_group();
                self.house.call("variable_group_save", save).await;
                json!({ "projectId": project, "name": "quay" })
            }
            "variable_group_remove" => json!({ "projectId": project, "name": "quay" }),
            "variable_group_read" => json!({
                "projectId": project, "organization": azure_double(), "project": "Harbour",
                "signIn": "personalAccessToken", "token": "p4t",
            }),
            "pipeline_variable_save" => {
                json!({ "projectId": project, "name": "fog", "value": "thick", "isSettable": true })
            }
            "pipeline_variable_remove" => json!({ "projectId": project, "name": "fog" }),
            "secure_file_add" => {
                json!({ "projectId": project, "name": "buoy.key", "content": "YWJj" })
            }
            "secure_file_remove" => json!({ "projectId": project, "name": "buoy.key" }),
            "variable_group_list"
            | "azure_devops_get"
            | "pipeline_variable_list"
            | "secure_file_list"
            | "run_form_get"
            | "pipeline_history"
            | "loop_get"
            | "pipeline_get"
            | "image_list"
            | "environment_list"
            | "work_item_list"
            | "run_check"
            | "repository_mapping_list" => of_project,
            "repository_mapping_set" => {
                json!({ "projectId": project, "name": "a/b", "path": self.harbour.path() })
            }
            "repository_mapping_remove" => json!({ "projectId": project, "name": "a/b" }),
            "pool_mapping_list" => of_project,
            "pool_mapping_set" => json!({ "label": "ubuntu-latest", "image": null }),
            "pool_mapping_remove" => json!({ "label": "ubuntu-latest" }),
            "change_list" => {
                self.harbour.write("www/index.html", "three\n");
                of_project
            }
            "change_diff" => json!({ "projectId": project, "path": "www/index.html" }),
            "change_stage" | "change_unstage" => {
                json!({ "projectId": project, "paths": ["www/index.html"] })
            }
            "commit_list" | "run_list" | "deployment_list" => {
                json!({ "projectId": project, "limit": 5 })
            }
            "pipeline_complete" | "pipeline_hover" | "pipeline_definition" => {
                json!({ "projectId": project, "text": "trigger: none\n", "offset": 3 })
            }
            "pipeline_board" => json!({ "projectId": project, "text": "steps:\n- script: x\n" }),
            "pipeline_node" => {
                json!({ "projectId": project, "text": "steps:\n- script: x\n", "path": "/steps/0" })
            }
            "pipeline_expand" => json!({
                "projectId": project, "parameters": [{ "name": "word", "value": "ahoy" }],
                "text": "parameters:\n- name: word\nsteps:\n- script: echo ${{ parameters.word }}\n",
            }),
            "pipeline_trigger" => json!({
                "projectId": project, "text": "trigger: [main]\nsteps:\n- script: x\n",
                "branch": "main", "event": "push", "paths": [],
            }),
            "pipeline_message" => json!({
                "projectId": project, "before": "", "after": "steps:\n- script: x\n",
            }),
            "pipeline_gesture" => json!({
                "projectId": project, "text": "steps:\n- script: x\n",
                "gesture": { "gesture": "duplicate", "nodes": ["/steps/0"] },
            }),
            "pipeline_copy" => {
                let nodes = ["/steps/0"];
                json!({ "projectId": project, "text": "steps:\n- script: x\n", "nodes": nodes })
            }
            "pipeline_check" => json!({ "projectId": project, "text": "steps:\n- script: x\n" }),
            "pipeline_save" => {
                let read = self.house.call("pipeline_get", of_project).await;
                json!({ "projectId": project, "text": read["text"], "baseText": read["text"] })
            }
            "run_get" | "test_list" | "coverage_list" => of_run,
            "run_attachment" => {
                let told = self.house.call("run_get", of_run).await["notes"]["attachments"].clone();
                let summary = told[0].clone();
                json!({
                    "runId": run, "recordId": summary["recordId"], "kind": summary["kind"],
                    "name": summary["name"],
                })
            }
            "log_search" => {
                let record = Harbour::record(&self.run, "Build and push")["id"].clone();
                json!({ "runId": run, "recordId": record, "pattern": "push" })
            }
            "cache_list" => json!({}),
            "cache_remove" => json!({ "ids": [] }),
            "log_get" => {
                let record = Harbour::record(&self.run, "Build and push")["id"].clone();
                json!({ "runId": run, "recordId": record, "from": -5, "limit": 5 })
            }
            "image_get" => json!({ "projectId": project, "digest": self.deployment["digest"] }),
            "environment_save" => json!({
                "projectId": project, "name": "harbour-test", "target": "local",
                "variables": [{ "name": "greeting", "value": "Ahoy" }],
            }),
            "deployment_get" => json!({ "deploymentId": self.deployment["id"] }),
            "pod_log_get" => {
                let pod = self.deployment["proof"]["pod"].clone();
                json!({ "projectId": project, "environment": "local", "pod": pod, "tail": 10 })
            }
            "telemetry_get" => {
                json!({ "projectId": project, "environment": "local", "minutes": 15 })
            }
            "chart_get" => json!({
                "projectId": project, "environment": "local", "key": "requests", "minutes": 15,
                "theme": "dark",
            }),
            "report_write" => json!({ "projectId": project, "environment": "local" }),
            "work_item_get" => json!({ "projectId": project, "id": 1 }),
            "work_item_create" => {
                json!({ "projectId": project, "itemType": "task", "title": "Paint it" })
            }
            "work_item_update" => {
                json!({ "projectId": project, "id": 1, "title": "Light both quays" })
            }
            "work_item_from_exception" => {
                json!({ "projectId": project, "problemId": self.problem })
            }
            "thread_get" => json!({ "key": "AB#1" }),
            "commit_create" => {
                let paths = json!({ "projectId": project, "paths": ["www/index.html"] });
                self.house.call("change_stage", paths).await;
                json!({ "projectId": project, "message": "Turn the page" })
            }
            "pipeline_committed" => of_project,
            "pipeline_propose" => {
                json!({ "projectId": project, "options": { "tests": false, "imageName": "pier" } })
            }
            "pipeline_propose_apply" => json!({
                "projectId": project, "message": "Add a note",
                "files": [{ "path": "notes/quay.md", "text": "# Quay\n" }],
            }),
            "pipeline_commit" => {
                let read = self.house.call("pipeline_get", of_project).await;
                let base = read["text"].as_str().expect("the pipeline has a text").to_owned();
                // Something else is staged: it stays where it is.
                self.harbour.write("www/index.html", "four\n");
                let paths = json!({ "projectId": project, "paths": ["www/index.html"] });
                self.house.call("change_stage", paths).await;
                json!({
                    "projectId": project, "text": format!("{base}# drawn\n"), "baseText": base,
                    "message": "Draw it\n\nAB#1", "branch": "drawn",
                })
            }
            "run_start" | "loop_run" => of_project,
            "run_cancel" => {
                let started = self.house.call("run_start", of_project).await;
                self.going = started["runId"].as_str().map(str::to_owned);
                json!({ "runId": self.going })
            }
            "run_rerun" => of_run,
            "check_list" => json!({ "projectId": project, "environment": "local" }),
            "check_save" => json!({
                "projectId": project, "environment": "harbour-test",
                "checks": [{ "type": "branchControl", "branches": ["main"] }],
                "targets": [{ "name": "web1", "tags": ["frontend"] }],
            }),
            "approval_list" => json!({ "projectId": project }),
            "approval_answer" => {
                self.ask_for_approval(true).await;
                let started = self.house.call("run_start", of_project).await;
                let asked = self.asked(&started).await;
                json!({ "approvalId": asked["id"], "isApproved": false, "comment": "Not today" })
            }
            "stage_start" => {
                self.harbour.write("azure-pipelines.yml", BY_HAND);
                let started = self.house.call("loop_run", of_project).await;
                self.asked(&started).await;
                json!({ "runId": started["runId"], "stage": "Ship" })
            }
            _ => return self.deployment_request(name).await,
        })
    }

    /// The pipeline file was committed alone, on a branch of its own, and what follows a commit was done.
    async fn committed(&mut self, answer: &Value) {
        assert_eq!(answer["branch"], "drawn", "the branch is checked out: {answer}");
        assert_eq!(answer["commit"]["workItems"], json!([1]), "the mention is linked: {answer}");
        let text = answer["pipeline"]["text"].as_str().unwrap_or_default().to_owned();
        assert!(text.ends_with("# drawn\n"), "the file is saved: {text}");
        let of_project = json!({ "projectId": self.project });
        let committed = self.house.call("pipeline_committed", of_project.clone()).await;
        assert_eq!(committed["text"], json!(text), "and in the newest commit");
        let changes = self.house.call("change_list", of_project).await;
        let files: Vec<&Value> = changes["files"].as_array().expect("files").iter().collect();
        assert_eq!(
            files.iter().map(|file| (&file["path"], &file["isStaged"])).collect::<Vec<_>>(),
            [(&json!("www/index.html"), &json!(true))],
            "what else was staged is still staged, and nothing more: {changes}"
        );
        let again = json!({
            "projectId": self.project, "text": "steps: []\n", "baseText": "of long ago",
            "message": "x",
        });
        let refused = self.house.refused("pipeline_commit", again).await;
        assert_eq!(refused.code, "file_changed", "a newer file is not written over: {refused:?}");
        let taken = json!({
            "projectId": self.project, "text": "steps: []\n", "baseText": text, "message": "x",
            "branch": "main",
        });
        let refused = self.house.refused("pipeline_commit", taken).await;
        assert_eq!(refused.code, "branch_exists", "the branch is not taken over: {refused:?}");
        let kept = self.house.call("pipeline_get", json!({ "projectId": self.project })).await;
        assert_eq!(kept["text"], json!(text), "a refused commit writes nothing");
        if answer["runId"].is_string() {
            self.over(answer).await;
        }
    }

    fn save_group(&self) -> Value {
        json!({
            "projectId": self.project, "name": "quay",
            "variables": [{ "name": "a", "value": "1" }],
        })
    }

    /// What must be so after a command answered.
    async fn settle(&mut self, name: &str, answer: &Value) {
        match name {
            "commit_create" | "run_start" | "run_rerun" | "loop_run" => self.over(answer).await,
            "deployment_start" => self.deployed(answer).await,
            "pipeline_commit" => self.committed(answer).await,
            "pipeline_propose" => {
                let first = &answer["files"][0];
                assert_eq!(first["path"], "azure-pipelines.yml", "the pipeline first: {answer}");
                assert_eq!(first["isNew"], false, "which the project has: {answer}");
                assert_eq!(answer["options"]["imageName"], "pier", "as was wished: {answer}");
                assert_eq!(answer["options"]["branch"], "main", "its own branch: {answer}");
            }
            "pipeline_propose_apply" => {
                assert_eq!(answer["paths"], json!(["notes/quay.md"]), "it is there: {answer}");
                assert_eq!(answer["commit"]["summary"], "Add a note", "and committed: {answer}");
                let again = json!({
                    "projectId": self.project, "files": [
                        { "path": "notes/pier.md", "text": "" },
                        { "path": "notes/quay.md", "text": "" },
                    ],
                });
                let refused = self.house.refused("pipeline_propose_apply", again).await;
                assert_eq!(refused.code, "file_exists", "nothing is written over: {refused:?}");
                assert!(refused.message.contains("notes/quay.md"), "by name: {}", refused.message);
                let place = self.harbour.path().join("notes/pier.md");
                assert!(!place.exists(), "nor is half of it written");
            }
            "run_cancel" => {
                let run = self.going.take().expect("a run was cancelled");
                let view = self.house.finished(&run).await;
                assert_eq!(
                    view["run"]["result"], "canceled",
                    "the run says that it was cancelled: {view}"
                );
            }
            "approval_answer" => {
                assert_eq!(answer["state"], "rejected", "one no is a no: {answer}");
                assert_eq!(answer["answers"][0]["comment"], "Not today", "the comment is kept");
                let run = self.going.take().expect("a run was rejected");
                let view = self.house.finished(&run).await;
                assert_eq!(view["run"]["result"], "failed", "rejected is failed: {view}");
                let issue = view["run"]["issue"].as_str().unwrap_or_default();
                assert!(issue.contains("Not today"), "the run says why: {issue}");
                self.ask_for_approval(false).await;
            }
            "stage_start" => {
                assert_eq!(answer["state"], "approved", "the stage was started: {answer}");
                let run = self.going.take().expect("a run goes on");
                let view = self.house.finished(&run).await;
                assert_eq!(view["run"]["result"], "succeeded", "it ran: {view}");
            }
            _ => {}
        }
    }
}

const BY_HAND: &str = "stages:
- stage: Ship
  trigger: manual
  jobs:
  - job: a
    steps:
    - checkout: none
    - bash: echo shipped
";

/// Answers one reading of variable groups as Azure DevOps does; its address.
fn azure_double() -> String {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/harbour", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // The request is small: one read has its head.
        let read = stream.read(&mut [0; 4096]).unwrap();
        assert!(read > 0, "something was asked");
        let body = r#"{"count":1,"value":[{"id":1,"name":"jetty","type":"Vsts","variables":{"t":{"value":null,"isSecret":true}}}]}"#;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(answer.as_bytes()).unwrap();
    });
    address
}

/// Sends an exception the way the container would, and answers its problem id.
async fn report_exception(house: &House, project: &str) -> String {
    let (endpoint, key) = connection_of(project);
    let item = json!({
        "name": "Microsoft.ApplicationInsights.Exception", "time": now(), "iKey": key,
        "data": { "baseType": "ExceptionData", "baseData": { "ver": 2, "problemId": "Fog at the quay",
            "exceptions": [{ "typeName": "Fog", "message": "nothing to see", "hasFullStack": false }] } },
    });
    let sent =
        http().post(format!("{endpoint}/v2.1/track")).body(item.to_string()).send().await.unwrap();
    assert_eq!(sent.status(), 200, "the exception is taken: {}", sent.text().await.unwrap());
    let request = json!({ "projectId": project, "environment": "local", "minutes": 15 });
    let found = eventually_async("the exception", std::time::Duration::from_secs(10), || async {
        let seen = house.call("telemetry_get", request.clone()).await;
        seen["exceptionGroups"][0]["problemId"].as_str().map(str::to_owned)
    });
    found.await
}

/// Endpoint and instrumentation key that the deployed container was given.
pub(crate) fn connection_of(project: &str) -> (String, String) {
    let all = engine_get("/containers/json");
    let ours = all.as_array().unwrap().iter();
    let mut ours = ours.filter(|one| one["Labels"]["dev.slipway.project"] == json!(project));
    let id =
        ours.next().expect("a container of the project runs")["Id"].as_str().unwrap().to_owned();
    let facts = engine_get(&format!("/containers/{id}/json"));
    let env = facts["Config"]["Env"].as_array().unwrap().iter().filter_map(Value::as_str);
    let connection = env
        .filter_map(|pair| pair.strip_prefix("APPLICATIONINSIGHTS_CONNECTION_STRING="))
        .next()
        .expect("the container is told where its telemetry goes");
    let part = |name: &str| {
        let mut parts = connection.split(';').filter_map(|part| part.split_once('='));
        let found = parts.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found
            .map(|(_, value)| value.trim_end_matches('/').to_owned())
            .expect("the connection is whole")
    };
    (part("IngestionEndpoint"), part("InstrumentationKey"))
}

/// Now, as telemetry writes it.
pub(crate) fn now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let (days, seconds) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    // Days to a civil date, after Howard Hinnant's algorithm; tests have no calendar library.
    let z = i64::try_from(days).unwrap() + 719_468;
    let (era, doe) = (z / 146_097, z % 146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let year = yoe + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_and_refuses_what_it_does_not_know() {
    let sandbox = Sandbox::new("contract");
    let mut prepared = Prepared::new(&sandbox).await;
    let mut names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    // Those need a cluster or an Azure, and have their cases in `tests/it_cluster/view.rs` and `azure.rs`.
    let is_elsewhere = |name: &str| {
        name.starts_with("kube_") || (name.starts_with("azure_") && !name.contains("devops"))
    };
    names.retain(|name| !is_elsewhere(name));
    names.sort_by_key(|name| {
        RUNNING.iter().position(|running| running == name).map_or(0, |at| at + 1)
    });
    let mut forgotten = Vec::new();
    for name in names {
        let Some(request) = prepared.request(name).await else {
            forgotten.push(name);
            continue;
        };
        let mut unknown = request.clone();
        unknown["noSuchField"] = json!(1);
        let refused = prepared.house.refused(name, unknown).await;
        assert_eq!(
            refused.code, "bad_request",
            "{name} refuses a field it does not know: {refused:?}"
        );
        assert_eq!(refused.kind, ErrorKind::UserInput, "{name}: the caller wrote it");
        assert!(
            refused.message.contains("noSuchField"),
            "{name} names the field: {}",
            refused.message
        );
        assert!(!refused.corr.is_empty(), "{name}: a refusal can be found in the log");
        let answer = prepared.house.call(name, request).await;
        prepared.settle(name, &answer).await;
    }
    assert!(forgotten.is_empty(), "commands without a contract case: {forgotten:?}");
    prepared.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_command_is_refused_by_its_name() {
    let sandbox = Sandbox::new("unknown");
    let house = House::open(&sandbox).await;
    let refused = house.refused("harbour_close", json!({})).await;
    assert_eq!(refused.code, "unknown_command", "got {refused:?}");
    assert!(refused.message.contains("harbour_close"), "the name is said: {}", refused.message);
    for payload in [json!([]), json!("text"), json!(7)] {
        let refused = house.refused("run_list", payload).await;
        assert_eq!(refused.code, "bad_request", "a request is an object: {refused:?}");
    }
    let refused = house.refused("run_list", json!({ "projectId": "none" })).await;
    assert!(refused.message.contains("limit"), "the missing field is named: {}", refused.message);
    house.close().await;
}

/// A telemetry endpoint that panics once it is asked.
struct BrokenDoor(AtomicBool);

#[async_trait::async_trait]
impl TelemetryDoor for BrokenDoor {
    fn port(&self) -> u16 {
        assert!(!self.0.load(Ordering::SeqCst), "the door fell off");
        1
    }

    async fn open_on(&self, _: IpAddr) -> Result<(), String> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_inside_of_a_command_becomes_an_error() {
    let sandbox = Sandbox::new("panic");
    let app = App::open(House::options(&sandbox)).await.unwrap();
    let door = Arc::new(BrokenDoor(AtomicBool::new(false)));
    app.set_telemetry_door(Arc::clone(&door) as Arc<dyn TelemetryDoor>).await;
    door.0.store(true, Ordering::SeqCst);
    let error = app.call("app_get", json!({})).await.expect_err("the command panics");
    assert_eq!(
        (error.kind, error.code.as_str()),
        (ErrorKind::Bug, "panic"),
        "it is our fault: {error:?}"
    );
    assert!(error.message.contains("the door fell off"), "what broke is said: {}", error.message);
    let still = app.call("project_list", json!({})).await;
    assert!(still.is_ok(), "other commands go on: {still:?}");
    app.close().await;
}
