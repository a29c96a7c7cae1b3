//! Repositories that pipelines name, and where they lie on this machine.

use slipway_core::ProjectId;

use super::{answer, request};

answer! {
    /// A repository and its checkout.
    pub struct RepositoryMappingView {
        /// As the pipeline's resources name it.
        pub name: String,
        /// Absolute; none while the pipeline names it and nobody has said where it is.
        pub path: Option<String>,
        /// The pipeline of the working tree names it.
        pub is_named: bool,
    }
}

request! {
    /// Maps a repository to the root of a checkout.
    pub struct RepositoryMappingSet {
        pub project_id: ProjectId,
        pub name: String,
        pub path: String,
    }

    /// Forgets a mapping.
    pub struct RepositoryMappingRemove {
        pub project_id: ProjectId,
        pub name: String,
    }
}
