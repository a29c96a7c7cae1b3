//! The ten steps in a terminal: a live list where there is one, plain lines where there is none.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use slipway_api::dto::{LoopStepView, LoopView};
use slipway_core::StepOutcome;

use crate::print;

/// Shows the loop as it changes.
pub(crate) struct Progress {
    bars: Option<Vec<ProgressBar>>,
    shown: Vec<(StepOutcome, String)>,
    _all: MultiProgress,
}

impl Progress {
    /// A live list on a terminal, else plain lines.
    pub(crate) fn new(is_terminal: bool) -> Self {
        let all = MultiProgress::new();
        let bars = is_terminal.then(|| {
            all.set_draw_target(ProgressDrawTarget::stdout());
            (0..10).map(|_| all.add(bar())).collect()
        });
        Self { bars, shown: Vec::new(), _all: all }
    }

    /// Shows what changed since the last time.
    pub(crate) fn show(&mut self, view: &LoopView) {
        self.shown.resize(view.steps.len(), (StepOutcome::Idle, String::new()));
        for (index, step) in view.steps.iter().enumerate() {
            let now = (step.outcome, step.headline.clone());
            if self.shown[index] == now {
                continue;
            }
            self.shown[index] = now;
            match self.bars.as_ref().and_then(|bars| bars.get(index)) {
                Some(bar) => bar.set_message(text(step)),
                None if step.outcome != StepOutcome::Idle => print::line(&text(step)),
                None => {}
            }
        }
    }

    /// Leaves the list as it is.
    pub(crate) fn finish(self) {
        for bar in self.bars.iter().flatten() {
            bar.abandon();
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("  {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn text(step: &LoopStepView) -> String {
    let mark = match step.outcome {
        StepOutcome::Idle => "·",
        StepOutcome::Ready => "○",
        StepOutcome::Running => "▶",
        StepOutcome::Succeeded => "✓",
        StepOutcome::Warning => "!",
        StepOutcome::Failed => "✗",
        StepOutcome::Skipped => "–",
    };
    format!("{mark} {:>2} {:<11} {}", step.number, step.title, step.headline)
}
