//! Resources of a plan, and the containers that jobs make of them (pipelines.md 15, 16).

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;

/// `resources:` of the root.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanResources {
    pub repositories: Vec<RepositoryResource>,
    pub containers: Vec<ContainerResource>,
    pub pipelines: Vec<PipelineResource>,
    pub packages: Vec<PackageResource>,
    pub webhooks: Vec<WebhookResource>,
    pub builds: Vec<BuildResource>,
}

impl PlanResources {
    /// A repository by its alias, ignoring case.
    pub fn repository(&self, alias: &str) -> Option<&RepositoryResource> {
        self.repositories.iter().find(|at| at.repository.eq_ignore_ascii_case(alias))
    }

    /// A container by its alias, ignoring case.
    pub fn container(&self, alias: &str) -> Option<&ContainerResource> {
        self.containers.iter().find(|at| at.container.alias.eq_ignore_ascii_case(alias))
    }

    /// A pipeline by its alias, ignoring case.
    pub fn pipeline(&self, alias: &str) -> Option<&PipelineResource> {
        self.pipelines.iter().find(|at| at.pipeline.eq_ignore_ascii_case(alias))
    }
}

/// A repository beside the pipeline's own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryResource {
    /// Its alias; `self` is the pipeline's own.
    pub repository: String,
    /// `git`, `github`, `githubenterprise` or `bitbucket`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub name: Option<String>,
    /// `refs/heads/main` and the like; nothing is the default branch.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    pub endpoint: Option<String>,
    /// What a `checkout` of it does unless it says otherwise.
    pub checkout_options: IndexMap<String, String>,
    pub span: Span,
    pub file: u16,
}

/// A container that jobs can name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerResource {
    #[serde(flatten)]
    pub container: PlanContainer,
    /// `ACR`, or nothing.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub azure_subscription: Option<String>,
    pub resource_group: Option<String>,
    pub registry: Option<String>,
    pub repository: Option<String>,
    pub span: Span,
    pub file: u16,
}

/// What a container may not write to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MountReadOnly {
    pub work: bool,
    pub externals: bool,
    pub tools: bool,
    pub tasks: bool,
}

/// A container as a job or service wants it: a resource's settings, or its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanContainer {
    /// Of the resource; empty for one that is written in place.
    pub alias: String,
    /// An image, or a text that only a run can fill in.
    pub image: String,
    pub endpoint: Option<String>,
    pub env: IndexMap<String, String>,
    pub options: Option<String>,
    pub ports: Vec<String>,
    pub volumes: Vec<String>,
    pub local_image: bool,
    pub map_docker_socket: bool,
    pub mount_read_only: MountReadOnly,
}

/// A container beside a job.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanService {
    /// Its name in the job's network.
    pub name: String,
    pub container: PlanContainer,
}

/// Runs of another pipeline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PipelineResource {
    /// Its alias.
    pub pipeline: String,
    /// The pipeline's name; the alias when the file says nothing.
    pub source: String,
    pub project: Option<String>,
    /// A run's number.
    pub version: Option<String>,
    pub branch: Option<String>,
    pub tags: Vec<String>,
    pub span: Span,
    pub file: u16,
}

/// A package of a feed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PackageResource {
    /// Its alias.
    pub package: String,
    /// `npm` or `NuGet`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub connection: Option<String>,
    pub name: Option<String>,
    pub version: Option<String>,
    pub span: Span,
    pub file: u16,
}

/// Something that calls from outside.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookResource {
    /// Its alias.
    pub webhook: String,
    pub connection: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub filters: Vec<WebhookFilter>,
    pub span: Span,
    pub file: u16,
}

/// A value that a call must carry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookFilter {
    pub path: String,
    pub value: String,
}

/// A build of another system, such as Jenkins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildResource {
    /// Its alias.
    pub build: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub connection: Option<String>,
    pub source: Option<String>,
    pub version: Option<String>,
    pub branch: Option<String>,
    pub span: Span,
    pub file: u16,
}
