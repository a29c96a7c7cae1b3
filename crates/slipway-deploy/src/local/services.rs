//! From Service objects to the ports that the proxy listens on.
//!
//! Called by the planner. Deliberately not here: choosing the port of this machine.

use k8s_openapi::api::core::v1::{Service, ServicePort as ApiPort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::record::{ServicePort, TargetPort};
use crate::{DeployError, Place};

/// One entry for each TCP port of each Service.
pub(crate) fn plan_services(
    services: &[(Place, Service)],
    notes: &mut Vec<String>,
) -> Result<Vec<ServicePort>, DeployError> {
    let mut planned = Vec::new();
    for (place, service) in services {
        let Some(spec) = &service.spec else {
            return Err(fault(place, "spec", "is missing."));
        };
        if spec.type_.as_deref() == Some("ExternalName") {
            return Err(DeployError::FieldUnsupported {
                place: Box::new(place.clone()),
                field: "spec.type".to_owned(),
                reason: "ExternalName leads out of the environment. Call that name directly."
                    .into(),
            });
        }
        if spec.session_affinity.as_deref() == Some("ClientIP") {
            notes.push(format!(
                "Service '{}': sessionAffinity is left out locally: pods take turns.",
                place.name
            ));
        }
        let ports: Vec<_> = spec.ports.iter().flatten().collect();
        if ports.is_empty() {
            return Err(fault(place, "spec.ports", "is empty; a Service needs a port."));
        }
        for (index, port) in ports.iter().enumerate() {
            if port.protocol.as_deref().is_some_and(|protocol| protocol != "TCP") {
                notes.push(format!(
                    "Service '{}': port {} is left out locally: only TCP is served.",
                    place.name, port.port
                ));
                continue;
            }
            let name = match (&port.name, ports.len()) {
                (Some(port_name), 2..) => format!("{}:{port_name}", place.name),
                (None, 2..) => format!("{}:{}", place.name, port.port),
                _ => place.name.clone(),
            };
            let mut one = one_port(place, index, port)?;
            one.name = name;
            one.selector = spec.selector.clone().unwrap_or_default();
            planned.push(one);
        }
    }
    Ok(planned)
}

fn one_port(place: &Place, index: usize, port: &ApiPort) -> Result<ServicePort, DeployError> {
    let number = |field: &str, value: i32| {
        u16::try_from(value).ok().filter(|port| *port > 0).ok_or_else(|| {
            let field = format!("spec.ports[{index}].{field}");
            fault(place, &field, &format!("{value} is not a port between 1 and 65535."))
        })
    };
    let own = number("port", port.port)?;
    let target = match &port.target_port {
        None => TargetPort::Number(own),
        // The API server takes an absent port for 0.
        Some(IntOrString::Int(0)) => TargetPort::Number(own),
        Some(IntOrString::Int(port)) => TargetPort::Number(number("targetPort", *port)?),
        Some(IntOrString::String(name)) => match name.parse() {
            Ok(port) => TargetPort::Number(port),
            Err(_) => TargetPort::Name(name.clone()),
        },
    };
    let node_port =
        port.node_port.filter(|p| *p != 0).map(|p| number("nodePort", p)).transpose()?;
    Ok(ServicePort {
        name: String::new(),
        port: own,
        node_port,
        target,
        selector: Default::default(),
        listen: 0,
    })
}

fn fault(place: &Place, field: &str, reason: &str) -> DeployError {
    DeployError::ManifestField {
        place: Box::new(place.clone()),
        field: field.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{read_manifest, sort_local};

    fn planned(spec: &str) -> Result<(Vec<ServicePort>, Vec<String>), DeployError> {
        let text =
            format!("apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{{spec}}}\n");
        let mut notes = Vec::new();
        let sorted = sort_local(&read_manifest("s.yaml", &text)?)?;
        Ok((plan_services(&sorted.services, &mut notes)?, notes))
    }

    #[test]
    fn each_tcp_port_is_one_entry() {
        let (ports, notes) = planned(
            "selector: {app: web}, ports: [{name: http, port: 80, targetPort: http, nodePort: \
             30080}, {name: admin, port: 9000}, {name: dns, port: 53, protocol: UDP}]",
        )
        .unwrap();
        let names: Vec<_> = ports.iter().map(|port| port.name.as_str()).collect();
        assert_eq!(names, ["web:http", "web:admin"], "several ports are told apart by name");
        assert_eq!(ports[0].target, TargetPort::Name("http".into()));
        assert_eq!((ports[0].node_port, ports[1].node_port), (Some(30080), None));
        assert_eq!(ports[1].target, TargetPort::Number(9000), "targetPort is port by default");
        assert!(notes[0].contains("port 53"), "UDP is left out and said: {notes:?}");
    }

    #[test]
    fn impossible_services_are_refused() {
        for (spec, expected) in [
            ("type: ExternalName, externalName: x", "ExternalName"),
            ("selector: {a: b}", "spec.ports: is empty"),
            ("ports: [{port: 70000}]", "70000 is not a port"),
        ] {
            let error = planned(spec).unwrap_err().to_string();
            assert!(error.contains(expected), "expected '{expected}' in: {error}");
        }
    }
}
