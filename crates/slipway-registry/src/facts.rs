//! What a manifest says, read from its bytes.
//!
//! Called by `client.rs`. Deliberately not here: fetching, and the content of configurations.

use serde::{Deserialize, Serialize};
use slipway_core::Digest;

/// A manifest that the registry holds, its digest computed from its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestFacts {
    pub digest: Digest,
    pub media_type: String,
    /// What an engine calls the image id; an index has none.
    pub config_digest: Option<Digest>,
    pub config_media_type: Option<String>,
    /// Configuration and layers together; of an index the manifests that it lists.
    pub size_bytes: i64,
    pub layers: Vec<LayerFacts>,
    /// True if it lists manifests for several platforms instead of layers.
    pub is_index: bool,
}

/// One layer of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerFacts {
    pub digest: Digest,
    pub media_type: String,
    pub size_bytes: i64,
}

const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_INDEX: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

/// Every kind of manifest that this crate reads.
pub(crate) const ACCEPTED: &[&str] = &[OCI_MANIFEST, DOCKER_MANIFEST, OCI_INDEX, DOCKER_INDEX];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    schema_version: u32,
    media_type: Option<String>,
    config: Option<WireDescriptor>,
    layers: Option<Vec<WireDescriptor>>,
    manifests: Option<Vec<WireDescriptor>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDescriptor {
    media_type: String,
    digest: String,
    size: i64,
}

impl ManifestFacts {
    /// Reads a manifest; the error says what is wrong with it.
    pub(crate) fn parse(digest: Digest, bytes: &[u8]) -> Result<Self, String> {
        let wire: Wire = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if wire.schema_version != 2 {
            return Err(format!("it has schema version {}, not 2", wire.schema_version));
        }
        if let Some(manifests) = wire.manifests {
            return Ok(Self {
                digest,
                media_type: wire.media_type.unwrap_or_else(|| OCI_INDEX.to_owned()),
                config_digest: None,
                config_media_type: None,
                size_bytes: manifests.iter().map(|manifest| manifest.size).sum(),
                layers: Vec::new(),
                is_index: true,
            });
        }
        let (Some(config), Some(layers)) = (wire.config, wire.layers) else {
            return Err("it has neither layers nor manifests".to_owned());
        };
        let config_digest = digest_of(&config)?;
        let size_bytes = config.size + layers.iter().map(|layer| layer.size).sum::<i64>();
        let layers = layers
            .into_iter()
            .map(|layer| {
                Ok(LayerFacts {
                    digest: digest_of(&layer)?,
                    media_type: layer.media_type,
                    size_bytes: layer.size,
                })
            })
            .collect::<Result<_, String>>()?;
        Ok(Self {
            digest,
            media_type: wire.media_type.unwrap_or_else(|| OCI_MANIFEST.to_owned()),
            config_digest: Some(config_digest),
            config_media_type: Some(config.media_type),
            size_bytes,
            layers,
            is_index: false,
        })
    }
}

fn digest_of(descriptor: &WireDescriptor) -> Result<Digest, String> {
    Digest::parse(&descriptor.digest).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(byte: &str) -> Digest {
        Digest::parse(&format!("sha256:{}", byte.repeat(32))).unwrap()
    }

    #[test]
    fn an_index_has_no_layers() {
        let text = format!(
            r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"{OCI_MANIFEST}","digest":"{}","size":7}}]}}"#,
            digest("0a")
        );
        let facts = ManifestFacts::parse(digest("ff"), text.as_bytes()).unwrap();
        assert!(facts.is_index && facts.layers.is_empty() && facts.config_digest.is_none());
        assert_eq!(facts.media_type, OCI_INDEX, "OCI allows the media type to be left out");
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        for text in ["{}", "no", r#"{"schemaVersion":1}"#, r#"{"schemaVersion":2}"#] {
            assert!(ManifestFacts::parse(digest("ff"), text.as_bytes()).is_err(), "{text}");
        }
    }
}
