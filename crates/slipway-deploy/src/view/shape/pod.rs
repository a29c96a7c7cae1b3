//! Pods, in the words that kubectl has for them.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use slipway_core::KubeHealth;

use super::{Form, Meta, Row, Shape, time};

pub(super) struct Pods;

#[derive(Deserialize)]
pub(super) struct Pod<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow, default)]
    spec: Spec<'a>,
    #[serde(borrow, default)]
    status: Status<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(borrow, default)]
    node_name: Cow<'a, str>,
    #[serde(default)]
    containers: Vec<IgnoredAny>,
    #[serde(borrow, default)]
    init_containers: Vec<Init<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Init<'a> {
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    /// `Always` makes it a container that goes on beside the others.
    #[serde(borrow, default)]
    restart_policy: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    #[serde(borrow, default)]
    phase: Cow<'a, str>,
    #[serde(borrow, default)]
    reason: Cow<'a, str>,
    #[serde(borrow, default, rename = "podIP")]
    pod_ip: Cow<'a, str>,
    #[serde(borrow, default)]
    conditions: Vec<Condition<'a>>,
    #[serde(borrow, default)]
    init_container_statuses: Vec<Container<'a>>,
    #[serde(borrow, default)]
    container_statuses: Vec<Container<'a>>,
}

#[derive(Deserialize)]
struct Condition<'a> {
    #[serde(borrow, default)]
    r#type: Cow<'a, str>,
    #[serde(borrow, default)]
    status: Cow<'a, str>,
    #[serde(borrow, default)]
    reason: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Container<'a> {
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(default)]
    restart_count: u32,
    #[serde(default)]
    ready: bool,
    #[serde(default)]
    started: Option<bool>,
    #[serde(borrow, default)]
    state: State<'a>,
}

#[derive(Default, Deserialize)]
struct State<'a> {
    #[serde(borrow, default)]
    waiting: Option<Waiting<'a>>,
    #[serde(default)]
    running: Option<IgnoredAny>,
    #[serde(borrow, default)]
    terminated: Option<Terminated<'a>>,
}

#[derive(Deserialize)]
struct Waiting<'a> {
    #[serde(borrow, default)]
    reason: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Terminated<'a> {
    #[serde(borrow, default)]
    reason: Cow<'a, str>,
    #[serde(default)]
    exit_code: i32,
    #[serde(default)]
    signal: i32,
}

impl Terminated<'_> {
    fn word(&self) -> String {
        if !self.reason.is_empty() {
            self.reason.to_string()
        } else if self.signal != 0 {
            format!("Signal:{}", self.signal)
        } else {
            format!("ExitCode:{}", self.exit_code)
        }
    }
}

impl Shape for Pods {
    const COLUMNS: &'static [(&'static str, Form)] = &[
        ("Ready", Form::Text),
        ("Status", Form::Text),
        ("Restarts", Form::Number),
        ("Node", Form::Text),
        ("IP", Form::Text),
        ("Age", Form::Time),
    ];
    type Object<'a> = Pod<'a>;

    fn row(pod: &Pod<'_>) -> Row {
        let told = tell(pod);
        let state = health(&told);
        let cells = vec![
            format!("{}/{}", told.ready, told.total).into(),
            told.word.into_boxed_str(),
            told.restarts.to_string().into(),
            pod.spec.node_name.as_ref().into(),
            pod.status.pod_ip.as_ref().into(),
            time(pod.metadata.creation_timestamp.as_ref()),
        ];
        Row::new(&pod.metadata, cells, state)
    }

    fn version(pod: &Pod<'_>) -> String {
        pod.metadata.resource_version.to_string()
    }
}

/// What is told of a pod.
struct Told {
    word: String,
    ready: usize,
    total: usize,
    restarts: u32,
}

fn tell(pod: &Pod<'_>) -> Told {
    let status = &pod.status;
    let sidecar = |name: &str| {
        let init = pod.spec.init_containers.iter().find(|init| init.name == name);
        init.is_some_and(|init| init.restart_policy == "Always")
    };
    let sidecars = pod.spec.init_containers.iter().filter(|init| init.restart_policy == "Always");
    let mut told = Told {
        word: if status.reason.is_empty() { &status.phase } else { &status.reason }.to_string(),
        ready: 0,
        total: pod.spec.containers.len() + sidecars.count(),
        restarts: 0,
    };
    let condition = |kind: &str| status.conditions.iter().find(|one| one.r#type == kind);
    if condition("PodScheduled").is_some_and(|one| one.reason == "SchedulingGated") {
        "SchedulingGated".clone_into(&mut told.word);
    }
    let mut restarts_of_sidecars = 0;
    let mut is_initializing = false;
    for (number, init) in status.init_container_statuses.iter().enumerate() {
        told.restarts += init.restart_count;
        if sidecar(&init.name) {
            restarts_of_sidecars += init.restart_count;
        }
        match &init.state {
            State { terminated: Some(end), .. } if end.exit_code == 0 => continue,
            _ if sidecar(&init.name) && init.started == Some(true) => {
                told.ready += usize::from(init.ready);
                continue;
            }
            State { terminated: Some(end), .. } => told.word = format!("Init:{}", end.word()),
            State { waiting: Some(why), .. }
                if !why.reason.is_empty() && why.reason != "PodInitializing" =>
            {
                told.word = format!("Init:{}", why.reason);
            }
            _ => told.word = format!("Init:{number}/{}", pod.spec.init_containers.len()),
        }
        is_initializing = true;
        break;
    }
    let is_initialized = condition("Initialized").is_some_and(|one| one.status == "True");
    if !is_initializing || is_initialized {
        told.restarts = restarts_of_sidecars;
        tell_containers(&mut told, status);
    }
    if pod.metadata.deletion_timestamp.is_some() {
        if status.reason == "NodeLost" {
            "Unknown".clone_into(&mut told.word);
        } else if !matches!(&*status.phase, "Failed" | "Succeeded") {
            "Terminating".clone_into(&mut told.word);
        }
    }
    told
}

fn tell_containers(told: &mut Told, status: &Status<'_>) {
    let mut is_any_running = false;
    // Backwards: what is said of the first container is what stays.
    for container in status.container_statuses.iter().rev() {
        told.restarts += container.restart_count;
        match &container.state {
            State { waiting: Some(why), .. } if !why.reason.is_empty() => {
                told.word = why.reason.to_string();
            }
            State { terminated: Some(end), .. } => told.word = end.word(),
            State { running: Some(_), .. } if container.ready => {
                is_any_running = true;
                told.ready += 1;
            }
            _ => {}
        }
    }
    if told.word == "Completed" && is_any_running {
        let ready = status.conditions.iter().find(|one| one.r#type == "Ready");
        let is_ready = ready.is_some_and(|one| one.status == "True");
        if is_ready { "Running" } else { "NotReady" }.clone_into(&mut told.word);
    }
}

fn health(told: &Told) -> KubeHealth {
    let word = told.word.strip_prefix("Init:").unwrap_or(&told.word);
    match word {
        "Completed" | "Succeeded" => KubeHealth::Done,
        "Running" if told.ready == told.total => KubeHealth::Good,
        "Running" | "Pending" | "ContainerCreating" | "PodInitializing" | "Terminating"
        | "NotReady" | "SchedulingGated" | "" => KubeHealth::Waiting,
        // How far the initialization is: `1/2`.
        progress if progress.starts_with(|letter: char| letter.is_ascii_digit()) => {
            KubeHealth::Waiting
        }
        _ => KubeHealth::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(rest: &str) -> Row {
        let text = format!(
            r#"{{"metadata":{{"uid":"u","name":"web","namespace":"shop","managedFields":[{{"x":1}}]}},{rest}}}"#
        );
        Pods::row(&serde_json::from_str(&text).unwrap())
    }

    fn said(rest: &str) -> (String, String, String, KubeHealth) {
        let row = row(rest);
        let cell = |at: usize| row.cells[at].to_string();
        (cell(0), cell(1), cell(2), row.state)
    }

    const ONE: &str = r#""spec":{"nodeName":"n1","containers":[{}]}"#;

    #[test]
    fn kubectls_words_for_the_usual_states() {
        let cases = [
            (
                r#"{"phase":"Running","containerStatuses":[{"ready":true,"restartCount":2,"state":{"running":{}}}]}"#,
                ("1/1", "Running", "2", KubeHealth::Good),
            ),
            (
                r#"{"phase":"Running","containerStatuses":[{"restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}"#,
                ("0/1", "CrashLoopBackOff", "3", KubeHealth::Bad),
            ),
            (
                r#"{"phase":"Succeeded","containerStatuses":[{"state":{"terminated":{"reason":"Completed","exitCode":0}}}]}"#,
                ("0/1", "Completed", "0", KubeHealth::Done),
            ),
            (
                r#"{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"exitCode":3}}}]}"#,
                ("0/1", "ExitCode:3", "0", KubeHealth::Bad),
            ),
            (r#"{"phase":"Failed","reason":"Evicted"}"#, ("0/1", "Evicted", "0", KubeHealth::Bad)),
            (r#"{"phase":"Pending"}"#, ("0/1", "Pending", "0", KubeHealth::Waiting)),
        ];
        for (status, (ready, word, restarts, state)) in cases {
            let expected = (ready.to_owned(), word.to_owned(), restarts.to_owned(), state);
            assert_eq!(said(&format!(r#"{ONE},"status":{status}"#)), expected, "{status}");
        }
    }

    #[test]
    fn initialization_says_how_far_it_is() {
        let spec = r#""spec":{"containers":[{}],"initContainers":[{"name":"a"},{"name":"b"}]}"#;
        let status = |second: &str| {
            format!(
                r#"{spec},"status":{{"phase":"Pending","initContainerStatuses":[
                {{"name":"a","state":{{"terminated":{{"exitCode":0,"reason":"Completed"}}}}}},
                {{"name":"b","state":{second}}}],"containerStatuses":[{{"state":{{"waiting":{{"reason":"PodInitializing"}}}}}}]}}"#
            )
        };
        assert_eq!(said(&status(r#"{"running":{}}"#)).1, "Init:1/2");
        let crash = said(&status(r#"{"waiting":{"reason":"CrashLoopBackOff"}}"#));
        assert_eq!((crash.1.as_str(), crash.3), ("Init:CrashLoopBackOff", KubeHealth::Bad));
    }

    #[test]
    fn a_sidecar_counts_among_the_containers() {
        let text = r#""spec":{"containers":[{}],"initContainers":[{"name":"s","restartPolicy":"Always"}]},
            "status":{"phase":"Running","initContainerStatuses":[{"name":"s","ready":true,"started":true,"restartCount":1,"state":{"running":{}}}],
            "containerStatuses":[{"ready":true,"state":{"running":{}}}]}"#;
        assert_eq!(said(text), ("2/2".into(), "Running".into(), "1".into(), KubeHealth::Good));
    }

    #[test]
    fn a_pod_that_is_deleted_is_terminating() {
        let text = r#"{"metadata":{"name":"x","deletionTimestamp":"2026-01-01T00:00:00Z"},
            "spec":{"containers":[{}]},"status":{"phase":"Running"}}"#;
        let row = Pods::row(&serde_json::from_str(text).unwrap());
        assert_eq!(&*row.cells[1], "Terminating");
        assert_eq!(&*row.uid, "/x", "an object without a uid is known by its name");
    }

    #[test]
    fn a_filter_finds_names_and_cells_in_small_letters() {
        let row = row(&format!(r#"{ONE},"status":{{"phase":"Running","podIP":"10.0.0.7"}}"#));
        for word in ["shop", "web", "running", "n1", "10.0.0.7"] {
            assert!(row.lower.contains(word), "{word} in {}", row.lower);
        }
    }
}
