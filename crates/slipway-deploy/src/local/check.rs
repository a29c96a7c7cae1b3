//! Performs one probe against a running container.
//!
//! Called by the watch task. Pods are asked through their published ports, as users reach them.
//! Deliberately not here: when to probe and what follows from the outcome.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use slipway_engine::{ContainerFacts, Engine, EngineError};
use tokio::net::TcpStream;

use super::probe::{Probe, ProbeAction};

/// How long the engine's own forwarder may take to notice that nobody listens behind it.
const FORWARDER_LIMIT: Duration = Duration::from_millis(200);
/// As much of a probe's output as a person reads.
const OUTPUT_LIMIT: usize = 300;

/// Whatever probing needs; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Prober {
    pub(crate) engine: Engine,
    http: reqwest::Client,
}

impl Prober {
    /// A prober that follows no redirect and, as a kubelet, trusts any certificate.
    pub(crate) fn new(engine: Engine) -> Self {
        // An error says that a provider is installed already, which is as good.
        rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .danger_accept_invalid_certs(true)
            .user_agent("kube-probe/slipway")
            .build()
            .expect("BUG: these options are always valid and a TLS provider is installed");
        Self { engine, http }
    }

    /// Performs the probe; the error is its failure in words.
    pub(crate) async fn perform(
        &self,
        probe: &Probe,
        container: &ContainerFacts,
    ) -> Result<(), String> {
        let limit = Duration::from_secs(probe.timeout.into());
        match &probe.action {
            ProbeAction::Exec { command } => self.exec(container, command, limit).await,
            ProbeAction::Tcp { port } => {
                match tokio::time::timeout(limit, tcp(container, *port)).await {
                    Ok(outcome) => outcome,
                    Err(_) => Err(format!("port {port} did not answer within {limit:?}")),
                }
            }
            ProbeAction::Http { path, port, is_https, headers } => {
                let address = published(container, *port)?;
                let scheme = if *is_https { "https" } else { "http" };
                let mut request =
                    self.http.get(format!("{scheme}://{address}{path}")).timeout(limit);
                for (name, value) in headers {
                    request = request.header(name, value);
                }
                match request.send().await {
                    Ok(answer) if (200..400).contains(&answer.status().as_u16()) => Ok(()),
                    Ok(answer) => {
                        Err(format!("GET {path} on port {port} answered {}", answer.status()))
                    }
                    Err(error) if error.is_timeout() => {
                        Err(format!("GET {path} on port {port} took longer than {limit:?}"))
                    }
                    Err(_) => Err(format!("GET {path} on port {port} got no answer")),
                }
            }
        }
    }

    async fn exec(
        &self,
        container: &ContainerFacts,
        command: &[String],
        limit: Duration,
    ) -> Result<(), String> {
        let name = command.first().map_or("", String::as_str);
        match self.engine.exec(&container.id, command, limit).await {
            Ok(outcome) if outcome.exit_code == 0 => Ok(()),
            Ok(outcome) => {
                let said: String = outcome.output.trim().chars().take(OUTPUT_LIMIT).collect();
                let code = outcome.exit_code;
                Err(if said.is_empty() {
                    format!("{name} exited with code {code}")
                } else {
                    format!("{name} exited with code {code}: {said}")
                })
            }
            Err(EngineError::ExecTimedOut { .. }) => {
                Err(format!("{name} took longer than {limit:?}"))
            }
            Err(error) => Err(error.to_string()),
        }
    }
}

fn published(container: &ContainerFacts, port: u16) -> Result<SocketAddr, String> {
    container
        .host_port(port)
        .map(|host| SocketAddr::from((Ipv4Addr::LOCALHOST, host)))
        .ok_or_else(|| format!("port {port} is not published yet"))
}

/// The engine's forwarder accepts on a published port even when nobody listens in the container. On
/// Linux the container's own address tells the truth; elsewhere a connection that closes at once does.
async fn tcp(container: &ContainerFacts, port: u16) -> Result<(), String> {
    let nobody = || format!("port {port} refuses connections");
    if cfg!(target_os = "linux")
        && let Some(ip) = container.ip
    {
        let direct = TcpStream::connect(SocketAddr::new(ip, port));
        match tokio::time::timeout(Duration::from_millis(500), direct).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => return Err(nobody()),
            // The address is not reachable from here (a rootless or remote engine).
            Ok(Err(_)) | Err(_) => {}
        }
    }
    let stream = TcpStream::connect(published(container, port)?).await.map_err(|_| nobody())?;
    let mut byte = [0; 1];
    match tokio::time::timeout(FORWARDER_LIMIT, stream.peek(&mut byte)).await {
        Ok(Ok(0) | Err(_)) => Err(nobody()),
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}
