//! Jobs, and what they share with deployment jobs.

use super::Reader;
use super::conditions::Owner;
use super::fields::{is_late, truth};
use crate::plan::{PlanJob, PlanPool};
use crate::tree::{Entry, Node, NodeValue};

/// What a job inherits.
pub(super) struct JobDefaults<'a> {
    pub(super) pool: &'a PlanPool,
    /// `None` in a file without stages.
    pub(super) stage: Option<&'a str>,
}

pub(super) const KEYS: [&str; 18] = [
    "job",
    "displayName",
    "dependsOn",
    "condition",
    "continueOnError",
    "timeoutInMinutes",
    "cancelTimeoutInMinutes",
    "variables",
    "strategy",
    "pool",
    "container",
    "services",
    "workspace",
    "uses",
    "steps",
    "templateContext",
    "deployment",
    "environment",
];

impl Reader<'_, '_> {
    pub(super) fn jobs(&mut self, node: &Node, defaults: &JobDefaults<'_>) -> Vec<PlanJob> {
        let mut jobs: Vec<PlanJob> = Vec::new();
        for (position, item) in self.sequence(node).iter().enumerate() {
            let has = |key| item.get(key).is_some();
            if has("phase") {
                let instead = "Use job: instead.";
                self.report.not_yet(item.place, "The old key 'phase' is", instead);
            } else if has("deployment") {
                jobs.extend(self.deployment(item, position + 1, defaults));
            } else if has("job") {
                jobs.extend(self.job(item, position + 1, defaults));
            } else {
                self.missing_kind(item, &["job", "deployment", "template"], &KEYS);
            }
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
        let jobs = self.with_all_legs(jobs);
        self.check_jobs(&jobs, defaults.stage);
        jobs
    }

    /// The one job of a file that has steps only.
    pub(super) fn root_job(&mut self, root: &Node, defaults: &JobDefaults<'_>) -> Vec<PlanJob> {
        let mut job = new_job("__default", root, defaults.pool);
        job.display_name = "Job".to_owned();
        let keys = [
            "continueOnError",
            "timeoutInMinutes",
            "cancelTimeoutInMinutes",
            "container",
            "services",
            "workspace",
            "steps",
        ];
        let mut strategy = None;
        for entry in root.entries().unwrap_or_default() {
            match entry.key.as_str() {
                "strategy" => strategy = Some(&entry.value),
                key if keys.contains(&key) => self.job_key(entry, &mut job),
                _ => {}
            }
        }
        self.check_step_names(&job);
        self.legs(job, strategy)
    }

    fn job(&mut self, item: &Node, position: usize, defaults: &JobDefaults<'_>) -> Vec<PlanJob> {
        let mut job = new_job(&format!("Job{position}"), item, defaults.pool);
        let mut strategy = None;
        for entry in self.mapping(item, &KEYS) {
            match entry.key.as_str() {
                "job" => self.job_name(&entry.value, &mut job),
                "strategy" => strategy = Some(&entry.value),
                "environment" => {
                    self.unexpected("environment", entry.key_place, &KEYS[..16]);
                }
                _ => self.job_key(entry, &mut job),
            }
        }
        if item.get("steps").is_none() {
            let message = format!("Job {} has no steps.", job.name);
            let hint = Some("Add steps: and a list of steps.".to_owned());
            self.report.error(item.place, "missing_body", message, hint);
        }
        if job.display_name.is_empty() {
            job.display_name.clone_from(&job.name);
        }
        self.check_step_names(&job);
        self.legs(job, strategy)
    }

    pub(super) fn job_name(&mut self, node: &Node, job: &mut PlanJob) {
        if let Some(name) = self.some_text(node) {
            self.check_name("Job", &name, node.place);
            job.name = name;
        }
    }

    /// Keys that jobs and deployment jobs share.
    pub(super) fn job_key(&mut self, entry: &Entry, job: &mut PlanJob) {
        let node = &entry.value;
        match entry.key.as_str() {
            "displayName" => job.display_name = self.text(node).unwrap_or_default(),
            "dependsOn" => {
                job.depends_on = self.texts(node).into_iter().map(|(name, _)| name).collect();
            }
            "condition" => job.condition = self.condition(node, Owner::Node),
            "continueOnError" => job.continue_on_error = self.early_boolean(node),
            "timeoutInMinutes" => job.timeout_minutes = self.number(node, "A time limit"),
            "cancelTimeoutInMinutes" => {
                job.cancel_timeout_minutes = self.number(node, "A time limit");
            }
            "variables" => job.variables = self.variables(node),
            "pool" => job.pool = self.pool(node),
            "container" => self.report.not_yet(
                entry.key_place,
                "Running a job in a container (container:) is",
                "Take the key out: the job then runs on this machine.",
            ),
            "services" => self.report.not_yet(
                entry.key_place,
                "Service containers (services:) are",
                "Start what the job needs in a step, such as docker run.",
            ),
            "workspace" => {
                for entry in self.mapping(node, &["clean"]) {
                    job.workspace_clean = self.clean(&entry.value);
                }
            }
            "steps" => job.steps = self.steps(node, None),
            _ => {}
        }
    }

    fn clean(&mut self, node: &Node) -> Option<String> {
        let word = self.some_text(node)?.to_ascii_lowercase();
        const WORDS: [&str; 3] = ["outputs", "resources", "all"];
        if !WORDS.contains(&word.as_str()) {
            self.unexpected(&word, node.place, &WORDS);
            return None;
        }
        Some(word)
    }

    fn early_boolean(&mut self, node: &Node) -> bool {
        let Some(text) = self.some_text(node) else { return false };
        if truth(&text).is_none() && is_late(&text) {
            let what = "A job's continueOnError that is known only during a run is";
            self.report.not_yet(node.place, what, "Write true or false.");
            return false;
        }
        self.boolean(node).unwrap_or(false)
    }

    pub(super) fn pool(&mut self, node: &Node) -> PlanPool {
        let mut pool = PlanPool::default();
        if let NodeValue::Scalar(_) = node.value {
            pool.name = self.some_text(node);
        } else {
            for entry in self.mapping(node, &["name", "vmImage", "demands"]) {
                match entry.key.as_str() {
                    "name" => pool.name = self.some_text(&entry.value),
                    "vmImage" => pool.vm_image = self.some_text(&entry.value),
                    _ => {
                        pool.demands =
                            self.texts(&entry.value).into_iter().map(|(text, _)| text).collect();
                    }
                }
            }
        }
        if pool.name.as_deref() == Some("server") {
            self.report.not_yet(
                node.place,
                "An agentless job (pool: server) is",
                "Run its steps in a job with an agent pool.",
            );
        }
        pool
    }
}

/// A job with nothing in it yet.
pub(super) fn new_job(name: &str, item: &Node, pool: &PlanPool) -> PlanJob {
    PlanJob {
        name: name.to_owned(),
        display_name: String::new(),
        depends_on: Vec::new(),
        condition: None,
        variables: Vec::new(),
        pool: pool.clone(),
        deployment: None,
        timeout_minutes: None,
        cancel_timeout_minutes: None,
        continue_on_error: false,
        workspace_clean: None,
        steps: Vec::new(),
        span: item.place.span,
    }
}
