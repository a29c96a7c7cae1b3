//! `pool:` and its demands (pipelines.md 4).

use super::Reader;
use crate::plan::{PlanPool, is_late};
use crate::schema::Shape;
use crate::tree::{Node, NodeValue, Place};

const HOSTED: &str = "Azure Pipelines";

impl Reader<'_, '_> {
    /// The innermost definition replaces the outer ones completely.
    pub(super) fn pool(&mut self, node: &Node) -> PlanPool {
        let mut pool = PlanPool::default();
        if let NodeValue::Scalar(_) = node.value {
            pool.name = self.some_text(node);
            pool.is_server = pool.name.as_deref().is_some_and(is_server);
            return pool;
        }
        let entries = self.mapping(node, Shape::Pool);
        if entries.is_empty() && node.entries().is_some_and(<[_]>::is_empty) {
            let hint = Some("Add name: or vmImage:, or take pool: out.".to_owned());
            self.report.warning(node.place, "missing_target", "Target is required.", hint);
        }
        for entry in entries {
            match entry.key.as_str() {
                "name" => pool.name = self.some_text(&entry.value),
                "vmImage" => pool.vm_image = self.some_text(&entry.value),
                "demands" => pool.demands = self.demands(&entry.value),
                _ => {}
            }
        }
        pool.is_server = pool.name.as_deref().is_some_and(is_server);
        if pool.name.is_none() && pool.vm_image.is_some() {
            pool.name = Some(HOSTED.to_owned());
        }
        pool
    }

    pub(super) fn demands(&mut self, node: &Node) -> Vec<String> {
        let found = self.texts(node);
        for (text, place) in &found {
            self.check_demand(text, *place);
        }
        found.into_iter().map(|(text, _)| text).collect()
    }

    /// `Name`, `Name -equals Value`, `Name -gtVersion Version`.
    fn check_demand(&mut self, text: &str, place: Place) {
        let mut words = text.split_whitespace();
        let (name, operator, value) = (words.next(), words.next(), words.next());
        let is_right = match (name, operator) {
            (Some(_), None) => true,
            (Some(_), Some(operator)) => {
                let known = ["-equals", "-gtVersion"];
                known.iter().any(|at| at.eq_ignore_ascii_case(operator)) && value.is_some()
            }
            _ => false,
        };
        if !is_right && !is_late(text) {
            let message = format!("The demand '{text}' cannot be read.");
            let hint = "Write Name, Name -equals Value or Name -gtVersion Version.";
            self.report.warning(place, "bad_demand", message, Some(hint.to_owned()));
        }
    }
}

fn is_server(name: &str) -> bool {
    name.eq_ignore_ascii_case("server")
}
