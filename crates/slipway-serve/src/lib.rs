//! Loopback HTTP: the page with its calls and events, and the telemetry endpoint.
//!
//! Both hosts use it: the window only opens the telemetry [`Door`], `slipway serve` also opens the
//! [`Page`]. Nothing here knows a command; it hands names and JSON to `slipway_api::App::call`.

mod door;
mod guard;
mod page;

pub use door::Door;
pub use guard::Token;
pub use page::{Page, PageOptions};

/// Why a listener could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("No address of this machine could be opened for {what} (tried {address}).")]
    Listen {
        what: &'static str,
        address: String,
        #[source]
        source: std::io::Error,
    },
}

impl slipway_core::Explain for ServeError {
    fn kind(&self) -> slipway_core::ErrorKind {
        match self {
            Self::Listen { .. } => slipway_core::ErrorKind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Listen { .. } => "listen_failed",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Listen { .. } => {
                Some("Close the program that holds the port, or start with --port 0.".to_owned())
            }
        }
    }
}
