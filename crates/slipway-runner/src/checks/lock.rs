//! Exclusive locks of environments: one stage holds one, over all runs of this process.
//!
//! The house keeps one [`ExclusiveLocks`] for each project; `gate` queues in it. A data folder has one
//! process, so a lock needs no place on disk: whoever held it died with the process. Deliberately not here:
//! which environments have such a check.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use slipway_pipeline::plan::LockBehavior;
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;

use crate::scope::lock;

/// Who wants or holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Counts up with the project's runs: the higher one is newer.
    pub build_id: u32,
    /// `run 20261122.1, stage Deploy`.
    pub name: String,
    pub behavior: LockBehavior,
}

#[derive(Debug, Default)]
struct Line {
    holder: Option<Claim>,
    /// In order of arrival.
    waiting: Vec<(u64, Claim)>,
}

/// The locks of one project's environments.
#[derive(Debug, Default)]
pub struct ExclusiveLocks {
    lines: Mutex<HashMap<String, Line>>,
    changed: Arc<Notify>,
    tickets: Mutex<u64>,
}

/// How a claim stands.
#[derive(Debug)]
pub(crate) enum Turn {
    Yours(LockGuard),
    Held {
        by: String,
    },
    /// A newer run waits, and only the newest one goes on.
    Superseded {
        by: String,
    },
}

impl ExclusiveLocks {
    /// Who holds the lock of an environment.
    pub fn holder(&self, environment: &str) -> Option<String> {
        let lines = lock(&self.lines);
        lines.get(&environment.to_lowercase())?.holder.as_ref().map(|claim| claim.name.clone())
    }

    /// Queues for an environment; the seat is given up when dropped.
    pub(crate) fn queue(self: &Arc<Self>, environment: &str, claim: Claim) -> Seat {
        let environment = environment.to_lowercase();
        let ticket = {
            let mut tickets = lock(&self.tickets);
            *tickets += 1;
            *tickets
        };
        let mut lines = lock(&self.lines);
        lines.entry(environment.clone()).or_default().waiting.push((ticket, claim.clone()));
        drop(lines);
        // Older ones may have to make way.
        self.changed.notify_waiters();
        Seat { locks: Arc::clone(self), environment, ticket, claim }
    }
}

/// A place in the line for a lock.
#[derive(Debug)]
pub(crate) struct Seat {
    locks: Arc<ExclusiveLocks>,
    environment: String,
    ticket: u64,
    claim: Claim,
}

impl Seat {
    /// Ends when a claim may stand otherwise; to be made before [`Seat::look`].
    pub(crate) fn changed(&self) -> OwnedNotified {
        Arc::clone(&self.locks.changed).notified_owned()
    }

    /// Takes the lock if it is this one's turn.
    pub(crate) fn look(&self) -> Turn {
        let mut lines = lock(&self.locks.lines);
        let Some(line) = lines.get_mut(&self.environment) else {
            return Turn::Held { by: "nobody".to_owned() };
        };
        if self.claim.behavior == LockBehavior::RunLatest
            && let Some((_, newer)) =
                line.waiting.iter().find(|(_, other)| other.build_id > self.claim.build_id)
        {
            return Turn::Superseded { by: newer.name.clone() };
        }
        if let Some(holder) = &line.holder {
            return Turn::Held { by: holder.name.clone() };
        }
        match line.waiting.first() {
            Some((ticket, _)) if *ticket == self.ticket => {
                line.holder = Some(self.claim.clone());
                line.waiting.remove(0);
                let locks = Arc::clone(&self.locks);
                Turn::Yours(LockGuard { locks, environment: self.environment.clone() })
            }
            Some((_, first)) => Turn::Held { by: first.name.clone() },
            None => Turn::Held { by: "nobody".to_owned() },
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(line) = lock(&self.locks.lines).get_mut(&self.environment) {
            line.waiting.retain(|(ticket, _)| *ticket != self.ticket);
        }
        self.locks.changed.notify_waiters();
    }
}

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(crate) struct LockGuard {
    locks: Arc<ExclusiveLocks>,
    environment: String,
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        if let Some(line) = lock(&self.locks.lines).get_mut(&self.environment) {
            line.holder = None;
        }
        self.locks.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(build_id: u32, behavior: LockBehavior) -> Claim {
        Claim { build_id, name: format!("run {build_id}"), behavior }
    }

    #[test]
    fn one_after_the_other_when_sequential() {
        let locks = Arc::new(ExclusiveLocks::default());
        let seat = |id| locks.queue("Production", claim(id, LockBehavior::Sequential));
        let (first, second, third) = (seat(1), seat(2), seat(3));
        let Turn::Yours(guard) = first.look() else { panic!("the first one comes first") };
        assert_eq!(locks.holder("production").as_deref(), Some("run 1"), "names ignore case");
        assert!(matches!(second.look(), Turn::Held { by } if by == "run 1"), "it is held");
        drop(guard);
        assert!(matches!(third.look(), Turn::Held { by } if by == "run 2"), "the second is next");
        drop(second);
        assert!(matches!(third.look(), Turn::Yours(_)), "who leaves the line holds nobody up");
    }

    #[test]
    fn only_the_latest_run_waits_when_it_says_so() {
        let locks = Arc::new(ExclusiveLocks::default());
        let seat = |id| locks.queue("e", claim(id, LockBehavior::RunLatest));
        let first = seat(1);
        let Turn::Yours(guard) = first.look() else { panic!("the lock is free") };
        let (second, same, third) = (seat(2), seat(2), seat(3));
        assert!(matches!(second.look(), Turn::Superseded { by } if by == "run 3"), "2 is older");
        assert!(matches!(same.look(), Turn::Superseded { .. }), "another stage of 2 too");
        drop((second, same));
        assert!(matches!(third.look(), Turn::Held { by } if by == "run 1"), "who holds it goes on");
        drop(guard);
        assert!(matches!(third.look(), Turn::Yours(_)), "the newest one gets it");
    }
}
