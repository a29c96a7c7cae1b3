//! Any text as a pipeline: a plan or an error with a place, within bounded work.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_pipeline::catalog::{TaskCatalog, TaskSpec};
use slipway_pipeline::diagnostic::Severity;
use slipway_pipeline::{LoadRequest, load};

struct NoTasks;

impl TaskCatalog for NoTasks {
    fn task(&self, _name: &str, _version: u32) -> Option<&TaskSpec> {
        None
    }

    fn tasks(&self) -> Vec<&TaskSpec> {
        Vec::new()
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let loaded = load("azure-pipelines.yml", text, &LoadRequest::default(), &NoTasks);
    let is_wrong = loaded.diagnostics.iter().any(|at| at.severity == Severity::Error);
    assert_eq!(loaded.plan.is_none(), is_wrong, "no plan means an error, an error no plan");
});
