//! Networks on which the containers of one environment find each other by name.
//!
//! Called by the local deployment target. Deliberately not here: anything but bridge networks.

use std::collections::HashMap;

use bollard::models::{Network, NetworkCreateRequest};
use bollard::query_parameters::ListNetworksOptionsBuilder;

use crate::call::{ANSWER_LIMIT, already, limited};
use crate::inspect::label_filters;
use crate::{Engine, EngineError, NetworkFacts};

impl Engine {
    /// Finds the network of this name, or makes it.
    pub async fn ensure_network(
        &self,
        name: &str,
        labels: &[(String, String)],
    ) -> Result<NetworkFacts, EngineError> {
        if let Some(network) = self.networks_named(name).await?.into_iter().next() {
            return Ok(network_facts(network));
        }
        let doing = format!("creating the network {name}");
        let request = NetworkCreateRequest {
            name: name.to_owned(),
            driver: Some("bridge".to_owned()),
            labels: Some(labels.iter().cloned().collect()),
            ..Default::default()
        };
        let created = limited(&doing, ANSWER_LIMIT, self.docker().create_network(request)).await;
        let own_id = match created {
            Ok(created) => created.id,
            // Somebody else was faster.
            Err(EngineError::Refused { status: 409, .. }) => String::new(),
            Err(error) => return Err(error),
        };
        let networks = self.networks_named(name).await?;
        let Some(kept) = networks.into_iter().next() else {
            return Err(EngineError::NetworkMissing { network: name.to_owned() });
        };
        let kept = network_facts(kept);
        // Engines before API 1.44 allow two networks of one name; the loser of a race gives way.
        if !own_id.is_empty() && own_id != kept.id {
            self.remove_network(&own_id).await?;
        }
        Ok(kept)
    }

    /// Removes a network. One that is gone is no error; one in use is.
    pub async fn remove_network(&self, name: &str) -> Result<(), EngineError> {
        let doing = format!("removing the network {name}");
        let call = self.docker().remove_network(name);
        already(limited(&doing, ANSWER_LIMIT, call).await, &[404])
    }

    /// Names of all networks that carry every one of these labels. An empty value asks for any value.
    pub async fn networks(&self, labels: &[(String, String)]) -> Result<Vec<String>, EngineError> {
        let filters = HashMap::from([("label".to_owned(), label_filters(labels))]);
        let options = ListNetworksOptionsBuilder::default().filters(&filters).build();
        let call = self.docker().list_networks(Some(options));
        let found = limited("listing the networks", ANSWER_LIMIT, call).await?;
        Ok(found.into_iter().filter_map(|network| network.name).collect())
    }

    /// Oldest first. The engine's own filter also finds parts of names.
    async fn networks_named(&self, name: &str) -> Result<Vec<Network>, EngineError> {
        let doing = format!("looking for the network {name}");
        let filters = HashMap::from([("name", vec![name])]);
        let options = ListNetworksOptionsBuilder::default().filters(&filters).build();
        let call = self.docker().list_networks(Some(options));
        let mut networks = limited(&doing, ANSWER_LIMIT, call).await?;
        networks.retain(|network| network.name.as_deref() == Some(name));
        networks.sort_by(|a, b| (&a.created, &a.id).cmp(&(&b.created, &b.id)));
        Ok(networks)
    }
}

fn network_facts(network: Network) -> NetworkFacts {
    let config = network.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
    let first = config.into_iter().next().unwrap_or_default();
    NetworkFacts {
        id: network.id.unwrap_or_default(),
        name: network.name.unwrap_or_default(),
        gateway: first.gateway.and_then(|address| address.parse().ok()),
        subnet: first.subnet,
    }
}
