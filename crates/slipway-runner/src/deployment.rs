//! The life cycle of a deployment job: which hooks run, in which order, how often, on which targets (§12).
//!
//! `timeline` lays it out, `job` walks through it, the output commands take their names from it.
//! Deliberately not here: environments themselves, which the host knows.

use slipway_pipeline::macros::expand;
use slipway_pipeline::plan::{DeploymentStrategy, PlanDeployment, PlanJob, PlanStep};

use crate::host::EnvironmentTarget;

/// A hook of the life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hook {
    PreDeploy,
    Deploy,
    RouteTraffic,
    PostRouteTraffic,
    OnFailure,
    OnSuccess,
}

impl Hook {
    fn of(name: Option<&str>) -> Self {
        match name {
            Some("preDeploy") => Self::PreDeploy,
            Some("routeTraffic") => Self::RouteTraffic,
            Some("postRouteTraffic") => Self::PostRouteTraffic,
            Some("onFailure") => Self::OnFailure,
            Some("onSuccess") => Self::OnSuccess,
            _ => Self::Deploy,
        }
    }

    /// As outputs name it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::PreDeploy => "preDeploy",
            Self::Deploy => "deploy",
            Self::RouteTraffic => "routeTraffic",
            Self::PostRouteTraffic => "postRouteTraffic",
            Self::OnFailure => "onFailure",
            Self::OnSuccess => "onSuccess",
        }
    }

    /// True for those that a canary repeats.
    fn is_repeated(self) -> bool {
        matches!(self, Self::Deploy | Self::RouteTraffic | Self::PostRouteTraffic)
    }
}

/// One hook, once. For Azure each is a job of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Phase {
    pub(crate) hook: Hook,
    /// Of a canary, in percent.
    pub(crate) increment: Option<u32>,
    /// `strategy.action`.
    pub(crate) action: &'static str,
    /// Its hook says `pool: server`.
    pub(crate) is_server: bool,
}

const WHOLE: u32 = 100;

fn increments(deployment: &PlanDeployment) -> Vec<Option<u32>> {
    if deployment.strategy != DeploymentStrategy::Canary {
        return vec![None];
    }
    let mut increments: Vec<Option<u32>> =
        deployment.increments.iter().copied().map(Some).collect();
    if increments.last() != Some(&Some(WHOLE)) {
        increments.push(Some(WHOLE));
    }
    increments
}

fn action(hook: Hook, increment: Option<u32>) -> &'static str {
    match (hook, increment) {
        (Hook::OnFailure, _) => "reject",
        (Hook::OnSuccess, _) => "promote",
        (hook, Some(WHOLE)) if hook.is_repeated() => "promote",
        _ => "deploy",
    }
}

/// The steps of a deployment as they run, each with its phase.
pub(crate) fn life_cycle(
    job: &PlanJob,
    deployment: &PlanDeployment,
    is_download: impl Fn(&PlanStep) -> bool,
    downloads: impl Fn() -> Vec<PlanStep>,
) -> Vec<(PlanStep, Phase)> {
    let mut walk = Walk { job, deployment, steps: Vec::new() };
    walk.hook(Hook::PreDeploy, None, Vec::new());
    let deploys = |step: &&PlanStep| Hook::of(step.hook.as_deref()) == Hook::Deploy;
    // Only the deploy hook gets the artifacts by itself.
    let has_own = job.steps.iter().filter(deploys).any(is_download);
    for increment in increments(deployment) {
        let first = if has_own { Vec::new() } else { downloads() };
        walk.hook(Hook::Deploy, increment, first);
        walk.hook(Hook::RouteTraffic, increment, Vec::new());
        walk.hook(Hook::PostRouteTraffic, increment, Vec::new());
    }
    walk.hook(Hook::OnFailure, None, Vec::new());
    walk.hook(Hook::OnSuccess, None, Vec::new());
    walk.steps
}

struct Walk<'a> {
    job: &'a PlanJob,
    deployment: &'a PlanDeployment,
    steps: Vec<(PlanStep, Phase)>,
}

impl Walk<'_> {
    fn hook(&mut self, hook: Hook, increment: Option<u32>, first: Vec<PlanStep>) {
        let named = self.deployment.hooks.iter().find(|known| Hook::of(Some(&known.name)) == hook);
        let pool = named.and_then(|hook| hook.pool.as_ref()).unwrap_or(&self.job.pool);
        let action = action(hook, increment);
        let phase = Phase { hook, increment, action, is_server: pool.is_server };
        let own = self.job.steps.iter().filter(|step| Hook::of(step.hook.as_deref()) == hook);
        // Without an agent there is no place for them.
        let first = first.into_iter().filter(|_| !phase.is_server);
        for step in first.chain(own.cloned()) {
            let mut step = step;
            if let Some(percent) = increment {
                step.display_name = format!("{} ({percent}%)", step.display_name);
            }
            self.steps.push((step, phase));
        }
    }
}

/// The names under which other jobs find an output of a deployment (§5.5).
pub(crate) fn output_names(
    job: &str,
    strategy: DeploymentStrategy,
    phase: Phase,
    resource: Option<&str>,
    key: &str,
) -> Vec<String> {
    let hook = phase.hook.word();
    let mut names = vec![format!("{job}.{key}"), format!("{hook}.{key}")];
    if let Some(increment) = phase.increment {
        names.push(format!("{hook}_{increment}.{key}"));
    }
    if let Some(resource) = resource {
        if strategy == DeploymentStrategy::Rolling {
            // Targets run side by side: only the name with the target is one target's own.
            names.clear();
        }
        names.push(format!("{hook}_{resource}.{key}"));
    }
    names
}

/// A job with the target it is for, and the job that the file wrote.
pub(crate) struct Targeted {
    pub(crate) job: PlanJob,
    pub(crate) target: Option<String>,
    /// The name that the file gave it.
    pub(crate) base: String,
}

/// The targets that a job goes to, of those that its environment lists.
pub(crate) fn targets_of(deployment: &PlanDeployment, listed: &[EnvironmentTarget]) -> Vec<String> {
    let environment = &deployment.environment;
    let is_of_machines = environment
        .resource_type
        .as_deref()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("virtualMachine"));
    let is_rolling = deployment.strategy == DeploymentStrategy::Rolling;
    if environment.resource_name.is_some() || !(is_rolling || is_of_machines) {
        return Vec::new();
    }
    let has_tags = |target: &&EnvironmentTarget| {
        let has = |tag: &String| target.tags.iter().any(|own| own.eq_ignore_ascii_case(tag));
        environment.tags.iter().all(has)
    };
    listed.iter().filter(has_tags).map(|target| target.name.clone()).collect()
}

/// How many targets a batch has: a number, or a percentage of all, and one at least.
fn batch_size(
    deployment: &PlanDeployment,
    all: usize,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> usize {
    if deployment.strategy != DeploymentStrategy::Rolling {
        return all;
    }
    let written = expand(deployment.max_parallel.as_deref().unwrap_or("1"), lookup);
    let size = match written.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<usize>().map(|percent| all * percent / 100),
        None => written.trim().parse(),
    };
    size.unwrap_or(1).clamp(1, all.max(1))
}

/// One job for each target; those of a batch wait for the batch before. Whoever waits for the job waits for
/// each of them.
pub(crate) fn with_targets(
    jobs: Vec<PlanJob>,
    targets: &dyn Fn(&PlanDeployment) -> Vec<String>,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Vec<Targeted> {
    let mut several: Vec<(String, Vec<String>)> = Vec::new();
    let mut all = Vec::with_capacity(jobs.len());
    for job in jobs {
        let base = job.name.clone();
        let targets = job.deployment.as_ref().map(targets).unwrap_or_default();
        let Some(deployment) = job.deployment.as_ref().filter(|_| !targets.is_empty()) else {
            all.push(Targeted { job, target: None, base });
            continue;
        };
        let size = batch_size(deployment, targets.len(), lookup);
        let name = |target: &String| format!("{base}.{target}");
        let mut before: Vec<String> = Vec::new();
        for batch in targets.chunks(size) {
            for target in batch {
                let mut job = job.clone();
                job.name = name(target);
                job.display_name = format!("{} {target}", job.display_name);
                job.depends_on.extend(before.iter().cloned());
                all.push(Targeted { job, target: Some(target.clone()), base: base.clone() });
            }
            before = batch.iter().map(name).collect();
        }
        several.push((base.to_lowercase(), targets.iter().map(name).collect()));
    }
    for one in &mut all {
        let waits = std::mem::take(&mut one.job.depends_on);
        for wanted in waits {
            match several.iter().find(|(base, _)| *base == wanted.to_lowercase()) {
                Some((_, names)) => one.job.depends_on.extend(names.iter().cloned()),
                None => one.job.depends_on.push(wanted),
            }
        }
    }
    all
}
