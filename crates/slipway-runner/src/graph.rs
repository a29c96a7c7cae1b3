//! Runs jobs or stages as their dependencies allow, side by side where they do.
//!
//! Called by `run` for stages and by `stage` for jobs. Deliberately not here: conditions and limits,
//! which each node decides when its turn comes.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use slipway_core::RunResult;
use tokio::task::JoinSet;

/// A future of one node.
pub(crate) type NodeFuture<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// What the graph has to know of a node that ended.
pub(crate) trait Ended: Send + 'static {
    /// How it ended.
    fn result(&self) -> RunResult;
    /// Stands in for a node whose task died or could never start.
    fn lost(message: String) -> Self;
}

/// Who waits for whom, by position.
#[derive(Debug)]
pub(crate) struct Graph {
    names: Vec<String>,
    depends_on: Vec<Vec<usize>>,
    dependents: Vec<Vec<usize>>,
    /// Those that count as succeeded, however they end.
    satisfied: Vec<bool>,
}

/// The nodes that have ended.
pub(crate) type Ends<T> = [Option<T>];

impl Graph {
    /// Reads names, which ignore case. A dependency that names nothing is left out: planning has
    /// already refused it.
    pub(crate) fn new(nodes: &[(&str, &[String])]) -> Self {
        let by_name: HashMap<String, usize> =
            nodes.iter().enumerate().map(|(at, (name, _))| (name.to_lowercase(), at)).collect();
        let mut dependents = vec![Vec::new(); nodes.len()];
        let mut depends_on = Vec::with_capacity(nodes.len());
        for (at, (_, wanted)) in nodes.iter().enumerate() {
            let mut found: Vec<usize> = wanted
                .iter()
                .filter_map(|name| by_name.get(&name.to_lowercase()).copied())
                .collect();
            found.sort_unstable();
            found.dedup();
            for dependency in &found {
                dependents[*dependency].push(at);
            }
            depends_on.push(found);
        }
        let names = nodes.iter().map(|(name, _)| (*name).to_owned()).collect();
        let satisfied = vec![false; nodes.len()];
        Self { names, depends_on, dependents, satisfied }
    }

    /// Whoever waits for one of these is not held up by how it ends.
    pub(crate) fn with_satisfied(mut self, is_satisfied: impl Fn(usize) -> bool) -> Self {
        self.satisfied = (0..self.names.len()).map(is_satisfied).collect();
        self
    }

    /// The names of those that a node waits for, also indirectly, and that are satisfied anyway.
    pub(crate) fn satisfied_before(&self, node: usize) -> Vec<String> {
        let all = self.before(node).into_iter();
        all.filter(|at| self.satisfied[*at]).map(|at| self.names[at].clone()).collect()
    }

    /// What a node names itself as waiting for.
    pub(crate) fn direct(&self, node: usize) -> &[usize] {
        &self.depends_on[node]
    }

    /// All that a node waits for, also indirectly; nearest first.
    pub(crate) fn ancestors<T: Ended>(
        &self,
        node: usize,
        ends: &Ends<T>,
    ) -> Vec<(String, RunResult)> {
        let result = |at: usize| {
            let end = ends[at].as_ref()?;
            let result = if self.satisfied[at] { RunResult::Succeeded } else { end.result() };
            Some((self.names[at].clone(), result))
        };
        self.before(node).into_iter().filter_map(result).collect()
    }

    /// All that a node waits for, nearest first.
    fn before(&self, node: usize) -> Vec<usize> {
        let mut is_seen = vec![false; self.names.len()];
        let mut queue: Vec<usize> = self.depends_on[node].clone();
        let mut found = Vec::new();
        let mut at = 0;
        while at < queue.len() {
            let next = queue[at];
            at += 1;
            if std::mem::replace(&mut is_seen[next], true) {
                continue;
            }
            found.push(next);
            queue.extend_from_slice(&self.depends_on[next]);
        }
        found
    }

    /// Starts each node once all it waits for has ended; answers every end, in order of the nodes.
    pub(crate) async fn run<T: Ended>(
        &self,
        mut start: impl FnMut(usize, &Ends<T>) -> NodeFuture<T>,
    ) -> Vec<T> {
        let mut ends: Vec<Option<T>> = self.names.iter().map(|_| None).collect();
        let mut open: Vec<usize> = self.depends_on.iter().map(Vec::len).collect();
        let mut running = JoinSet::new();
        let mut nodes_of = HashMap::new();
        for node in (0..self.names.len()).filter(|node| open[*node] == 0) {
            let handle = running.spawn(start(node, &ends));
            nodes_of.insert(handle.id(), node);
        }
        while let Some(joined) = running.join_next_with_id().await {
            let (node, end) = match joined {
                Ok((id, end)) => (nodes_of.remove(&id), end),
                Err(error) => (nodes_of.remove(&error.id()), T::lost(error.to_string())),
            };
            let Some(node) = node else { continue };
            ends[node] = Some(end);
            for dependent in &self.dependents[node] {
                open[*dependent] -= 1;
                if open[*dependent] == 0 {
                    let handle = running.spawn(start(*dependent, &ends));
                    nodes_of.insert(handle.id(), *dependent);
                }
            }
        }
        ends.into_iter()
            .map(|end| end.unwrap_or_else(|| T::lost("its dependencies form a circle".to_owned())))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    struct End(RunResult);
    impl Ended for End {
        fn result(&self) -> RunResult {
            self.0
        }
        fn lost(_: String) -> Self {
            Self(RunResult::Failed)
        }
    }

    #[tokio::test]
    async fn nodes_start_after_what_they_wait_for() {
        let (a, b) = (vec!["A".to_owned()], vec!["b".to_owned(), "C".to_owned()]);
        let graph = Graph::new(&[("D", &b), ("A", &[]), ("B", &a), ("C", &a)]);
        let order = Arc::new(Mutex::new(Vec::new()));
        let ends = graph
            .run(|node, _: &Ends<End>| {
                let order = Arc::clone(&order);
                Box::pin(async move {
                    order.lock().unwrap().push(node);
                    End(RunResult::Succeeded)
                })
            })
            .await;
        let order = order.lock().unwrap().clone();
        assert_eq!((order[0], order[3]), (1, 0), "A is first and D is last: {order:?}");
        assert_eq!(ends.len(), 4, "every node has an end");
        let ends: Vec<Option<End>> = ends.into_iter().map(Some).collect();
        assert_eq!(graph.ancestors(0, &ends).len(), 3, "A is waited for through B and C, once");
    }

    #[tokio::test]
    async fn a_circle_and_a_dead_task_still_end() {
        let (a, b) = (vec!["A".to_owned()], vec!["B".to_owned()]);
        let graph = Graph::new(&[("A", &b), ("B", &a), ("C", &[])]);
        let ends = graph
            .run(|_, _: &Ends<End>| {
                Box::pin(async { panic!("a task of this test dies on purpose") })
            })
            .await;
        assert!(ends.iter().all(|end| end.0 == RunResult::Failed), "none of them is forgotten");
    }
}
