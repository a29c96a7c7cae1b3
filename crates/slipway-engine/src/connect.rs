//! Finds the engine, asks whether it is there, and agrees on an API version.
//!
//! Called once when the app starts and whenever the user asks to look again. Deliberately not
//! here: environment variables (whoever starts Slipway passes `DOCKER_HOST`), TCP and SSH hosts.

use std::path::Path;
use std::time::Duration;

use bollard::{API_DEFAULT_VERSION, Docker};

use crate::call::{limited, sentence};
use crate::{EngineError, EngineFacts};

/// How long an engine may take to answer a ping.
const PING_LIMIT: Duration = Duration::from_secs(3);
/// How long the head of an ordinary answer may take, for `bollard`; `call.rs` is stricter.
pub(crate) const HEAD_LIMIT_SECONDS: u64 = 120;
/// `bollard` counts seconds until the head of an answer; streams may keep silent for a long time.
const STREAM_HEAD_LIMIT: Duration = Duration::from_secs(24 * 3600);

/// A connection to a container engine; clones share it.
#[derive(Debug, Clone)]
pub struct Engine {
    docker: Docker,
    socket: String,
}

impl Engine {
    /// Connects to the engine at `unix:///path`, or to the first that answers of the usual
    /// sockets: Docker, Podman of the system, Podman of the user.
    pub async fn connect(host: Option<&str>) -> Result<Self, EngineError> {
        let sockets = match host {
            Some(host) => vec![socket_of(host)?],
            None => usual_sockets(),
        };
        let mut reasons = Vec::new();
        for socket in &sockets {
            match Self::try_socket(socket).await {
                Ok(engine) => return Ok(engine),
                Err(reason) => reasons.push(reason),
            }
        }
        let reason = sentence(&reasons.join("; "));
        let tried = sockets.into_iter().map(|socket| format!("unix://{socket}")).collect();
        Err(EngineError::NotReachable { tried, reason })
    }

    async fn try_socket(socket: &str) -> Result<Self, String> {
        if !Path::new(socket).exists() {
            return Err(format!("{socket} does not exist"));
        }
        let docker = Docker::connect_with_unix(socket, HEAD_LIMIT_SECONDS, API_DEFAULT_VERSION)
            .map_err(|error| format!("{socket}: {error}"))?;
        let asked = tokio::time::timeout(PING_LIMIT, async {
            docker.ping().await?;
            docker.negotiate_version().await
        });
        match asked.await {
            Ok(Ok(docker)) => Ok(Self { docker, socket: socket.to_owned() }),
            Ok(Err(error)) => Err(format!("{socket}: {error}")),
            Err(_) => Err(format!("{socket} did not answer within 3 seconds")),
        }
    }

    /// Asks whether the engine still answers.
    pub async fn ping(&self) -> Result<(), EngineError> {
        limited("asking whether it is there", PING_LIMIT, self.docker.ping()).await.map(drop)
    }

    /// Says which engine this is.
    pub async fn facts(&self) -> Result<EngineFacts, EngineError> {
        let doing = "asking for its version";
        let version = limited(doing, Duration::from_secs(10), self.docker.version()).await?;
        let is_podman = version
            .components
            .unwrap_or_default()
            .iter()
            .any(|component| component.name.contains("Podman"));
        Ok(EngineFacts {
            name: if is_podman { "Podman Engine" } else { "Docker Engine" }.to_owned(),
            version: version.version.unwrap_or_default(),
            api_version: self.docker.client_version().to_string(),
            os: version.os.unwrap_or_default(),
            architecture: version.arch.unwrap_or_default(),
        })
    }

    /// True if root in a container is an ordinary user of this machine.
    pub async fn is_rootless(&self) -> Result<bool, EngineError> {
        let call = self.docker.info();
        let info = limited("asking how it is set up", Duration::from_secs(10), call).await?;
        let options = info.security_options.unwrap_or_default();
        Ok(options.iter().any(|option| option.contains("rootless")))
    }

    /// The socket it was reached at, such as `/var/run/docker.sock`.
    pub fn socket(&self) -> &str {
        &self.socket
    }

    /// For calls that answer at once.
    pub(crate) fn docker(&self) -> &Docker {
        &self.docker
    }

    /// For calls whose answer may begin late: builds, pushes, logs, waiting.
    pub(crate) fn streaming(&self) -> Docker {
        self.docker.clone().with_timeout(STREAM_HEAD_LIMIT)
    }
}

fn socket_of(host: &str) -> Result<String, EngineError> {
    let path = host.strip_prefix("unix://").unwrap_or(host);
    if path.starts_with('/') {
        Ok(path.to_owned())
    } else {
        Err(EngineError::HostUnusable { host: host.to_owned() })
    }
}

fn usual_sockets() -> Vec<String> {
    let mut sockets = vec!["/var/run/docker.sock".to_owned(), "/run/podman/podman.sock".to_owned()];
    if let Some(user) = user_id() {
        sockets.push(format!("/run/user/{user}/podman/podman.sock"));
        sockets.push(format!("/run/user/{user}/docker.sock"));
    }
    sockets
}

/// `/proc/self` belongs to whoever runs the process; without `/proc` there is no rootless engine.
#[cfg(unix)]
fn user_id() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").ok().map(|meta| meta.uid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unix_sockets_are_hosts() {
        assert_eq!(socket_of("unix:///run/x.sock").unwrap(), "/run/x.sock");
        assert_eq!(socket_of("/run/x.sock").unwrap(), "/run/x.sock", "a bare path is clear too");
        assert!(socket_of("tcp://1.2.3.4:2375").is_err(), "an open TCP engine is root for anyone");
    }

    #[tokio::test]
    async fn a_missing_engine_names_the_socket_it_tried() {
        let error = Engine::connect(Some("unix:///nowhere/d.sock")).await.unwrap_err();
        assert!(error.to_string().contains("unix:///nowhere/d.sock"), "got: {error}");
    }
}
