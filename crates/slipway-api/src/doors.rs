//! How containers report here: where the telemetry endpoint listens for an environment, and what its
//! containers get so that they find it.
//!
//! Deliberately not here: the endpoint itself, which is the face's ([`crate::app::TelemetryDoor`]), and what
//! becomes of what arrives (`intake`).

use std::net::IpAddr;

use slipway_core::{EnvironmentName, ErrorKind, ProjectId, TargetKind};
use slipway_deploy::{DeployTarget, LocalTarget};
use slipway_store::EnvironmentRow;
use slipway_telemetry::connection::ConnectionString;

use crate::app::App;
use crate::error::ApiError;

/// The variable of a cluster's environment that names an address of this machine which its pods reach.
/// Without it pods report to where their manifests say.
const ADDRESS: &str = "Slipway.TelemetryAddress";

impl App {
    /// What a container gets so that its telemetry arrives here.
    pub(crate) async fn telemetry_environment(
        &self,
        environment: &EnvironmentRow,
        target: &DeployTarget,
    ) -> Result<Vec<(String, String)>, ApiError> {
        let endpoint = match target {
            DeployTarget::Local(local) => self.open_local_door(local).await,
            DeployTarget::Kubernetes(_) => self.open_cluster_door(environment).await?,
        };
        let Some(endpoint) = endpoint else { return Ok(Vec::new()) };
        let ikey = self.instrumentation_key(&environment.project_id, &environment.name).await?;
        let connection = ConnectionString::new(&ikey, &endpoint)?;
        Ok([
            ("APPLICATIONINSIGHTS_CONNECTION_STRING", connection.emit().as_str()),
            // The vendor's exporters would otherwise phone home.
            ("APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL", "true"),
            ("APPLICATIONINSIGHTS_SDKSTATS_DISABLED", "true"),
            ("APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED", "true"),
            ("APPLICATION_INSIGHTS_NO_STATSBEAT", "1"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
    }

    /// Opens the endpoint once more where containers that run already look for it.
    pub(crate) async fn reopen_door(&self, environment: &EnvironmentRow) -> Result<(), ApiError> {
        match environment.target {
            TargetKind::Local => {
                if let DeployTarget::Local(local) = &*self.target(environment).await? {
                    self.open_local_door(local).await;
                }
            }
            TargetKind::Kubernetes => {
                self.open_cluster_door(environment).await?;
            }
        }
        Ok(())
    }

    /// Opens the endpoint on a local environment's network and answers its address there.
    async fn open_local_door(&self, target: &LocalTarget) -> Option<String> {
        let door = self.door()?;
        let gateway = match target.network().await {
            Ok(network) => network.gateway?,
            Err(error) => {
                tracing::warn!(%error, "the environment's network is not there");
                return None;
            }
        };
        if let Err(message) = door.open_on(gateway).await {
            tracing::warn!("{message}");
            return None;
        }
        Some(format!("http://{gateway}:{}", door.port()))
    }

    /// Opens the endpoint on the address that the environment names, if it names one, and answers it.
    async fn open_cluster_door(
        &self,
        environment: &EnvironmentRow,
    ) -> Result<Option<String>, ApiError> {
        let Some(text) = address_of(environment) else { return Ok(None) };
        let address: IpAddr = text.parse().map_err(|_| {
            let name = &environment.name;
            let message = format!("Environment {name}: {ADDRESS} is '{text}', no IP address.");
            ApiError::new(ErrorKind::UserInput, "telemetry_address", message).with_hint(
                "Name an address of this machine that the cluster's pods reach, or remove the variable.",
            )
        })?;
        // The port is the same the next time, so that a plan does not depend on whether it is open now.
        let port = match self.door() {
            Some(door) => {
                if let Err(message) = door.open_on(address).await {
                    return Err(ApiError::new(
                        ErrorKind::Unavailable,
                        "telemetry_address",
                        message,
                    )
                    .with_hint(format!(
                        "Change {ADDRESS} of environment {} to an address that this machine has.",
                        environment.name
                    )));
                }
                Some(door.port())
            }
            None => self.preferred_ingest_port(),
        };
        Ok(port.map(|port| format!("http://{}", std::net::SocketAddr::new(address, port))))
    }

    /// The instrumentation key of an environment, made on first use.
    async fn instrumentation_key(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
    ) -> Result<String, ApiError> {
        let name = format!("ikey.of/{project}/{environment}");
        if let Some(key) = self.store.setting(&name).await? {
            return Ok(key);
        }
        let key = uuid::Uuid::new_v4().to_string();
        self.store
            .set_setting(&format!("ikey/{key}"), &format!("{project}\n{environment}"))
            .await?;
        self.store.set_setting(&name, &key).await?;
        Ok(key)
    }
}

fn address_of(environment: &EnvironmentRow) -> Option<&str> {
    let named = |(name, _): &&(String, String)| name.eq_ignore_ascii_case(ADDRESS);
    let (_, value) = environment.variables.iter().find(named)?;
    Some(value.trim()).filter(|text| !text.is_empty())
}
