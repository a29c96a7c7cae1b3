//! Options of `docker create`, as pipelines write them in a container's `options:`.
//!
//! Called by the runner for container jobs and services. Azure hands the text to the docker client; here
//! it becomes a part of a [`ContainerSpec`], so that no client is needed. Deliberately not here: options
//! that only mean something to a client (`--rm`, `-it`), which are refused by name.

use crate::{ContainerSpec, EngineError, PortMapping};

/// What a container may be told beyond image, environment and mounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerOptions {
    pub hostname: Option<String>,
    pub privileged: bool,
    pub cap_add: Vec<String>,
    pub cap_drop: Vec<String>,
    pub security: Vec<String>,
    pub groups: Vec<String>,
    pub dns: Vec<String>,
    pub ipc_mode: Option<String>,
    pub pid_mode: Option<String>,
    pub shm_bytes: Option<i64>,
    pub pids_limit: Option<i64>,
    pub cpu_set: Option<String>,
    pub cpu_shares: Option<i64>,
    /// Path and mount options.
    pub tmpfs: Vec<(String, String)>,
    /// Name and value.
    pub sysctls: Vec<(String, String)>,
    /// Path here, path there.
    pub devices: Vec<(String, String)>,
    /// Name, soft limit, hard limit.
    pub ulimits: Vec<(String, i64, i64)>,
    pub health: HealthOptions,
}

/// How the engine finds out whether a container is healthy; what is left out is the image's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HealthOptions {
    /// A line for the container's shell.
    pub command: Option<String>,
    pub is_off: bool,
    pub interval_ns: Option<i64>,
    pub timeout_ns: Option<i64>,
    pub start_period_ns: Option<i64>,
    pub retries: Option<i64>,
}

impl ContainerSpec {
    /// Reads a line of options into the container.
    pub fn apply_options(&mut self, line: &str) -> Result<(), EngineError> {
        let mut words = words(line).into_iter().peekable();
        while let Some(word) = words.next() {
            let (name, given) = match word.split_once('=') {
                Some((name, value)) if name.starts_with('-') => {
                    (name.to_owned(), Some(value.to_owned()))
                }
                _ => (word, None),
            };
            if let Some(set) = switch(&name) {
                set(self, given.as_deref() != Some("false"));
                continue;
            }
            // `-p80:80` and `-e A=B` are the same to docker.
            let (name, given) = match short(&name) {
                Some((short, rest)) => (
                    short.to_owned(),
                    Some(given.map_or(rest.to_owned(), |value| format!("{rest}={value}"))),
                ),
                None => (name, given),
            };
            if !TAKING.contains(&name.as_str()) {
                return Err(EngineError::OptionUnknown { option: name });
            }
            let value = given.or_else(|| words.next());
            let value = value.ok_or_else(|| invalid(&name, "nothing"))?;
            self.apply(&name, &value)?;
        }
        Ok(())
    }

    fn apply(&mut self, name: &str, value: &str) -> Result<(), EngineError> {
        let text = value.to_owned();
        let number = || value.parse::<i64>().map_err(|_| invalid(name, value));
        let span = || nanoseconds(value).ok_or_else(|| invalid(name, value));
        let size = || bytes(value).ok_or_else(|| invalid(name, value));
        let pair = |sign| {
            let (left, right) = value.split_once(sign).unwrap_or((value, ""));
            (left.to_owned(), right.to_owned())
        };
        let options = &mut self.options;
        match name {
            "-e" | "--env" => self.env.push(pair('=')),
            "-v" | "--volume" => self.add_volume(value),
            "-p" | "--publish" => self.ports.push(PortMapping::parse(value)?),
            "-l" | "--label" => self.labels.push(pair('=')),
            "-u" | "--user" => self.user = Some(text),
            "-w" | "--workdir" => self.working_dir = Some(text),
            "-h" | "--hostname" => options.hostname = Some(text),
            "-m" | "--memory" => self.memory_bytes = Some(size()?),
            "--name" => self.name = text,
            "--network" | "--net" => self.network = Some(text),
            "--network-alias" | "--net-alias" => self.aliases.push(text),
            "--add-host" => self.extra_hosts.push(text),
            "--entrypoint" => {
                self.command = Some(Vec::from_iter((!text.is_empty()).then_some(text)));
            }
            "--cpus" => {
                let cpus: f64 = value.parse().map_err(|_| invalid(name, value))?;
                self.nano_cpus = Some(scaled(cpus, 1e9));
            }
            "--cpuset-cpus" => options.cpu_set = Some(text),
            "-c" | "--cpu-shares" => options.cpu_shares = Some(number()?),
            // Swap beyond the memory is never given, so this limit cannot say more.
            "--memory-swap" => {}
            "--shm-size" => options.shm_bytes = Some(size()?),
            "--pids-limit" => options.pids_limit = Some(number()?),
            "--cap-add" => options.cap_add.push(text),
            "--cap-drop" => options.cap_drop.push(text),
            "--security-opt" => options.security.push(text),
            "--group-add" => options.groups.push(text),
            "--dns" => options.dns.push(text),
            "--ipc" => options.ipc_mode = Some(text),
            "--pid" => options.pid_mode = Some(text),
            "--tmpfs" => options.tmpfs.push(pair(':')),
            "--sysctl" => options.sysctls.push(pair('=')),
            "--device" => {
                let (here, there) = pair(':');
                let there = if there.is_empty() { here.clone() } else { there };
                options.devices.push((here, there));
            }
            "--ulimit" => {
                let limit = ulimit(value).ok_or_else(|| invalid(name, value))?;
                options.ulimits.push(limit);
            }
            "--health-cmd" => options.health.command = Some(text),
            "--health-interval" => options.health.interval_ns = Some(span()?),
            "--health-timeout" => options.health.timeout_ns = Some(span()?),
            "--health-start-period" => options.health.start_period_ns = Some(span()?),
            "--health-retries" => options.health.retries = Some(number()?),
            _ => return Err(EngineError::OptionUnknown { option: name.to_owned() }),
        }
        Ok(())
    }

    /// `/here:/there[:ro]`, `name:/there`, or `/there` for a volume without a name, which goes with the
    /// container.
    pub fn add_volume(&mut self, volume: &str) {
        if volume.contains(':') {
            self.binds.push(volume.to_owned());
        } else {
            self.volumes.push(volume.to_owned());
        }
    }
}

const TAKING: &[&str] = &[
    "-e",
    "--env",
    "-v",
    "--volume",
    "-p",
    "--publish",
    "-l",
    "--label",
    "-u",
    "--user",
    "-w",
    "--workdir",
    "-h",
    "--hostname",
    "-m",
    "--memory",
    "--name",
    "--network",
    "--net",
    "--network-alias",
    "--net-alias",
    "--add-host",
    "--entrypoint",
    "--cpus",
    "--cpuset-cpus",
    "-c",
    "--cpu-shares",
    "--memory-swap",
    "--shm-size",
    "--pids-limit",
    "--cap-add",
    "--cap-drop",
    "--security-opt",
    "--group-add",
    "--dns",
    "--ipc",
    "--pid",
    "--tmpfs",
    "--sysctl",
    "--device",
    "--ulimit",
    "--health-cmd",
    "--health-interval",
    "--health-timeout",
    "--health-start-period",
    "--health-retries",
];

type Switch = fn(&mut ContainerSpec, bool);

/// Options that take no value.
fn switch(name: &str) -> Option<Switch> {
    Some(match name {
        "--privileged" => |spec, on| spec.options.privileged = on,
        "--init" => |spec, on| spec.init = on,
        "--read-only" => |spec, on| spec.read_only = on,
        "--no-healthcheck" => |spec, on| spec.options.health.is_off = on,
        "-i" | "--interactive" => |spec, on| spec.open_stdin = on,
        _ => return None,
    })
}

/// `-p80:80`: a letter with its value at once.
fn short(word: &str) -> Option<(&str, &str)> {
    let is_short = word.len() > 2 && word.starts_with('-') && !word.starts_with("--");
    let (option, rest) = word.split_at_checked(2).filter(|_| is_short)?;
    TAKING.contains(&option).then_some((option, rest))
}

fn invalid(option: &str, value: &str) -> EngineError {
    EngineError::OptionInvalid { option: option.to_owned(), value: value.to_owned() }
}

impl PortMapping {
    /// Reads `80`, `8080:80`, `127.0.0.1:8080:80` and each of them with `/udp`.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        let wrong = || EngineError::PortInvalid { port: text.to_owned() };
        let (ports, protocol) = text.trim().rsplit_once('/').unwrap_or((text.trim(), "tcp"));
        let (outer, inner) = match ports.rsplit_once(':') {
            Some((outer, inner)) => (Some(outer), inner),
            None => (None, ports),
        };
        let (host, host_port) = match outer.map(|outer| outer.rsplit_once(':')) {
            Some(Some((host, port))) => (Some(host.trim_matches(['[', ']']).to_owned()), port),
            Some(None) => (None, outer.unwrap_or_default()),
            None => (None, ""),
        };
        let host_port = match host_port {
            "" => None,
            port => Some(port.parse().map_err(|_| wrong())?),
        };
        let container_port = inner.parse().map_err(|_| wrong())?;
        Ok(Self { container_port, protocol: protocol.to_owned(), host_port, host })
    }
}

/// Splits a line as a shell would, without expanding anything.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some('"') | None, '\\') => {
                word.get_or_insert_default().extend(letters.next());
            }
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[allow(clippy::cast_possible_truncation, reason = "limits beyond 2^63 are no limits")]
fn scaled(count: f64, unit: f64) -> i64 {
    (count * unit).round() as i64
}

/// `512m`, `1g`, `64MB`, `1024`.
fn bytes(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let count: f64 = text[..digits].trim().parse().ok()?;
    let unit = match text[digits..].trim_end_matches('b').trim_end_matches('i') {
        "" => 1.0,
        "k" => 1024.0,
        "m" => 1024.0 * 1024.0,
        "g" => 1024.0 * 1024.0 * 1024.0,
        "t" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    Some(scaled(count, unit))
}

/// `1m30s`, `500ms`, `10s`.
fn nanoseconds(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut sum = 0;
    if rest == "0" {
        return Some(0);
    }
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| letter.is_ascii_alphabetic())?;
        let count: f64 = rest[..digits].parse().ok()?;
        let after = &rest[digits..];
        let end = after.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(after.len());
        let unit = match &after[..end] {
            "ns" => 1.0,
            "us" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return None,
        };
        sum += scaled(count, unit);
        rest = &after[end..];
    }
    (!text.trim().is_empty()).then_some(sum)
}

/// `nofile=1024:2048` or `nofile=1024`.
fn ulimit(text: &str) -> Option<(String, i64, i64)> {
    let (name, limits) = text.split_once('=')?;
    let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
    Some((name.to_owned(), soft.parse().ok()?, hard.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<ContainerSpec, EngineError> {
        let mut spec = ContainerSpec::default();
        spec.apply_options(line).map(|()| spec)
    }

    #[test]
    fn options_are_read_as_docker_reads_them() {
        let spec = read(
            "--cpus 1.5 --memory=512m -u 0 -e 'A=b c' --env X= -p8080:80 -v /a:/b:ro -v /cache \
             --health-cmd \"nc -z localhost 80\" --health-interval 1m30s --health-retries=3 \
             --add-host db:10.0.0.1 --entrypoint '' --privileged --shm-size 64MB --ulimit nofile=9:10",
        )
        .unwrap();
        assert_eq!(spec.nano_cpus, Some(1_500_000_000), "CPUs may be fractions");
        assert_eq!(spec.memory_bytes, Some(512 * 1024 * 1024), "units are powers of 1024");
        assert_eq!(spec.user.as_deref(), Some("0"));
        let env = [("A", "b c"), ("X", "")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(spec.env, env, "quotes hold words together");
        assert_eq!(spec.ports[0].host_port, Some(8080), "a letter may touch its value");
        assert_eq!((spec.binds.len(), spec.volumes.len()), (1, 1), "a lone path has no name");
        assert_eq!(spec.options.health.interval_ns, Some(90_000_000_000));
        assert_eq!(spec.options.health.retries, Some(3));
        assert_eq!(spec.command, Some(vec![]), "an empty entry point is none");
        assert!(spec.options.privileged, "a switch takes no value");
        assert_eq!(spec.options.ulimits, [("nofile".to_owned(), 9, 10)]);
    }

    #[test]
    fn what_cannot_be_done_is_named() {
        let error = read("--gpus all").unwrap_err();
        assert!(error.to_string().contains("--gpus"), "the option is named: {error}");
        let error = read("--memory lots").unwrap_err();
        assert!(error.to_string().contains("lots"), "the value is named: {error}");
        assert!(read("--user").is_err(), "a value must follow");
    }

    #[test]
    fn ports_are_read_in_each_form() {
        let port = |text| {
            let port = PortMapping::parse(text).unwrap();
            (port.host, port.host_port, port.container_port, port.protocol)
        };
        let tcp = "tcp".to_owned();
        assert_eq!(port("80"), (None, None, 80, tcp.clone()), "the engine chooses");
        assert_eq!(port("8080:80"), (None, Some(8080), 80, tcp.clone()));
        assert_eq!(port("0.0.0.0:8080:80"), (Some("0.0.0.0".into()), Some(8080), 80, tcp));
        assert_eq!(port("53:53/udp"), (None, Some(53), 53, "udp".into()));
        assert!(PortMapping::parse("web").is_err(), "a port is a number");
    }
}
