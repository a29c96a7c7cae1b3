//! Durations, failure rates and costs, made from the records of the last runs.
//!
//! Called by `handlers::history`. A step is known by its task, its display name and its place among those alike,
//! so that a step added above does not take its history over; digits do not count, because names may hold
//! the run's number. A job of which only a step ran, and a stage of which only a part did, say nothing of how
//! long the whole takes. Deliberately not here: reading the records (the store does), drawing anything.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use slipway_core::{RecordId, RecordKind, RunId, RunResult};
use slipway_pipeline::plan::{Plan, PlanStage};
use slipway_runner::job_of;
use slipway_store::{HistoryRow, RunRow};

use crate::dto::{CostEstimateView, HistoryNodeView, RunCostView, StageCostView};

/// Runs that are looked at.
pub(crate) const RUNS: u32 = 50;
/// Durations that are shown.
const DURATIONS: usize = 10;
/// Runs of which the failure rate is made.
const RATED: usize = 20;
const MINUTE: i64 = 60_000;

/// A stage, job or step, by its names in small letters.
type Key = (String, Option<String>, Option<String>);

/// One run of a node; several legs in one.
#[derive(Debug, Clone)]
struct Sample {
    run: RunId,
    result: RunResult,
    started_at: i64,
    finished_at: i64,
}

/// A job that ran: its stage, its name, milliseconds.
type JobTime = (String, String, i64);

#[derive(Debug)]
struct Node {
    /// As the newest run names it.
    view: HistoryNodeView,
    /// Newest first.
    samples: Vec<Sample>,
}

/// The last runs of a pipeline.
#[derive(Debug, Default)]
pub(crate) struct History {
    nodes: IndexMap<Key, Node>,
    /// Newest first.
    runs: Vec<(RunId, Vec<JobTime>)>,
}

/// Names without what changes from run to run.
fn lasting(name: &str) -> String {
    let mut lasting = String::with_capacity(name.len());
    for letter in name.to_lowercase().chars() {
        match letter {
            '0'..='9' if lasting.ends_with('#') => {}
            '0'..='9' => lasting.push('#'),
            other => lasting.push(other),
        }
    }
    lasting
}

/// Jobs and stages of which something below did not run, by choice or because it was kept.
fn in_part(rows: &[HistoryRow]) -> HashSet<RecordId> {
    let mut parts: HashSet<RecordId> = HashSet::new();
    // What is below comes after: from the end, a step marks its job before the job marks its stage.
    for row in rows.iter().rev().filter(|row| row.kind != RecordKind::Stage) {
        if let Some(parent) =
            row.parent_id.clone().filter(|_| row.is_left || parts.contains(&row.id))
        {
            parts.insert(parent);
        }
    }
    parts
}

impl History {
    /// Reads records; the newest run first.
    pub(crate) fn of(rows: &[HistoryRow]) -> Self {
        let mut history = Self::default();
        for of_run in rows.chunk_by(|one, other| one.run_id == other.run_id) {
            history.take_run(of_run);
        }
        for node in history.nodes.values_mut() {
            node.conclude();
        }
        history
    }

    fn take_run(&mut self, rows: &[HistoryRow]) {
        let Some(first) = rows.first() else { return };
        let mut jobs = Vec::new();
        let by_id: HashMap<&RecordId, &HistoryRow> =
            rows.iter().map(|row| (&row.id, row)).collect();
        let parent =
            |row: &HistoryRow| row.parent_id.as_ref().and_then(|id| by_id.get(id)).copied();
        let parts = in_part(rows);
        let is_whole = |row: &HistoryRow| !row.is_left && !parts.contains(&row.id);
        let mut places: HashMap<&RecordId, u32> = HashMap::new();
        let mut alike: HashMap<(RecordId, String), u32> = HashMap::new();
        for row in rows {
            match row.kind {
                RecordKind::Stage => self.take((&row.name, None, None), row, 0, is_whole(row)),
                RecordKind::Job => {
                    let Some(stage) = parent(row) else { continue };
                    let is_whole = is_whole(row);
                    self.take((&stage.name, Some(job_of(&row.name)), None), row, 0, is_whole);
                    if row.name.contains('.') {
                        self.take((&stage.name, Some(&row.name), None), row, 0, is_whole);
                    }
                    if let Some(sample) = sample_of(row).filter(|_| !row.is_left) {
                        let took = sample.finished_at - sample.started_at;
                        jobs.push((stage.name.clone(), row.name.clone(), took));
                    }
                }
                RecordKind::Step => {
                    let Some(job) = parent(row) else { continue };
                    let Some(stage) = parent(job) else { continue };
                    let place = places.entry(&job.id).or_default();
                    let order = *place;
                    *place += 1;
                    let task = row.task.as_deref().unwrap_or_default().to_lowercase();
                    let what = format!("{task} {}", lasting(&row.display_name));
                    let same = alike.entry((job.id.clone(), what.clone())).or_default();
                    let key = format!("{what} {same}");
                    *same += 1;
                    let key = (stage.name.as_str(), Some(job_of(&job.name)), Some(key.as_str()));
                    self.take(key, row, order, !row.is_left);
                }
            }
        }
        // A job whose legs came late is the sum of them.
        let legs: Vec<(String, String)> = jobs
            .iter()
            .filter(|(_, name, _)| name.contains('.'))
            .map(|(stage, name, _)| (stage.clone(), job_of(name).to_owned()))
            .collect();
        jobs.retain(|(stage, name, _)| !legs.iter().any(|leg| leg.0 == *stage && leg.1 == *name));
        self.runs.push((first.run_id.clone(), jobs));
    }

    fn take(
        &mut self,
        key: (&str, Option<&str>, Option<&str>),
        row: &HistoryRow,
        order: u32,
        counts: bool,
    ) {
        let (stage, job, step) = key;
        let low = |text: &str| text.to_lowercase();
        let node =
            self.nodes.entry((low(stage), job.map(low), step.map(low))).or_insert_with(|| {
                let view = HistoryNodeView {
                    stage: stage.to_owned(),
                    job: job.map(str::to_owned),
                    step: step.map(|_| row.name.clone()),
                    display_name: row.display_name.clone(),
                    task: row.task.clone(),
                    order,
                    durations: Vec::new(),
                    median_ms: None,
                    failure_rate: 0.0,
                    runs: 0,
                    last_result: None,
                    last_run_id: None,
                };
                Node { view, samples: Vec::new() }
            });
        if let Some(sample) = sample_of(row).filter(|_| counts) {
            node.add(sample);
        }
    }

    pub(crate) fn runs(&self) -> u32 {
        u32::try_from(self.runs.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn newest_run(&self) -> Option<&RunId> {
        self.runs.first().map(|(run, _)| run)
    }

    pub(crate) fn nodes(&self) -> Vec<HistoryNodeView> {
        self.nodes.values().map(|node| node.view.clone()).collect()
    }

    /// What a run took; the plan knows which jobs are agentless.
    pub(crate) fn cost_of(&self, run: &RunRow, plan: Option<&Plan>) -> RunCostView {
        let jobs = self.runs.iter().find(|(id, _)| *id == run.id).map(|(_, jobs)| jobs.as_slice());
        let is_server = |stage: &str, job: &str| {
            let stage = plan.and_then(|plan| plan.stages.iter().find(|it| it.name == stage));
            let job = stage.and_then(|it| it.jobs.iter().find(|it| it.name == job_of(job)));
            job.is_some_and(|job| job.pool.is_server)
        };
        let billed =
            jobs.unwrap_or_default().iter().filter(|(stage, job, _)| !is_server(stage, job));
        RunCostView {
            run_id: run.id.clone(),
            number: run.number.clone(),
            billed_minutes: billed.map(|(.., took)| minutes(*took)).sum(),
            wall_ms: run.started_at.zip(run.finished_at).map_or(0, |(from, to)| (to - from).max(0)),
        }
    }

    /// What a run of the whole plan would take.
    pub(crate) fn estimate(&self, plan: &Plan) -> CostEstimateView {
        let stages: Vec<Way> = plan.stages.iter().map(|stage| self.way_of(stage)).collect();
        let nodes: Vec<Place<'_>> = plan
            .stages
            .iter()
            .zip(&stages)
            .map(|(stage, way)| (stage.name.as_str(), stage.depends_on.as_slice(), way.wall_ms))
            .collect();
        let (wall_ms, way) = longest(&nodes);
        CostEstimateView {
            billed_minutes: stages.iter().map(|way| way.billed_minutes).sum(),
            wall_ms,
            way: way.iter().flat_map(|at| stages[*at].jobs.clone()).collect(),
            unknown_jobs: stages.iter().map(|way| way.unknown_jobs).sum(),
        }
    }

    /// What each stage would take alone.
    pub(crate) fn stages(&self, plan: &Plan) -> Vec<StageCostView> {
        let view = |stage: &PlanStage| {
            let way = self.way_of(stage);
            StageCostView {
                stage: stage.name.clone(),
                billed_minutes: way.billed_minutes,
                wall_ms: way.wall_ms,
                unknown_jobs: way.unknown_jobs,
            }
        };
        plan.stages.iter().map(view).collect()
    }

    fn way_of(&self, stage: &PlanStage) -> Way {
        let jobs = stage.runnable_jobs();
        let took: Vec<Option<i64>> =
            jobs.iter().map(|job| self.median(&stage.name, &job.name)).collect();
        let nodes: Vec<Place<'_>> = jobs
            .iter()
            .zip(&took)
            .map(|(job, took)| (job.name.as_str(), job.depends_on.as_slice(), took.unwrap_or(0)))
            .collect();
        let (wall_ms, way) = longest(&nodes);
        let billed = jobs.iter().zip(&took).filter(|(job, _)| !job.pool.is_server);
        Way {
            wall_ms,
            billed_minutes: billed.map(|(_, took)| took.map_or(0, minutes)).sum(),
            jobs: way.iter().map(|at| format!("{}/{}", stage.name, jobs[*at].name)).collect(),
            unknown_jobs: u32::try_from(took.iter().filter(|it| it.is_none()).count()).unwrap_or(0),
        }
    }

    /// Of the leg, if it is one that ran; else of the job.
    fn median(&self, stage: &str, job: &str) -> Option<i64> {
        let of = |job: &str| {
            let key = (stage.to_lowercase(), Some(job.to_lowercase()), None);
            self.nodes.get(&key).and_then(|node| node.view.median_ms)
        };
        of(job).or_else(|| of(job_of(job)))
    }
}

/// The longest way through a stage.
struct Way {
    wall_ms: i64,
    billed_minutes: u32,
    jobs: Vec<String>,
    unknown_jobs: u32,
}

/// A name, what it waits for, and how long it takes.
type Place<'a> = (&'a str, &'a [String], i64);

/// How long all of it takes, and the places on the way that takes longest, in order. Plans hold no circle;
/// one would only be cut.
fn longest(nodes: &[Place<'_>]) -> (i64, Vec<usize>) {
    let at: HashMap<String, usize> =
        nodes.iter().enumerate().map(|(at, node)| (node.0.to_lowercase(), at)).collect();
    let mut ends: Vec<i64> = nodes.iter().map(|node| node.2).collect();
    let mut from: Vec<Option<usize>> = vec![None; nodes.len()];
    // As often as the longest chain has members; the order in a file is nearly always the right one already.
    for _ in 0..nodes.len() {
        let mut has_moved = false;
        for (own, (_, waits, took)) in nodes.iter().enumerate() {
            for before in waits.iter().filter_map(|name| at.get(&name.to_lowercase())) {
                let end = ends[*before] + took;
                if end > ends[own] || (end == ends[own] && from[own].is_none() && *before != own) {
                    has_moved |= end > ends[own];
                    (ends[own], from[own]) = (end, Some(*before));
                }
            }
        }
        if !has_moved {
            break;
        }
    }
    let Some(last) = (0..nodes.len()).max_by_key(|at| ends[*at]) else { return (0, Vec::new()) };
    let mut way = vec![last];
    while let Some(before) = from[way[way.len() - 1]].filter(|at| !way.contains(at)) {
        way.push(before);
    }
    way.reverse();
    (ends[last], way)
}

fn minutes(ms: i64) -> u32 {
    u32::try_from((ms.max(0) + MINUTE - 1) / MINUTE).unwrap_or(u32::MAX)
}

/// Skipped and canceled records tell nothing of how long it takes.
fn sample_of(row: &HistoryRow) -> Option<Sample> {
    let result = row.result.filter(|result| {
        matches!(result, RunResult::Succeeded | RunResult::SucceededWithIssues | RunResult::Failed)
    })?;
    let (started_at, finished_at) = row.started_at.zip(row.finished_at)?;
    Some(Sample { run: row.run_id.clone(), result, started_at, finished_at })
}

impl Node {
    fn add(&mut self, sample: Sample) {
        let has_room = self.samples.len() < RATED;
        match self.samples.last_mut().filter(|last| last.run == sample.run) {
            Some(last) => {
                last.started_at = last.started_at.min(sample.started_at);
                last.finished_at = last.finished_at.max(sample.finished_at);
                if sample.result == RunResult::Failed || last.result == RunResult::Succeeded {
                    last.result = sample.result;
                }
            }
            None if has_room => self.samples.push(sample),
            None => {}
        }
    }

    fn conclude(&mut self) {
        let took = |sample: &Sample| (sample.finished_at - sample.started_at).max(0);
        let mut durations: Vec<i64> = self.samples.iter().take(DURATIONS).map(took).collect();
        durations.reverse();
        let failed = self.samples.iter().filter(|it| it.result == RunResult::Failed).count();
        let view = &mut self.view;
        view.runs = u32::try_from(self.samples.len()).unwrap_or(u32::MAX);
        view.failure_rate = failed as f64 / self.samples.len().max(1) as f64;
        view.last_result = self.samples.first().map(|sample| sample.result);
        view.last_run_id = self.samples.first().map(|sample| sample.run.clone());
        let mut sorted = durations.clone();
        sorted.sort_unstable();
        view.median_ms = sorted.get(sorted.len() / 2).copied();
        view.durations = durations;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(run: &str, id: &str, parent: Option<&str>, name: &str, took: i64) -> HistoryRow {
        let kind = match id.split('.').count() {
            1 => RecordKind::Stage,
            2 => RecordKind::Job,
            _ => RecordKind::Step,
        };
        HistoryRow {
            id: RecordId::new(format!("{run}-{id}")),
            run_id: RunId::new(run),
            parent_id: parent.map(|parent| RecordId::new(format!("{run}-{parent}"))),
            kind,
            name: name.to_owned(),
            display_name: name.to_owned(),
            task: None,
            result: Some(if took < 0 { RunResult::Failed } else { RunResult::Succeeded }),
            started_at: Some(1_000),
            finished_at: Some(1_000 + took.abs()),
            is_left: false,
        }
    }

    fn rows() -> Vec<HistoryRow> {
        let mut rows = Vec::new();
        for (run, took) in [("r3", 90_000), ("r2", -60_000), ("r1", 30_000)] {
            rows.push(row(run, "1", None, "Build", took));
            rows.push(row(run, "1.1", Some("1"), "Make.x", took));
            rows.push(row(run, "1.2", Some("1"), "Make.y", 10_000));
            rows.push(row(run, "1.1.1", Some("1.1"), &format!("Build {run}.4"), took));
            rows.push(row(run, "1.2.1", Some("1.2"), &format!("Build {run}.4"), 10_000));
        }
        rows
    }

    #[test]
    fn durations_rates_and_legs_are_made_of_the_last_runs() {
        let history = History::of(&rows());
        assert_eq!(history.runs(), 3, "three runs");
        let nodes = history.nodes();
        let node = |job: Option<&str>, is_step: bool| {
            let is_it =
                |it: &&HistoryNodeView| it.job.as_deref() == job && it.step.is_some() == is_step;
            nodes.iter().find(is_it).unwrap_or_else(|| panic!("{job:?} is in {nodes:#?}"))
        };
        let stage = node(None, false);
        assert_eq!(stage.durations, [30_000, 60_000, 90_000], "newest last");
        assert_eq!(stage.median_ms, Some(60_000), "the one in the middle");
        assert!((stage.failure_rate - 1.0 / 3.0).abs() < 1e-9, "one of three failed");
        assert_eq!(stage.last_run_id.as_ref().map(RunId::as_str), Some("r3"), "the newest run");
        assert_eq!(
            node(Some("Make"), false).durations,
            [30_000, 60_000, 90_000],
            "the longest leg"
        );
        assert_eq!(node(Some("Make.y"), false).median_ms, Some(10_000), "a leg alone");
        assert_eq!(node(Some("Make"), true).runs, 3, "numbers in a step's name do not part it");
    }

    #[test]
    fn a_part_of_a_job_or_stage_says_nothing_of_the_whole() {
        let mut rows = rows();
        let left = rows.iter_mut().find(|row| row.id.as_str() == "r3-1.1.1");
        left.unwrap().is_left = true;
        let history = History::of(&rows);
        let nodes = history.nodes();
        assert_eq!(nodes[0].durations, [30_000, 60_000], "the stage's newest run was of a part");
        let job = nodes.iter().find(|it| it.job.as_deref() == Some("Make.x")).unwrap();
        assert_eq!(job.runs, 2, "and so was the job's");
        let other = nodes.iter().find(|it| it.job.as_deref() == Some("Make.y")).unwrap();
        assert_eq!(other.runs, 3, "its sibling ran whole");
    }

    #[test]
    fn a_run_is_billed_by_started_minutes_and_takes_its_longest_way() {
        let history = History::of(&rows());
        let jobs = &history.runs[0].1;
        let billed: u32 = jobs.iter().map(|(.., took)| minutes(*took)).sum();
        assert_eq!(billed, 3, "90 s are two minutes and 10 s are one");
        let (a, b) = (["A".to_owned()], ["A".to_owned(), "B".to_owned()]);
        let nodes: [Place<'_>; 4] = [("C", &b, 1), ("A", &[], 10), ("B", &a, 5), ("D", &a, 20)];
        assert_eq!(longest(&nodes), (30, vec![1, 3]), "A and D, whatever the order of the file");
        assert_eq!(longest(&[]), (0, Vec::new()), "nothing takes no time");
    }
}
