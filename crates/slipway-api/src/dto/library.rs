//! The Library: variable groups, variables of the pipeline, secure files. A secret's value goes in, never out.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use slipway_core::{CommitSha, ProjectId, Timestamp};
use ts_rs::TS;

use super::{answer, request};

/// A value on its way in; printing it shows stars, and no error repeats it.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[ts(type = "string")]
pub struct SecretText(pub String);

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(input) {
            Ok(serde_json::Value::String(text)) => Ok(Self(text)),
            _ => Err(serde::de::Error::custom("a value must be a text")),
        }
    }
}

answer! {
    /// Where this machine keeps secrets.
    pub struct SecretsView {
        pub place: SecretsPlace,
        /// What protects them, in plain words.
        pub statement: String,
    }

    /// Where secrets are kept.
    #[derive(Eq, Copy)]
    pub enum SecretsPlace { Keychain, FileWithKey, FileWithPassphrase }

    /// A variable group.
    pub struct VariableGroupView {
        pub name: String,
        pub description: String,
        /// Set for a group that was read from Azure DevOps.
        pub origin: Option<GroupOriginView>,
        pub variables: Vec<GroupVariableView>,
        #[ts(type = "number")]
        pub changed_at: Timestamp,
    }

    /// Where a group was read from.
    pub struct GroupOriginView {
        pub organization: String,
        pub project: String,
        /// Set for a group that is linked to a vault.
        pub key_vault: Option<String>,
        #[ts(type = "number")]
        pub read_at: Timestamp,
    }

    /// A variable of a group.
    pub struct GroupVariableView {
        pub name: String,
        /// None for a secret.
        pub value: Option<String>,
        pub is_secret: bool,
        /// When a secret was set here; none if it has no value yet.
        #[ts(type = "number | null")]
        pub set_at: Option<Timestamp>,
    }

    /// The connection to Azure DevOps that groups are read over.
    pub struct AzureDevOpsView {
        /// Empty while there is none.
        pub organization: String,
        pub project: String,
        pub sign_in: AzureSignIn,
        pub has_token: bool,
    }

    /// How to sign in to Azure DevOps.
    #[derive(Eq, Copy)]
    pub enum AzureSignIn { PersonalAccessToken, AzureCli }

    /// What a reading brought.
    pub struct GroupsRead {
        /// Names of the groups that were read.
        pub read: Vec<String>,
        /// Groups of this machine that have the name of one there: they were left as they are.
        pub kept: Vec<String>,
        /// Secrets that have no value on this machine yet, as `group/name`.
        pub unset: Vec<String>,
    }

    /// A variable of the pipeline's settings.
    pub struct PipelineVariableView {
        pub name: String,
        /// None for a secret.
        pub value: Option<String>,
        pub is_secret: bool,
        /// Whoever starts a run may give another value.
        pub is_settable: bool,
        #[ts(type = "number")]
        pub changed_at: Timestamp,
    }

    /// A secure file.
    pub struct SecureFileView {
        pub name: String,
        #[ts(type = "number")]
        pub size_bytes: i64,
        #[ts(type = "number")]
        pub added_at: Timestamp,
    }

    /// What to ask before a run starts.
    pub struct RunForm {
        pub commit: CommitSha,
        pub commit_summary: String,
        pub branch: String,
        pub branches: Vec<String>,
        pub parameters: Vec<RunParameterView>,
        pub variables: Vec<PipelineVariableView>,
    }

    /// A parameter that the pipeline declares.
    pub struct RunParameterView {
        pub name: String,
        pub display_name: String,
        /// `string`, `number`, `boolean`, `object`, …
        pub kind: String,
        /// None means that a value must be given.
        pub default: Option<String>,
        /// The only values allowed, when there are any.
        pub values: Vec<String>,
    }
}

request! {
    /// Adds or replaces a group of this machine, or sets values of secrets of one that was read.
    pub struct VariableGroupSave {
        pub project_id: ProjectId,
        pub name: String,
        /// The name it had, when it gets another.
        #[serde(default)]
        pub previous_name: Option<String>,
        #[serde(default)]
        pub description: String,
        pub variables: Vec<VariableInput>,
    }

    /// A variable as it shall be.
    pub struct VariableInput {
        pub name: String,
        /// A secret without one keeps the value it has.
        #[serde(default)]
        pub value: Option<SecretText>,
        #[serde(default)]
        pub is_secret: bool,
    }

    /// A request about one group.
    pub struct VariableGroupRequest {
        pub project_id: ProjectId,
        pub name: String,
    }

    /// Reads the groups of an Azure DevOps project.
    pub struct VariableGroupRead {
        pub project_id: ProjectId,
        /// Such as `https://dev.azure.com/contoso`.
        pub organization: String,
        pub project: String,
        pub sign_in: AzureSignIn,
        /// The one that is kept if left out.
        #[serde(default)]
        pub token: Option<SecretText>,
    }

    /// Sets the value of one secret: of a group, or of the pipeline if no group is named.
    pub struct SecretSet {
        pub project_id: ProjectId,
        #[serde(default)]
        pub group: Option<String>,
        pub name: String,
        pub value: SecretText,
    }

    /// Locks the encrypted file with a passphrase; an empty one takes it away.
    pub struct SecretsPassphrase {
        pub passphrase: SecretText,
    }

    /// Adds or replaces a variable of the pipeline.
    pub struct PipelineVariableSave {
        pub project_id: ProjectId,
        pub name: String,
        /// A secret without one keeps the value it has.
        #[serde(default)]
        pub value: Option<SecretText>,
        #[serde(default)]
        pub is_secret: bool,
        #[serde(default)]
        pub is_settable: bool,
    }

    /// Forgets a variable of the pipeline.
    pub struct PipelineVariableRemove {
        pub project_id: ProjectId,
        pub name: String,
    }

    /// Adds or replaces a secure file.
    pub struct SecureFileAdd {
        pub project_id: ProjectId,
        pub name: String,
        /// Its content in base64.
        pub content: SecretText,
    }

    /// Forgets a secure file.
    pub struct SecureFileRemove {
        pub project_id: ProjectId,
        pub name: String,
    }

    /// What to ask before a run of a branch starts.
    pub struct RunFormGet {
        pub project_id: ProjectId,
        /// The branch at hand if left out.
        #[serde(default)]
        pub branch: Option<String>,
        /// The newest of the branch if left out.
        #[serde(default)]
        pub commit: Option<CommitSha>,
    }

    /// A parameter's value, as text.
    pub struct RunParameter {
        pub name: String,
        pub value: String,
    }
}
