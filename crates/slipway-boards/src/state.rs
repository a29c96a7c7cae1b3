//! How work items move: Azure Boards' Basic process, with what the thread proves.

use slipway_core::WorkItemState;

/// Something that may move a work item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoardEvent {
    /// A commit mentions it.
    Committed,
    /// A deployment with its commits is proven and healthy.
    DeploymentProvenHealthy,
    /// A deployment with its commits is unhealthy.
    DeploymentUnhealthy,
    /// A person opened it again.
    Reopened,
}

/// Where an event moves an item and why; none if it stays where it is.
pub fn next_state(
    state: WorkItemState,
    event: BoardEvent,
) -> Option<(WorkItemState, &'static str)> {
    use BoardEvent::{Committed, DeploymentProvenHealthy, DeploymentUnhealthy, Reopened};
    use WorkItemState::{Doing, Done, ToDo};
    match (state, event) {
        (ToDo, Committed) => Some((Doing, "A commit mentions it.")),
        // Work goes on for an item that was done: somebody found more to do.
        (Done, Committed) => Some((Doing, "A new commit mentions it.")),
        (ToDo | Doing, DeploymentProvenHealthy) => {
            Some((Done, "Its deployment is proven and healthy."))
        }
        (Done, DeploymentUnhealthy) => Some((Doing, "Its deployment has become unhealthy.")),
        (Doing | Done, Reopened) => Some((ToDo, "It was opened again.")),
        (Doing, Committed)
        | (Done, DeploymentProvenHealthy)
        | (ToDo | Doing, DeploymentUnhealthy)
        | (ToDo, Reopened) => None,
    }
}

#[cfg(test)]
mod tests {
    use slipway_core::WorkItemState::{Doing, Done, ToDo};

    use super::BoardEvent::*;
    use super::*;

    fn after(state: WorkItemState, event: BoardEvent) -> Option<WorkItemState> {
        next_state(state, event).map(|(next, _)| next)
    }

    #[test]
    fn the_happy_loop_goes_from_to_do_to_done() {
        assert_eq!(after(ToDo, Committed), Some(Doing), "a commit starts the work");
        assert_eq!(after(Doing, Committed), None, "more commits change nothing");
        assert_eq!(after(Doing, DeploymentProvenHealthy), Some(Done), "proof finishes it");
        assert_eq!(after(Done, DeploymentProvenHealthy), None, "done stays done");
    }

    #[test]
    fn trouble_and_people_move_it_back() {
        assert_eq!(after(Doing, DeploymentUnhealthy), None, "not done yet: nothing to take back");
        assert_eq!(after(Done, DeploymentUnhealthy), Some(Doing), "done was too early");
        assert_eq!(after(Done, Reopened), Some(ToDo), "a person decides");
        assert_eq!(after(Done, Committed), Some(Doing), "work goes on");
    }

    #[test]
    fn no_event_leaves_an_item_where_it_claims_to_move_it() {
        for state in [ToDo, Doing, Done] {
            for event in [Committed, DeploymentProvenHealthy, DeploymentUnhealthy, Reopened] {
                assert_ne!(after(state, event), Some(state), "{state} by {event:?} is no move");
            }
        }
    }
}
