//! Runs: made from a commit, carried out in the background, cancelled, run again.

use std::sync::Arc;

use indexmap::IndexMap;
use slipway_core::{CommitSha, Masker, RunEvidence, RunId, RunReason, RunResult, RunState, Tag};
use slipway_pipeline::LoadRequest;
use slipway_pipeline::plan::Plan;
use slipway_runner::{
    Catalog, Choice, Obstacle, RunFacts, RunReport, RunRequest, Skip, SkipTarget, known_before_run,
};
use slipway_store::{ProjectRow, RunProgress, RunRow};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::attempts::{NextAttempt, reason_of};
use crate::dto::{RunParameter, RunStarted};
use crate::error::ApiError;
use crate::guard;
use crate::pipelines::{line, runnable};
use crate::run_host::HouseHost;
use crate::run_sink::StoreSink;
use crate::run_start::{Chosen, RunInput, StartVariables};

/// Runs of a project whose workspaces and artifacts stay on disk.
const KEPT_WORKSPACES: usize = 20;

/// What a run does.
struct Work {
    plan: Plan,
    given: StartVariables,
    tasks: Catalog,
    skips: Vec<Skip>,
    choice: Option<Choice>,
    attempt: Option<NextAttempt>,
}

impl App {
    /// What of a commit's pipeline cannot run here.
    pub(crate) async fn run_obstacles(
        &self,
        project: &ProjectRow,
        commit: &CommitSha,
        file: &str,
        parameters: Vec<RunParameter>,
        chosen: &Chosen,
    ) -> Result<Vec<Obstacle>, ApiError> {
        let text = self.pipeline_text_at(project, commit, file).await?;
        let branch = self.git(project, |git| Ok(git.branch().unwrap_or_default())).await?;
        let reason = RunReason::Manual;
        let variables = self.compile_time_variables(project, commit, &branch, reason).await;
        let parameters = parameters.into_iter().map(|given| (given.name, given.value)).collect();
        let request = LoadRequest { parameters, variables };
        let (file, tasks) = ((file, text), self.task_catalog().await?);
        let (loaded, obstacles) =
            self.load_file(project, Some(commit), file, request, tasks).await?;
        let choice = chosen.find(&runnable(loaded)?)?;
        Ok(met(obstacles, choice.as_ref()))
    }

    /// What an earlier run left out.
    pub(crate) async fn kept_skips(&self, run: &RunId) -> Result<Vec<Skip>, ApiError> {
        let kept = self.store.run_skips(run).await?;
        let skip = |(target, reason): (String, String)| {
            Some(Skip { target: SkipTarget::parse(&target)?, reason })
        };
        Ok(kept.into_iter().filter_map(skip).collect())
    }

    /// Plans the commit's pipeline and starts it. A file with errors is refused before anything runs.
    pub(crate) async fn start_run(
        &self,
        project: &ProjectRow,
        commit: &CommitSha,
        reason: RunReason,
        input: RunInput,
    ) -> Result<RunStarted, ApiError> {
        let text = self.pipeline_text_at(project, commit, &input.file).await?;
        let sha = commit.clone();
        let (facts, here) = self
            .git(project, move |git| {
                Ok((git.commit(sha.as_str())?, git.branch().unwrap_or_default()))
            })
            .await?;
        let branch = input.branch.clone().unwrap_or(here);
        let facts = facts.ok_or_else(|| ApiError::not_found("commit", commit))?;
        self.keep_commit(project, &facts, &branch).await?;
        let given = self.start_variables(project, &input).await?;
        let mut variables: IndexMap<String, String> =
            given.plain().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        // A later attempt is planned as the first one was.
        let told = reason_of(input.attempt.as_ref().map(|next| &next.row), reason);
        variables.extend(self.compile_time_variables(project, commit, &branch, told).await);
        let parameters = input.parameters.iter().cloned().collect();
        let request = LoadRequest { parameters, variables };
        let tasks = self.task_catalog().await?;
        let file = (input.file.as_str(), text);
        let (loaded, obstacles) =
            self.load_file(project, Some(commit), file, request, tasks.clone()).await?;
        let plan = runnable(loaded)?;
        let choice = input.chosen.find(&plan)?;
        let obstacles = met(obstacles, choice.as_ref());
        let part = choice.as_ref().map(|choice| choice.part_of(&plan));
        let chosen = input.leaving.choose(&obstacles);
        let skips =
            match (chosen, self.check_library(project, part.as_ref().unwrap_or(&plan)).await) {
                (Ok(skips), Ok(())) => skips,
                (Ok(_), Err(error)) | (Err(error), Ok(())) => return Err(error),
                // Whoever mends the one shall not meet the other afterwards.
                (Err(error), Err(other)) => return Err(error.and(other.into_reasons())),
            };
        let warnings = obstacles.iter().filter(|it| !it.blocks());
        let mut warnings: Vec<String> = warnings.map(|it| line(&it.diagnostic)).collect();
        for stage in choice.iter().flat_map(|choice| &choice.obliged) {
            warnings.push(format!("Stage {stage} runs too: it says `isSkippable: false`."));
        }
        warnings.extend(input.attempt.iter().flat_map(|next| next.warnings.clone()));
        let number = input.attempt.as_ref().map(|next| next.number.clone());
        let summary = facts.summary.as_str();
        let beginning = Beginning { commit, summary, branch: &branch, reason, number };
        let run = self.insert_run(project, beginning, &plan, &given).await?;
        if let Some(choice) = &choice {
            self.store.put_run_choice(&run.id, &input.chosen.to_row(choice)).await?;
        }
        if let Some(next) = &input.attempt {
            self.store.put_run_attempt(&run.id, &next.row).await?;
            self.hand_on(&next.row.earlier, &run.id).await?;
        }
        for skip in &skips {
            self.store.put_run_skip(&run.id, &skip.target.to_string(), &skip.reason).await?;
        }
        if !input.is_empty() {
            self.store.put_run_input(&run.id, &input.to_row()).await?;
        }
        let started = RunStarted {
            run_id: run.id.clone(),
            number: run.number.clone(),
            commit: commit.to_string(),
            warnings: Some(warnings).filter(|warnings| !warnings.is_empty()),
        };
        let work = Work { plan, given, tasks, skips, choice, attempt: input.attempt };
        self.spawn_run(project.clone(), run, work);
        self.changed(&[Tag::Run, Tag::Thread]);
        Ok(started)
    }

    async fn insert_run(
        &self,
        project: &ProjectRow,
        Beginning { commit, summary, branch, reason, number }: Beginning<'_>,
        plan: &Plan,
        given: &StartVariables,
    ) -> Result<RunRow, ApiError> {
        let now = self.now_ms();
        let build_id = self.store.next_build_id(&project.id).await?;
        let number = match number {
            Some(number) => number,
            None => self.number_run(project, plan, build_id, branch, given).await?,
        };
        let run = RunRow {
            id: RunId::new(self.next_id()),
            project_id: project.id.clone(),
            build_id,
            number,
            state: RunState::Pending,
            result: None,
            reason,
            commit: commit.clone(),
            commit_summary: summary.to_owned(),
            branch: branch.to_owned(),
            queued_at: now,
            started_at: None,
            finished_at: None,
            issue: None,
        };
        self.store.insert_run(&run).await?;
        Ok(run)
    }

    /// `name:` of the file, with `$(Rev:r)` counted in the project.
    async fn number_run(
        &self,
        project: &ProjectRow,
        plan: &Plan,
        build_id: u32,
        branch: &str,
        given: &StartVariables,
    ) -> Result<String, ApiError> {
        let now = jiff::Timestamp::from_millisecond(self.now_ms())
            .unwrap_or_default()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .datetime();
        let look_up = |name: &str| match name.to_ascii_lowercase().as_str() {
            "builddefinitionname" | "build.definitionname" => Some(project.name.clone()),
            "buildid" | "build.buildid" => Some(build_id.to_string()),
            "sourcebranchname" | "build.sourcebranchname" => {
                Some(branch.rsplit('/').next().unwrap_or(branch).to_owned())
            }
            "teamproject" | "system.teamproject" => Some(project.name.clone()),
            other => plan
                .variables
                .iter()
                .find(|variable| variable.name.eq_ignore_ascii_case(other))
                .map(|variable| variable.value.as_str())
                .or_else(|| {
                    let mut plain = given.plain();
                    plain.find(|(name, _)| name.eq_ignore_ascii_case(other)).map(|(_, value)| value)
                })
                .map(str::to_owned),
        };
        let format = plan.name.as_deref();
        let prefix = slipway_pipeline::numbering::number_prefix(format, now, look_up);
        let revision = self.store.next_revision(&project.id, &prefix).await?;
        Ok(slipway_pipeline::numbering::format_number(format, now, revision, look_up))
    }

    fn spawn_run(&self, project: ProjectRow, run: RunRow, work: Work) {
        let app = self.handle();
        let cancel = CancellationToken::new();
        self.going().insert(run.id.clone(), cancel.clone());
        self.tasks.spawn(async move {
            let id = run.id.clone();
            let report = app.carry_out(&project, &run, work, cancel).await;
            if let Err(error) = app.conclude_run(&run, report).await {
                // The disk is full, or the file is gone: the next start marks the run interrupted.
                tracing::error!(
                    run = id.as_str(),
                    "the run's end could not be kept: {}",
                    error.message
                );
            }
            app.going().remove(&id);
            app.prune_work(&project.id).await;
            app.changed(&[Tag::Run, Tag::Deployment, Tag::Image, Tag::Thread, Tag::WorkItem]);
        });
    }

    /// Removes workspaces and artifacts of all but the newest runs of a project.
    async fn prune_work(&self, project: &slipway_core::ProjectId) {
        let Ok(runs) = self.store.runs(project, 500).await else { return };
        // An old run may still wait for somebody.
        let is_over = |run: &RunRow| run.state == RunState::Completed;
        for run in runs.into_iter().skip(KEPT_WORKSPACES).filter(is_over) {
            let folder = self.data_dir().join("work").join(run.id.as_str());
            // Missing is the usual state of an old one.
            tokio::fs::remove_dir_all(folder).await.ok();
        }
    }

    async fn carry_out(
        self: &Arc<Self>,
        project: &ProjectRow,
        run: &RunRow,
        work: Work,
        cancel: CancellationToken,
    ) -> RunReport {
        let started = RunProgress {
            state: RunState::InProgress,
            result: None,
            started_at: Some(self.now_ms()),
            finished_at: None,
            issue: None,
        };
        if let Err(error) = self.store.set_run_progress(&run.id, &started).await {
            return RunReport { result: RunResult::Failed, issue: Some(error.to_string()) };
        }
        self.changed(&[Tag::Run]);
        let masker = Arc::new(Masker::new());
        guard::announce(&masker);
        let known = self.git_facts(project, &run.commit).await;
        let mut variables = commit_variables(run, known);
        variables.extend(work.given.into_pairs(&masker));
        let attempt = work.attempt.as_ref().map(|next| &next.row);
        let reason = reason_of(attempt, run.reason);
        let evidence = RunEvidence {
            run_id: run.id.clone(),
            build_id: attempt.map_or(run.build_id, |row| row.build_id),
            number: run.number.clone(),
            commit: run.commit.clone(),
        };
        let request = RunRequest {
            run: evidence,
            plan: work.plan,
            reason,
            project_name: project.name.clone(),
            branch: run.branch.clone(),
            repository_path: project.path.clone().into(),
            work_root: self.data_dir().join("work").join(run.id.as_str()),
            max_parallel_jobs: std::thread::available_parallelism().map_or(2, usize::from),
            variables,
            // A pipeline without Docker steps runs on a machine without an engine.
            engine: self.machine.engine().await.ok(),
            cache: Some(self.cache_place(project).await),
            pools: self.pool_table().await.unwrap_or_default(),
            tasks: work.tasks,
            skips: work.skips,
            choice: work.choice,
            earlier: work.attempt.map(|next| next.earlier),
            masker: Arc::clone(&masker),
        };
        let host = Arc::new(HouseHost::new(Arc::clone(self), project.clone(), run.clone(), masker));
        let sink = Arc::new(StoreSink::new(Arc::clone(self), run.clone()));
        slipway_runner::run(request, host, sink, cancel).await
    }

    async fn conclude_run(&self, run: &RunRow, report: RunReport) -> Result<(), ApiError> {
        let kept = self.store.run(&run.id).await?;
        let ended = RunProgress {
            state: RunState::Completed,
            result: Some(report.result),
            started_at: kept.and_then(|row| row.started_at).or(Some(run.queued_at)),
            finished_at: Some(self.now_ms()),
            issue: report.issue,
        };
        self.store.set_run_progress(&run.id, &ended).await?;
        Ok(())
    }
}

/// What of it stands in the way of the parts that were chosen.
fn met(obstacles: Vec<Obstacle>, choice: Option<&Choice>) -> Vec<Obstacle> {
    let is_met = |obstacle: &Obstacle| match (choice, &obstacle.target) {
        (Some(choice), Some(target)) => choice.reaches(target),
        _ => true,
    };
    obstacles.into_iter().filter(is_met).collect()
}

/// What a run is made of.
struct Beginning<'a> {
    commit: &'a CommitSha,
    summary: &'a str,
    branch: &'a str,
    reason: RunReason,
    /// Of the first attempt.
    number: Option<String>,
}

/// What of the run only git knows; a commit that is gone tells nothing.
fn commit_variables(run: &RunRow, known: GitFacts) -> Vec<(String, String)> {
    // As the service does: the first line, and not more of it than this.
    let message: String =
        run.commit_summary.lines().next().unwrap_or_default().chars().take(200).collect();
    [
        ("Build.SourceVersionMessage", message),
        ("Build.SourceVersionAuthor", known.author),
        ("Build.RequestedForEmail", known.email),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// What git knows of a commit and of whoever works here.
#[derive(Debug, Default)]
struct GitFacts {
    author: String,
    email: String,
}

impl App {
    async fn git_facts(&self, project: &ProjectRow, commit: &CommitSha) -> GitFacts {
        let sha = commit.clone();
        let asked = self.git(project, move |git| {
            let author = git.commit(sha.as_str())?.map(|facts| facts.author_name);
            // Without a name and address in its configuration, git has none to tell.
            let email = git.signature().map(|own| own.email).unwrap_or_default();
            Ok(GitFacts { author: author.unwrap_or_default(), email })
        });
        asked.await.unwrap_or_default()
    }

    /// What `${{ variables }}` sees before anything runs.
    pub(crate) async fn compile_time_variables(
        &self,
        project: &ProjectRow,
        commit: &CommitSha,
        branch: &str,
        reason: RunReason,
    ) -> IndexMap<String, String> {
        let git = self.git_facts(project, commit).await;
        let facts = RunFacts {
            project_name: &project.name,
            repository_path: std::path::Path::new(&project.path),
            branch,
            commit,
            reason,
            email: &git.email,
        };
        let known = known_before_run(&facts).into_iter();
        known.map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
