//! Chooses the port of the local registry; images carry it in their names, so it should last.
//!
//! Called when the local registry starts. Deliberately not here: binding for good (the child does).

use std::net::{Ipv4Addr, TcpListener};

/// A port, and the one that was wished for but is taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PortChoice {
    pub(crate) port: u16,
    pub(crate) taken: Option<u16>,
}

/// The first free one of those wished for, else any free one; `None` if the machine has none.
pub(crate) fn choose(wishes: &[u16]) -> Option<PortChoice> {
    let mut taken = None;
    for wish in wishes {
        if let Some(port) = free(*wish) {
            return Some(PortChoice { port, taken });
        }
        taken = taken.or(Some(*wish));
    }
    free(0).map(|port| PortChoice { port, taken })
}

fn free(port: u16) -> Option<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
    listener.local_addr().ok().map(|address| address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_passed_over_and_named() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let taken_port = taken.local_addr().unwrap().port();
        let choice = choose(&[taken_port]).unwrap();
        assert_ne!(choice.port, taken_port, "it is not free");
        assert_eq!(choice.taken, Some(taken_port), "so that the user can be told");
    }
}
