//! Questions of a run that this process carries out: asked on a terminal, or told where to answer.
//!
//! `loop_run` looks here at every event. A line is read beside the run, so that an answer from elsewhere
//! ends the asking. Deliberately not here: other processes' runs (`people`).

use std::collections::HashSet;
use std::io::{BufRead as _, IsTerminal as _};

use slipway_api::app::App;
use slipway_api::dto::ApprovalView;
use slipway_api::error::ApiError;
use slipway_core::ApprovalKind;
use tokio::sync::mpsc;

use crate::people::{answer_here, show, tell, waiting_of};
use crate::{print, read};

/// What was asked already, and the lines that are typed.
pub(crate) struct Questions {
    asked: HashSet<String>,
    /// The question on the terminal.
    open: Option<ApprovalView>,
    typed: Option<mpsc::UnboundedReceiver<String>>,
}

impl Questions {
    pub(crate) fn new() -> Self {
        Self { asked: HashSet::new(), open: None, typed: None }
    }

    /// Shows questions that came up, and takes what was typed.
    pub(crate) async fn look(&mut self, app: &App, run: &str) -> Result<(), ApiError> {
        let waiting = waiting_of(app, run).await?;
        if self.open.as_ref().is_some_and(|open| !waiting.iter().any(|one| one.id == open.id)) {
            self.open = None;
        }
        let is_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
        for approval in waiting {
            if !self.asked.insert(approval.id.clone()) {
                continue;
            }
            print::line("");
            show(&approval);
            if is_terminal && self.open.is_none() {
                print::line(&format!("    {}", prompt(&approval)));
                self.open = Some(approval);
                self.typed.get_or_insert_with(lines_of_terminal);
            }
        }
        self.take(app).await
    }

    async fn take(&mut self, app: &App) -> Result<(), ApiError> {
        let Some(typed) = &mut self.typed else { return Ok(()) };
        while let Ok(line) = typed.try_recv() {
            let Some(open) = self.open.clone() else { continue };
            let (word, comment) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            let is_approved = match word.to_ascii_lowercase().as_str() {
                "y" | "yes" => true,
                "n" | "no" => false,
                _ => {
                    print::line(&format!("    {}", prompt(&open)));
                    continue;
                }
            };
            match answer_here(app, &open, is_approved, comment.trim()).await {
                Ok(answered) => {
                    tell(&read(answered)?);
                    // The next one of several people is asked anew.
                    self.asked.remove(&open.id);
                    self.open = None;
                }
                Err(error) => print::error(&error),
            }
        }
        Ok(())
    }
}

fn prompt(approval: &ApprovalView) -> &'static str {
    match approval.kind {
        ApprovalKind::Stage => "Start it? Type y, or n to leave it out.",
        _ => "Go on? Type y or n, and a comment behind it if you like.",
    }
}

/// A thread of its own reads: a blocked read must not hold the runtime.
fn lines_of_terminal() -> mpsc::UnboundedReceiver<String> {
    let (send, typed) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    typed
}
