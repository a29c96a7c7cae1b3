//! Words that every stage shares: ids, golden-thread evidence, events, clock, errors.
//!
//! Deliberately not here: IO, tokio, SQL, HTTP. Whatever needs one of those belongs to a stage crate.

mod check;
mod checkout;
mod clock;
mod error;
mod event;
mod evidence;
mod ids;
mod kube;
mod log;
mod mask;
mod object;
mod states;
mod strategy;

pub use check::{ApprovalAnswer, Check, LONGEST_WAIT_MINUTES, able_approvers, asked_now, judge};
pub use checkout::{CheckedOut, CheckoutOptions, MissingSubmodule, SubmoduleDepth};
pub use clock::{Clock, FixedClock, IdGen, SystemClock, Timestamp, UuidIds};
pub use error::{ErrorKind, Explain};
pub use event::{AppEvent, Tag};
pub use evidence::{
    CommitEvidence, DeploymentEvidence, HealthVerdict, HealthWindow, LaunchProof, PushedImage,
    RunEvidence, WorkItemLink, WorkItemLinkKind,
};
pub use ids::{
    CommitSha, DeploymentId, Digest, EnvironmentName, IdError, ProjectId, RecordId, RunId,
    WorkItemId,
};
pub use kube::{
    KubeColumn, KubeCondition, KubeContextView, KubeContexts, KubeEdgeKind, KubeEventView,
    KubeExecPage, KubeFact, KubeForwardKind, KubeForwardTarget, KubeForwardView, KubeHealth,
    KubeKindView, KubeLogLine, KubeLogPage, KubeMap, KubeMapEdge, KubeMapNode, KubeNamespaceView,
    KubeNodeUsage, KubeNodeView, KubeObjectView, KubeOverview, KubePodUsage, KubeRef, KubeRights,
    KubeRow, KubeRows, KubeRule, KubeSection, KubeSignIn, KubeStreamState, KubeUsage,
    KubeWatchState,
};
pub use log::{LogLine, LogLines, LogRun};
pub use mask::Masker;
pub use object::ObjectRef;
pub use states::{
    ApprovalKind, ApprovalState, DeploymentPhase, DeploymentReason, LogStream, RecordKind,
    RunReason, RunResult, RunState, StepOutcome, StrategyKind, StrategyOutcome, StrategyStep,
    TargetKind, TrafficSplit, Weekday, WorkItemState, WorkItemType,
};
pub use strategy::RolloutStrategy;
