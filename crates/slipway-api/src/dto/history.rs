//! What earlier runs tell of the parts of a pipeline: how long they took, how often they failed, what they cost.

use slipway_core::{ProjectId, RunId, RunResult};

use super::{answer, request};

answer! {
    /// The history of a pipeline.
    pub struct PipelineHistoryView {
        /// Finished runs that were looked at; the newest ones.
        pub runs: u32,
        /// Stages, their jobs, the jobs' steps, as the newest run that has them names them.
        pub nodes: Vec<HistoryNodeView>,
        pub cost: CostView,
    }

    /// A stage, job or step over its last runs. Runs in which it was skipped, canceled or kept do not count.
    pub struct HistoryNodeView {
        pub stage: String,
        /// As the file names it, all of its legs together; one leg is `Job.leg`.
        pub job: Option<String>,
        /// By its name.
        pub step: Option<String>,
        pub display_name: String,
        /// Such as `Docker@2`.
        pub task: Option<String>,
        /// Place among the steps of its job, from 0.
        pub order: u32,
        /// Milliseconds of the last ten, newest last.
        #[ts(type = "number[]")]
        pub durations: Vec<i64>,
        /// The median of them.
        #[ts(type = "number | null")]
        pub median_ms: Option<i64>,
        /// Of the last twenty, from 0 to 1.
        pub failure_rate: f64,
        /// How many those are.
        pub runs: u32,
        pub last_result: Option<RunResult>,
        pub last_run_id: Option<RunId>,
    }

    /// What runs take, in minutes and never in money.
    pub struct CostView {
        /// The newest finished run.
        pub last: Option<RunCostView>,
        /// A run of the whole pipeline as the text at hand has it; none while it cannot be planned.
        pub next: Option<CostEstimateView>,
        /// Each stage alone.
        pub stages: Vec<StageCostView>,
    }

    /// What a run took.
    pub struct RunCostView {
        pub run_id: RunId,
        pub number: String,
        /// Each job's minutes, rounded up, as hosted agents are billed; agentless jobs cost none.
        pub billed_minutes: u32,
        /// From its start to its end.
        #[ts(type = "number")]
        pub wall_ms: i64,
    }

    /// What a run would take, by the medians of its jobs.
    pub struct CostEstimateView {
        pub billed_minutes: u32,
        /// Along the longest way through the graph, with an agent for each job.
        #[ts(type = "number")]
        pub wall_ms: i64,
        /// The jobs on that way, `Stage/Job`.
        pub way: Vec<String>,
        /// Jobs that have not run yet, which count as nothing here.
        pub unknown_jobs: u32,
    }

    /// What a stage would take if it ran alone.
    pub struct StageCostView {
        pub stage: String,
        pub billed_minutes: u32,
        #[ts(type = "number")]
        pub wall_ms: i64,
        pub unknown_jobs: u32,
    }
}

request! {
    /// Asks for the history of a project's pipeline.
    pub struct PipelineHistoryGet {
        pub project_id: ProjectId,
        /// The text to estimate, which need not be saved; the file as it is if left out.
        #[serde(default)]
        #[ts(optional)]
        pub text: Option<String>,
    }
}
