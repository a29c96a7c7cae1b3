//! `kill -9` at random moments of writing into a repository: files that are proposed, and a pipeline that is committed.
//! Once the app is opened again, the repository is as before or has all of it, and the next try succeeds.
//!
//! `SLIPWAY_SEED` repeats the moments of an earlier run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use slipway_tests::{Random, Sandbox, binary, call, slipway};

const KILLS: u64 = 24;
/// How long after its first sign the writing is over, at the latest.
const LATEST_US: u64 = 40_000;
const FILES: [&str; 4] =
    [".dockerignore", "Dockerfile", "azure-pipelines.yml", "manifests/web/service.yml"];
const BEFORE: &str = "trigger: none\nsteps:\n- script: echo old\n";

struct Place {
    at: PathBuf,
    home: PathBuf,
    project: Value,
}

impl Place {
    /// A repository with one commit, known to the app.
    fn make(sandbox: &Sandbox, name: &str, pipeline: Option<&str>) -> Self {
        let at = sandbox.path(name);
        std::fs::create_dir_all(&at).unwrap();
        std::fs::write(at.join("readme.md"), "Harbour\n").unwrap();
        if let Some(text) = pipeline {
            std::fs::write(at.join("azure-pipelines.yml"), text).unwrap();
        }
        let mut place = Self { at, home: sandbox.path("home"), project: Value::Null };
        place.git(&["init", "--quiet", "--initial-branch", "main"]);
        place.git(&["config", "user.name", "Harbour Master"]);
        place.git(&["config", "user.email", "harbour@slipway.invalid"]);
        place.git(&["add", "--all"]);
        place.git(&["commit", "--quiet", "--message", "Begin"]);
        place.project = call(sandbox, "project_open", &json!({ "path": place.at }))["id"].clone();
        place
    }

    #[track_caller]
    fn git(&self, words: &[&str]) -> String {
        let done = Command::new("git")
            .args(words)
            .current_dir(&self.at)
            .env("HOME", &self.home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "git {words:?} succeeds: {said}");
        String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
    }

    /// What the next start of the app does.
    fn open_again(&self, sandbox: &Sandbox) {
        call(sandbox, "project_open", &json!({ "path": self.at }));
    }

    /// Head, branches, index and working tree.
    fn seen(&self) -> [String; 3] {
        [
            self.git(&["status", "--porcelain=v2", "--branch", "--untracked-files=all"]),
            self.git(&["for-each-ref"]),
            self.git(&["ls-files", "--stage"]),
        ]
    }

    /// Git's own judgement, and that nothing of ours is left in its folder.
    #[track_caller]
    fn is_whole(&self, moment: &str) {
        self.git(&["fsck", "--strict"]);
        for left in ["slipway-under-way", "index.lock", "HEAD.lock", "refs/heads/main.lock"] {
            assert!(!self.at.join(".git").join(left).exists(), "{left} is left, {moment}");
        }
        assert!(!self.at.join("azure-pipelines.yml.slipway-new").exists(), "half, {moment}");
    }
}

/// Starts the program and kills it so long after its first sign in the repository.
fn kill_within(sandbox: &Sandbox, at: &Path, words: &[&str], after: u64) {
    let mut command = sandbox.command(binary());
    command.arg("--data-dir").arg(sandbox.data()).args(words);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let note = at.join(".git/slipway-under-way");
    let until = Instant::now() + Duration::from_secs(30);
    while !note.exists() && child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < until, "{words:?} begins to write");
        std::thread::yield_now();
    }
    let moment = Instant::now() + Duration::from_micros(after);
    while Instant::now() < moment {
        std::thread::yield_now();
    }
    child.kill().ok();
    child.wait().unwrap();
}

fn text_of(path: &str) -> String {
    if path == "azure-pipelines.yml" {
        return "trigger: none\nsteps:\n- script: echo new\n".to_owned();
    }
    format!("# {path}\n").repeat(2_000)
}

#[test]
fn killed_while_it_creates_files_it_leaves_all_or_none() {
    let mut random = Random::seeded();
    let sandbox = Sandbox::new("kill-files");
    let files: Vec<Value> =
        FILES.iter().map(|path| json!({ "path": path, "text": text_of(path) })).collect();
    let (mut none, mut all) = (0, 0);
    for kill in 0..KILLS {
        let place = Place::make(&sandbox, &format!("files-{kill}"), None);
        let before = place.seen();
        let (branch, message) = match kill % 3 {
            0 => (Some("topic/pipeline"), Some("Add it")),
            1 => (None, Some("Add it")),
            _ => (None, None),
        };
        let request = json!({
            "projectId": place.project, "files": files, "branch": branch, "message": message,
        });
        let after = random.number() % LATEST_US;
        let moment = format!("killed after {after} µs with {branch:?} and {message:?}");
        let words = ["call", "pipeline_propose_apply", &request.to_string()];
        kill_within(&sandbox, &place.at, &words, after);
        place.open_again(&sandbox);
        place.is_whole(&moment);
        if place.seen() == before {
            none += 1;
            assert!(!place.at.join("manifests").exists(), "no folder is left, {moment}");
            call(&sandbox, "pipeline_propose_apply", &request);
        } else {
            all += 1;
        }
        for path in FILES {
            let text = std::fs::read_to_string(place.at.join(path));
            let text = text.unwrap_or_else(|error| panic!("{path} is there, {moment}: {error}"));
            assert_eq!(text, text_of(path), "{path} is whole, {moment}");
        }
        let status = place.git(&["status", "--porcelain", "--untracked-files=all"]);
        if message.is_some() {
            assert_eq!(status, "", "all of it is committed, {moment}");
            let committed = place.git(&["show", "--format=", "--name-only", "HEAD"]);
            assert_eq!(committed.lines().collect::<Vec<_>>(), FILES, "in one commit, {moment}");
            let head = place.git(&["symbolic-ref", "--short", "HEAD"]);
            assert_eq!(head, branch.unwrap_or("main"), "on its branch, {moment}");
            assert_eq!(place.git(&["rev-list", "--count", "HEAD"]), "2", "once, {moment}");
        } else {
            let untracked: Vec<String> = FILES.iter().map(|path| format!("?? {path}")).collect();
            assert_eq!(status, untracked.join("\n"), "created and no more, {moment}");
        }
    }
    println!("{KILLS} kills: {none} left the repository as before, {all} left everything");
    assert!(none > 0, "some kills hit the writing");
}

#[test]
fn killed_while_it_commits_the_pipeline_it_leaves_the_commit_or_the_saved_text() {
    let mut random = Random::seeded();
    let sandbox = Sandbox::new("kill-commit");
    let after_text = text_of("azure-pipelines.yml");
    let (mut old, mut saved, mut committed) = (0, 0, 0);
    for kill in 0..KILLS {
        let place = Place::make(&sandbox, &format!("commit-{kill}"), Some(BEFORE));
        let [_, branches, index] = place.seen();
        let branch = (kill % 2 == 0).then_some("topic/pipeline");
        let request = |base: &str| {
            json!({
                "projectId": place.project, "text": after_text, "baseText": base, "message": "Change it",
                "branch": branch,
            })
        };
        let after = random.number() % LATEST_US;
        let moment = format!("killed after {after} µs with {branch:?}");
        let words = ["call", "pipeline_commit", &request(BEFORE).to_string()];
        kill_within(&sandbox, &place.at, &words, after);
        place.open_again(&sandbox);
        place.is_whole(&moment);
        let now = std::fs::read_to_string(place.at.join("azure-pipelines.yml")).unwrap();
        let [_, branches_now, index_now] = place.seen();
        if branches_now == branches {
            assert_eq!(index_now, index, "nothing is staged, {moment}");
            assert_eq!(place.git(&["symbolic-ref", "--short", "HEAD"]), "main", "{moment}");
            assert!(now == BEFORE || now == after_text, "the old or the new text, {moment}: {now}");
            if now == BEFORE {
                old += 1
            } else {
                saved += 1
            }
            call(&sandbox, "pipeline_commit", &request(&now));
        } else {
            committed += 1;
        }
        assert_eq!(place.git(&["status", "--porcelain"]), "", "committed, {moment}");
        assert_eq!(place.git(&["show", "HEAD:azure-pipelines.yml"]) + "\n", after_text, "{moment}");
        assert_eq!(place.git(&["rev-list", "--count", "HEAD"]), "2", "once, {moment}");
        let head = place.git(&["symbolic-ref", "--short", "HEAD"]);
        assert_eq!(head, branch.unwrap_or("main"), "on its branch, {moment}");
    }
    println!("{KILLS} kills: {old} before saving, {saved} saved, {committed} committed");
    assert!(old + saved > 0, "some kills hit the writing");
}

#[test]
fn killed_while_a_terminal_creates_files_the_next_try_creates_them() {
    let mut random = Random::seeded();
    let sandbox = Sandbox::new("kill-init");
    for kill in 0..4 {
        let place = Place::make(&sandbox, &format!("init-{kill}"), None);
        std::fs::write(place.at.join("go.mod"), "module harbour\n\ngo 1.21\n").unwrap();
        std::fs::write(place.at.join("main.go"), "package main\n\nfunc main() {}\n").unwrap();
        let dir = place.at.display().to_string();
        let words = ["pipeline", "init", "--dir", &dir];
        kill_within(&sandbox, &place.at, &words, random.number() % LATEST_US);
        let again = slipway(&sandbox, &words);
        let said = String::from_utf8_lossy(&again.stderr).into_owned();
        // All of it was there already, or nothing: then it is now.
        let is_there = said.contains("azure-pipelines.yml is there already.");
        assert!(again.status.success() || is_there, "kill {kill}: {said}");
        assert!(
            place.at.join("azure-pipelines.yml").is_file(),
            "kill {kill}: the pipeline is there"
        );
        place.is_whole(&format!("kill {kill}"));
    }
}
