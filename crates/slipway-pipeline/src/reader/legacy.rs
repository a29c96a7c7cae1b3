//! Old forms that the service still takes: `queue`, `server` (pipelines.md 2). They are read into what
//! took their place.

use super::Reader;
use super::conditions::Site;
use super::fields::truth;
use crate::plan::{PlanJob, PlanPool};
use crate::schema::Shape;
use crate::tree::{Entry, Node, NodeValue};

impl Reader<'_, '_> {
    /// `queue:` is a pool, limits and a strategy in one; `server:` is `pool: server`.
    pub(super) fn legacy_target(&mut self, entry: &Entry, job: &mut PlanJob) {
        let node = &entry.value;
        if entry.key.as_str() == "server" {
            self.deprecated(entry, "Write pool: server instead.");
            if let NodeValue::Scalar(_) = node.value {
                let is_on = node.text().and_then(truth).unwrap_or(false);
                if !is_on {
                    return;
                }
            }
            job.pool = PlanPool {
                name: Some("server".to_owned()),
                is_server: true,
                ..PlanPool::default()
            };
        } else {
            self.deprecated(entry, "Write pool:, timeoutInMinutes: and strategy: instead.");
            if let NodeValue::Scalar(_) = node.value {
                job.pool = PlanPool { name: self.some_text(node), ..PlanPool::default() };
                return;
            }
            job.pool = PlanPool::default();
        }
        if node.entries().is_some() {
            let is_server = entry.key.as_str() == "server";
            self.queue_keys(node, if is_server { Shape::Server } else { Shape::Queue }, job);
        }
    }

    fn queue_keys(&mut self, node: &Node, shape: Shape, job: &mut PlanJob) {
        for entry in self.mapping(node, shape) {
            let node = &entry.value;
            match entry.key.as_str() {
                "name" => job.pool.name = self.some_text(node),
                "demands" => job.pool.demands = self.demands(node),
                "timeoutInMinutes" => job.timeout_in_minutes = self.minutes(node),
                "cancelTimeoutInMinutes" => job.cancel_timeout_in_minutes = self.minutes(node),
                "container" => {
                    if let Some(text) = node.text() {
                        self.check_runtime(node, text, Site::JobProperty);
                    }
                    job.container = self.container(node);
                }
                _ => {}
            }
        }
    }

    /// `matrix` and `parallel` inside of `queue`, once the job's name is known.
    pub(super) fn legacy_strategy(&mut self, item: &Node, job: &mut PlanJob) {
        for key in ["queue", "server"] {
            if let Some(entries) = item.get(key).and_then(Node::entries) {
                let wanted = |entry: &&Entry| {
                    matches!(entry.key.as_str(), "matrix" | "parallel" | "maxParallel")
                };
                let mut entries: Vec<&Entry> = entries.iter().filter(wanted).collect();
                // In a queue, parallel beside a matrix says how many legs run at a time.
                if entries.iter().any(|entry| entry.key.as_str() == "matrix")
                    && let Some(at) = entries.iter().position(|it| it.key.as_str() == "parallel")
                {
                    let parallel = entries.remove(at);
                    self.multiply(&entries, job);
                    if let Some(strategy) = &mut job.strategy {
                        strategy.max_parallel = self.late_number(&parallel.value);
                    }
                } else {
                    self.multiply(&entries, job);
                }
            }
        }
    }
}
