//! Pools, and where their jobs run.

use slipway_core::ProjectId;

use super::{answer, request};

answer! {
    /// A pool's label, what was chosen for it, and who asks for it.
    pub struct PoolMappingView {
        /// What `vmImage:` says, or a pool's name.
        pub label: String,
        /// The image its jobs run in; nothing is this machine.
        pub image: Option<String>,
        /// True if somebody chose; else it is what happens without a choice.
        pub is_chosen: bool,
        /// `Windows` or `macOS` where the label promises what this machine is not.
        pub foreign_system: Option<String>,
        /// Jobs of the project's pipeline that ask for it.
        pub jobs: Vec<String>,
    }
}

request! {
    /// The chosen labels, and those that a project's pipeline asks for.
    pub struct PoolMappingList {
        pub project_id: Option<ProjectId>,
    }

    /// Chooses where a label's jobs run.
    pub struct PoolMappingSet {
        pub label: String,
        /// Nothing is this machine.
        pub image: Option<String>,
    }

    /// Forgets a choice.
    pub struct PoolMappingRemove {
        pub label: String,
    }
}
