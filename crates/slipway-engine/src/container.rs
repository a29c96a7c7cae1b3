//! The life of a container: create, start, stop, kill, rename, remove, wait.
//!
//! Called by the runner (container jobs) and the local deployment target. Deliberately not here:
//! restarts, probes, replicas and rollouts, which the caller decides.

use std::collections::HashMap;
use std::time::Duration;

use bollard::errors::Error;
use bollard::models::{
    ContainerCreateBody, DeviceMapping, EndpointSettings, HealthConfig, HostConfig,
    NetworkingConfig, PortBinding, PortMap, ResourcesUlimits, RestartPolicy as WireRestartPolicy,
    RestartPolicyNameEnum,
};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, KillContainerOptionsBuilder, RemoveContainerOptionsBuilder,
    RenameContainerOptionsBuilder, StopContainerOptionsBuilder, WaitContainerOptionsBuilder,
};
use futures_util::StreamExt;

use crate::call::{ANSWER_LIMIT, already, limited, status, translate};
use crate::{ContainerSpec, Engine, EngineError, HealthOptions, RestartPolicy};

/// What the engine may need beyond the grace period: it kills, unmounts and tears down.
const STOP_EXTRA: Duration = Duration::from_secs(30);

impl Engine {
    /// Creates a container and gives its id. Nothing is pulled.
    pub async fn create(&self, spec: &ContainerSpec) -> Result<String, EngineError> {
        let doing = format!("creating the container {}", spec.name);
        let options = CreateContainerOptionsBuilder::default().name(&spec.name).build();
        let call = self.docker().create_container(Some(options), body_of(spec));
        let created = limited(&doing, ANSWER_LIMIT, call).await;
        created.map(|created| created.id).map_err(|error| match status(&error) {
            Some((404, _)) => EngineError::ImageMissing { reference: spec.image.clone() },
            Some((409, _)) => EngineError::NameTaken { name: spec.name.clone() },
            _ => error,
        })
    }

    /// Starts a container; one that runs already is no error.
    pub async fn start(&self, id: &str) -> Result<(), EngineError> {
        let doing = format!("starting the container {id}");
        let call = self.docker().start_container(id, None);
        let started = limited(&doing, ANSWER_LIMIT, call).await;
        started.map_err(|error| match status(&error) {
            Some((404, message)) if message.contains("No such container") => missing(id),
            Some((404, message)) if message.contains("network ") => EngineError::NetworkMissing {
                network: message.split_whitespace().nth(1).unwrap_or_default().to_owned(),
            },
            Some((_, message)) => {
                EngineError::StartFailed { container: id.to_owned(), message: message.to_owned() }
            }
            None => error,
        })
    }

    /// Asks a container to end and kills it after the grace period. One that has ended is no error.
    pub async fn stop(&self, id: &str, grace_seconds: u32) -> Result<(), EngineError> {
        let doing = format!("stopping the container {id}");
        let grace = i32::try_from(grace_seconds).unwrap_or(i32::MAX);
        let options = StopContainerOptionsBuilder::default().t(grace).build();
        let limit = Duration::from_secs(u64::from(grace_seconds)) + STOP_EXTRA;
        let docker = self.streaming();
        let call = docker.stop_container(id, Some(options));
        known(id, already(limited(&doing, limit, call).await, &[304]))
    }

    /// Ends a container at once (SIGKILL). One that has ended is no error.
    pub async fn kill(&self, id: &str) -> Result<(), EngineError> {
        let doing = format!("killing the container {id}");
        let options = KillContainerOptionsBuilder::default().signal("SIGKILL").build();
        let call = self.docker().kill_container(id, Some(options));
        known(id, already(limited(&doing, ANSWER_LIMIT, call).await, &[409]))
    }

    /// Removes a container with its anonymous volumes. One that is gone is no error; one that runs
    /// is, unless forced.
    pub async fn remove(&self, id: &str, force: bool) -> Result<(), EngineError> {
        let doing = format!("removing the container {id}");
        let options = RemoveContainerOptionsBuilder::default().v(true).force(force).build();
        let call = self.docker().remove_container(id, Some(options));
        let removed = already(limited(&doing, ANSWER_LIMIT, call).await, &[404]);
        match removed {
            Err(EngineError::Refused { status: 409, message, .. })
                if message.contains("already in progress") =>
            {
                Ok(())
            }
            other => other,
        }
    }

    /// Gives a container another name.
    pub async fn rename(&self, id: &str, name: &str) -> Result<(), EngineError> {
        let doing = format!("renaming the container {id} to {name}");
        let options = RenameContainerOptionsBuilder::default().name(name).build();
        let call = self.docker().rename_container(id, options);
        let renamed = limited(&doing, ANSWER_LIMIT, call).await;
        known(id, renamed).map_err(|error| match status(&error) {
            Some((409, _)) => EngineError::NameTaken { name: name.to_owned() },
            _ => error,
        })
    }

    /// Waits until a started container ends and gives its exit code. There is no limit: drop the
    /// future to stop waiting.
    pub async fn wait(&self, id: &str) -> Result<i64, EngineError> {
        let doing = format!("waiting for the container {id}");
        let options = WaitContainerOptionsBuilder::default().condition("not-running").build();
        let docker = self.streaming();
        let mut answers = std::pin::pin!(docker.wait_container(id, Some(options)));
        match answers.next().await {
            Some(Ok(answer)) => Ok(answer.status_code),
            // bollard makes an error of every exit code but zero.
            Some(Err(Error::DockerContainerWaitError { code, .. })) => Ok(code),
            Some(Err(error)) => known(id, Err(translate(&doing, error))),
            None => Err(EngineError::EngineLost {
                doing,
                detail: "It stopped answering before the container ended.".to_owned(),
            }),
        }
    }
}

/// The error for a container that nobody knows.
pub(crate) fn missing(id: &str) -> EngineError {
    EngineError::ContainerMissing { container: id.to_owned() }
}

/// Says that the container is missing where the engine says 404.
pub(crate) fn known<T>(id: &str, answer: Result<T, EngineError>) -> Result<T, EngineError> {
    match answer {
        Err(EngineError::Refused { status: 404, .. }) => Err(missing(id)),
        other => other,
    }
}

fn body_of(spec: &ContainerSpec) -> ContainerCreateBody {
    let not_empty = |words: &Option<Vec<String>>| words.clone().filter(|words| !words.is_empty());
    let endpoint = EndpointSettings { aliases: Some(spec.aliases.clone()), ..Default::default() };
    ContainerCreateBody {
        image: Some(spec.image.clone()),
        // The engine drops the image's CMD when an entry point is given, exactly as Kubernetes does.
        entrypoint: not_empty(&spec.command),
        cmd: not_empty(&spec.args),
        env: Some(spec.env.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        labels: Some(spec.labels.iter().cloned().collect()),
        working_dir: spec.working_dir.clone(),
        user: spec.user.clone(),
        exposed_ports: Some(port_map(spec).into_keys().collect()),
        hostname: spec.options.hostname.clone(),
        open_stdin: Some(spec.open_stdin),
        volumes: Some(spec.volumes.clone()),
        healthcheck: health_of(&spec.options.health),
        networking_config: spec.network.as_ref().map(|network| NetworkingConfig {
            endpoints_config: Some(HashMap::from([(network.clone(), endpoint)])),
        }),
        host_config: Some(host_config_of(spec)),
        ..Default::default()
    }
}

fn host_config_of(spec: &ContainerSpec) -> HostConfig {
    let options = &spec.options;
    HostConfig {
        network_mode: spec.network.clone(),
        port_bindings: Some(port_map(spec)),
        memory: spec.memory_bytes,
        // No swap on top, as on a Kubernetes node: the limit is the limit.
        memory_swap: spec.memory_bytes,
        nano_cpus: spec.nano_cpus,
        readonly_rootfs: Some(spec.read_only),
        restart_policy: Some(WireRestartPolicy {
            name: Some(match spec.restart {
                RestartPolicy::Never => RestartPolicyNameEnum::NO,
                RestartPolicy::OnFailure => RestartPolicyNameEnum::ON_FAILURE,
                RestartPolicy::Always => RestartPolicyNameEnum::ALWAYS,
            }),
            maximum_retry_count: None,
        }),
        extra_hosts: Some(spec.extra_hosts.clone()),
        binds: Some(spec.binds.clone()),
        init: Some(spec.init),
        privileged: Some(options.privileged),
        cap_add: some(&options.cap_add),
        cap_drop: some(&options.cap_drop),
        security_opt: some(&options.security),
        group_add: some(&options.groups),
        dns: some(&options.dns),
        ipc_mode: options.ipc_mode.clone(),
        pid_mode: options.pid_mode.clone(),
        shm_size: options.shm_bytes,
        pids_limit: options.pids_limit,
        cpuset_cpus: options.cpu_set.clone(),
        cpu_shares: options.cpu_shares,
        tmpfs: Some(options.tmpfs.iter().cloned().collect()),
        sysctls: Some(options.sysctls.iter().cloned().collect()),
        devices: Some(options.devices.iter().map(device).collect()),
        ulimits: Some(options.ulimits.iter().map(ulimit).collect()),
        ..Default::default()
    }
}

fn some(words: &[String]) -> Option<Vec<String>> {
    (!words.is_empty()).then(|| words.to_vec())
}

fn device((here, there): &(String, String)) -> DeviceMapping {
    DeviceMapping {
        path_on_host: Some(here.clone()),
        path_in_container: Some(there.clone()),
        cgroup_permissions: Some("rwm".to_owned()),
    }
}

fn ulimit((name, soft, hard): &(String, i64, i64)) -> ResourcesUlimits {
    ResourcesUlimits { name: Some(name.clone()), soft: Some(*soft), hard: Some(*hard) }
}

/// `None` leaves the image's own check as it is.
fn health_of(health: &HealthOptions) -> Option<HealthConfig> {
    if *health == HealthOptions::default() {
        return None;
    }
    let test = match (&health.command, health.is_off) {
        (_, true) => Some(vec!["NONE".to_owned()]),
        (Some(line), false) => Some(vec!["CMD-SHELL".to_owned(), line.clone()]),
        (None, false) => None,
    };
    Some(HealthConfig {
        test,
        interval: health.interval_ns,
        timeout: health.timeout_ns,
        retries: health.retries,
        start_period: health.start_period_ns,
        start_interval: None,
    })
}

/// Port 0 lets the engine choose; the loopback address keeps the port on this machine.
fn port_map(spec: &ContainerSpec) -> PortMap {
    let binding = |host: Option<&str>, port: u16| PortBinding {
        host_ip: Some(host.unwrap_or("127.0.0.1").to_owned()),
        host_port: Some(port.to_string()),
    };
    let mut map = PortMap::new();
    for port in &spec.published {
        map.insert(format!("{port}/tcp"), Some(vec![binding(None, 0)]));
    }
    for port in &spec.ports {
        let name = format!("{}/{}", port.container_port, port.protocol);
        let bound = binding(port.host.as_deref(), port.host_port.unwrap_or(0));
        map.entry(name).or_default().get_or_insert_default().push(bound);
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_and_args_mean_what_kubernetes_means() {
        let words = |text: &str| Some(vec![text.to_owned()]);
        let spec = ContainerSpec { command: words("sh"), args: words("-c"), ..Default::default() };
        let body = body_of(&spec);
        assert_eq!((body.entrypoint, body.cmd), (words("sh"), words("-c")));
        let empty = ContainerSpec { command: Some(vec![]), ..Default::default() };
        assert_eq!(body_of(&empty).entrypoint, None, "an empty list is as good as none");
    }

    #[test]
    fn ports_are_published_on_loopback_only() {
        let bindings = port_map(&ContainerSpec { published: vec![8080], ..Default::default() })
            .remove("8080/tcp")
            .flatten()
            .unwrap();
        assert_eq!(bindings[0].host_ip.as_deref(), Some("127.0.0.1"), "not on every interface");
    }
}
