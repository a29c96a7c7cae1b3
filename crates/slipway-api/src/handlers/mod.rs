//! What each command answers. Plain async functions of the app and a request; no host in sight.

pub mod app;
pub mod approval;
pub mod assist;
pub mod azure;
pub mod board;
pub mod cache;
pub mod change;
pub mod deploy;
pub mod expand;
pub mod gesture;
pub mod history;
pub mod image;
pub mod kube;
pub mod library;
pub mod loops;
pub mod pipeline;
pub mod pool;
pub mod promotion;
pub mod proposal;
pub mod repository;
pub mod run;
pub mod task;
pub mod telemetry;
pub mod thread;
pub mod work_item;
