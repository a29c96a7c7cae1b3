//! How much of the processor a thing took: a bound that holds on a busy machine too.

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// The processor time of this thread at a moment.
pub(crate) struct Begun(Duration);

impl Begun {
    pub(crate) fn now() -> Self {
        Self(taken())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        taken() - self.0
    }
}

fn taken() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}
