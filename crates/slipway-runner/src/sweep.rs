//! Finds and ends processes that a job left behind, by a marker in their environment.
//!
//! A process group does not hold a grandchild that called `setsid`; its environment still names the step.
//! Called by `process` and at the end of each job. Deliberately not here: signals to the group.

use std::collections::HashSet;
use std::fs;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use slipway_core::RunId;

/// Azure's own name for it; the value names run and job.
pub(crate) const JOB_MARKER: &str = "VSTS_PROCESS_LOOKUP_ID";
/// The value names the step.
pub(crate) const STEP_MARKER: &str = "SLIPWAY_STEP_ID";

/// How often to look again: a stray may fork while it is being ended.
const ROUNDS: usize = 20;
const BETWEEN: Duration = Duration::from_millis(5);

/// Kills every process whose environment has `name=value`; answers how many.
///
/// `before` are processes that were there before the job: they cannot be its own and are not looked at.
pub(crate) async fn end_strays(name: &str, value: &str, before: Option<&HashSet<i32>>) -> usize {
    let marker = format!("{name}={value}");
    let mut ended = HashSet::new();
    for round in 0..ROUNDS {
        let found = strays(&marker, before);
        if found.is_empty() {
            break;
        }
        for pid in &found {
            // It may have ended by itself meanwhile.
            kill(Pid::from_raw(*pid), Signal::SIGKILL).ok();
            ended.insert(*pid);
        }
        if round + 1 < ROUNDS {
            tokio::time::sleep(BETWEEN).await;
        }
    }
    ended.len()
}

/// Kills strays at once, for a run that is being dropped.
pub(crate) fn end_strays_now(name: &str, value: &str) {
    let marker = format!("{name}={value}");
    for pid in strays(&marker, None) {
        // It may have ended by itself meanwhile.
        kill(Pid::from_raw(pid), Signal::SIGKILL).ok();
    }
}

/// Ends what a run left behind when the app died under it; answers how many processes that were.
///
/// The next start of the app calls it for each run that was going on.
pub async fn end_strays_of_run(run: &RunId) -> usize {
    let beginning = format!("{JOB_MARKER}=slipway_{run}");
    let mut ended = HashSet::new();
    for _ in 0..ROUNDS {
        let found: Vec<i32> = all_processes()
            .into_iter()
            .filter(|pid| has_pair(*pid, |pair| is_of(pair, &beginning)))
            .collect();
        if found.is_empty() {
            break;
        }
        for pid in found {
            // It may have ended by itself meanwhile.
            kill(Pid::from_raw(pid), Signal::SIGKILL).ok();
            ended.insert(pid);
        }
        tokio::time::sleep(BETWEEN).await;
    }
    ended.len()
}

/// The marker of a job of the run: its id, then the record of the job.
fn is_of(pair: &[u8], beginning: &str) -> bool {
    pair.strip_prefix(beginning.as_bytes())
        .is_some_and(|rest| rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric()))
}

/// Every process there is now.
pub(crate) fn all_processes() -> HashSet<i32> {
    let Ok(entries) = fs::read_dir("/proc") else { return HashSet::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str().and_then(|name| name.parse().ok()))
        .collect()
}

fn strays(marker: &str, before: Option<&HashSet<i32>>) -> Vec<i32> {
    let own = i32::try_from(std::process::id()).unwrap_or(i32::MAX);
    all_processes()
        .into_iter()
        .filter(|pid| *pid != own && !before.is_some_and(|before| before.contains(pid)))
        .filter(|pid| has_marker(*pid, marker))
        .collect()
}

/// Other users' processes cannot be read, and a zombie's environment is empty: neither matches.
fn has_marker(pid: i32, marker: &str) -> bool {
    has_pair(pid, |pair| pair == marker.as_bytes())
}

fn has_pair(pid: i32, is_wanted: impl Fn(&[u8]) -> bool) -> bool {
    fs::read(format!("/proc/{pid}/environ"))
        .is_ok_and(|environ| environ.split(|byte| *byte == 0).any(is_wanted))
}
