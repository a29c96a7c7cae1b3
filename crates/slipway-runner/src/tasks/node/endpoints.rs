//! Service connections and secure files as a node task sees them (§19).
//!
//! Called by `environment`. A service connection is the variable group of the same name: `url`, `scheme`,
//! `data.…` for its data, and every other variable for a parameter of its authorization. Deliberately not
//! here: where groups and files are kept.

use serde_json::{Map, Value, json};

use crate::error::RunnerError;
use crate::host::GroupVariable;
use crate::step_scope::StepScope;
use crate::variables::environment_name;

/// What a task reads of an endpoint.
pub(super) struct Endpoint {
    pub(super) id: String,
    url: String,
    scheme: String,
    parameters: Vec<(String, String)>,
    data: Vec<(String, String)>,
}

impl Endpoint {
    /// The connection that an input names.
    pub(super) async fn named(step: &StepScope, name: &str) -> Result<Self, RunnerError> {
        let host = &step.job.run.host;
        let missing = match host.variable_group(name).await {
            Ok(variables) => return Ok(Self::of_group(step, name, variables)),
            Err(error) => error,
        };
        match host.container_registry(name).await {
            Ok(registry) => {
                let scheme = if registry.is_plain_http { "http" } else { "https" };
                let url = format!("{scheme}://{}", registry.address);
                let parameters = ["username", "password", "email"];
                Ok(Self {
                    id: guid_of(name),
                    scheme: "UsernamePassword".to_owned(),
                    parameters: std::iter::once(("registry".to_owned(), url.clone()))
                        .chain(parameters.map(|name| (name.to_owned(), String::new())))
                        .collect(),
                    data: vec![("registrytype".to_owned(), "Others".to_owned())],
                    url,
                })
            }
            Err(_) => Err(RunnerError::ConnectionMissing {
                name: name.to_owned(),
                needed_by: step.task(),
                why: missing.message,
            }),
        }
    }

    fn of_group(step: &StepScope, name: &str, variables: Vec<GroupVariable>) -> Self {
        let mut endpoint = Self {
            id: guid_of(name),
            url: String::new(),
            scheme: "None".to_owned(),
            parameters: Vec::new(),
            data: Vec::new(),
        };
        for variable in variables {
            if variable.is_secret {
                step.job.run.masker.add(&variable.value);
            }
            match variable.name.to_lowercase().as_str() {
                "url" => endpoint.url = variable.value,
                "scheme" => endpoint.scheme = variable.value,
                lower if lower.starts_with("data.") => {
                    endpoint.data.push((variable.name["data.".len()..].to_owned(), variable.value));
                }
                _ => endpoint.parameters.push((variable.name, variable.value)),
            }
        }
        endpoint
    }

    /// The connection to the server, of which there is none here.
    pub(super) fn of_system(url: &str, token: &str) -> Self {
        Self {
            id: "SYSTEMVSSCONNECTION".to_owned(),
            url: url.to_owned(),
            scheme: "OAuth".to_owned(),
            parameters: vec![("AccessToken".to_owned(), token.to_owned())],
            data: Vec::new(),
        }
    }

    /// The variables of the environment that tell of it.
    pub(super) fn environment(&self) -> Vec<(String, String)> {
        let id = &self.id;
        let object = |pairs: &[(String, String)]| -> Value {
            let pairs = pairs.iter().map(|(name, value)| (name.clone(), json!(value)));
            Value::Object(pairs.collect::<Map<String, Value>>())
        };
        let auth = json!({ "parameters": object(&self.parameters), "scheme": self.scheme });
        let mut all = vec![
            (format!("ENDPOINT_URL_{id}"), self.url.clone()),
            (format!("ENDPOINT_AUTH_{id}"), auth.to_string()),
            (format!("ENDPOINT_AUTH_SCHEME_{id}"), self.scheme.clone()),
            (format!("ENDPOINT_DATA_{id}"), object(&self.data).to_string()),
        ];
        let named = |kind: &str, (name, value): &(String, String)| {
            (format!("ENDPOINT_{kind}_{id}_{}", environment_name(name)), value.clone())
        };
        all.extend(self.parameters.iter().map(|pair| named("AUTH_PARAMETER", pair)));
        all.extend(self.data.iter().map(|pair| named("DATA", pair)));
        all
    }
}

/// A secure file, ready in the job's temporary folder.
pub(super) async fn secure_file(
    step: &StepScope,
    name: &str,
) -> Result<(String, Vec<(String, String)>), RunnerError> {
    step.job.run.host.secure_file(name, &step.job.folders.temp).await?;
    let id = guid_of(name);
    let ticket = guid_of(&format!("{}/{name}", step.record));
    let environment = vec![
        (format!("SECUREFILE_NAME_{id}"), name.to_owned()),
        (format!("SECUREFILE_TICKET_{id}"), ticket),
    ];
    Ok((id, environment))
}

/// A name's id: the same wherever the name is the same. (FNV-1a over 128 bits.)
fn guid_of(name: &str) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = name
        .to_lowercase()
        .bytes()
        .fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    let text = format!("{hash:032x}");
    let parts = [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]];
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_told_as_the_agent_does() {
        let endpoint = Endpoint {
            id: "x".to_owned(),
            url: "https://a".to_owned(),
            scheme: "Token".to_owned(),
            parameters: vec![("apitoken".to_owned(), "t".to_owned())],
            data: vec![("sub.id".to_owned(), "1".to_owned())],
        };
        let all = endpoint.environment();
        let value = |name: &str| all.iter().find(|(own, _)| own == name).map(|(_, v)| v.as_str());
        let auth = r#"{"parameters":{"apitoken":"t"},"scheme":"Token"}"#;
        assert_eq!(value("ENDPOINT_AUTH_x"), Some(auth), "the authorization as JSON");
        assert_eq!(value("ENDPOINT_AUTH_PARAMETER_x_APITOKEN"), Some("t"), "each parameter alone");
        assert_eq!(value("ENDPOINT_DATA_x_SUB_ID"), Some("1"), "data in the form of variables");
        assert_eq!(guid_of("A").len(), 36, "an id has the form of a GUID");
        assert_eq!(guid_of("Azure"), guid_of("azure"), "names ignore case");
    }
}
