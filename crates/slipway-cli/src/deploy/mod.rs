//! `slipway deploy`, `promote`, `rollback`, `status`, `diff` and `logs`.
//!
//! Exit codes: 0 done (for diff: nothing differs), 1 it failed (for diff: something differs), 2 wrong use.
//! Deliberately not here: deploying, which the commands of the app do.

mod link;
mod show;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use slipway_api::app::AppOptions;
use slipway_api::dto::{
    DeploymentLog, DeploymentPlanView, DeploymentStarted, DeploymentView, DriftState, DriftView,
    ImageView, ObjectAction, PodLog, PromotionBoard, PromotionColumn, StrategyFinished,
};
use slipway_api::error::ApiError;
use slipway_core::{ErrorKind, RolloutStrategy, RunResult, RunState, TargetKind};

use crate::serve::End;
use crate::{print, read};
use link::Link;

/// How often a deployment is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// What all of them take.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The project's repository; the current folder if left out.
    #[arg(long, value_name = "FOLDER")]
    project: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// How a deployment goes.
#[derive(Debug, Args)]
pub(crate) struct How {
    /// Removes what the deployment before applied and this one no longer wants.
    #[arg(long)]
    prune: bool,
    /// Leaves the environment as it is when the deployment fails.
    #[arg(long)]
    no_rollback: bool,
    #[command(flatten)]
    beside: Beside,
}

/// How the new version comes beside what runs.
#[derive(Debug, Default, Args)]
pub(crate) struct Beside {
    /// Puts a canary, or all of the new pods (blueGreen), beside what runs until it is promoted.
    #[arg(long, value_name = "STRATEGY")]
    strategy: Option<Word>,
    /// The canary's share of the pods.
    #[arg(long, requires = "strategy", value_parser = clap::value_parser!(u32).range(1..=100))]
    percentage: Option<u32>,
    /// Lets the verdict decide: healthy promotes, unhealthy rejects.
    #[arg(long, requires = "strategy")]
    automatic: bool,
}

/// As the vendor writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Word {
    Rolling,
    Canary,
    #[value(name = "blueGreen", alias = "blue-green")]
    BlueGreen,
}

/// What becomes of what runs beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Finish {
    Promote,
    Reject,
}

impl Beside {
    /// As the app is asked; null rolls the pods one after the other.
    fn choice(&self) -> Value {
        let kind = match self.strategy {
            None | Some(Word::Rolling) => return Value::Null,
            Some(Word::Canary) => "canary",
            Some(Word::BlueGreen) => "blueGreen",
        };
        json!({ "kind": kind, "percentage": self.percentage, "isAutomatic": self.automatic })
    }
}

/// What is deployed.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// A digest, its beginning, or a tag of an image that a run pushed; the newest image if left out.
    #[arg(long, value_name = "IMAGE")]
    image: Option<String>,
    /// Files or folders with manifests, kustomizations or Helm charts, relative to the repository.
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "from")]
    manifests: Vec<String>,
    /// The manifests and images of an earlier deployment.
    #[arg(long, value_name = "DEPLOYMENT", conflicts_with = "image")]
    from: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DeployArguments {
    environment: String,
    #[command(flatten)]
    source: Source,
    /// Lifts the hold of a rollback, so that runs deploy again; deploys nothing.
    #[arg(long, conflicts_with_all = ["image", "manifests", "from"])]
    release: bool,
    /// Promotes or rejects what runs beside; deploys nothing else.
    #[arg(long, value_name = "ACTION", conflicts_with_all = ["image", "manifests", "from", "release", "strategy"])]
    finish: Option<Finish>,
    /// Promotes it against its verdict.
    #[arg(long, requires = "finish")]
    yes: bool,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct PromoteArguments {
    /// Whose deployment goes further.
    environment: String,
    /// The next environment of the board if left out.
    #[arg(long, value_name = "ENVIRONMENT")]
    to: Option<String>,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct RollbackArguments {
    environment: String,
    /// A deployment's id or the beginning of its commit; the proven one before, if left out.
    #[arg(long, value_name = "DEPLOYMENT")]
    to: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    environment: String,
    /// Without a source: what differs from what was deployed.
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct LogsArguments {
    environment: String,
    /// One pod; all of the environment if left out.
    #[arg(long)]
    pod: Option<String>,
    /// What a deployment said, instead of the pods.
    #[arg(long, value_name = "DEPLOYMENT", conflicts_with = "pod")]
    deployment: Option<String>,
    /// How many lines of each pod.
    #[arg(long, default_value_t = 100)]
    tail: u32,
    #[command(flatten)]
    common: Common,
}

/// A project as these commands see it.
struct Yard {
    link: Link,
    project: String,
    as_json: bool,
}

impl Yard {
    async fn of(link: Link, common: Common) -> Result<Self, ApiError> {
        match link.project(common.project).await {
            Ok(project) => Ok(Self { link, project: project.id.to_string(), as_json: common.json }),
            Err(error) => {
                link.close().await;
                Err(error)
            }
        }
    }

    async fn call<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
        mut request: Value,
    ) -> Result<T, ApiError> {
        request["projectId"] = json!(self.project);
        read(self.link.call(name, request).await?)
    }

    async fn board(&self) -> Result<PromotionBoard, ApiError> {
        self.call("promotion_board", json!({})).await
    }

    async fn column(&self, environment: &str) -> Result<PromotionColumn, ApiError> {
        let columns = self.board().await?.columns.into_iter();
        let mut found =
            columns.filter(|column| column.environment.name.eq_ignore_ascii_case(environment));
        found.next().ok_or_else(|| ApiError::not_found("environment", environment))
    }

    async fn deployments(&self, environment: &str) -> Result<Vec<DeploymentView>, ApiError> {
        self.call("deployment_list", json!({ "environment": environment, "limit": 100 })).await
    }

    async fn source(&self, source: Source) -> Result<Value, ApiError> {
        if let Some(id) = source.from {
            return Ok(json!({ "from": "deployment", "deploymentId": id }));
        }
        if source.manifests.is_empty() {
            return Err(wrong(
                "Nothing says which manifests.",
                "Name them with --manifests deploy.",
            ));
        }
        let images: Vec<ImageView> = self.call("image_list", json!({})).await?;
        let is_wanted = |image: &&ImageView| match &source.image {
            None => true,
            Some(named) => {
                let hex = named.strip_prefix("sha256:").unwrap_or(named);
                let digest = image.digest.as_str();
                let digest = digest.strip_prefix("sha256:").unwrap_or(digest);
                (hex.len() >= 6 && digest.starts_with(hex))
                    || image.tags.contains(named)
                    || image.tags.iter().any(|tag| format!("{}:{tag}", image.repository) == *named)
            }
        };
        let image = images.iter().filter(is_wanted).max_by_key(|image| image.pushed_at);
        let image = image.ok_or_else(|| {
            let named = source.image.as_deref().unwrap_or("at all");
            ApiError::refused("image_unknown", format!("No run has pushed an image {named}."))
                .with_hint("Run the pipeline first, or name another image.")
        })?;
        Ok(json!({ "from": "image", "digest": image.digest, "manifests": source.manifests }))
    }

    async fn plan(
        &self,
        environment: &str,
        source: &Value,
        strategy: &Value,
    ) -> Result<DeploymentPlanView, ApiError> {
        let request = json!({ "environment": environment, "source": source, "strategy": strategy });
        self.call("deployment_plan", request).await
    }

    /// Shows the plan, starts, and tells until it is over.
    async fn deploy(
        &self,
        environment: &str,
        source: Value,
        reason: &str,
        how: &How,
    ) -> Result<ExitCode, ApiError> {
        let mut end = End::listen();
        let strategy = how.beside.choice();
        let plan = self.plan(environment, &source, &strategy).await?;
        if !self.as_json {
            show::plan(&plan);
        }
        if plan.is_blocked {
            if self.as_json {
                print::json(&json!({ "plan": plan, "deployment": null }));
            }
            print::line_error("error: the plan cannot be carried out; nothing was changed.");
            return Ok(ExitCode::from(1));
        }
        let request = json!({
            "environment": environment, "source": source, "reason": reason, "hash": plan.hash,
            "isPruning": how.prune, "hasRollback": !how.no_rollback, "strategy": strategy,
        });
        let started: DeploymentStarted = self.call("deployment_start", request).await?;
        let over = self.follow(started, &mut end).await?;
        if self.as_json {
            print::json(&json!({ "plan": plan, "deployment": over }));
        } else {
            show::ended(&over);
            if plan.target == TargetKind::Local && !self.link.stays() {
                print::line("Its containers go on; its services answer while a Slipway runs.");
            }
        }
        let is_good = over.result == Some(RunResult::Succeeded);
        Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    /// Promotes or rejects what waits, and tells until it is over.
    async fn finish(
        &self,
        environment: &str,
        finish: Finish,
        is_forced: bool,
    ) -> Result<ExitCode, ApiError> {
        let mut end = End::listen();
        let waiting = self.column(environment).await?.waiting.ok_or_else(|| {
            ApiError::refused("nothing_waits", format!("Nothing waits in {environment}."))
                .with_hint("slipway status shows what waits, and where.")
        })?;
        let action = match finish {
            Finish::Promote => "promote",
            Finish::Reject => "reject",
        };
        let request =
            json!({ "deploymentId": waiting.id, "action": action, "isForced": is_forced });
        let done: StrategyFinished = read(self.link.call("strategy_finish", request).await?)?;
        let over = match done.deployment_id {
            Some(deployment_id) => {
                self.follow(DeploymentStarted { deployment_id }, &mut end).await?
            }
            None => {
                let request = json!({ "deploymentId": waiting.id });
                read(self.link.call("deployment_get", request).await?)?
            }
        };
        if self.as_json {
            print::json(&json!({ "plan": null, "deployment": over }));
        } else {
            show::finished(&over);
        }
        let is_good = over.result == Some(RunResult::Succeeded);
        Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    async fn follow(
        &self,
        started: DeploymentStarted,
        end: &mut End,
    ) -> Result<DeploymentView, ApiError> {
        let request = json!({ "deploymentId": started.deployment_id });
        let mut told = 0;
        loop {
            let view: DeploymentView =
                read(self.link.call("deployment_get", request.clone()).await?)?;
            let log: DeploymentLog =
                read(self.link.call("deployment_log", request.clone()).await?)?;
            if !self.as_json {
                log.lines.iter().skip(told).for_each(|line| print::line(&line.text));
            }
            told = log.lines.len();
            if view.state == RunState::Completed {
                return Ok(view);
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = end.wait() => {
                    // It may be over in this very moment; the next look says so.
                    self.link.call("deployment_cancel", request.clone()).await.ok();
                }
            }
        }
    }
}

fn wrong(message: &str, hint: &str) -> ApiError {
    ApiError::new(ErrorKind::UserInput, "wrong_use", message).with_hint(hint)
}

/// `slipway deploy`.
pub(crate) async fn deploy(
    options: AppOptions,
    arguments: DeployArguments,
) -> Result<ExitCode, ApiError> {
    let DeployArguments { environment, source, release, finish, yes, how, common } = arguments;
    let yard = Yard::of(Link::open(options).await?, common).await?;
    let work = async {
        if release {
            let request = json!({ "environment": environment });
            yard.call::<Value>("environment_release", request).await?;
            print::line(&format!("Runs deploy to {environment} again."));
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(finish) = finish {
            return yard.finish(&environment, finish, yes).await;
        }
        let source = yard.source(source).await?;
        yard.deploy(&environment, source, "deploy", &how).await
    };
    let done = work.await;
    yard.link.close().await;
    done
}

/// `slipway promote`.
pub(crate) async fn promote(
    options: AppOptions,
    arguments: PromoteArguments,
) -> Result<ExitCode, ApiError> {
    let PromoteArguments { environment, to, how, common } = arguments;
    let yard = Yard::of(Link::open(options).await?, common).await?;
    let work = async {
        let column = yard.column(&environment).await?;
        let current = column.environment.current.ok_or_else(|| {
            ApiError::refused("nothing_deployed", format!("Nothing runs in {environment}."))
                .with_hint("Deploy to it first.")
        })?;
        let to = to.or(column.promote_to).ok_or_else(|| {
            wrong(
                "There is no environment after this one.",
                "Name one with --to, or make it under Environments.",
            )
        })?;
        let source = json!({ "from": "deployment", "deploymentId": current.id });
        yard.deploy(&to, source, "promote", &how).await
    };
    let done = work.await;
    yard.link.close().await;
    done
}

/// `slipway rollback`.
pub(crate) async fn rollback(
    options: AppOptions,
    arguments: RollbackArguments,
) -> Result<ExitCode, ApiError> {
    let RollbackArguments { environment, to, common } = arguments;
    let yard = Yard::of(Link::open(options).await?, common).await?;
    let work = async {
        let all = yard.deployments(&environment).await?;
        let current = all.iter().find(|one| one.is_current);
        let is_good = |one: &&DeploymentView| {
            one.result == Some(RunResult::Succeeded)
                && !one.strategy.is_some_and(RolloutStrategy::is_beside)
        };
        let found = all.iter().filter(is_good).find(|one| match &to {
            Some(named) => {
                one.id.as_str() == named
                    || (named.len() >= 4 && one.commit.as_str().starts_with(named.as_str()))
            }
            None => current.is_some_and(|current| current.digest != one.digest),
        });
        let found = found.ok_or_else(|| {
            let text = format!("No earlier proven deployment to {environment} fits.");
            ApiError::refused("nothing_to_go_back_to", text)
                .with_hint("Name one with --to; slipway status shows what runs.")
        })?;
        let source = json!({ "from": "deployment", "deploymentId": found.id });
        let how = How { prune: false, no_rollback: false, beside: Beside::default() };
        yard.deploy(&environment, source, "rollback", &how).await
    };
    let done = work.await;
    yard.link.close().await;
    done
}

/// `slipway status`.
pub(crate) async fn status(
    options: AppOptions,
    arguments: StatusArguments,
) -> Result<ExitCode, ApiError> {
    let yard = Yard::of(Link::for_looking(options).await?, arguments.common).await?;
    let board = yard.board().await;
    let as_json = yard.as_json;
    yard.link.close().await;
    let board = board?;
    if as_json {
        print::json(&json!(board));
    } else {
        show::board(&board);
    }
    Ok(ExitCode::SUCCESS)
}

/// `slipway diff`.
pub(crate) async fn diff(
    options: AppOptions,
    arguments: DiffArguments,
) -> Result<ExitCode, ApiError> {
    let DiffArguments { environment, source, common } = arguments;
    let has_source =
        source.from.is_some() || source.image.is_some() || !source.manifests.is_empty();
    let yard = Yard::of(Link::open(options).await?, common).await?;
    let work = async {
        if has_source {
            let source = yard.source(source).await?;
            let plan = yard.plan(&environment, &source, &Value::Null).await?;
            if yard.as_json {
                print::json(&json!(plan));
            } else {
                show::plan(&plan);
            }
            return Ok(plan.objects.iter().any(|object| object.action != ObjectAction::Same));
        }
        let request = json!({ "environment": environment });
        let drift: DriftView = yard.call("drift_check", request).await?;
        if yard.as_json {
            print::json(&json!(drift));
        } else {
            show::drift(&environment, &drift);
        }
        match (drift.state, drift.problem) {
            (DriftState::Unknown, Some(problem)) => {
                Err(ApiError::new(ErrorKind::Unavailable, "drift_unknown", problem))
            }
            (state, _) => Ok(state == DriftState::Drifted),
        }
    };
    let differs = work.await;
    yard.link.close().await;
    Ok(ExitCode::from(u8::from(differs?)))
}

/// `slipway logs`.
pub(crate) async fn logs(
    options: AppOptions,
    arguments: LogsArguments,
) -> Result<ExitCode, ApiError> {
    let LogsArguments { environment, pod, deployment, tail, common } = arguments;
    let yard = Yard::of(Link::for_looking(options).await?, common).await?;
    let work = async {
        if let Some(id) = deployment {
            let request = json!({ "deploymentId": id });
            let log: DeploymentLog = read(yard.link.call("deployment_log", request).await?)?;
            if yard.as_json {
                print::json(&json!(log));
            } else {
                log.lines.iter().for_each(|line| print::line(&line.text));
            }
            return Ok(());
        }
        let pods = match pod {
            Some(pod) => vec![pod],
            None => {
                let column = yard.column(&environment).await?;
                column.environment.pods.into_iter().map(|pod| pod.name).collect()
            }
        };
        let mut all = Vec::new();
        for pod in &pods {
            let request = json!({ "environment": environment, "pod": pod, "tail": tail });
            let log: PodLog = yard.call("pod_log_get", request).await?;
            if yard.as_json {
                all.push(json!({ "pod": pod, "lines": log.lines }));
                continue;
            }
            let before = if pods.len() > 1 { format!("{pod}  ") } else { String::new() };
            log.lines.iter().for_each(|line| print::line(&format!("{before}{line}")));
        }
        if yard.as_json {
            print::json(&json!(all));
        }
        Ok(())
    };
    let done = work.await;
    yard.link.close().await;
    done.map(|()| ExitCode::SUCCESS)
}
