//! How a deployment is to come beside what runs, as the wire and the database spell it.
//!
//! Deliberately not here: doing it, which is the deploy crate's.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{StrategyKind, StrategyOutcome, StrategyStep, TrafficSplit};

/// A strategy other than to roll the pods one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RolloutStrategy {
    pub kind: StrategyKind,
    pub step: StrategyStep,
    /// The canary's share: of the replicas, or of the traffic where a mesh splits it.
    pub percentage: u32,
    pub split: TrafficSplit,
    /// How many pods canary and baseline have each where a mesh splits the traffic.
    pub replicas: u32,
    /// The verdict decides: healthy promotes, unhealthy rejects.
    pub is_automatic: bool,
    /// None while it is undecided.
    pub outcome: Option<StrategyOutcome>,
}

impl RolloutStrategy {
    /// A canary by a share of the pods.
    pub fn canary(percentage: u32) -> Self {
        Self {
            kind: StrategyKind::Canary,
            step: StrategyStep::Deploy,
            percentage,
            split: TrafficSplit::Pod,
            replicas: 1,
            is_automatic: false,
            outcome: None,
        }
    }

    /// All of the new pods beside the old ones.
    pub fn blue_green() -> Self {
        Self { kind: StrategyKind::BlueGreen, ..Self::canary(100) }
    }

    /// The same in the place of what runs.
    pub fn promoted(self) -> Self {
        Self { step: StrategyStep::Promote, outcome: None, ..self }
    }

    /// What a later deployment of the same has to follow: the labels that a mesh finds the stable by.
    pub fn lasting(self) -> Option<Self> {
        let promoted = Some(StrategyOutcome::Promoted);
        (self.split == TrafficSplit::Smi).then(|| Self { outcome: promoted, ..self.promoted() })
    }

    /// True if it leaves what runs as it is.
    pub fn is_beside(self) -> bool {
        self.step == StrategyStep::Deploy
    }

    /// Such as `canary of 20 %`.
    pub fn shown(self) -> String {
        match self.kind {
            StrategyKind::Canary => format!("canary of {} %", self.percentage),
            StrategyKind::BlueGreen => "blue-green".to_owned(),
        }
    }
}
