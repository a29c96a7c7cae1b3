//! A command in a container with a terminal: what it writes is kept, what is typed is passed on.
//!
//! Deliberately not here: drawing a terminal.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{Sink, SinkExt as _};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;
use kube::ResourceExt as _;
use kube::api::{Api, AttachParams, AttachedProcess, TerminalSize};
use slipway_core::{KubeExecPage, KubeStreamState};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::pulse::Pulse;
use super::{Cluster, KubeViews, ViewError};
use crate::cluster::connect::answered;

/// The newest bytes that are kept.
const MOST: usize = 1 << 20;
/// The most that one answer has.
const PAGE: usize = 256 << 10;

/// What is started, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecWanted {
    pub namespace: String,
    pub pod: String,
    pub container: Option<String>,
    pub command: Vec<String>,
    pub columns: u16,
    pub rows: u16,
}

/// Something that goes to the container.
enum Typed {
    Bytes(Vec<u8>),
    Size(TerminalSize),
}

pub(super) struct Shell {
    id: String,
    written: Mutex<Written>,
    typed: mpsc::UnboundedSender<Typed>,
    pulse: Pulse,
    end: CancellationToken,
}

/// What the command wrote, and how it ended.
struct Written {
    bytes: VecDeque<u8>,
    /// Bytes that were dropped before the first one that is kept.
    gone: u64,
    state: KubeStreamState,
    exit_code: Option<i32>,
    problem: Option<String>,
}

#[derive(Default)]
pub(super) struct AllShells(Mutex<HashMap<String, Arc<Shell>>>);

impl AllShells {
    fn open(&self) -> MutexGuard<'_, HashMap<String, Arc<Shell>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, id: &str) -> Result<Arc<Shell>, ViewError> {
        let shell = self.open().get(id).cloned();
        shell.ok_or_else(|| ViewError::Closed { what: "shell", id: id.to_owned() })
    }

    pub(super) fn end(&self, id: &str) {
        if let Some(shell) = self.open().remove(id) {
            shell.end.cancel();
        }
    }

    pub(super) fn end_all(&self) {
        self.open().drain().for_each(|(_, shell)| shell.end.cancel());
    }

    pub(super) fn send(&self, id: &str, bytes: Vec<u8>) -> Result<(), ViewError> {
        self.get(id)?.pass(Typed::Bytes(bytes))
    }

    pub(super) fn resize(&self, id: &str, columns: u16, rows: u16) -> Result<(), ViewError> {
        self.get(id)?.pass(Typed::Size(TerminalSize { width: columns, height: rows }))
    }

    pub(super) fn page(&self, id: &str, after: u64) -> Result<KubeExecPage, ViewError> {
        Ok(self.get(id)?.written().page(after))
    }
}

pub(super) async fn start(
    views: &KubeViews,
    cluster: Cluster,
    wanted: ExecWanted,
) -> Result<String, ViewError> {
    let api: Api<Pod> = Api::namespaced(cluster.client.clone(), &wanted.namespace);
    let container = match &wanted.container {
        Some(container) => Some(container.clone()),
        None => usual_container(&api, &wanted.pod).await,
    };
    let parameters = AttachParams {
        container,
        stdin: true,
        stdout: true,
        // A terminal has one stream for both.
        stderr: false,
        tty: true,
        ..AttachParams::default()
    };
    let started = answered(api.exec(&wanted.pod, wanted.command.clone(), &parameters)).await;
    let process = started
        .map_err(|error| cluster.failed(&format!("starting a command in {}", wanted.pod), error))?;
    let id = views.next_id("shell");
    let (typed, typing) = mpsc::unbounded_channel();
    let shell = Arc::new(Shell {
        id: id.clone(),
        written: Mutex::new(Written {
            bytes: VecDeque::new(),
            gone: 0,
            state: KubeStreamState::Live,
            exit_code: None,
            problem: None,
        }),
        typed,
        pulse: Pulse::after(0),
        end: views.inner.closing.child_token(),
    });
    // The size is asked for by programs as soon as they start.
    shell.pass(Typed::Size(TerminalSize { width: wanted.columns, height: wanted.rows }))?;
    views.inner.shells.open().insert(id.clone(), shell.clone());
    let listener = views.inner.listener.clone();
    tokio::spawn(async move {
        let end = shell.end.clone();
        tokio::join!(shell.pulse.pass_on(&shell.id, &listener, &end), async {
            tokio::select! {
                () = shell.run(process, typing) => {}
                () = end.cancelled() => {}
            }
        });
    });
    Ok(id)
}

/// The container that a pod says is meant when none is named, or its first one. A pod that may not be read
/// has the cluster say what is missing.
async fn usual_container(api: &Api<Pod>, pod: &str) -> Option<String> {
    let pod = answered(api.get(pod)).await.ok()?;
    let said = pod.annotations().get("kubectl.kubernetes.io/default-container").cloned();
    said.or_else(|| Some(pod.spec?.containers.into_iter().next()?.name))
}

impl Shell {
    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass(&self, typed: Typed) -> Result<(), ViewError> {
        let closed = || ViewError::Closed { what: "shell", id: self.id.clone() };
        self.typed.send(typed).map_err(|_| closed())
    }

    async fn run(&self, mut process: AttachedProcess, typing: mpsc::UnboundedReceiver<Typed>) {
        let (stdin, stdout) = (process.stdin(), process.stdout());
        let (status, size) = (process.take_status(), process.terminal_size());
        let typist = async {
            if let (Some(stdin), Some(size)) = (stdin, size) {
                pass_on(typing, stdin, size).await;
            }
            // The command may go on although nothing can be typed any more.
            std::future::pending::<()>().await;
        };
        let reader = async {
            if let Some(stdout) = stdout {
                self.read(stdout).await;
            }
            match status {
                Some(status) => status.await,
                None => None,
            }
        };
        let status = tokio::select! {
            status = reader => status,
            () = typist => None,
        };
        self.written().end(status);
        self.pulse.beat();
    }

    async fn read(&self, mut stdout: impl AsyncRead + Unpin) {
        let mut bytes = vec![0; 16 << 10];
        // A stream that breaks ends like one that is over; the status says which it was.
        while let Ok(count @ 1..) = stdout.read(&mut bytes).await {
            self.written().push(&bytes[..count]);
            self.pulse.beat();
        }
    }
}

async fn pass_on(
    mut typing: mpsc::UnboundedReceiver<Typed>,
    mut stdin: impl tokio::io::AsyncWrite + Unpin,
    mut size: impl Sink<TerminalSize> + Unpin,
) {
    while let Some(typed) = typing.recv().await {
        let is_passed = match typed {
            Typed::Bytes(bytes) => {
                stdin.write_all(&bytes).await.is_ok() && stdin.flush().await.is_ok()
            }
            Typed::Size(to) => size.send(to).await.is_ok(),
        };
        if !is_passed {
            return;
        }
    }
}

impl Written {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        let over = self.bytes.len().saturating_sub(MOST);
        self.bytes.drain(..over);
        self.gone += over as u64;
    }

    fn end(&mut self, status: Option<Status>) {
        self.state = KubeStreamState::Ended;
        match status {
            Some(status) if status.status.as_deref() == Some("Success") => self.exit_code = Some(0),
            Some(status) => {
                let causes = status.details.and_then(|details| details.causes).unwrap_or_default();
                let code = causes.into_iter().find(|one| one.reason.as_deref() == Some("ExitCode"));
                self.exit_code = code.and_then(|one| one.message?.parse().ok());
                if self.exit_code.is_none() {
                    self.state = KubeStreamState::Failed;
                    self.problem = status.message;
                }
            }
            None => {
                self.state = KubeStreamState::Failed;
                self.problem = Some("The connection to the container broke.".to_owned());
            }
        }
    }

    fn page(&self, after: u64) -> KubeExecPage {
        let newest = self.gone + self.bytes.len() as u64;
        let from = after.clamp(self.gone, newest);
        let skipped = usize::try_from(from - self.gone).unwrap_or(usize::MAX);
        let bytes: Vec<u8> = self.bytes.iter().skip(skipped).take(PAGE).copied().collect();
        let next = from + bytes.len() as u64;
        // It has ended for the reader when everything was read.
        let is_read = next == newest;
        KubeExecPage {
            base64: STANDARD.encode(bytes),
            next,
            state: if is_read { self.state } else { KubeStreamState::Live },
            exit_code: self.exit_code.filter(|_| is_read),
            problem: self.problem.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Written {
        Written {
            bytes: VecDeque::new(),
            gone: 0,
            state: KubeStreamState::Live,
            exit_code: None,
            problem: None,
        }
    }

    #[test]
    fn what_was_written_is_read_once() {
        let mut written = written();
        written.push(b"hello");
        let page = written.page(0);
        assert_eq!((page.base64.as_str(), page.next), ("aGVsbG8=", 5));
        assert_eq!(written.page(5).base64, "", "nothing is new");
        written.push(&vec![b'x'; MOST]);
        assert_eq!(written.page(0).next, 5 + PAGE as u64, "what is gone is skipped");
    }

    #[test]
    fn an_exit_code_is_told_after_the_last_byte() {
        let mut written = written();
        written.push(&vec![b'x'; PAGE + 1]);
        let status = serde_json::from_value(serde_json::json!({"status": "Failure",
            "message": "command terminated", "reason": "NonZeroExitCode",
            "details": {"causes": [{"reason": "ExitCode", "message": "3"}]}}));
        written.end(Some(status.unwrap()));
        let page = written.page(0);
        assert_eq!((page.state, page.exit_code), (KubeStreamState::Live, None));
        let page = written.page(page.next);
        assert_eq!((page.state, page.exit_code), (KubeStreamState::Ended, Some(3)));
    }

    #[test]
    fn a_broken_connection_is_no_exit() {
        let mut written = written();
        written.end(None);
        assert_eq!((written.state, written.exit_code), (KubeStreamState::Failed, None));
    }
}
