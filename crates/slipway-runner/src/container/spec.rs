//! What a container of a job is made with: image, mounts, user, options, in the order that Azure applies them.
//!
//! Called by `start`. Deliberately not here: starting anything.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use nix::unistd::{getegid, geteuid};
use slipway_engine::{ContainerSpec, EngineError, PortMapping};
use slipway_pipeline::macros::expand;
use slipway_pipeline::plan::PlanContainer;

use super::brought::Brought;
use super::leftover::{JOB, ROLE, RUN};
use crate::scope::JobScope;

const SOCKET_INSIDE: &str = "/var/run/docker.sock";

/// What a container is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Steps of the job run in it.
    Job,
    /// Steps that name it run in it.
    Step,
    /// It runs its image beside the job.
    Beside,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Step => "step",
            Self::Beside => "service",
        }
    }
}

/// What all containers of a job have in common.
pub(super) struct Common<'a> {
    pub(super) job: &'a JobScope,
    pub(super) network: &'a str,
    pub(super) socket: &'a str,
    /// Root inside is an ordinary user outside.
    pub(super) is_rootless: bool,
    pub(super) brought: Brought,
}

impl Common<'_> {
    /// The labels by which its containers and its network are found.
    pub(super) fn labels(&self) -> Vec<(String, String)> {
        vec![
            (RUN.to_owned(), self.job.run.evidence.run_id.to_string()),
            (JOB.to_owned(), self.job.shape.record.to_string()),
        ]
    }

    /// The container with this name in the job's network.
    pub(super) fn spec(
        &self,
        name: &str,
        wanted: &PlanContainer,
        image: String,
        (role, is_target): (Role, bool),
    ) -> Result<ContainerSpec, EngineError> {
        let lookup = |name: &str| self.job.variable(name);
        let mut labels = self.labels();
        labels.push((ROLE.to_owned(), role.word().to_owned()));
        let record = self.job.shape.record.as_str();
        let mut spec = ContainerSpec {
            name: fit(&format!("slipway-{record}-{name}")),
            image,
            labels,
            network: Some(self.network.to_owned()),
            aliases: if name.is_empty() { Vec::new() } else { vec![name.to_owned()] },
            ..ContainerSpec::default()
        };
        for (name, value) in &wanted.env {
            spec.env.push((name.clone(), expand(value, lookup)));
        }
        for port in &wanted.ports {
            spec.ports.push(PortMapping::parse(&expand(port, lookup))?);
        }
        for volume in &wanted.volumes {
            spec.add_volume(&expand(volume, lookup));
        }
        if role != Role::Beside || is_target {
            self.mount(wanted, &mut spec);
        }
        if role != Role::Beside {
            spec.init = true;
            spec.open_stdin = true;
        }
        if let Some(options) = &wanted.options {
            spec.apply_options(&expand(options, lookup))?;
        }
        if spec.network.as_deref() != Some(self.network) {
            // `host`, `none` and other networks know no aliases of this one.
            spec.aliases.clear();
        }
        Ok(spec)
    }

    fn mount(&self, wanted: &PlanContainer, spec: &mut ContainerSpec) {
        let folders = &self.job.folders;
        let rules = wanted.mount_read_only;
        let mut bind = |path: &Path, is_read_only: bool| {
            let path = path.display();
            let end = if is_read_only { ":ro" } else { "" };
            spec.binds.push(format!("{path}:{path}{end}"));
        };
        bind(&self.job.run.work_root, rules.work);
        if rules.work {
            // Every step needs its temporary folder.
            bind(&folders.temp, false);
        }
        if rules.tools || rules.work {
            bind(&folders.tools, rules.tools);
        }
        spec.binds.extend(self.brought.binds());
        if wanted.map_docker_socket {
            spec.binds.push(format!("{}:{SOCKET_INSIDE}", self.socket));
            if let Ok(facts) = std::fs::metadata(self.socket) {
                spec.options.groups.push(facts.gid().to_string());
            }
        }
    }

    /// Who steps run as: whom the options name, else whoever runs this, so that both may read and write
    /// what the other wrote.
    pub(super) fn user(&self, spec: &ContainerSpec) -> Option<String> {
        if spec.user.is_some() {
            return spec.user.clone();
        }
        let (user, group) =
            if self.is_rootless { (0, 0) } else { (geteuid().as_raw(), getegid().as_raw()) };
        Some(format!("{user}:{group}"))
    }
}

/// A name that the engine takes.
pub(super) fn fit(name: &str) -> String {
    name.chars()
        .map(
            |letter| {
                if letter.is_ascii_alphanumeric() || "_.-".contains(letter) { letter } else { '-' }
            },
        )
        .collect()
}
