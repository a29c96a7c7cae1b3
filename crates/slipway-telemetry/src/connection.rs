//! The connection string that tells an app's SDK where its telemetry goes.
//!
//! Emitting is strict, because the SDKs are: a trailing `;`, a blank around a `;` or a key that is
//! not a UUID makes the Python, JavaScript and Rust exporters refuse the whole string. Reading is
//! lenient, because people paste it.
//! <https://learn.microsoft.com/azure/azure-monitor/app/connection-strings>
//!
//! Deliberately not here: making keys, and knowing which key belongs to which project.

use std::fmt;

use crate::TelemetryError;

/// The longest connection string that the SDKs take.
const MAX_BYTES: usize = 4096;
/// Where an SDK sends telemetry if the string names no endpoint.
const DEFAULT_ENDPOINT: &str = "https://dc.services.visualstudio.com/";

/// An instrumentation key and the endpoint it is known at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionString {
    /// UUID in lower case with dashes.
    pub ikey: String,
    /// Base address with a trailing `/`, such as `http://127.0.0.1:4320/`.
    pub endpoint: String,
}

impl ConnectionString {
    /// Checks a key and an endpoint.
    pub fn new(ikey: &str, endpoint: &str) -> Result<Self, TelemetryError> {
        let ikey = normal_ikey(ikey).ok_or(TelemetryError::InstrumentationKeyNotUuid)?;
        Ok(Self { ikey, endpoint: normal_endpoint(endpoint)? })
    }

    /// The text for `APPLICATIONINSIGHTS_CONNECTION_STRING`.
    ///
    /// Live metrics are sent to the same endpoint: without a `LiveEndpoint` an SDK would call
    /// Microsoft's for a key that only this machine knows.
    pub fn emit(&self) -> String {
        format!(
            "InstrumentationKey={};IngestionEndpoint={};LiveEndpoint={}",
            self.ikey, self.endpoint, self.endpoint
        )
    }

    /// Reads a pasted string: keys in any case and order, blanks, quotes, a trailing `;`, a bare
    /// instrumentation key, or `EndpointSuffix` with `Location` instead of an endpoint.
    pub fn parse(text: &str) -> Result<Self, TelemetryError> {
        if text.len() > MAX_BYTES {
            return Err(TelemetryError::ConnectionStringTooLong {
                length: text.len(),
                limit: MAX_BYTES,
            });
        }
        let text = text.trim().trim_matches(['"', '\'']).trim();
        if let Some(ikey) = normal_ikey(text) {
            return Ok(Self { ikey, endpoint: DEFAULT_ENDPOINT.to_owned() });
        }
        let pairs: Vec<(String, &str)> = text
            .split(';')
            .filter_map(|part| part.split_once('='))
            .map(|(key, value)| (key.trim().to_ascii_lowercase(), value.trim()))
            .collect();
        let find = |key: &str| {
            pairs.iter().find(|(known, value)| known == key && !value.is_empty()).map(|pair| pair.1)
        };
        let ikey = find("instrumentationkey").ok_or(TelemetryError::InstrumentationKeyMissing)?;
        let endpoint = match (find("ingestionendpoint"), find("endpointsuffix")) {
            (Some(endpoint), _) => endpoint.to_owned(),
            (None, Some(suffix)) => {
                let location =
                    find("location").map(|place| format!("{place}.")).unwrap_or_default();
                format!("https://{location}dc.{}", suffix.trim_start_matches('.'))
            }
            (None, None) => DEFAULT_ENDPOINT.to_owned(),
        };
        Self::new(ikey, &endpoint)
    }
}

impl fmt::Display for ConnectionString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.emit())
    }
}

/// The key in lower case with dashes, if it is a UUID with or without them.
pub(crate) fn normal_ikey(text: &str) -> Option<String> {
    let text = text.trim();
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let dashed_right = text.len() == 36
        && [8, 13, 18, 23].iter().all(|at| text.as_bytes().get(*at) == Some(&b'-'));
    if text.len() != 32 && !dashed_right {
        return None;
    }
    let d = digits.to_ascii_lowercase();
    Some(format!("{}-{}-{}-{}-{}", &d[..8], &d[8..12], &d[12..16], &d[16..20], &d[20..]))
}

fn normal_endpoint(text: &str) -> Result<String, TelemetryError> {
    let text = text.trim().trim_end_matches('/');
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains([' ', ';', '"']) => Ok(format!("{text}/")),
        _ => Err(TelemetryError::EndpointNotHttp { endpoint: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0f2a7c1e-5b1d-4c3e-9a77-6d1f00c0ffee";

    #[test]
    fn what_is_emitted_is_what_strict_sdks_take() {
        let made = ConnectionString::new(&KEY.to_uppercase(), "http://127.0.0.1:4320")
            .expect("key and endpoint are good");
        let text = made.emit();
        assert_eq!(
            text,
            format!(
                "InstrumentationKey={KEY};IngestionEndpoint=http://127.0.0.1:4320/;\
                 LiveEndpoint=http://127.0.0.1:4320/"
            ),
            "lower-case key, one trailing slash on each endpoint"
        );
        assert!(!text.ends_with(';'), "the Python exporter refuses a trailing semicolon");
        assert!(!text.contains(' '), "a blank ends up inside the key");
        assert_eq!(ConnectionString::parse(&text).expect("reads"), made, "it reads itself back");
    }

    #[test]
    fn pasted_strings_are_read() {
        let upper = KEY.to_uppercase();
        for (text, endpoint) in [
            (
                format!("instrumentationkey={upper} ; INGESTIONENDPOINT=http://h:1// ; "),
                "http://h:1/",
            ),
            (
                format!("\"IngestionEndpoint=https://x.y;InstrumentationKey={KEY};\"\n"),
                "https://x.y/",
            ),
            (KEY.to_owned(), DEFAULT_ENDPOINT),
            (KEY.replace('-', ""), DEFAULT_ENDPOINT),
            (format!("InstrumentationKey={KEY};LiveEndpoint=https://l"), DEFAULT_ENDPOINT),
            (
                format!("InstrumentationKey={KEY};EndpointSuffix=azure.cn;Location=east"),
                "https://east.dc.azure.cn/",
            ),
            (format!("InstrumentationKey={KEY};EndpointSuffix=azure.cn"), "https://dc.azure.cn/"),
        ] {
            let read = ConnectionString::parse(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(read.ikey, KEY, "{text}: the key is normalised");
            assert_eq!(read.endpoint, endpoint, "{text}: the endpoint is normalised");
        }
    }

    #[test]
    fn unusable_strings_are_refused_by_name() {
        let refused = |text: &str| ConnectionString::parse(text).expect_err("must be refused");
        assert!(matches!(refused(""), TelemetryError::InstrumentationKeyMissing));
        assert!(matches!(
            refused("InstrumentationKey=;IngestionEndpoint=http://h"),
            TelemetryError::InstrumentationKeyMissing
        ));
        for key in ["abc", "0f2a7c1e5b1d-4c3e-9a77-6d1f00c0ffee", &"g".repeat(32)] {
            assert!(
                matches!(
                    refused(&format!("InstrumentationKey={key}")),
                    TelemetryError::InstrumentationKeyNotUuid
                ),
                "{key} is not a UUID"
            );
        }
        assert!(matches!(
            refused(&format!("InstrumentationKey={KEY};IngestionEndpoint=ftp://h")),
            TelemetryError::EndpointNotHttp { .. }
        ));
        assert!(matches!(
            refused(&"x".repeat(5000)),
            TelemetryError::ConnectionStringTooLong { length: 5000, .. }
        ));
    }
}
