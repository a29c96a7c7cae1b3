//! What can go wrong outside a telemetry item. Malformed telemetry is no error but an answer to its
//! sender (`ingest::ItemError`), and a failed probe is a result.

use slipway_core::{ErrorKind, Explain};

/// An error of telemetry.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("The connection string is {length} bytes long; at most {limit} are allowed.")]
    ConnectionStringTooLong { length: usize, limit: usize },
    #[error("The connection string names no InstrumentationKey.")]
    InstrumentationKeyMissing,
    #[error("The instrumentation key of the connection string is not a UUID.")]
    InstrumentationKeyNotUuid,
    #[error("The ingestion endpoint '{endpoint}' is not an http or https address.")]
    EndpointNotHttp { endpoint: String },
    #[error("The client for availability probes cannot be built.")]
    ProbeClient {
        #[source]
        source: reqwest::Error,
    },
    #[error("The chart '{title}' cannot be drawn: {reason}.")]
    ChartNotDrawn { title: String, reason: String },
}

impl Explain for TelemetryError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::ConnectionStringTooLong { .. }
            | Self::InstrumentationKeyMissing
            | Self::InstrumentationKeyNotUuid
            | Self::EndpointNotHttp { .. } => ErrorKind::UserInput,
            Self::ProbeClient { .. } => ErrorKind::Unavailable,
            Self::ChartNotDrawn { .. } => ErrorKind::Bug,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::ConnectionStringTooLong { .. }
            | Self::InstrumentationKeyMissing
            | Self::InstrumentationKeyNotUuid
            | Self::EndpointNotHttp { .. } => "connection_string_invalid",
            Self::ProbeClient { .. } => "probe_client",
            Self::ChartNotDrawn { .. } => "chart_not_drawn",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::ConnectionStringTooLong { .. }
            | Self::InstrumentationKeyMissing
            | Self::InstrumentationKeyNotUuid => Some(
                "Copy the whole connection string from the overview of the Application Insights \
                 resource: InstrumentationKey=<uuid>;IngestionEndpoint=https://…"
                    .to_owned(),
            ),
            Self::EndpointNotHttp { .. } => Some(
                "Write the endpoint with its scheme, such as http://127.0.0.1:4320/".to_owned(),
            ),
            Self::ProbeClient { .. } => {
                Some("Check the certificates that the operating system trusts.".to_owned())
            }
            Self::ChartNotDrawn { .. } => None,
        }
    }
}
