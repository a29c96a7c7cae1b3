//! Newtypes for every id, so that a run id is never passed where a digest belongs.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Says why a text is not the id it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("'{text}' is not an image digest: expected sha256: and 64 hexadecimal digits")]
    Digest { text: String },
    #[error("'{text}' is not a commit id: expected 40 hexadecimal digits")]
    Commit { text: String },
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(as = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

text_id!(
    /// A project: one repository with its pipeline, environments and backlog.
    ProjectId
);
text_id!(
    /// One run of a pipeline.
    RunId
);
text_id!(
    /// One timeline record of a run: a stage, a job or a step.
    RecordId
);
text_id!(
    /// One deployment of an image to an environment.
    DeploymentId
);
text_id!(
    /// The name of an environment, as `environment:` writes it.
    EnvironmentName
);

/// A work item's number, as `AB#12` writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "u32")]
pub struct WorkItemId(pub u32);

impl fmt::Display for WorkItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An OCI content digest, always `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct Digest(String);

impl Digest {
    /// Checks and takes a digest.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        match text.strip_prefix("sha256:") {
            Some(hex) if is_hex(hex, 64) => {
                Ok(Self(format!("sha256:{}", hex.to_ascii_lowercase())))
            }
            _ => Err(IdError::Digest { text: text.to_owned() }),
        }
    }

    /// The whole text, algorithm and colon included.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, as engines print them.
    pub fn short(&self) -> &str {
        &self.0[7..19]
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A whole git commit id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct CommitSha(String);

impl CommitSha {
    /// Checks and takes a commit id.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if is_hex(text, 40) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(IdError::Commit { text: text.to_owned() })
        }
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight digits.
    pub fn short(&self) -> &str {
        &self.0[..8]
    }
}

impl fmt::Display for CommitSha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CommitSha {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_checked_and_shortened() {
        let text = format!("sha256:{}", "aB".repeat(32));
        let digest = Digest::parse(&text).unwrap();
        assert_eq!(digest.short(), "abababababab", "digits are lower-cased");
        assert!(Digest::parse("latest").is_err(), "a tag is not a digest");
        assert!(Digest::parse("sha256:12").is_err(), "a short digest names nothing");
    }

    #[test]
    fn a_commit_needs_forty_digits() {
        assert_eq!(CommitSha::parse(&"f0".repeat(20)).unwrap().short(), "f0f0f0f0");
        assert!(CommitSha::parse("f0f0f0f0").is_err(), "an abbreviation is looked up in git first");
    }
}
