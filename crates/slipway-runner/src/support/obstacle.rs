//! Something in a plan that cannot run here, and the choice to leave it out.
//!
//! Made by `support`, shown by the house before a run; the chosen ones come back as [`Skip`]s and end as
//! skipped records. Deliberately not here: finding them.

use std::fmt;

use slipway_pipeline::diagnostic::{Diagnostic, Severity};

/// Something that cannot run here, or that may not.
#[derive(Debug, Clone, PartialEq)]
pub struct Obstacle {
    /// Where, why, and what to do instead. A warning keeps nothing from starting.
    pub diagnostic: Diagnostic,
    /// What to leave out; none when it concerns the whole run.
    pub target: Option<SkipTarget>,
    /// What it is, such as `Step "Deploy" (AzureWebApp@1)`.
    pub subject: String,
    /// The task of a step, such as `AzureWebApp@1`.
    pub task: Option<String>,
    /// What happens when it is left out.
    pub if_skipped: String,
}

impl Obstacle {
    /// True when the run cannot start with it.
    pub fn blocks(&self) -> bool {
        self.diagnostic.severity == Severity::Error
    }
}

/// A stage, job or step, by the names that the plan gives them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SkipTarget {
    pub stage: String,
    /// As the file writes it, with every leg of a matrix; or `Job.leg`.
    pub job: Option<String>,
    /// The step's reference.
    pub step: Option<String>,
}

impl SkipTarget {
    /// Reads `stage`, `stage/job` or `stage/job/step`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/').map(|part| (!part.is_empty()).then(|| part.to_owned()));
        let stage = parts.next()??;
        let job = parts.next();
        let step = parts.next();
        if parts.next().is_some() || job == Some(None) || step == Some(None) {
            return None;
        }
        Some(Self { stage, job: job.flatten(), step: step.flatten() })
    }

    /// True when leaving this out leaves the other out too.
    pub fn covers(&self, other: &Self) -> bool {
        let holds = |own: &Option<String>, theirs: Option<&str>| {
            own.as_ref().is_none_or(|own| theirs.is_some_and(|it| same(own, it)))
        };
        let job = other.job.as_deref();
        same(&self.stage, &other.stage)
            && (holds(&self.job, job) || holds(&self.job, job.map(job_of)))
            && holds(&self.step, other.step.as_deref())
    }

    /// True for exactly this stage, job or step of a run.
    pub(crate) fn is(&self, stage: &str, job: Option<&str>, step: Option<&str>) -> bool {
        same(&self.stage, stage)
            && (both(&self.job, job) || both(&self.job, job.map(job_of)))
            && both(&self.step, step)
    }
}

/// The job of a leg, which is named `Job.leg`; a job that is none is itself.
pub fn job_of(leg: &str) -> &str {
    leg.split('.').next().unwrap_or(leg)
}

fn both(own: &Option<String>, other: Option<&str>) -> bool {
    match (own, other) {
        (Some(own), Some(other)) => same(own, other),
        (None, None) => true,
        _ => false,
    }
}

fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

impl fmt::Display for SkipTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stage)?;
        for part in [&self.job, &self.step].into_iter().flatten() {
            write!(f, "/{part}")?;
        }
        Ok(())
    }
}

/// Something that the user chose to leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    pub target: SkipTarget,
    /// Stands with the record.
    pub reason: String,
}

impl Skip {
    /// The choice of somebody.
    pub fn chosen(obstacle: &Obstacle, by: &str) -> Option<Self> {
        let target = obstacle.target.clone()?;
        let why = &obstacle.diagnostic.message;
        let reason =
            format!("Skipped: {} cannot run here, chosen by {by}. {why}", obstacle.subject);
        Some(Self { target, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_read_as_it_is_written() {
        for text in ["Build", "Build/Test", "Build/Test/CmdLine1"] {
            let target = SkipTarget::parse(text);
            assert_eq!(target.map(|it| it.to_string()).as_deref(), Some(text), "{text}");
        }
        for text in ["", "/a", "a/", "a//b", "a/b/c/d"] {
            assert_eq!(SkipTarget::parse(text), None, "'{text}' names nothing");
        }
    }

    #[test]
    fn what_is_above_covers_what_is_below() {
        let of = |text| SkipTarget::parse(text).unwrap();
        assert!(of("build").covers(&of("Build/Test/x")), "a stage covers its steps");
        assert!(of("a/b").covers(&of("a/b")), "itself");
        assert!(!of("a/b/c").covers(&of("a/b")), "a step does not cover its job");
        assert!(of("a/b").is("A", Some("b.leg"), None), "every leg is meant");
        assert!(!of("a/b").is("a", Some("b"), Some("s")), "the job, not its steps");
    }
}
