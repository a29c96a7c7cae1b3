//! Folders of kind `triggers`: a file, and what starts it.
//!
//! `[[push]]` (`reference`, `paths`, `message`, `going`, of a `repository` resource), `[[pull_request]]`
//! (`target`, `paths`, `draft`), `[[finished_run]]` (`pipeline`, `branch`, `stages`, `tags`), `[[image]]`
//! (`container`, `tag`) and `[[schedule]]` each say whether it `starts` and what the reason `says`. A
//! `[[schedule]]` with `after` lists the `next` moments instead.

use jiff::Timestamp;
use serde::Deserialize;
use slipway_pipeline::diagnostic::Severity;
use slipway_pipeline::schedule::ScheduleFacts;
use slipway_pipeline::trigger::{FinishedRun, PullRequest, Push, TriggerVerdict, Triggers};
use slipway_pipeline::{LoadRequest, NoFiles, load};

use crate::conformance::{Case, all};
use slipway_pipeline::catalog::Known;

const FILE: &str = "azure-pipelines.yml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    push: Vec<PushCase>,
    #[serde(default)]
    pull_request: Vec<PullRequestCase>,
    #[serde(default)]
    schedule: Vec<ScheduleCase>,
    #[serde(default)]
    finished_run: Vec<RunCase>,
    #[serde(default)]
    image: Vec<ImageCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PushCase {
    reference: String,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    going: bool,
    /// The alias of a repository resource; none is the pipeline's own.
    repository: Option<String>,
    starts: bool,
    #[serde(default)]
    waits: bool,
    says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PullRequestCase {
    target: String,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    draft: bool,
    starts: bool,
    says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleCase {
    /// Which of the file's schedules.
    #[serde(default)]
    position: usize,
    after: Option<String>,
    next: Option<Vec<String>>,
    #[serde(default)]
    branch: String,
    #[serde(default)]
    changed: bool,
    #[serde(default)]
    going: bool,
    starts: Option<bool>,
    #[serde(default)]
    says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RunCase {
    pipeline: String,
    branch: String,
    #[serde(default = "yes")]
    succeeded: bool,
    #[serde(default)]
    stages: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    starts: bool,
    says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageCase {
    container: String,
    tag: String,
    starts: bool,
    says: String,
}

fn yes() -> bool {
    true
}

/// Runs one folder.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let expected: Expected = case.own()?;
    let loaded = load(FILE, &case.text(FILE)?, &LoadRequest::default(), &NoFiles, &Known);
    if let Some(error) = loaded.diagnostics.iter().find(|it| it.severity == Severity::Error) {
        return Err(format!("the file has an error: {}", error.to_line()));
    }
    let triggers = &loaded.triggers;
    let mut outcomes = Vec::new();
    outcomes.extend(expected.push.iter().map(|it| push(it, triggers)));
    outcomes.extend(expected.pull_request.iter().map(|it| pull_request(it, triggers)));
    outcomes.extend(expected.schedule.iter().map(|it| schedule(it, triggers)));
    outcomes.extend(expected.finished_run.iter().map(|it| finished_run(it, triggers)));
    outcomes.extend(expected.image.iter().map(|it| image(it, triggers)));
    if outcomes.is_empty() {
        return Err("the case is empty".to_owned());
    }
    all(outcomes)
}

fn check(what: &str, verdict: &TriggerVerdict, starts: bool, says: &str) -> Result<(), String> {
    if verdict.starts == starts && verdict.reason.contains(says) {
        return Ok(());
    }
    Err(format!("{what}: {verdict:?}, expected starts = {starts}, {says:?}"))
}

fn push(case: &PushCase, triggers: &Triggers) -> Result<(), String> {
    let push = Push {
        reference: &case.reference,
        changed_paths: &case.paths,
        message: &case.message,
        is_run_going: case.going,
    };
    let verdict = match &case.repository {
        None => triggers.ci.decide(&push),
        Some(alias) => {
            let found = triggers.repositories.iter().find(|it| it.alias == *alias);
            found.ok_or(format!("there is no trigger of {alias}"))?.decide(&push)
        }
    };
    if verdict.waits != case.waits {
        return Err(format!(
            "push {}: {verdict:?}, expected waits = {}",
            case.reference, case.waits
        ));
    }
    check(&format!("push {}", case.reference), &verdict, case.starts, &case.says)
}

fn pull_request(case: &PullRequestCase, triggers: &Triggers) -> Result<(), String> {
    let request = PullRequest {
        target_branch: &case.target,
        changed_paths: &case.paths,
        is_draft: case.draft,
    };
    let verdict = triggers.pr.decide(&request);
    check(&format!("pull request to {}", case.target), &verdict, case.starts, &case.says)
}

fn schedule(case: &ScheduleCase, triggers: &Triggers) -> Result<(), String> {
    let found = triggers.schedules.get(case.position).ok_or("there is no such schedule")?;
    let what = format!("schedule {}", found.cron);
    if let (Some(after), Some(next)) = (&case.after, &case.next) {
        let after: Timestamp = after.parse().map_err(|error| format!("{after}: {error}"))?;
        // One more than expected, so that an empty list means that none comes at all.
        let moments = found.next_after(after, next.len().max(1));
        let moments: Vec<String> = moments.iter().map(ToString::to_string).collect();
        return if moments == *next {
            Ok(())
        } else {
            Err(format!("{what} after {after}: {moments:?}, expected {next:?}"))
        };
    }
    let starts = case.starts.ok_or("a schedule says next or starts")?;
    let facts =
        ScheduleFacts { branch: &case.branch, has_changed: case.changed, is_run_going: case.going };
    check(&what, &found.decide(&facts), starts, &case.says)
}

fn finished_run(case: &RunCase, triggers: &Triggers) -> Result<(), String> {
    let run = FinishedRun {
        pipeline: &case.pipeline,
        project: None,
        branch: &case.branch,
        has_succeeded: case.succeeded,
        stages: &case.stages,
        tags: &case.tags,
    };
    let verdict = triggers.decide_finished_run(&run);
    check(&format!("run of {}", case.pipeline), &verdict, case.starts, &case.says)
}

fn image(case: &ImageCase, triggers: &Triggers) -> Result<(), String> {
    let found = triggers.containers.iter().find(|it| it.alias == case.container);
    let verdict = found.ok_or("there is no such container")?.decide(&case.tag);
    check(&format!("image {}", case.tag), &verdict, case.starts, &case.says)
}
