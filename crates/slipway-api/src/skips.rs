//! What of a pipeline cannot run here, and the user's choice to leave it out.
//!
//! Called when a run is started, and by whoever asks before. Deliberately not here: finding out what cannot
//! run (the runner says that).

use slipway_pipeline::diagnostic::Diagnostic;
use slipway_runner::{Obstacle, Skip, SkipTarget};

use crate::dto::ObstacleView;
use crate::error::ApiError;
use crate::pipelines::refusal;

/// What the user said about what cannot run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leaving {
    /// Leave out all of it.
    pub(crate) all: bool,
    /// Targets or tasks.
    pub(crate) named: Vec<String>,
    /// What an earlier run left out.
    pub(crate) kept: Vec<Skip>,
}

impl Leaving {
    /// As a request says it.
    pub(crate) fn said(all: Option<bool>, named: Option<Vec<String>>) -> Self {
        Self { all: all.unwrap_or_default(), named: named.unwrap_or_default(), kept: Vec::new() }
    }

    /// The choices that let the run start, or the refusal for want of them.
    pub(crate) fn choose(&self, obstacles: &[Obstacle]) -> Result<Vec<Skip>, ApiError> {
        let by = user();
        let mut skips = Vec::new();
        let mut left: Vec<Diagnostic> = Vec::new();
        for obstacle in obstacles.iter().filter(|obstacle| obstacle.blocks()) {
            match self.choice(obstacle, &by) {
                Some(skip) => skips.push(skip),
                None => left.push(obstacle.diagnostic.clone()),
            }
        }
        if left.is_empty() {
            skips.dedup_by(|one, other| one.target == other.target);
            return Ok(skips);
        }
        Err(refusal(&left))
    }

    fn choice(&self, obstacle: &Obstacle, by: &str) -> Option<Skip> {
        let target = obstacle.target.as_ref()?;
        if let Some(kept) = self.kept.iter().find(|kept| kept.target.covers(target)) {
            return Some(kept.clone());
        }
        let is_named = |word: &String| {
            let word = word.trim();
            obstacle.task.as_ref().is_some_and(|task| task.eq_ignore_ascii_case(word))
                || SkipTarget::parse(word).is_some_and(|named| named.covers(target))
        };
        (self.all || self.named.iter().any(is_named)).then(|| Skip::chosen(obstacle, by)).flatten()
    }
}

/// Who sits here.
fn user() -> String {
    let name = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    name.ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "the user".to_owned())
}

pub(crate) fn view(obstacle: Obstacle) -> ObstacleView {
    ObstacleView {
        target: obstacle.target.as_ref().map(ToString::to_string),
        is_blocking: obstacle.blocks(),
        subject: obstacle.subject,
        message: obstacle.diagnostic.message,
        hint: obstacle.diagnostic.hint,
        if_skipped: obstacle.if_skipped,
        file: obstacle.diagnostic.file,
        line: obstacle.diagnostic.span.line,
    }
}
