//! What the cluster lets this user do, in its own words.

use std::collections::BTreeMap;

use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
    SelfSubjectRulesReview, SelfSubjectRulesReviewSpec,
};
use kube::api::{Api, PostParams};
use slipway_core::{KubeRights, KubeRule};

use super::{Cluster, ViewError};
use crate::DeployError;
use crate::cluster::connect::answered;

/// Every rule that holds in the namespace.
pub(super) async fn read(cluster: &Cluster, namespace: &str) -> Result<KubeRights, ViewError> {
    let doing = "asking for your rights";
    let namespace = if namespace.is_empty() { "default" } else { namespace };
    let review = SelfSubjectRulesReview {
        spec: SelfSubjectRulesReviewSpec { namespace: Some(namespace.to_owned()) },
        ..SelfSubjectRulesReview::default()
    };
    let api: Api<SelfSubjectRulesReview> = Api::all(cluster.client.clone());
    let answer = answered(api.create(&PostParams::default(), &review)).await;
    let answer = answer.map_err(|error| cluster.failed(doing, error))?;
    let Some(status) = answer.status else {
        return Ok(KubeRights { rules: Vec::new(), is_incomplete: true });
    };
    let rules = status.resource_rules.into_iter().map(|rule| KubeRule {
        verbs: rule.verbs,
        groups: rule.api_groups.unwrap_or_default(),
        resources: rule.resources.unwrap_or_default(),
        names: rule.resource_names.unwrap_or_default(),
    });
    Ok(KubeRights { rules: merged(rules), is_incomplete: status.incomplete })
}

/// Clusters repeat themselves; each rule once, in a lasting order.
fn merged(rules: impl Iterator<Item = KubeRule>) -> Vec<KubeRule> {
    let mut found: BTreeMap<_, KubeRule> = BTreeMap::new();
    for mut rule in rules {
        for list in [&mut rule.verbs, &mut rule.groups, &mut rule.resources, &mut rule.names] {
            list.sort();
            list.dedup();
        }
        let key = (rule.groups.clone(), rule.resources.clone(), rule.names.clone());
        match found.get_mut(&key) {
            Some(known) => {
                known.verbs.append(&mut rule.verbs);
                known.verbs.sort();
                known.verbs.dedup();
            }
            None => {
                found.insert(key, rule);
            }
        }
    }
    found.into_values().collect()
}

/// Whether one thing is allowed; an empty namespace is all of them.
pub(super) async fn may(
    cluster: &Cluster,
    verb: &str,
    resource: &str,
    namespace: &str,
) -> Result<bool, DeployError> {
    let attributes = ResourceAttributes {
        verb: Some(verb.to_owned()),
        resource: Some(resource.to_owned()),
        namespace: Some(namespace.to_owned()),
        ..ResourceAttributes::default()
    };
    let review = SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec {
            resource_attributes: Some(attributes),
            ..SelfSubjectAccessReviewSpec::default()
        },
        ..SelfSubjectAccessReview::default()
    };
    let api: Api<SelfSubjectAccessReview> = Api::all(cluster.client.clone());
    let answer = answered(api.create(&PostParams::default(), &review)).await;
    let answer = answer.map_err(|error| cluster.failed("asking for your rights", error))?;
    Ok(answer.status.is_some_and(|status| status.allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(verbs: &[&str], resources: &[&str]) -> KubeRule {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        KubeRule {
            verbs: owned(verbs),
            groups: vec![String::new()],
            resources: owned(resources),
            names: Vec::new(),
        }
    }

    #[test]
    fn the_same_said_twice_is_one_rule() {
        let rules = [rule(&["list", "get"], &["pods"]), rule(&["watch", "get"], &["pods"])];
        let merged = merged(rules.into_iter());
        assert_eq!(merged, [rule(&["get", "list", "watch"], &["pods"])]);
    }
}
