//! One place where a `bollard` call gets its time limit and its error gets a name.
//!
//! Called by every other module of this crate. Deliberately not here: what a status means for one
//! call (404 on inspect is an answer, on start an error); each caller decides that with [`status`].

use std::error::Error as _;
use std::future::Future;
use std::time::Duration;

use bollard::errors::Error;

use crate::EngineError;

/// How long an ordinary question may take.
pub(crate) const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// Runs a call against its limit and names its failure.
pub(crate) async fn limited<T>(
    doing: &str,
    limit: Duration,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, EngineError> {
    match tokio::time::timeout(limit, call).await {
        Ok(answer) => answer.map_err(|error| translate(doing, error)),
        Err(_) => Err(timed_out(doing, limit)),
    }
}

/// The error of a call that took too long.
pub(crate) fn timed_out(doing: &str, limit: Duration) -> EngineError {
    EngineError::TimedOut { doing: doing.to_owned(), seconds: limit.as_secs() }
}

/// The status of a refusal, with its message.
pub(crate) fn status(error: &EngineError) -> Option<(u16, &str)> {
    match error {
        EngineError::Refused { status, message, .. } => Some((*status, message)),
        _ => None,
    }
}

/// Treats these statuses as success: what was asked for is already so.
pub(crate) fn already(
    answer: Result<(), EngineError>,
    statuses: &[u16],
) -> Result<(), EngineError> {
    match answer {
        Err(EngineError::Refused { status, .. }) if statuses.contains(&status) => Ok(()),
        other => other,
    }
}

/// Names a `bollard` error.
pub(crate) fn translate(doing: &str, error: Error) -> EngineError {
    let doing = doing.to_owned();
    match error {
        Error::DockerResponseServerError { status_code, message } => {
            EngineError::Refused { doing, status: status_code, message: sentence(&message) }
        }
        Error::DockerStreamError { error } => {
            EngineError::Refused { doing, status: 500, message: sentence(&error) }
        }
        Error::RequestTimeoutError => {
            EngineError::TimedOut { doing, seconds: crate::connect::HEAD_LIMIT_SECONDS }
        }
        Error::IOError { .. }
        | Error::HyperResponseError { .. }
        | Error::HyperLegacyError { .. }
        | Error::SocketNotFoundError(_) => {
            EngineError::EngineLost { doing, detail: sentence(&with_causes(&error)) }
        }
        // The rest says that a request or an answer is not what the API promises.
        other => EngineError::AnswerUnreadable { doing, detail: with_causes(&other) },
    }
}

fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

/// The engine writes messages with and without a full stop and with line ends.
pub(crate) fn sentence(message: &str) -> String {
    let trimmed = message.trim();
    if trimmed.is_empty() || trimmed.ends_with(['.', '!', '?', ')']) {
        trimmed.to_owned()
    } else {
        format!("{trimmed}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_status_and_message() {
        let error = translate(
            "stopping the container web",
            Error::DockerResponseServerError {
                status_code: 404,
                message: "No such thing\n".into(),
            },
        );
        assert_eq!(status(&error), Some((404, "No such thing.")), "callers decide by the status");
        assert!(error.to_string().contains("stopping the container web"), "it says what was done");
    }

    #[test]
    fn a_dropped_connection_is_a_lost_engine() {
        let error = translate("x", Error::IOError { err: std::io::Error::other("broken pipe") });
        assert!(matches!(error, EngineError::EngineLost { .. }), "got {error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_engine_is_given_up() {
        let never = std::future::pending::<Result<(), Error>>();
        let error = limited("asking", Duration::from_secs(60), never).await.unwrap_err();
        assert_eq!(error, EngineError::TimedOut { doing: "asking".into(), seconds: 60 });
    }
}
