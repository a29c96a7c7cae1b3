//! Outputs of a job that becomes a deployment job, or the other way round: those of a deployment job
//! are named after it, `outputs['Web.step.name']` in place of `outputs['step.name']`.

use std::ops::Range;

use super::place::Places;
use crate::document::draft::{Draft, View};
use crate::document::error::EditError;
use crate::document::words::job::owner_stage;
use crate::document::words::references::{Found, Link};
use crate::document::words::rename::{Rule, Site, is_same, prefix, rename};

/// The job whose outputs are read.
pub(super) struct Outputs {
    stage: Option<String>,
    job: String,
}

impl Outputs {
    pub(super) fn of(view: &View<'_>, job: &[usize]) -> Self {
        let places = Places::of(&view.root);
        let name = places.at(job).map(|job| job.name.clone()).unwrap_or_default();
        Self { stage: owner_stage(&view.root, job), job: name }
    }

    /// Changes what reads them.
    pub(super) fn follow(&self, draft: &mut Draft, is_deployment: bool) -> Result<(), EditError> {
        if self.job.is_empty() {
            return Ok(());
        }
        let rule = Follow { outputs: self, is_deployment };
        draft.make(|view| rename(view, &rule))
    }
}

struct Follow<'a> {
    outputs: &'a Outputs,
    is_deployment: bool,
}

impl Follow<'_> {
    fn output(&self, links: &[Link<'_>]) -> Option<(Range<usize>, String)> {
        let [outputs, output, ..] = links else { return None };
        if !is_same(outputs, "outputs") {
            return None;
        }
        let job = &self.outputs.job;
        let own = prefix(output, job, job);
        match (self.is_deployment, own) {
            (true, None) => {
                let start = output.range.start;
                Some((start..start, format!("{job}.")))
            }
            (false, Some((range, _))) => Some((range.start..range.end + 1, String::new())),
            _ => None,
        }
    }
}

impl Rule for Follow<'_> {
    fn names(
        &self,
        site: &Site<'_>,
        found: &Found<'_>,
        _quote: &str,
    ) -> Vec<(Range<usize>, String)> {
        let Found::Chain(links) = found else { return Vec::new() };
        let own = &self.outputs;
        let is_stage =
            |link: &Link<'_>| own.stage.as_ref().is_some_and(|stage| is_same(link, stage));
        let is_near = site.is_in_job && site.is_of(own.stage.as_deref());
        let found = match links.as_slice() {
            [first, job, rest @ ..]
                if is_near && is_same(first, "dependencies") && is_same(job, &own.job) =>
            {
                self.output(rest)
            }
            [first, stage, job, rest @ ..]
                if is_same(first, "stageDependencies")
                    && is_stage(stage)
                    && is_same(job, &own.job) =>
            {
                self.output(rest)
            }
            _ => None,
        };
        found.into_iter().collect()
    }

    fn whole(&self, _site: &Site<'_>, _text: &str) -> Option<String> {
        None
    }
}
