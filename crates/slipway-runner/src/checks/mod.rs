//! What has to hold before a stage starts: a hand that starts it, and the checks of its environments (§22).
//!
//! `stage` calls [`gate::pass`]; the host knows the checks and asks people. Deliberately not here: keeping
//! checks and answers, which is the house's.

mod ask;
mod branches;
pub(crate) mod gate;
mod hours;
mod lock;

pub(crate) use ask::by;
pub use ask::{Decision, Question};
pub use hours::{HoursError, check_hours};
pub use lock::{Claim, ExclusiveLocks};
