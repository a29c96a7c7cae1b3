//! Azure as a deployment needs it: who is signed in, which clusters there are, and how to reach one.
//!
//! [`Account`] hands out tokens of Entra ID by the credentials of the Azure SDK, and by a device code, which the SDK does
//! not know. [`Arm`] asks Azure Resource Manager about subscriptions, AKS clusters and the roles on a registry. Called by
//! `slipway-api`, which keeps what is secret. Deliberately not here: talking to a cluster (`slipway-deploy`), keeping
//! secrets (`slipway-secrets`), registries' own protocol (`slipway-registry`).
//!
//! Shapes and words: <https://learn.microsoft.com/rest/api/aks/managed-clusters> and
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>.

mod account;
mod aks;
mod arm;
mod cloud;
mod device_code;
mod error;
mod kubeconfig;
mod pull;

pub use account::{Account, SignIn, Token};
pub use aks::{Cluster, ClusterId, NodePool, PowerState, Subscription};
pub use arm::Arm;
pub use cloud::Cloud;
pub use device_code::{DeviceCode, DeviceSignIn};
pub use error::AzureError;
pub use kubeconfig::{ClusterAccess, UserKubeconfig};
pub use pull::{PullRight, Registry};
