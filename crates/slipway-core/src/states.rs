//! State words, as Azure DevOps and Kubernetes spell them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "camelCase")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// The word kept in the database and on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// Reads the word back.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(
    /// How far a run, stage, job or step has come.
    RunState { Pending = "pending", InProgress = "inProgress", Completed = "completed" }
);

words!(
    /// How it ended. `Interrupted` is ours: the app died while it was going on.
    RunResult {
        Succeeded = "succeeded",
        SucceededWithIssues = "succeededWithIssues",
        Failed = "failed",
        Canceled = "canceled",
        Skipped = "skipped",
        Interrupted = "interrupted",
    }
);

words!(
    /// What a timeline record is of.
    RecordKind { Stage = "stage", Job = "job", Step = "step" }
);

words!(
    /// Why a run was started (`Build.Reason`).
    RunReason { IndividualCi = "individualCi", Manual = "manual", Rerun = "rerun" }
);

words!(
    /// Which stream a log line came from; `System` lines are Slipway's own.
    LogStream { Stdout = "stdout", Stderr = "stderr", System = "system" }
);

words!(
    /// What an environment deploys to.
    TargetKind { Local = "local", Kubernetes = "kubernetes" }
);

words!(
    /// Why something was deployed.
    DeploymentReason {
        Run = "run",
        Deploy = "deploy",
        Promote = "promote",
        Rollback = "rollback",
        /// By Slipway itself, after a deployment that failed.
        AutomaticRollback = "automaticRollback",
    }
);

words!(
    /// What a deployment does; kept before it is done, so that a crash can be read.
    DeploymentPhase {
        Planning = "planning",
        Applying = "applying",
        Watching = "watching",
        Proving = "proving",
        /// It runs beside what ran before, and somebody decides which of them stays.
        Waiting = "waiting",
        RollingBack = "rollingBack",
        Done = "done",
    }
);

words!(
    /// How a new version comes beside the one that runs.
    StrategyKind {
        /// A share of new pods that get a share of the traffic.
        Canary = "canary",
        /// All of the new pods, without traffic until the Services are switched.
        BlueGreen = "blueGreen",
    }
);

words!(
    /// What a deployment by a strategy does.
    StrategyStep {
        /// Puts the new version beside what runs.
        Deploy = "deploy",
        /// Puts it in the place of what runs.
        Promote = "promote",
    }
);

words!(
    /// What gives a canary its share of the traffic.
    TrafficSplit {
        /// The number of its pods behind the same Service.
        Pod = "pod",
        /// A `TrafficSplit` of a service mesh.
        Smi = "smi",
    }
);

words!(
    /// What became of a version that ran beside the other one.
    StrategyOutcome {
        Promoted = "promoted",
        Rejected = "rejected",
        /// Another one took its place.
        Replaced = "replaced",
    }
);

words!(
    /// What somebody is asked for.
    ApprovalKind {
        /// A check of an environment.
        Approval = "approval",
        /// The task `ManualValidation`.
        ManualValidation = "manualValidation",
        /// A stage with `trigger: manual`.
        Stage = "stage",
    }
);

words!(
    /// How a question stands. `Canceled`: the run ended first.
    ApprovalState {
        Pending = "pending",
        Approved = "approved",
        Rejected = "rejected",
        /// A manual stage that somebody left out.
        Skipped = "skipped",
        TimedOut = "timedOut",
        Canceled = "canceled",
    }
);

words!(
    /// A day of the week.
    Weekday {
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
        Saturday = "saturday",
        Sunday = "sunday",
    }
);

words!(
    /// Work item types of the Basic process, and the bug that telemetry asks for.
    WorkItemType { Epic = "epic", Issue = "issue", Task = "task", Bug = "bug" }
);

words!(
    /// Work item states of the Basic process.
    WorkItemState { ToDo = "toDo", Doing = "doing", Done = "done" }
);

words!(
    /// How one of the ten steps of the loop stands.
    StepOutcome {
        /// Nothing to show yet.
        Idle = "idle",
        /// The user is asked to do something here.
        Ready = "ready",
        Running = "running",
        Succeeded = "succeeded",
        Warning = "warning",
        Failed = "failed",
        Skipped = "skipped",
    }
);

impl RunResult {
    /// True for both kinds of success.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Succeeded | Self::SucceededWithIssues)
    }
}
