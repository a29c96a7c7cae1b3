//! `slipway lsp`: the Language Server Protocol on standard input and output.
//!
//! Answers come from `slipway_pipeline::assist`; this only speaks the protocol. One thread takes the
//! messages in turn. Diagnostics wait until the typing pauses, so that they are about the newest text.
//! Whatever goes wrong is said on standard error. Of the data folder it only reads which folders the user mapped
//! to other repositories. Deliberately not here: the app.

mod answers;
mod convert;
mod documents;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, DidSaveTextDocument,
    Notification as _, PublishDiagnostics,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use slipway_api::Repositories;

use crate::mapped::Mapped;
use crate::print;
use documents::{Documents, FindRepositories};

/// How long the typing has to pause before a text is checked.
const PAUSE: Duration = Duration::from_millis(120);

/// Serves one editor until it says goodbye. Tasks and pools are those of the data folder.
pub(crate) fn serve(data_dir: Option<PathBuf>, mapped: Mapped) -> ExitCode {
    let (connection, threads) = Connection::stdio();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let known = data_dir.clone();
    let repositories = move |file: &Path| match &runtime {
        Ok(runtime) => runtime.block_on(mapped.around(known.as_deref(), file)),
        Err(_) => Repositories::default(),
    };
    let outcome = run(&connection, data_dir, Box::new(repositories));
    // The writing thread ends when nobody can send any more.
    drop(connection);
    let joined = threads.join().map_err(|error| error.to_string());
    match outcome.and(joined) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::line_error(&format!("slipway lsp: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Greets the editor and answers it.
fn run(
    connection: &Connection,
    data_dir: Option<PathBuf>,
    repositories: FindRepositories,
) -> Result<(), String> {
    let abilities =
        serde_json::to_value(answers::abilities()).map_err(|error| error.to_string())?;
    let greeting = connection.initialize(abilities).map_err(|error| error.to_string())?;
    let documents = Documents::new(&greeting, data_dir).with_repositories(repositories);
    let mut server = Server { connection, documents, due: None };
    loop {
        let message = match server.due {
            None => connection.receiver.recv().ok(),
            Some(due) => {
                let left = due.saturating_duration_since(Instant::now());
                match connection.receiver.recv_timeout(left) {
                    Ok(message) => Some(message),
                    Err(error) if error.is_timeout() => {
                        server.publish();
                        continue;
                    }
                    Err(_) => None,
                }
            }
        };
        match message {
            None => return Ok(()),
            Some(Message::Request(request)) => {
                if connection.handle_shutdown(&request).map_err(|error| error.to_string())? {
                    return Ok(());
                }
                server.answer(request);
            }
            Some(Message::Notification(notification)) => server.notice(notification),
            // Nothing is asked of the editor.
            Some(Message::Response(_)) => {}
        }
    }
}

struct Server<'c> {
    connection: &'c Connection,
    documents: Documents,
    /// When texts that have changed are checked.
    due: Option<Instant>,
}

impl Server<'_> {
    fn send(&self, message: Message) {
        if self.connection.sender.send(message).is_err() {
            print::line_error("slipway lsp: the editor is gone.");
        }
    }

    fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let response = match answers::answer(&mut self.documents, &method, params) {
            Ok(Some(value)) => Response::new_ok(id, value),
            Ok(None) => unknown(id, &method),
            Err(error) => Response::new_err(id, ErrorCode::InvalidParams as i32, error),
        };
        self.send(Message::Response(response));
    }

    fn notice(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let taken = match method.as_str() {
            DidOpenTextDocument::METHOD => read(params).map(|params| self.documents.open(params)),
            DidChangeTextDocument::METHOD => {
                read(params).map(|params| self.documents.change(params))
            }
            DidSaveTextDocument::METHOD => read(params).map(|params| self.documents.save(&params)),
            DidCloseTextDocument::METHOD => read(params).map(|params| {
                if let Some(empty) = self.documents.close(&params) {
                    self.tell(&empty);
                }
            }),
            _ => return,
        };
        if let Err(error) = taken {
            print::line_error(&format!("slipway lsp: {method}: {error}"));
        }
        if self.documents.has_changed() {
            self.due = Some(Instant::now() + PAUSE);
        }
    }

    /// Checks what has changed and tells the editor.
    fn publish(&mut self) {
        self.due = None;
        for params in self.documents.check() {
            self.tell(&params);
        }
    }

    fn tell(&self, params: &lsp_types::PublishDiagnosticsParams) {
        let method = PublishDiagnostics::METHOD.to_owned();
        self.send(Message::Notification(Notification::new(method, params)));
    }
}

fn unknown(id: RequestId, method: &str) -> Response {
    let message = format!("There is no {method} here.");
    Response::new_err(id, ErrorCode::MethodNotFound as i32, message)
}

/// Reads a message's parameters.
fn read<T: DeserializeOwned>(params: Value) -> Result<T, String> {
    serde_json::from_value(params)
        .map_err(|error| format!("the parameters cannot be read: {error}"))
}
