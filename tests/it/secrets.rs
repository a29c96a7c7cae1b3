//! A secret reaches the step that asks for it and nothing else: a look at every place that keeps or shows
//! what a run did. Real store, real processes.

use std::path::Path;

use serde_json::{Value, json};
use slipway_tests::{Harbour, House, Sandbox, binary};

/// With everything that quoting and coding change.
const SECRET: &str = "pa&s \"w0rd\"/<9>+\\$x'~7Q";
const GROUP_SECRET: &str = "group-s3cret-0123456789-abcdefgh";
const MULTI_LINE: &str =
    "-----BEGIN KEY-----\nline-one-of-the-key\nline-two-of-the-key\n-----END KEY-----";
const FILE: &str = "content-of-a-secure-file-42\n";

/// Prints secrets in every way a program may, and hands them to every command that keeps a text.
const PIPELINE: &str = r###"
trigger: none
variables:
- group: vault
- name: holds
  value: x-$(groupToken)-x
jobs:
- job: Leak
  displayName: Job of $(groupToken)
  steps:
  - checkout: none
  - bash: |
      printf '%s\n' "$T" "$G" "$M"
      printf '%s' "${G:0:9}"; printf '%s\n' "${G:9}"
      printf '%s' "$T" | base64 -w0; echo
      printf 'a%s' "$T" | base64 -w0; echo
      printf 'ab%s' "$T" | base64 -w0; echo
      printf '%s' "$M$M$M" | base64
      printf '%s' "$T" | base64 -w0 | tr '+/' '-_'; echo
      json=${T//\\/\\\\}; printf '"%s"\n' "${json//\"/\\\"}"
      url=; for ((i = 0; i < ${#T}; i++)); do c=${T:i:1}
      case $c in [a-zA-Z0-9.~_-]) url+=$c ;; *) printf -v h '%%%02X' "'$c"; url+=$h ;; esac; done
      echo "$url"; echo "${url,,}" | tr 'q' 'Q'; echo "${url//%20/+}"
      xml=${T//&/&amp;}; xml=${xml//</&lt;}; xml=${xml//>/&gt;}; echo "<a b=\"${xml//\"/&quot;}\"/>"
      printf '%q\n' "$T"
      set -x; : "$G"; set +x
      echo "stderr $G" >&2
      echo "end of forms"
      half=added-at; echo "##vso[task.setsecret]$half-run-time"
      echo "$half-run-time"
      half=made-by; echo "##vso[task.setvariable variable=made;issecret=true]$half-a-step-77"
      for f in /proc/[0-9]*/cmdline; do
        words=$(tr '\0' ' ' 2>/dev/null <"$f")
        case $words in *"$G"*|*"${T:0:9}"*) echo "seen by ps: $f" ;; esac
      done
      test "$G" = 'group-s3cret-0123''456789-abcdefgh' && echo the step has it
    displayName: Print $(groupToken)
    env:
      T: $(token)
      G: $(groupToken)
      M: $(key)
  - bash: |
      echo "made: $(made) holds: $(holds)"
      mkdir -p out; echo "<testsuites><testsuite name=\"s $G\" tests=\"1\"><testcase classname=\"c $G\" name=\"t $G\"><failure message=\"m $G\">f $G</failure></testcase></testsuite></testsuites>" > out/r.xml
      echo "summary $G" > out/summary.md
      echo "##vso[task.uploadsummary]$PWD/out/summary.md"
      echo "##vso[task.logissue type=warning]warned of $G"
      echo "##vso[build.updatebuildnumber]build-$G"
      echo "##vso[artifact.upload artifactname=drop-$G]$PWD/out/r.xml"
      echo "##vso[task.setvariable variable=out;isoutput=true]$G"
    name: Say
    displayName: Hand over
    env:
      G: $(groupToken)
  - task: PublishTestResults@2
    displayName: Publish $(groupToken)
    condition: succeededOrFailed()
    inputs:
      testResultsFormat: JUnit
      testResultsFiles: out/r.xml
      testRunTitle: title $(groupToken)
  - bash: |
      echo "##vso[task.logissue type=error]failed with $G"
      echo "##[error]$G"; exit 3
    displayName: Fail
    condition: and(succeededOrFailed(), ne(variables.groupToken, ''))
    env:
      G: $(groupToken)
"###;

/// What must not be anywhere, by what it is.
fn needles() -> Vec<(&'static str, String)> {
    let lines = MULTI_LINE.lines().filter(|line| line.starts_with("line"));
    let mut all: Vec<(&str, String)> = vec![
        ("the secret", SECRET.to_owned()),
        ("its start", SECRET[..12].to_owned()),
        ("the group's secret", GROUP_SECRET.to_owned()),
        ("the secret in JSON", SECRET.replace('\\', "\\\\").replace('"', "\\\"")),
        ("a value added at run time", "added-at-run-time".to_owned()),
        ("a value made by a step", "made-by-a-step-77".to_owned()),
        ("the secret in base64", "cGEmcyAidzByZCIv".to_owned()),
        ("the secret in an address", "%22w0rd%22%2F".to_owned()),
        ("the secret in an address", "%22w0rd%22%2f".to_owned()),
        ("the secret in XML", "&quot;w0rd&quot;".to_owned()),
        ("the group's secret in base64", "Z3JvdXAtczNjcmV0".to_owned()),
    ];
    all.extend(lines.map(|line| ("a line of a secret", line.to_owned())));
    all
}

fn assert_clean(place: &str, bytes: &[u8]) {
    for (what, needle) in needles() {
        let at = bytes.windows(needle.len()).position(|window| window == needle.as_bytes());
        if let Some(at) = at {
            let around = &bytes[at.saturating_sub(80)..(at + 80).min(bytes.len())];
            panic!("{what} is in {place}: {}", String::from_utf8_lossy(around));
        }
    }
}

/// Every file of a folder; workspaces and artifacts are the steps' own.
fn assert_folder_clean(folder: &Path) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            let is_the_steps = path.ends_with("work") || path.ends_with("registry");
            count += if is_the_steps { 0 } else { assert_folder_clean(&path) };
        } else {
            assert_clean(&path.display().to_string(), &std::fs::read(&path).unwrap());
            count += 1;
        }
    }
    count
}

async fn fill(house: &House, project: &str) {
    let group = json!({
        "projectId": project, "name": "vault",
        "variables": [
            { "name": "groupToken", "value": GROUP_SECRET, "isSecret": true },
            { "name": "key", "value": MULTI_LINE, "isSecret": true },
            { "name": "plain", "value": "shown" },
        ],
    });
    let kept = house.call("variable_group_save", group).await;
    assert_clean("the answer of a save", kept.to_string().as_bytes());
    assert_eq!(kept["variables"][0]["value"], Value::Null, "a secret is set, and not shown");
    assert!(kept["variables"][0]["setAt"].is_number(), "but when it was set is: {kept}");
    let token = json!({ "projectId": project, "name": "token", "value": SECRET, "isSecret": true });
    house.call("pipeline_variable_save", token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_leaves_its_secrets_nowhere() {
    let sandbox = Sandbox::new("leak");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    harbour.write("azure-pipelines.yml", PIPELINE);
    fill(&house, &project).await;
    let mut events = house.app.events();
    let start = json!({ "projectId": project, "isWorkingTree": true });
    let started = house.call("run_start", start).await;
    let view = house.finished(started["runId"].as_str().unwrap()).await;
    assert_eq!(view["run"]["result"], "failed", "the last step fails: {view}");
    let mut log = String::new();
    for record in view["records"].as_array().unwrap() {
        log.push_str(&house.log(&started["runId"], record).await);
    }
    for words in ["the step has it", "end of forms", "made: *** holds: ", "warned of ***"] {
        assert!(log.contains(words), "the steps did their work ({words}): {log}");
    }
    assert!(!log.contains("seen by ps"), "no process has it among its words: {log}");
    assert_clean("the log", log.as_bytes());
    assert_clean("the run", view.to_string().as_bytes());
    let issue = view["run"]["issue"].as_str().unwrap();
    assert!(issue.contains("drop-*** holds a secret"), "an artifact cannot be called so: {issue}");
    assert!(log.contains("failed with ***"), "the issue is told without it: {log}");
    for (name, request) in [
        ("run_list", json!({ "projectId": project, "limit": 5 })),
        ("test_list", json!({ "runId": started["runId"] })),
        ("thread_get", json!({ "key": started["runId"] })),
        ("loop_get", json!({ "projectId": project })),
        ("variable_group_list", json!({ "projectId": project })),
        ("pipeline_variable_list", json!({ "projectId": project })),
        ("run_form_get", json!({ "projectId": project, "commit": started["commit"] })),
    ] {
        let answer = house.call(name, request).await;
        assert_clean(&format!("the answer of {name}"), answer.to_string().as_bytes());
    }
    // A mistake that repeats what was asked does not repeat a secret.
    let refused = house.refused("run_get", json!({ "runId": GROUP_SECRET })).await;
    assert!(refused.message.contains("***"), "an error is masked: {}", refused.message);
    assert_clean("an error", format!("{refused:?}").as_bytes());
    let mut seen = 0;
    while let Ok(event) = events.try_recv() {
        seen += 1;
        assert_clean("an event", serde_json::to_string(&event).unwrap().as_bytes());
    }
    assert!(seen > 3, "events came: {seen}");
    // The database with its write-ahead log, while it is open and after it was closed.
    assert!(assert_folder_clean(&sandbox.data()) >= 4, "database, log and secrets were looked at");
    house.close().await;
    assert_folder_clean(&sandbox.data());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_library_lacks_is_told_before_anything_runs() {
    let sandbox = Sandbox::new("lacks");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    harbour.write("azure-pipelines.yml", "variables:\n- group: vualt\nsteps:\n- bash: echo\n");
    let start = json!({ "projectId": project, "isWorkingTree": true });
    fill(&house, &project).await;
    let refused = house.refused("run_start", start.clone()).await;
    assert_eq!(refused.code, "group_missing", "got {refused:?}");
    assert!(refused.message.contains("'vualt'") && refused.message.contains("line 2"), "{refused}");
    assert!(refused.hint.unwrap().contains("'vault'"), "the nearest name is told");
    // Given at queue time; what the settings fix cannot be given.
    harbour.write(
        "azure-pipelines.yml",
        "parameters:\n- {name: who, type: string}\nsteps:\n- bash: echo ${{ parameters.who }} $(level) [$LEVEL]\n  name: Say\n",
    );
    let mut fixed = start.clone();
    fixed["variables"] = json!([{ "name": "TOKEN", "value": "mine" }]);
    let refused = house.refused("run_start", fixed).await;
    assert_eq!(refused.code, "variable_fixed", "got {refused:?}");
    let refused = house.refused("run_start", start.clone()).await;
    assert!(
        refused.message.contains("A value for the 'who' parameter must be provided"),
        "in Azure's words: {refused}"
    );
    let mut given = start;
    given["parameters"] = json!([{ "name": "who", "value": "Ada" }]);
    given["variables"] = json!([{ "name": "level", "value": "lvl-secret-9", "isSecret": true }]);
    let started = house.call("run_start", given).await;
    let view = house.finished(started["runId"].as_str().unwrap()).await;
    let mut log = String::new();
    for record in view["records"].as_array().unwrap() {
        log.push_str(&house.log(&started["runId"], record).await);
    }
    assert!(log.contains("Ada *** []"), "given, masked, and not mapped: {log}");
    let refused = house.refused("run_rerun", json!({ "runId": started["runId"] })).await;
    assert_eq!(refused.code, "run_secrets", "a secret of one run is not kept: {refused:?}");
    assert!(refused.message.contains("level"), "it is named: {}", refused.message);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secure_file_is_a_jobs_file_and_gone_with_it() {
    let sandbox = Sandbox::new("file");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    // The bytes of FILE.
    let content = "Y29udGVudC1vZi1hLXNlY3VyZS1maWxlLTQyCg==";
    let add = json!({ "projectId": project, "name": "key.pem", "content": content });
    let kept = house.call("secure_file_add", add).await;
    assert_eq!(kept["sizeBytes"], json!(FILE.len()), "its size is known: {kept}");
    let list = house.call("secure_file_list", json!({ "projectId": project })).await;
    assert_eq!(list[0]["name"], "key.pem", "it is listed: {list}");
    for name in ["../key.pem", "a/b", "", ".."] {
        let add = json!({ "projectId": project, "name": name, "content": content });
        let refused = house.refused("secure_file_add", add).await;
        assert_eq!(refused.code, "name_invalid", "{name} is no name: {refused:?}");
    }
    let data = sandbox.data();
    for entry in std::fs::read_dir(data.join("secrets/files")).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(10).any(|it| it == &FILE.as_bytes()[..10]), "it lies encrypted");
    }
    let remove = json!({ "projectId": project, "name": "KEY.pem" });
    house.call("secure_file_remove", remove).await;
    let left = std::fs::read_dir(data.join("secrets/files")).unwrap().count();
    assert_eq!(left, 0, "its content is gone with its name");
    house.close().await;
}

/// `slipway` in the repository, with a value on its standard input.
fn cli(sandbox: &Sandbox, folder: &Path, words: &[&str], input: &str) -> (i32, String) {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut command = sandbox.command(binary());
    command
        .current_dir(folder)
        .env("SLIPWAY_SECRETS", "file")
        .env("QUEUED", "queued-secret-value")
        .arg("--data-dir")
        .arg(sandbox.data())
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that asks for nothing may have ended already.
    child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
    let output = child.wait_with_output().unwrap();
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code().unwrap(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn the_library_and_a_plain_run_in_a_terminal() {
    let sandbox = Sandbox::new("cli");
    let harbour = Harbour::make(&sandbox);
    let folder = harbour.path();
    let run = |words: &[&str], input: &str| cli(&sandbox, folder, words, input);
    let fine = |words: &[&str], input: &str| {
        let (code, said) = run(words, input);
        assert_eq!(code, 0, "{words:?} is done: {said}");
        assert_clean(&format!("what {words:?} says"), said.as_bytes());
        said
    };
    fine(&["variable-group", "set", "vault", "plain=shown", "--description", "of the test"], "");
    fine(&["secret", "set", "groupToken", "--group", "vault"], &format!("{GROUP_SECRET}\n"));
    fine(&["secret", "set", "key", "--group", "vault"], MULTI_LINE);
    fine(&["secret", "set", "token"], SECRET);
    let said = fine(&["variable-group", "show", "vault"], "");
    assert!(said.contains("groupToken = ***") && said.contains("plain = shown"), "{said}");
    assert!(fine(&["variable-group", "ls"], "").contains("vault  3 variables, 2 secret"), "listed");
    assert!(fine(&["secret", "where"], "").contains("their key lies"), "told what protects them");
    std::fs::write(folder.join("key.pem"), FILE).unwrap();
    fine(&["secure-file", "add", "key.pem"], "");
    assert!(fine(&["secure-file", "ls"], "").contains("key.pem  28 bytes"), "listed");
    let (code, said) = run(&["secret", "set", "nothing"], "");
    assert_eq!(code, 2, "an empty value is wrong use: {said}");

    std::fs::create_dir_all(folder.join("ci")).unwrap();
    std::fs::write(folder.join("ci/leak.yml"), PIPELINE).unwrap();
    let (code, said) = run(&["run", "ci/leak.yml"], "");
    assert_eq!(code, 1, "the run fails as it should: {said}");
    for words in [
        "##[section]Starting: Hand over",
        "the step has it",
        "exited with code '3'",
        "failed with ***",
    ] {
        assert!(said.contains(words), "the run is told as Azure tells it ({words}): {said}");
    }
    assert_clean("the terminal", said.as_bytes());

    let yaml = "parameters:\n- {name: who, type: string, default: Bob}\nsteps:\n- checkout: none\n- bash: echo ${{ parameters.who }} $(level) $(QUEUED) > said; cat said\n";
    std::fs::write(folder.join("ci/fine.yml"), yaml).unwrap();
    let words =
        ["run", "ci/fine.yml", "--param", "who=Ada", "--var", "level=7", "--secret", "QUEUED"];
    let (code, said) = run(&words, "");
    assert_eq!(code, 0, "it succeeds: {said}");
    assert!(said.contains("Ada 7 ***"), "with what it was given: {said}");
    let (code, said) = run(&["run", "ci/nowhere.yml"], "");
    assert_eq!(code, 1, "a file that is not there: {said}");
    assert!(said.contains("ci/nowhere.yml"), "is named: {said}");

    fine(&["variable-group", "rm", "vault", "plain"], "");
    fine(&["variable-group", "rm", "vault"], "");
    assert!(!fine(&["variable-group", "ls"], "").contains("vault"), "gone");
    assert_folder_clean(&sandbox.data());
}
