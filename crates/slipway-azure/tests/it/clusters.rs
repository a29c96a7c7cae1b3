//! Subscriptions, clusters, credentials and roles.

use base64::Engine as _;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use slipway_azure::{AzureError, Cluster, ClusterAccess, ClusterId, PowerState, PullRight};
use slipway_core::Explain as _;

use crate::double::{Asked, Double, Said, is_token, token};

const SUBSCRIPTION: &str = "99999999-8888-7777-6666-000000000001";

fn cluster_json(name: &str, change: Value) -> Value {
    let mut cluster = json!({
        // Azure itself writes `resourcegroups` in lists.
        "id": format!("/subscriptions/{SUBSCRIPTION}/resourcegroups/harbour/providers/Microsoft.ContainerService/managedClusters/{name}"),
        "location": "westeurope", "name": name, "type": "Microsoft.ContainerService/ManagedClusters",
        "sku": {"name": "Base", "tier": "Standard"},
        "properties": {
            "provisioningState": "Succeeded", "powerState": {"code": "Running"},
            "kubernetesVersion": "1.33", "currentKubernetesVersion": "1.33.4",
            "fqdn": format!("{name}-ab12.hcp.westeurope.azmk8s.io"),
            "aadProfile": {"managed": true, "enableAzureRBAC": true}, "disableLocalAccounts": true,
            "identityProfile": {"kubeletidentity": {"objectId": "0b1ec700-0000-0000-0000-000000000001"}},
            "agentPoolProfiles": [
                {"name": "system", "count": 3, "vmSize": "Standard_D4ds_v5", "osType": "Linux", "mode": "System",
                 "enableAutoScaling": true, "minCount": 2, "maxCount": 5,
                 "currentOrchestratorVersion": "1.33.4", "provisioningState": "Succeeded"}]}
    });
    for (key, value) in change.as_object().unwrap() {
        cluster["properties"][key] = value.clone();
    }
    cluster
}

fn page(values: &[Value], next: Option<String>) -> Said {
    (200, "", json!({"value": values, "nextLink": next}).to_string())
}

/// Answers tokens by itself, the rest by the function.
async fn manager(answer: impl Fn(&Asked) -> Said + Send + Sync + 'static) -> Double {
    Double::of(move |asked, before| if is_token(asked) { token(before) } else { answer(asked) })
        .await
}

async fn first_cluster(change: Value) -> (Double, Cluster) {
    let double = manager(move |asked| {
        if asked.path.contains("listClusterUserCredential") {
            let said = json!({"error": {"code": "BadRequest", "message":
                "Getting static credential is not allowed because this cluster is set to disable local accounts."}});
            return (400, "", said.to_string());
        }
        page(&[cluster_json("shop", change.clone())], None)
    })
    .await;
    let cluster = double.arm().clusters(SUBSCRIPTION).await.unwrap().remove(0);
    (double, cluster)
}

#[tokio::test]
async fn lists_are_read_to_the_end_and_a_token_follows_no_foreign_link() {
    let one = |name: &str| json!({"subscriptionId": name, "displayName": name, "tenantId": "t", "state": "Enabled"});
    let double = Double::of(move |asked, before| {
        if is_token(asked) {
            return token(before);
        }
        let host = "http://127.0.0.1:9/next".to_owned();
        if asked.path.contains("skip") {
            page(&[one("beta")], Some(host))
        } else {
            page(&[one("Alpha")], None)
        }
    })
    .await;
    let all = double.arm().subscriptions().await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(double.asked().last().unwrap().authorization, "Bearer token-0");

    let address = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let own = std::sync::Arc::clone(&address);
    let double = manager(move |asked| match asked.path.contains("skip=1") {
        true => page(&[one("Alpha")], Some("https://elsewhere.test/subscriptions".to_owned())),
        false => page(&[one("beta")], Some(format!("{}/subscriptions?skip=1", own.get().unwrap()))),
    })
    .await;
    address.set(double.address.clone()).unwrap();
    let error = double.arm().subscriptions().await.unwrap_err();
    assert!(error.to_string().contains("another address"), "{error}");
    assert_eq!(double.asked().len(), 3, "a token and two pages");
}

#[tokio::test]
async fn a_cluster_says_how_it_is_reached_and_by_whom() {
    let (_double, cluster) = first_cluster(json!({})).await;
    assert_eq!(cluster.id.resource_group, "harbour");
    assert_eq!((cluster.version.as_str(), cluster.power), ("1.33.4", PowerState::Running));
    assert!(
        cluster.has_entra
            && cluster.has_azure_rbac
            && !cluster.has_local_accounts
            && !cluster.is_private
    );
    assert_eq!(cluster.pools[0].scales, Some((2, 5)));
    let private = json!({"apiServerAccessProfile": {"enablePrivateCluster": true},
        "privateFQDN": "shop.privatelink.westeurope.azmk8s.io", "powerState": {"code": "Stopped"}});
    let (_double, cluster) = first_cluster(private).await;
    assert!(cluster.is_private && cluster.address.contains("privatelink"), "{}", cluster.address);
    assert_eq!(cluster.power, PowerState::Stopped);
}

#[tokio::test]
async fn credentials_of_an_entra_cluster_need_no_plugin() {
    let kubeconfig = "apiVersion: v1\nkind: Config\ncurrent-context: shop\ncontexts:\n- name: shop\n  context: {cluster: shop, user: u}\n\
        users:\n- name: u\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      args:\n      - get-token\n\
        \x20     - --server-id\n      - 6dae42f8-4368-4678-94ff-3960e28e3630\n      command: kubelogin\n";
    let value = base64::engine::general_purpose::STANDARD.encode(kubeconfig);
    let double = manager(move |asked| {
        if asked.path.contains("listClusterUserCredential") {
            return (
                200,
                "",
                json!({"kubeconfigs": [{"name": "clusterUser", "value": value}]}).to_string(),
            );
        }
        page(&[cluster_json("shop", json!({}))], None)
    })
    .await;
    let arm = double.arm();
    let cluster = arm.clusters(SUBSCRIPTION).await.unwrap().remove(0);
    let found = arm.user_kubeconfig(&cluster).await.unwrap();
    assert_eq!(found.context, "shop");
    assert_eq!(found.text.expose_secret(), kubeconfig);
    assert_eq!(
        found.access.scope().as_deref(),
        Some("6dae42f8-4368-4678-94ff-3960e28e3630/.default")
    );
    assert!(matches!(found.access, ClusterAccess::Entra { .. }));
    let asked = double.asked().pop().unwrap();
    assert_eq!(asked.method, "POST");
    assert!(
        asked.path.contains("resourceGroups/harbour") && asked.path.ends_with("format=exec"),
        "{}",
        asked.path
    );
}

#[tokio::test]
async fn refusals_say_what_is_missing() {
    let (double, cluster) = first_cluster(json!({})).await;
    let error = double.arm().user_kubeconfig(&cluster).await.unwrap_err();
    assert!(error.hint().unwrap().contains("no local accounts"), "{error} {:?}", error.hint());
    assert!(error.to_string().contains("request req-"), "support asks for it: {error}");
    let (double, cluster) = first_cluster(json!({"powerState": {"code": "Stopped"}})).await;
    let error = double.arm().user_kubeconfig(&cluster).await.unwrap_err();
    assert_eq!(error.code(), "cluster_stopped");

    let said = json!({"error": {"code": "AuthorizationFailed", "message":
        "The client does not have authorization to perform action 'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action'."}});
    let double = manager(move |_| (403, "", said.to_string())).await;
    let id = ClusterId::parse(&format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/g/providers/microsoft.containerservice/managedclusters/c")).unwrap();
    let error = double.arm().cluster(&id).await.unwrap_err();
    assert!(error.hint().unwrap().contains("Cluster User Role"), "{:?}", error.hint());
}

#[tokio::test]
async fn a_void_token_is_renewed_once_and_patience_is_kept() {
    let double = Double::of(|asked, before| {
        if is_token(asked) {
            return token(before);
        }
        match before {
            1 => (401, "", "{}".to_owned()),
            3 => (429, "retry-after: 1", "{}".to_owned()),
            _ => page(&[], None),
        }
    })
    .await;
    assert_eq!(double.arm().subscriptions().await.unwrap(), []);
    let tokens: Vec<String> =
        double.asked().iter().map(|asked| asked.authorization.clone()).collect();
    assert_eq!(tokens, ["", "Bearer token-0", "", "Bearer token-2", "Bearer token-2"]);

    let double = manager(|_| (401, "", "{}".to_owned())).await;
    let error = double.arm().subscriptions().await.unwrap_err();
    assert!(matches!(error, AzureError::Refused { status: 401, .. }), "{error:?}");
    assert_eq!(double.asked().len(), 4, "two tokens, two refusals, no more");
    let double = manager(|_| (429, "retry-after: 3600", "{}".to_owned())).await;
    let error = double.arm().subscriptions().await.unwrap_err();
    assert!(error.to_string().contains("3600 s"), "nobody waits an hour in silence: {error}");
}

#[tokio::test]
async fn a_role_on_the_registry_is_found_by_its_last_part_or_its_command_is_given() {
    let double = |role: &'static str| {
        manager(move |asked| {
            if asked.path.contains("roleAssignments") {
                let role = format!("/providers/Microsoft.Authorization/roleDefinitions/{role}");
                return page(
                    &[json!({"properties": {"roleDefinitionId": role, "principalId": "p"}})],
                    None,
                );
            }
            if asked.path.contains("ContainerRegistry") {
                return page(
                    &[
                        json!({"id": format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/harbour/providers/Microsoft.ContainerRegistry/registries/quay"),
                    "name": "quay", "properties": {"loginServer": "quay.azurecr.io"}}),
                    ],
                    None,
                );
            }
            if asked.path.starts_with("/subscriptions?") {
                return page(
                    &[json!({"subscriptionId": SUBSCRIPTION, "displayName": "Harbour"})],
                    None,
                );
            }
            page(&[cluster_json("shop", json!({}))], None)
        })
    };
    let server = double("7F951DDA-4ed3-4680-a7ca-43fe172d538d").await;
    let arm = server.arm();
    let cluster = arm.clusters(SUBSCRIPTION).await.unwrap().remove(0);
    let registry = arm.registry("Quay.azurecr.io").await.unwrap();
    assert_eq!(
        arm.may_pull(&cluster, &registry).await.unwrap(),
        PullRight::Granted { role: "AcrPull".to_owned() }
    );
    let asked = server.asked().pop().unwrap().path;
    assert!(
        asked.contains("assignedTo(") && asked.contains("0b1ec700"),
        "groups count too: {asked}"
    );

    let server = double("b24988ac-6180-42a0-ab88-20f7382dd24c").await;
    let PullRight::Missing { command } = server.arm().may_pull(&cluster, &registry).await.unwrap()
    else {
        panic!("a contributor may not pull");
    };
    assert!(
        command.contains("--role AcrPull") && command.ends_with("registries/quay"),
        "{command}"
    );
    let error = server.arm().registry("nobody.azurecr.io").await.unwrap_err();
    assert_eq!(error.code(), "azure_registry_unknown");
}
