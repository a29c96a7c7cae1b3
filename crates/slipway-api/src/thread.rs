//! The golden thread: from any object to every other, read from the store alone, so it works offline
//! and when the repository, registry or engine is gone.

use std::collections::BTreeMap;

use slipway_core::{CommitSha, ProjectId, RunId, Timestamp, WorkItemId};
use slipway_store::{
    CommitRow, DeploymentRow, ExceptionGroupRow, Found, RunRow, TelemetryRange, WorkItemRow,
};

use crate::app::App;
use crate::dto::{ObjectKind, ObjectRef, ThreadEdge, ThreadFact, ThreadNode, ThreadView};
use crate::error::ApiError;

/// Most runs that one thread shows; the newest ones.
const MAX_RUNS: usize = 6;

/// A thread as it is put together.
struct Weave {
    project: ProjectId,
    nodes: BTreeMap<(u8, String), ThreadNode>,
    edges: Vec<ThreadEdge>,
}

impl App {
    pub(crate) async fn thread(
        &self,
        project: Option<&ProjectId>,
        key: &str,
    ) -> Result<ThreadView, ApiError> {
        let found = self.find_one(project, key).await?;
        let project = project_of(&found).clone();
        let subject = subject_of(&found);
        let mut weave =
            Weave { project: project.clone(), nodes: BTreeMap::new(), edges: Vec::new() };
        for run in self.runs_of(&project, &found).await? {
            self.weave_run(&mut weave, &run).await?;
        }
        self.weave_subject(&mut weave, &found).await?;
        let mut nodes: Vec<ThreadNode> = weave.nodes.into_values().collect();
        for node in &mut nodes {
            node.is_subject = node.object == subject;
        }
        nodes.sort_by_key(|node| (rank(node.object.kind), node.at.unwrap_or(Timestamp::MAX)));
        Ok(ThreadView { subject, project_id: project, nodes, edges: weave.edges })
    }

    async fn find_one(&self, project: Option<&ProjectId>, key: &str) -> Result<Found, ApiError> {
        let mut found = self.store.find(project, key).await?;
        if found.is_empty() {
            return Err(ApiError::not_found("commit, run, digest, deployment, pod or work item", key)
                .with_hint("Give a commit id, a run number, a digest, a pod's name, or a work item such as AB#1."));
        }
        Ok(found.swap_remove(0))
    }

    /// Runs that an object hangs on, newest first.
    async fn runs_of(&self, project: &ProjectId, found: &Found) -> Result<Vec<RunRow>, ApiError> {
        let mut runs = match found {
            Found::Commit { sha, .. } => self.store.runs_of_commit(project, sha).await?,
            Found::Run { id, .. } => self.store.run(id).await?.into_iter().collect(),
            Found::Image { digest, .. } => self.store.runs_of_image(project, digest).await?,
            Found::Deployment { id, .. } | Found::Pod { deployment_id: id, .. } => {
                self.run_of_deployment(self.store.deployment(id).await?).await?
            }
            Found::WorkItem { id, .. } => self.runs_of_item(project, *id).await?,
            Found::Exception { problem_id, .. } => {
                self.runs_of_problem(project, problem_id).await?
            }
        };
        runs.truncate(MAX_RUNS);
        Ok(runs)
    }

    async fn run_of_deployment(&self, row: Option<DeploymentRow>) -> Result<Vec<RunRow>, ApiError> {
        match row {
            Some(row) => Ok(self.store.run(&row.run_id).await?.into_iter().collect()),
            None => Ok(Vec::new()),
        }
    }

    async fn runs_of_item(
        &self,
        project: &ProjectId,
        id: WorkItemId,
    ) -> Result<Vec<RunRow>, ApiError> {
        let mut runs = Vec::new();
        for sha in self.store.commits_of_work_item(project, id).await? {
            runs.extend(self.store.runs_of_commit(project, &sha).await?);
        }
        let item = self.store.work_item(project, id).await?;
        if let Some(problem_id) = item.and_then(|item| item.problem_id) {
            runs.extend(self.runs_of_problem(project, &problem_id).await?);
        }
        Ok(runs)
    }

    async fn runs_of_problem(
        &self,
        project: &ProjectId,
        problem_id: &str,
    ) -> Result<Vec<RunRow>, ApiError> {
        let group = self.store.exception_group(project, problem_id).await?;
        match group.and_then(|group| group.deployment_id) {
            Some(id) => self.run_of_deployment(self.store.deployment(&id).await?).await,
            None => Ok(Vec::new()),
        }
    }

    async fn weave_run(&self, weave: &mut Weave, run: &RunRow) -> Result<(), ApiError> {
        let run_ref = object(ObjectKind::Run, run.id.as_str());
        weave.add(run_node(run));
        self.weave_commit(weave, &run.commit).await?;
        weave.tie(object(ObjectKind::Commit, run.commit.as_str()), run_ref.clone(), "started");
        for image in self.store.images_of_run(&run.id).await? {
            let image_ref = object(ObjectKind::Image, image.digest.as_str());
            let mut node = node(ObjectKind::Image, image.digest.as_str(), image.digest.short());
            node.subtitle = format!("{}/{}", image.registry, image.repository);
            node.state = "pushed".to_owned();
            node.at = Some(image.pushed_at);
            node.facts =
                vec![fact("digest", image.digest.as_str()), fact("tags", image.tags.join(", "))];
            weave.add(node);
            weave.tie(run_ref.clone(), image_ref, "pushed");
        }
        for deployment in self.store.deployments_of_run(&run.id).await? {
            self.weave_deployment(weave, &run.id, &deployment).await?;
        }
        Ok(())
    }

    async fn weave_commit(&self, weave: &mut Weave, sha: &CommitSha) -> Result<(), ApiError> {
        let commit = self.commit_row(&weave.project, sha).await?;
        weave.add(commit_node(sha, commit.as_ref()));
        for id in self.store.work_items_of_commit(&weave.project, sha).await? {
            self.weave_item(weave, id).await?;
            weave.tie(
                object(ObjectKind::Commit, sha.as_str()),
                object(ObjectKind::WorkItem, id),
                "mentions",
            );
        }
        Ok(())
    }

    async fn weave_deployment(
        &self,
        weave: &mut Weave,
        run: &RunId,
        row: &DeploymentRow,
    ) -> Result<(), ApiError> {
        let deployment_ref = object(ObjectKind::Deployment, row.id.as_str());
        weave.add(deployment_node(row));
        weave.tie(
            object(ObjectKind::Image, row.digest.as_str()),
            deployment_ref.clone(),
            "deployed",
        );
        weave.tie(object(ObjectKind::Run, run.as_str()), deployment_ref.clone(), "deployed");
        let mut last = deployment_ref.clone();
        if let Some(proof) = &row.proof {
            let mut pod = node(ObjectKind::Pod, &proof.pod, &proof.pod);
            pod.subtitle = proof.statement.clone();
            pod.state = if proof.is_proven { "proven" } else { "not proven" }.to_owned();
            pod.at = Some(proof.checked_at);
            pod.facts =
                vec![fact("container", proof.container_id.chars().take(12).collect::<String>())];
            last = pod.object.clone();
            weave.add(pod);
            weave.tie(deployment_ref, last.clone(), "runs as");
        }
        if let Some(health) = &row.health {
            let mut telemetry = node(
                ObjectKind::Telemetry,
                row.id.as_str(),
                &format!("Telemetry of {}", row.environment),
            );
            telemetry.subtitle = health.reason.clone();
            telemetry.state = format!("{:?}", health.verdict).to_lowercase();
            telemetry.at = Some(health.to);
            telemetry.facts = vec![
                fact("requests", health.requests),
                fact("failed", health.failed_requests),
                fact("exceptions", health.exceptions),
                fact("probes", health.probes),
            ];
            let telemetry_ref = telemetry.object.clone();
            weave.add(telemetry);
            weave.tie(last, telemetry_ref.clone(), "reports");
            self.weave_exceptions(weave, row, &telemetry_ref).await?;
        }
        Ok(())
    }

    async fn weave_exceptions(
        &self,
        weave: &mut Weave,
        row: &DeploymentRow,
        from: &ObjectRef,
    ) -> Result<(), ApiError> {
        let range = TelemetryRange {
            project_id: row.project_id.clone(),
            environment: row.environment.clone(),
            from: row.started_at,
            to: Timestamp::MAX,
            deployment: Some(row.id.clone()),
        };
        for group in self.store.exception_groups(&range).await?.into_iter().take(10) {
            weave.add(exception_node(&group));
            let exception = object(ObjectKind::Exception, &group.problem_id);
            weave.tie(from.clone(), exception.clone(), "threw");
            if let Some(item) =
                self.store.work_item_of_problem(&weave.project, &group.problem_id).await?
            {
                self.weave_item(weave, item.id).await?;
                weave.tie(exception, object(ObjectKind::WorkItem, item.id), "became");
            }
        }
        Ok(())
    }

    async fn weave_item(&self, weave: &mut Weave, id: WorkItemId) -> Result<(), ApiError> {
        if let Some(item) = self.store.work_item(&weave.project, id).await? {
            weave.add(item_node(&item));
        }
        Ok(())
    }

    /// The subject itself, where no run has brought it in.
    async fn weave_subject(&self, weave: &mut Weave, found: &Found) -> Result<(), ApiError> {
        match found {
            Found::Commit { sha, .. } => self.weave_commit(weave, sha).await?,
            Found::WorkItem { id, .. } => {
                self.weave_item(weave, *id).await?;
                for sha in self.store.commits_of_work_item(&weave.project, *id).await? {
                    self.weave_commit(weave, &sha).await?;
                }
            }
            Found::Exception { problem_id, .. } => {
                if let Some(group) = self.store.exception_group(&weave.project, problem_id).await? {
                    weave.add(exception_node(&group));
                }
            }
            Found::Run { .. }
            | Found::Image { .. }
            | Found::Deployment { .. }
            | Found::Pod { .. } => {}
        }
        Ok(())
    }
}

impl Weave {
    fn add(&mut self, node: ThreadNode) {
        self.nodes.entry((rank(node.object.kind), node.object.id.clone())).or_insert(node);
    }

    fn tie(&mut self, from: ObjectRef, to: ObjectRef, label: &str) {
        let edge = ThreadEdge { from, to, label: label.to_owned() };
        if !self.edges.contains(&edge) {
            self.edges.push(edge);
        }
    }
}

fn project_of(found: &Found) -> &ProjectId {
    match found {
        Found::Commit { project_id, .. }
        | Found::Run { project_id, .. }
        | Found::Image { project_id, .. }
        | Found::Deployment { project_id, .. }
        | Found::Pod { project_id, .. }
        | Found::WorkItem { project_id, .. }
        | Found::Exception { project_id, .. } => project_id,
    }
}

fn subject_of(found: &Found) -> ObjectRef {
    match found {
        Found::Commit { sha, .. } => object(ObjectKind::Commit, sha.as_str()),
        Found::Run { id, .. } => object(ObjectKind::Run, id.as_str()),
        Found::Image { digest, .. } => object(ObjectKind::Image, digest.as_str()),
        Found::Deployment { id, .. } => object(ObjectKind::Deployment, id.as_str()),
        Found::Pod { name, .. } => object(ObjectKind::Pod, name),
        Found::WorkItem { id, .. } => object(ObjectKind::WorkItem, id),
        Found::Exception { problem_id, .. } => object(ObjectKind::Exception, problem_id),
    }
}

fn object(kind: ObjectKind, id: impl ToString) -> ObjectRef {
    ObjectRef { kind, id: id.to_string() }
}

fn fact(name: &str, value: impl ToString) -> ThreadFact {
    ThreadFact { name: name.to_owned(), value: value.to_string() }
}

fn node(kind: ObjectKind, id: &str, title: &str) -> ThreadNode {
    ThreadNode {
        object: object(kind, id),
        title: title.to_owned(),
        subtitle: String::new(),
        state: String::new(),
        at: None,
        facts: Vec::new(),
        is_subject: false,
    }
}

fn rank(kind: ObjectKind) -> u8 {
    kind as u8
}

fn commit_node(sha: &CommitSha, row: Option<&CommitRow>) -> ThreadNode {
    let mut view = node(ObjectKind::Commit, sha.as_str(), sha.short());
    view.state = "committed".to_owned();
    if let Some(row) = row {
        view.subtitle = row.summary.clone();
        view.at = Some(row.committed_at);
        view.facts = vec![fact("author", &row.author_name), fact("branch", &row.branch)];
    }
    view
}

fn run_node(run: &RunRow) -> ThreadNode {
    let mut view = node(ObjectKind::Run, run.id.as_str(), &run.number);
    view.subtitle = run.issue.clone().unwrap_or_else(|| run.commit_summary.clone());
    view.state = run.result.map_or_else(|| run.state.to_string(), |result| result.to_string());
    view.at = Some(run.queued_at);
    if let (Some(start), Some(end)) = (run.started_at, run.finished_at) {
        view.facts.push(fact("took", format!("{:.1} s", (end - start) as f64 / 1000.0)));
    }
    view
}

fn deployment_node(row: &DeploymentRow) -> ThreadNode {
    let title =
        if row.workload.is_empty() { row.environment.to_string() } else { row.workload.clone() };
    let mut view = node(ObjectKind::Deployment, row.id.as_str(), &title);
    view.subtitle =
        row.issue.clone().unwrap_or_else(|| format!("to environment {}", row.environment));
    view.state = row.result.map_or_else(|| row.state.to_string(), |result| result.to_string());
    view.at = Some(row.started_at);
    view.facts = vec![fact("image", &row.image)];
    if let Some(url) = &row.url {
        view.facts.push(fact("url", url));
    }
    if row.is_current {
        view.facts.push(fact("current", "yes"));
    }
    view
}

fn exception_node(group: &ExceptionGroupRow) -> ThreadNode {
    let mut view = node(ObjectKind::Exception, &group.problem_id, &group.type_name);
    view.subtitle = group.message.clone();
    view.state = "seen".to_owned();
    view.at = Some(group.last_seen);
    view.facts = vec![fact("count", group.count), fact("problem", &group.problem_id)];
    view
}

fn item_node(item: &WorkItemRow) -> ThreadNode {
    let mut view = node(ObjectKind::WorkItem, &item.id.to_string(), &format!("AB#{}", item.id));
    view.subtitle = item.title.clone();
    view.state = item.state.to_string();
    view.at = Some(item.changed_at);
    view.facts = vec![fact("type", item.item_type), fact("why", &item.state_reason)];
    view
}
