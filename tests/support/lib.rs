//! What the suites that cross crates share: a folder of their own, the real engine asked directly,
//! the real binary, the app without a face, and small projects to run.
//!
//! Called by `tests/it`. Deliberately not here: stand-ins for anything that runs on this machine, and
//! assertions about the product.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it saw"
)]

mod binary;
mod cut;
mod engine;
mod folder;
mod harbour;
mod house;
mod kills;
mod random;
mod wait;

pub use binary::{Served, Slipway, binary, call, slipway};
pub use cut::EngineLine;
pub use engine::{EngineAnswer, engine_address, engine_call, engine_get, engine_socket};
pub use folder::Sandbox;
pub use harbour::{Harbour, JUNIT_ONE_PASSED, PIPELINE};
pub use house::{House, http};
pub use kills::{Ended, Kills, kills};
pub use random::Random;
pub use wait::{eventually, eventually_async};
