//! What crosses the boundary: requests and answers of the command table.
//!
//! Everything is camelCase; ids are strings, instants are epoch milliseconds as `number`. Requests
//! refuse unknown fields. Nothing here has logic; a secret's
//! value has a field only on its way in.

mod app;
mod approval;
mod azure;
mod board;
mod cache;
mod change;
mod deploy;
mod expand;
mod gesture;
mod history;
mod kube;
mod library;
mod pipeline;
mod plan;
mod pool;
mod proposal;
mod repository;
mod run;
mod task;
mod telemetry;
mod thread;
mod work_item;

pub use app::*;
pub use approval::*;
pub use azure::*;
pub use board::*;
pub use cache::*;
pub use change::*;
pub use deploy::*;
pub use expand::*;
pub use gesture::*;
pub use history::*;
pub use kube::*;
pub use library::*;
pub use pipeline::*;
pub use plan::*;
pub use pool::*;
pub use proposal::*;
pub use repository::*;
pub use run::*;
pub use task::*;
pub use telemetry::*;
pub use thread::*;
pub use work_item::*;

/// Derives of an answer.
macro_rules! answer {
    ($($(#[$meta:meta])* pub $what:tt $name:ident { $($body:tt)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(rename_all = "camelCase")]
            pub $what $name { $($body)* }
        )*
    };
}

/// Derives of a request.
macro_rules! request {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            pub struct $name { $($body)* }
        )*
    };
}
pub(crate) use {answer, request};

request! {
    /// A request without a field.
    pub struct Nothing {}

    /// A request about one project.
    pub struct ProjectRequest {
        pub project_id: slipway_core::ProjectId,
    }
}

answer! {
    /// An answer that only says it was done.
    pub struct Done {}
}
