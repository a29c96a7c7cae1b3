//! `trigger:`, `pr:` and `schedules:` as written (pipelines.md 3).

use super::Reader;
use crate::plan::is_late;
use crate::schedule::{Cron, Schedule};
use crate::schema::Shape;
use crate::tree::{Node, NodeValue};
use crate::trigger::{Filter, PrFilter, PrTrigger, Trigger, TriggerFilter};

impl Reader<'_, '_> {
    pub(super) fn trigger(&mut self, node: &Node) -> Trigger {
        let mut filter = TriggerFilter::default();
        match &node.value {
            NodeValue::Scalar(_) => {
                let Some(word) = self.some_text(node) else { return Trigger::Implied };
                if word.eq_ignore_ascii_case("none") {
                    return Trigger::Off;
                }
                filter.branches.include = self.patterns(node);
            }
            NodeValue::Sequence(items) => {
                if items.is_empty() {
                    return Trigger::Off;
                }
                filter.branches.include = self.patterns(node);
            }
            NodeValue::Mapping(_) => {
                let mut is_on = true;
                for entry in self.mapping(node, Shape::Trigger) {
                    let value = &entry.value;
                    match entry.key.as_str() {
                        "batch" => filter.batch = self.boolean(value).unwrap_or(false),
                        "branches" => filter.branches = self.filter(value),
                        "paths" => filter.paths = self.filter(value),
                        "tags" => filter.tags = Some(self.filter(value)),
                        _ => is_on = self.boolean(value).unwrap_or(true),
                    }
                }
                if !is_on {
                    return Trigger::Off;
                }
            }
        }
        Trigger::Filtered(filter)
    }

    pub(super) fn pr(&mut self, node: &Node) -> PrTrigger {
        let mut filter = PrFilter::default();
        match &node.value {
            NodeValue::Scalar(_) => {
                let Some(word) = self.some_text(node) else { return PrTrigger::Implied };
                if word.eq_ignore_ascii_case("none") {
                    return PrTrigger::Off;
                }
                filter.branches.include = self.patterns(node);
            }
            NodeValue::Sequence(items) => {
                if items.is_empty() {
                    return PrTrigger::Off;
                }
                filter.branches.include = self.patterns(node);
            }
            NodeValue::Mapping(_) => {
                for entry in self.mapping(node, Shape::PullRequest) {
                    let value = &entry.value;
                    match entry.key.as_str() {
                        "autoCancel" => filter.auto_cancel = self.boolean(value).unwrap_or(true),
                        "drafts" => filter.drafts = self.boolean(value).unwrap_or(true),
                        "branches" => filter.branches = self.filter(value),
                        _ => filter.paths = self.filter(value),
                    }
                }
            }
        }
        PrTrigger::Filtered(filter)
    }

    pub(super) fn schedules(&mut self, node: &Node) -> Vec<Schedule> {
        let mut schedules = Vec::new();
        for item in self.sequence(node) {
            if item.get("cron").is_none() {
                self.missing_kind(item, &[Shape::Schedule]);
                continue;
            }
            let mut schedule = Schedule::default();
            for entry in self.mapping(item, Shape::Schedule) {
                let value = &entry.value;
                match entry.key.as_str() {
                    "cron" => schedule.cron = self.cron(value),
                    "displayName" => schedule.display_name = self.some_text(value),
                    "branches" => schedule.branches = self.filter(value),
                    "batch" => schedule.batch = self.boolean(value).unwrap_or(false),
                    _ => schedule.always = self.boolean(value).unwrap_or(false),
                }
            }
            schedules.push(schedule);
        }
        schedules
    }

    fn cron(&mut self, node: &Node) -> String {
        let Some(text) = self.text(node) else { return String::new() };
        if let (Err(error), NodeValue::Scalar(scalar)) = (Cron::parse(&text), &node.value) {
            let place = self.report.within(scalar, node.place, error.offset);
            let hint = "The fields are minute, hour, day, month, day of the week, in UTC.";
            self.report.error(place, "bad_cron", error.to_string(), Some(hint.to_owned()));
        }
        text
    }

    pub(super) fn filter(&mut self, node: &Node) -> Filter {
        let mut filter = Filter::default();
        if !matches!(node.value, NodeValue::Mapping(_)) {
            filter.include = self.patterns(node);
            return filter;
        }
        for entry in self.mapping(node, Shape::Filter) {
            let patterns = self.patterns(&entry.value);
            match entry.key.as_str() {
                "include" => filter.include = patterns,
                _ => filter.exclude = patterns,
            }
        }
        filter
    }

    fn patterns(&mut self, node: &Node) -> Vec<String> {
        let found = self.texts(node);
        for (text, place) in &found {
            if is_late(text) {
                let message = format!("A trigger cannot hold a variable: '{text}'");
                let hint = "Triggers are read before there are variables: write the name out.";
                self.report.warning(*place, "variable_in_trigger", message, Some(hint.to_owned()));
            }
        }
        found.into_iter().map(|(text, _)| text).collect()
    }
}
