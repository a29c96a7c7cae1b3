//! Startup, readiness and liveness probes as a machine of pure decisions.
//!
//! The watch task asks what is due, performs it (`check.rs`) and reports the outcome here. Kept in a
//! container label, so that a restarted app probes as before. Deliberately not here: clocks and IO.

use std::time::Duration;

use k8s_openapi::api::core::v1 as api;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::{Deserialize, Serialize};

/// Kubernetes probes a pod that is not ready yet more often than its period; so do we.
const EAGER_PERIOD: Duration = Duration::from_secs(1);

/// What a probe does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub(crate) enum ProbeAction {
    Http { path: String, port: u16, is_https: bool, headers: Vec<(String, String)> },
    Tcp { port: u16 },
    Exec { command: Vec<String> },
}

/// A probe with Kubernetes' defaults filled in; all times in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Probe {
    pub(crate) action: ProbeAction,
    pub(crate) initial_delay: u32,
    pub(crate) period: u32,
    pub(crate) timeout: u32,
    pub(crate) failure_threshold: u32,
    pub(crate) success_threshold: u32,
}

/// The probes of a pod.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Probes {
    pub(crate) startup: Option<Probe>,
    pub(crate) readiness: Option<Probe>,
    pub(crate) liveness: Option<Probe>,
}

/// Which probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProbeKind {
    Startup,
    Readiness,
    Liveness,
}

impl ProbeKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Startup => "startup",
            Self::Readiness => "readiness",
            Self::Liveness => "liveness",
        }
    }
}

impl Probe {
    /// Reads the API's form; `port_of` knows the container's named ports. The error says why not.
    pub(crate) fn read(
        probe: &api::Probe,
        port_of: impl Fn(&IntOrString) -> Option<u16>,
    ) -> Result<Self, String> {
        let action = if let Some(http) = &probe.http_get {
            if http.host.as_deref().is_some_and(|host| !host.is_empty()) {
                return Err("httpGet.host is not supported; the probe asks the pod itself.".into());
            }
            let path = http.path.clone().unwrap_or_default();
            let path = if path.starts_with('/') { path } else { format!("/{path}") };
            let headers = http.http_headers.iter().flatten();
            ProbeAction::Http {
                path,
                port: port_of(&http.port).ok_or("httpGet.port names no port of the container.")?,
                is_https: http.scheme.as_deref() == Some("HTTPS"),
                headers: headers.map(|h| (h.name.clone(), h.value.clone())).collect(),
            }
        } else if let Some(tcp) = &probe.tcp_socket {
            let port =
                port_of(&tcp.port).ok_or("tcpSocket.port names no port of the container.")?;
            ProbeAction::Tcp { port }
        } else if let Some(exec) = &probe.exec {
            let command = exec.command.clone().unwrap_or_default();
            if command.is_empty() {
                return Err("exec.command is empty.".into());
            }
            ProbeAction::Exec { command }
        } else if probe.grpc.is_some() {
            return Err("grpc probes are not supported; use httpGet, tcpSocket or exec.".into());
        } else {
            return Err("it has none of httpGet, tcpSocket and exec.".into());
        };
        let at_least = |value: Option<i32>, default: u32, least: u32| {
            value.and_then(|value| u32::try_from(value).ok()).unwrap_or(default).max(least)
        };
        Ok(Self {
            action,
            initial_delay: at_least(probe.initial_delay_seconds, 0, 0),
            period: at_least(probe.period_seconds, 10, 1),
            timeout: at_least(probe.timeout_seconds, 1, 1),
            failure_threshold: at_least(probe.failure_threshold, 3, 1),
            success_threshold: at_least(probe.success_threshold, 1, 1),
        })
    }

    /// The container port it asks, if it asks one.
    pub(crate) fn port(&self) -> Option<u16> {
        match &self.action {
            ProbeAction::Http { port, .. } | ProbeAction::Tcp { port } => Some(*port),
            ProbeAction::Exec { .. } => None,
        }
    }
}

impl Probes {
    /// The probe of a kind.
    pub(crate) fn get(&self, kind: ProbeKind) -> Option<&Probe> {
        match kind {
            ProbeKind::Startup => self.startup.as_ref(),
            ProbeKind::Readiness => self.readiness.as_ref(),
            ProbeKind::Liveness => self.liveness.as_ref(),
        }
    }

    /// Every container port that a probe asks.
    pub(crate) fn ports(&self) -> impl Iterator<Item = u16> {
        [&self.startup, &self.readiness, &self.liveness]
            .into_iter()
            .filter_map(|probe| probe.as_ref().and_then(Probe::port))
    }
}

#[derive(Debug, Clone, Default)]
struct Tally {
    successes: u32,
    failures: u32,
    /// Since the container's start; `None` before the first time.
    last_at: Option<Duration>,
}

/// How one start of a container fares with its probes.
#[derive(Debug, Clone)]
pub(crate) struct ProbeRound {
    probes: Probes,
    startup: Tally,
    readiness: Tally,
    liveness: Tally,
    is_started: bool,
    is_ready: bool,
}

impl ProbeRound {
    /// Begins with a container's start.
    pub(crate) fn new(probes: Probes) -> Self {
        let is_started = probes.startup.is_none();
        let is_ready = is_started && probes.readiness.is_none();
        let (startup, readiness, liveness) = Default::default();
        Self { probes, startup, readiness, liveness, is_started, is_ready }
    }

    /// True once the pod may get traffic.
    pub(crate) fn is_ready(&self) -> bool {
        self.is_ready
    }

    /// Makes an app that was restarted believe what the pod had shown before, until probed again.
    pub(crate) fn trust(&mut self) {
        self.is_started = true;
        self.is_ready = true;
    }

    /// The probes to perform now, `age` after the container's start.
    pub(crate) fn due(&self, age: Duration) -> Vec<ProbeKind> {
        self.schedule().filter(|(_, at)| *at <= age).map(|(kind, _)| kind).collect()
    }

    /// The age at which the next probe is due.
    pub(crate) fn next_at(&self) -> Option<Duration> {
        self.schedule().map(|(_, at)| at).min()
    }

    fn schedule(&self) -> impl Iterator<Item = (ProbeKind, Duration)> {
        let kinds: &[ProbeKind] = if self.is_started {
            &[ProbeKind::Readiness, ProbeKind::Liveness]
        } else {
            &[ProbeKind::Startup]
        };
        kinds.iter().filter_map(|kind| {
            let probe = self.probes.get(*kind)?;
            let initial = Duration::from_secs(probe.initial_delay.into());
            let at = match self.tally(*kind).last_at {
                Some(last) => last + self.period(*kind, probe),
                None => initial,
            };
            Some((*kind, at))
        })
    }

    fn period(&self, kind: ProbeKind, probe: &Probe) -> Duration {
        let period = Duration::from_secs(probe.period.into());
        let is_waiting = kind == ProbeKind::Readiness && !self.is_ready;
        if is_waiting && probe.success_threshold == 1 { period.min(EAGER_PERIOD) } else { period }
    }

    fn tally(&self, kind: ProbeKind) -> &Tally {
        match kind {
            ProbeKind::Startup => &self.startup,
            ProbeKind::Readiness => &self.readiness,
            ProbeKind::Liveness => &self.liveness,
        }
    }

    /// Takes an outcome; the answer is why the container must be restarted, if it must.
    pub(crate) fn record(
        &mut self,
        kind: ProbeKind,
        outcome: &Result<(), String>,
        age: Duration,
    ) -> Option<String> {
        let probe = self.probes.get(kind)?.clone();
        let tally = match kind {
            ProbeKind::Startup => &mut self.startup,
            ProbeKind::Readiness => &mut self.readiness,
            ProbeKind::Liveness => &mut self.liveness,
        };
        tally.last_at = Some(age);
        match outcome {
            Ok(()) => {
                tally.failures = 0;
                tally.successes += 1;
                if tally.successes >= probe.success_threshold {
                    self.passed(kind);
                }
                None
            }
            Err(reason) => {
                tally.successes = 0;
                tally.failures += 1;
                let failures = tally.failures;
                if failures < probe.failure_threshold {
                    return None;
                }
                match kind {
                    ProbeKind::Readiness => {
                        self.is_ready = false;
                        None
                    }
                    ProbeKind::Startup | ProbeKind::Liveness => {
                        let word = kind.word();
                        Some(format!("the {word} probe failed {failures} times: {reason}"))
                    }
                }
            }
        }
    }

    fn passed(&mut self, kind: ProbeKind) {
        match kind {
            ProbeKind::Startup => {
                self.is_started = true;
                self.is_ready = self.probes.readiness.is_none();
            }
            ProbeKind::Readiness => self.is_ready = true,
            ProbeKind::Liveness => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(failures: u32, successes: u32) -> Probe {
        Probe {
            action: ProbeAction::Tcp { port: 80 },
            initial_delay: 2,
            period: 5,
            timeout: 1,
            failure_threshold: failures,
            success_threshold: successes,
        }
    }

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn bad() -> Result<(), String> {
        Err("refused".into())
    }

    #[test]
    fn without_probes_a_started_pod_is_ready() {
        assert!(ProbeRound::new(Probes::default()).is_ready());
    }

    #[test]
    fn readiness_waits_for_its_delay_and_asks_eagerly_until_ready() {
        let probes = Probes { readiness: Some(probe(3, 1)), ..Probes::default() };
        let mut round = ProbeRound::new(probes);
        assert!(round.due(s(1)).is_empty(), "initialDelaySeconds is 2");
        assert_eq!(round.due(s(2)), [ProbeKind::Readiness]);
        round.record(ProbeKind::Readiness, &bad(), s(2));
        assert_eq!(round.next_at(), Some(s(3)), "a pod that is not ready is asked each second");
        round.record(ProbeKind::Readiness, &Ok(()), s(3));
        assert!(round.is_ready(), "one success is enough");
        assert_eq!(round.next_at(), Some(s(8)), "then each period");
    }

    #[test]
    fn readiness_is_lost_after_the_threshold_only() {
        let probes = Probes { readiness: Some(probe(2, 1)), ..Probes::default() };
        let mut round = ProbeRound::new(probes);
        round.record(ProbeKind::Readiness, &Ok(()), s(2));
        round.record(ProbeKind::Readiness, &bad(), s(7));
        assert!(round.is_ready(), "one failure of two");
        round.record(ProbeKind::Readiness, &bad(), s(12));
        assert!(!round.is_ready(), "two failures in a row");
    }

    #[test]
    fn a_success_threshold_counts_in_a_row() {
        let probes = Probes { readiness: Some(probe(3, 2)), ..Probes::default() };
        let mut round = ProbeRound::new(probes);
        round.record(ProbeKind::Readiness, &Ok(()), s(2));
        round.record(ProbeKind::Readiness, &bad(), s(7));
        round.record(ProbeKind::Readiness, &Ok(()), s(12));
        assert!(!round.is_ready(), "a failure in between starts the count again");
        round.record(ProbeKind::Readiness, &Ok(()), s(17));
        assert!(round.is_ready());
    }

    #[test]
    fn startup_holds_the_others_back_and_restarts() {
        let probes = Probes {
            startup: Some(probe(2, 1)),
            readiness: Some(probe(3, 1)),
            liveness: Some(probe(1, 1)),
        };
        let mut round = ProbeRound::new(probes.clone());
        assert_eq!(round.due(s(60)), [ProbeKind::Startup], "nothing else before it passes");
        assert_eq!(round.record(ProbeKind::Startup, &bad(), s(2)), None);
        let reason = round.record(ProbeKind::Startup, &bad(), s(7)).unwrap();
        assert_eq!(reason, "the startup probe failed 2 times: refused");
        let mut round = ProbeRound::new(probes);
        round.record(ProbeKind::Startup, &Ok(()), s(2));
        assert_eq!(round.due(s(2)), [ProbeKind::Readiness, ProbeKind::Liveness]);
        assert!(!round.is_ready(), "readiness decides after startup");
        assert!(round.record(ProbeKind::Liveness, &bad(), s(3)).is_some(), "liveness restarts");
    }

    #[test]
    fn the_api_form_is_read_with_defaults() {
        let ports = |port: &IntOrString| match port {
            IntOrString::Int(port) => u16::try_from(*port).ok(),
            IntOrString::String(name) => (name == "http").then_some(8080),
        };
        let http = api::Probe {
            http_get: Some(api::HTTPGetAction {
                path: Some("healthz".into()),
                port: IntOrString::String("http".into()),
                ..Default::default()
            }),
            ..Default::default()
        };
        let read = Probe::read(&http, ports).unwrap();
        assert_eq!(
            (read.period, read.timeout, read.failure_threshold),
            (10, 1, 3),
            "as documented"
        );
        assert_eq!(read.port(), Some(8080), "a port by name");
        assert!(matches!(read.action, ProbeAction::Http { ref path, .. } if path == "/healthz"));
        assert!(Probe::read(&api::Probe::default(), ports).is_err(), "a probe must do something");
    }
}
