//! The page of a Slipway that runs already: where it is, and calls of its commands.
//!
//! `slipway serve` and `slipway run` leave the page's address, key included, in a file of the data folder
//! that only its owner can read, for as long as they serve. Deliberately not here: the data folder itself.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use slipway_api::app::App;
use slipway_api::error::ApiError;
use slipway_core::ErrorKind;
use slipway_serve::Page;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const FILE_NAME: &str = "slipway.page";

/// The address of a page, kept while it is served.
pub(crate) struct Announced(PathBuf);

impl Announced {
    /// Writes the address down; other commands then find the page. Without it the page is served all the
    /// same.
    pub(crate) fn of(app: &App, page: &Page) -> Option<Self> {
        let warn = |error: &io::Error| {
            tracing::warn!(%error, "other commands will not find the page");
        };
        Self::new(app.data_dir(), &page.address()).inspect_err(warn).ok()
    }

    fn new(data_dir: &Path, address: &str) -> io::Result<Self> {
        let path = data_dir.join(FILE_NAME);
        // An older file keeps its mode: it goes first.
        fs::remove_file(&path).ok();
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(address.as_bytes())?;
        Ok(Self(path))
    }
}

impl Drop for Announced {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}

/// A page that is served.
pub(crate) struct Remote {
    host: String,
    token: String,
}

impl Remote {
    /// The page of whoever has the data folder open.
    pub(crate) fn of(data_dir: &Path) -> Result<Self, ApiError> {
        let text = fs::read_to_string(data_dir.join(FILE_NAME)).map_err(|_| no_page())?;
        let rest = text.trim().strip_prefix("http://").ok_or_else(no_page)?;
        let (host, token) = rest.split_once("/?token=").ok_or_else(no_page)?;
        Ok(Self { host: host.to_owned(), token: token.to_owned() })
    }

    /// Calls a command there.
    pub(crate) async fn call(&self, command: &str, request: Value) -> Result<Value, ApiError> {
        let answer = self.post(command, &request.to_string()).await.map_err(|error| {
            tracing::info!(%error, "the served page does not answer");
            no_page()
        })?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let is_good = head.split_whitespace().nth(1) == Some("200");
        let unreadable = |error: serde_json::Error| {
            let message = format!("The running Slipway's answer cannot be read: {error}.");
            ApiError::new(ErrorKind::Bug, "bad_answer", message)
        };
        if is_good {
            return serde_json::from_str(body).map_err(unreadable);
        }
        Err(serde_json::from_str(body).map_err(unreadable)?)
    }

    async fn post(&self, command: &str, body: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(&self.host).await?;
        // HTTP/1.0: the answer ends with the connection and comes in one piece.
        let request = format!(
            "POST /rpc/{command} HTTP/1.0\r\nHost: {}\r\nContent-Type: application/json\r\n\
             X-Slipway-Token: {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            self.token,
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

fn no_page() -> ApiError {
    let message = "No Slipway with a page runs on this data folder, and only the one that runs the \
                   pipeline can take an answer.";
    ApiError::new(ErrorKind::Unavailable, "no_page", message)
        .with_hint("Answer in its window, or run the pipeline with slipway run or slipway serve.")
}
