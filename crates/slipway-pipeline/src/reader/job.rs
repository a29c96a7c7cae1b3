//! Jobs, and what they share with deployment jobs.

use std::collections::HashSet;

use super::Reader;
use super::conditions::Site;
use super::fields::to_json;
use super::graph::{Level, Vertex};
use super::strategy::free_name;
use crate::plan::{KeyPlaces, PlanJob, PlanPool, PlanUses, whole_number};
use crate::schema::{self, Shape};
use crate::tree::{Entry, Node, NodeValue};

const MOST_CANCEL_MINUTES: u32 = 35_790;

/// What a job inherits.
pub(super) struct JobDefaults<'a> {
    pub(super) pool: &'a PlanPool,
    /// `None` in a file without stages.
    pub(super) stage: Option<&'a str>,
}

const KINDS: [&str; 3] = ["job", "deployment", "phase"];

/// A job while it is read: what the plan does not keep.
#[derive(Default)]
pub(super) struct Reading<'n> {
    pub(super) strategy: Option<&'n Node>,
    pub(super) environment: Option<&'n Node>,
    pub(super) has_steps: bool,
    pub(super) depends_on: Vec<(String, crate::tree::Place)>,
    pub(super) name_place: Option<crate::tree::Place>,
}

impl Reader<'_, '_> {
    pub(super) fn jobs(&mut self, node: &Node, defaults: &JobDefaults<'_>) -> Vec<PlanJob> {
        let items = self.sequence(node);
        let mut taken: HashSet<String> = items.iter().filter_map(written_name).collect();
        let mut jobs = Vec::with_capacity(items.len());
        let mut vertices = Vec::with_capacity(items.len());
        let mut of_stages = Vec::new();
        for (position, item) in items.iter().enumerate() {
            let Some((_, kind)) = self.kind(item, schema::jobs()) else { continue };
            let name = match written_name(item) {
                Some(_) => String::new(),
                None => free_name(position + 1, &mut taken),
            };
            let (job, mut vertex) = self.job(item, kind, name, defaults);
            for found in self.references.drain(..) {
                if found.is_stage { &mut of_stages } else { &mut vertex.references }.push(found);
            }
            jobs.push(job);
            vertices.push(vertex);
        }
        if jobs.is_empty() && !self.report.has_error() {
            let message = match defaults.stage {
                Some(stage) => {
                    format!("Stage {stage} must contain at least one job with no dependencies.")
                }
                None => {
                    "The pipeline must contain at least one job with no dependencies.".to_owned()
                }
            };
            let hint = Some("Add - job: Build with a list of steps.".to_owned());
            self.report.error(node.place, "missing_body", message, hint);
        }
        self.check_graph(&vertices, Level::Jobs(defaults.stage));
        self.references = of_stages;
        jobs
    }

    fn job(
        &mut self,
        item: &Node,
        kind: Shape,
        name: String,
        defaults: &JobDefaults<'_>,
    ) -> (PlanJob, Vertex) {
        let mut job = PlanJob::new(name, defaults.pool.clone(), item.place);
        job.keys = KeyPlaces::of(item.entries().unwrap_or_default());
        let is_deployment = kind == Shape::Deployment;
        let others: &[&str] = if is_deployment { &["job", "steps"] } else { &[] };
        let mut reading = Reading::default();
        for entry in self.mapping_with(item, kind, others) {
            match entry.key.as_str() {
                "job" | "steps" if is_deployment => {
                    let hint =
                        "The steps of a deployment stand under strategy: runOnce: deploy: steps.";
                    self.misplaced(entry, hint);
                }
                "phase" => {
                    self.deprecated(entry, "Write job: instead.");
                    self.job_name(&entry.value, &mut job, &mut reading);
                }
                "job" | "deployment" => self.job_name(&entry.value, &mut job, &mut reading),
                _ => self.job_key(entry, &mut job, &mut reading),
            }
        }
        if job.display_name.is_empty() {
            job.display_name.clone_from(&job.name);
        }
        if is_deployment {
            self.deployment(item, &reading, &mut job);
        } else {
            if !reading.has_steps {
                let message = format!("Job {} has no steps.", job.name);
                let hint = Some("Add steps: and a list of steps.".to_owned());
                self.report.error(item.place, "missing_body", message, hint);
            }
            self.finish_strategy(item, &reading, &mut job);
        }
        self.finish_steps(&mut job);
        let vertex = Vertex {
            name: job.name.clone(),
            place: item.place,
            depends_on: reading.depends_on,
            references: Vec::new(),
        };
        (job, vertex)
    }

    /// The one job of a file that has steps only.
    pub(super) fn root_job(&mut self, root: &Node, defaults: &JobDefaults<'_>) -> Vec<PlanJob> {
        let mut job = PlanJob::new("__default".to_owned(), defaults.pool.clone(), root.place);
        job.display_name = "Job".to_owned();
        job.keys = KeyPlaces::of(root.entries().unwrap_or_default());
        let mut reading = Reading::default();
        for entry in root.entries().unwrap_or_default() {
            let key = schema::key(Shape::Root, entry.key.as_str());
            if key.is_some_and(|key| key.name == "steps" || key.beside == Some("steps")) {
                self.job_key(entry, &mut job, &mut reading);
            }
        }
        self.finish_strategy(root, &reading, &mut job);
        self.finish_steps(&mut job);
        self.references.clear();
        vec![job]
    }

    /// The name in display names is known by now, so that legs can be named.
    fn finish_strategy(&mut self, item: &Node, reading: &Reading<'_>, job: &mut PlanJob) {
        if let Some(node) = reading.strategy {
            self.strategy(node, job);
        } else {
            self.legacy_strategy(item, job);
        }
    }

    fn job_name<'n>(&mut self, node: &'n Node, job: &mut PlanJob, reading: &mut Reading<'n>) {
        if let Some(name) = self.some_text(node) {
            self.check_name("Job", &name, node.place);
            reading.name_place = Some(node.place);
            job.name = name;
        }
    }

    /// Keys that jobs and deployment jobs share.
    fn job_key<'n>(&mut self, entry: &'n Entry, job: &mut PlanJob, reading: &mut Reading<'n>) {
        let node = &entry.value;
        match entry.key.as_str() {
            "displayName" => job.display_name = self.text(node).unwrap_or_default(),
            "dependsOn" => {
                reading.depends_on = self.texts(node);
                job.depends_on = reading.depends_on.iter().map(|(name, _)| name.clone()).collect();
            }
            "condition" => job.condition = self.condition(node, Site::JobCondition),
            "continueOnError" => {
                if let Some(text) = self.late_boolean(node) {
                    self.check_runtime(node, &text, Site::JobProperty);
                    job.continue_on_error = text;
                }
            }
            "timeoutInMinutes" => job.timeout_in_minutes = self.minutes(node),
            "cancelTimeoutInMinutes" => job.cancel_timeout_in_minutes = self.cancel_minutes(node),
            "variables" => {
                let found = self.variables(node, Site::JobVariable);
                (job.variables, job.variable_groups) = (found.variables, found.groups);
            }
            "pool" if !node.is_null() => job.pool = self.pool(node),
            "strategy" if !node.is_null() => reading.strategy = Some(node),
            "environment" => reading.environment = Some(node),
            "container" if !node.is_null() => job.container = self.container(node),
            "services" => job.services = self.services(node),
            "workspace" => {
                for entry in self.mapping(node, Shape::Workspace) {
                    let word = self.word(&entry.value, Shape::Workspace, "clean");
                    job.workspace_clean = word.map(str::to_owned);
                }
            }
            "uses" => job.uses = self.uses(node),
            "templateContext" => job.template_context = Some(to_json(node)),
            "steps" => {
                reading.has_steps = true;
                job.steps = self.steps(node, None);
            }
            "queue" | "server" => self.legacy_target(entry, job),
            _ => {}
        }
    }

    /// A limit, which may be a text that only a run can fill in.
    pub(super) fn minutes(&mut self, node: &Node) -> Option<String> {
        let text = self.late_number(node)?;
        self.check_runtime(node, &text, Site::JobProperty);
        Some(text)
    }

    fn cancel_minutes(&mut self, node: &Node) -> Option<String> {
        let text = self.minutes(node)?;
        if whole_number(&text).is_some_and(|minutes| minutes > MOST_CANCEL_MINUTES) {
            let message =
                format!("A time to clean up is {MOST_CANCEL_MINUTES} minutes at most, not {text}.");
            self.report.warning(node.place, "out_of_range", message, None);
        }
        Some(text)
    }

    fn uses(&mut self, node: &Node) -> PlanUses {
        let mut uses = PlanUses::default();
        for entry in self.mapping(node, Shape::Uses) {
            match entry.key.as_str() {
                "pools" => uses.pools = self.words(&entry.value),
                _ => {
                    let found = self.texts(&entry.value);
                    for (name, place) in &found {
                        self.check_repository("The job uses", name, *place);
                    }
                    uses.repositories = found.into_iter().map(|(name, _)| name).collect();
                }
            }
        }
        uses
    }
}

/// The name that an item writes, folded.
fn written_name(item: &Node) -> Option<String> {
    let entry = item.entries()?.iter().find(|entry| KINDS.contains(&entry.key.as_str()))?;
    match &entry.value.value {
        NodeValue::Scalar(scalar) if !scalar.is_null() && !scalar.as_str().is_empty() => {
            Some(scalar.as_str().to_lowercase())
        }
        _ => None,
    }
}
