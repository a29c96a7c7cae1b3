//! Everything that can go wrong between this machine and Azure, with the next step.
//!
//! No variant holds a token, a secret or the raw words of a tool, which may hold one.

use slipway_core::{ErrorKind, Explain};

/// Why Azure could not be asked, or said no.
#[derive(Debug, thiserror::Error)]
pub enum AzureError {
    #[error("The Azure CLI has no token for {resource}: {detail}.")]
    CliSignIn { resource: String, detail: String },
    #[error("Entra ID refused the sign-in{}: {message}", in_brackets(code.as_deref()))]
    SignInRefused { code: Option<String>, message: String },
    #[error("The code was not entered within {minutes} minutes.")]
    CodeExpired { minutes: u64 },
    #[error("The sign-in was declined.")]
    CodeDeclined,
    #[error("'{value}' cannot be the {what} of a sign-in.")]
    SignInInvalid { what: &'static str, value: String },
    #[error("{url} does not answer: {detail}.")]
    Unreachable { url: String, detail: String },
    #[error("Azure asks for patience while {doing}: try again in {seconds} s.")]
    Throttled { doing: String, seconds: u64 },
    #[error("Azure refused {doing} ({code}, request {request}): {message}")]
    Refused { doing: String, status: u16, code: String, message: String, request: String },
    #[error("The answer of Azure while {doing} cannot be read: {detail}.")]
    Answer { doing: String, detail: String },
    #[error("'{id}' is not the resource id of an AKS cluster.")]
    ClusterIdInvalid { id: String },
    #[error("The cluster '{cluster}' is {state}, so its API server does not answer.")]
    ClusterStopped { cluster: String, state: String },
    #[error("The kubeconfig of cluster '{cluster}' cannot be used: {detail}.")]
    Kubeconfig { cluster: String, detail: String },
    #[error("No registry '{login_server}' is among the subscriptions of this sign-in.")]
    RegistryUnknown { login_server: String },
}

fn in_brackets(code: Option<&str>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}

impl Explain for AzureError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::SignInInvalid { .. } | Self::ClusterIdInvalid { .. } => ErrorKind::UserInput,
            Self::CliSignIn { .. }
            | Self::SignInRefused { .. }
            | Self::CodeExpired { .. }
            | Self::CodeDeclined
            | Self::Refused { .. }
            | Self::ClusterStopped { .. }
            | Self::Kubeconfig { .. }
            | Self::RegistryUnknown { .. } => ErrorKind::Refused,
            Self::Unreachable { .. } | Self::Throttled { .. } | Self::Answer { .. } => {
                ErrorKind::Unavailable
            }
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::CliSignIn { .. } => "azure_cli_sign_in",
            Self::SignInRefused { .. } => "azure_sign_in_refused",
            Self::CodeExpired { .. } => "azure_code_expired",
            Self::CodeDeclined => "azure_code_declined",
            Self::SignInInvalid { .. } => "azure_sign_in_invalid",
            Self::Unreachable { .. } => "azure_unreachable",
            Self::Throttled { .. } => "azure_throttled",
            Self::Refused { .. } => "azure_refused",
            Self::Answer { .. } => "azure_answer",
            Self::ClusterIdInvalid { .. } => "cluster_id_invalid",
            Self::ClusterStopped { .. } => "cluster_stopped",
            Self::Kubeconfig { .. } => "cluster_kubeconfig",
            Self::RegistryUnknown { .. } => "azure_registry_unknown",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::CliSignIn { .. } => "Run `az login` in a terminal, or sign in by a device code.",
            Self::SignInRefused { code, .. } => advice_of_sign_in(code.as_deref()),
            Self::CodeExpired { .. } => "Begin the sign-in again; the code is a new one.",
            Self::CodeDeclined => "Begin the sign-in again and accept what it asks for.",
            Self::SignInInvalid { .. } => "Tenant and application are named by their ids.",
            Self::Unreachable { .. } => "Look at the network, a proxy, and the cloud's addresses.",
            Self::Throttled { .. } => "Wait, then ask again.",
            Self::Refused { status, code, message, .. } => {
                return Some(advice_of_refusal(*status, code, message).to_owned());
            }
            Self::Answer { .. } => "A proxy may answer in Azure's place.",
            Self::ClusterIdInvalid { .. } => {
                "It reads /subscriptions/…/resourceGroups/…/providers/\
                 Microsoft.ContainerService/managedClusters/…"
            }
            Self::ClusterStopped { .. } => "Start the cluster: `az aks start`.",
            Self::Kubeconfig { .. } => "Get the credentials again.",
            Self::RegistryUnknown { .. } => {
                "Name a registry as its login server, such as contoso.azurecr.io, or sign in with \
                 an account that may see it."
            }
        };
        Some(hint.to_owned())
    }
}

/// By the codes of <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
fn advice_of_sign_in(code: Option<&str>) -> &'static str {
    match code.and_then(|code| code.strip_prefix("AADSTS")) {
        Some("50076" | "50079" | "50074") => {
            "This account needs a second factor: sign in again, by `az login` or a device code."
        }
        Some("53003" | "53000") => {
            "Conditional Access of the organization blocks this way to sign in: use `az login`, \
             or ask the administrator."
        }
        Some("65001") => "An administrator has to consent to the application first.",
        Some("700016") => "The application is not known in that tenant: check both ids.",
        Some("7000215") => "The client secret is wrong: its value is needed, not its id.",
        Some("7000222") => "The client secret has expired: make a new one.",
        Some("700082" | "70043" | "50173") => "The sign-in is over: sign in again.",
        Some("90002") => "There is no such tenant: check its id.",
        _ => "Check tenant, application and the account that signs in.",
    }
}

fn advice_of_refusal(status: u16, code: &str, message: &str) -> &'static str {
    match (status, code) {
        (400, _) if message.contains("disable local accounts") => {
            "The cluster has no local accounts: its users sign in by Entra ID, which Slipway does \
             by itself. Get the user's credentials, not the administrator's."
        }
        (401, _) => "The sign-in is over, or is for another tenant: sign in again.",
        (403, _) if message.contains("listClusterUserCredential") => {
            "The role 'Azure Kubernetes Service Cluster User Role' on the cluster is missing."
        }
        (403, _) => "A role on that resource is missing: ask whoever owns the subscription.",
        (404, "SubscriptionNotFound") => "The subscription is of another tenant, or gone.",
        (404, _) => "It is gone, or this account may not see it.",
        (409, "OperationNotAllowed") => "The cluster is being changed: wait until that is over.",
        (409, "MissingSubscriptionRegistration") => {
            "Register the resource provider: `az provider register`."
        }
        _ => "What Azure says is above; the request's id helps its support.",
    }
}
