//! Cases of the commands that promote, deploy by hand and hold.

use serde_json::{Value, json};
use slipway_tests::eventually_async;

use super::Prepared;

impl Prepared {
    /// The request that deploys once more what runs.
    fn again(&self, reason: &str) -> Value {
        json!({ "projectId": self.project, "environment": "local", "reason": reason,
            "source": { "from": "deployment", "deploymentId": self.deployment["id"] },
            "isPruning": false, "hasRollback": true })
    }

    /// Makes an environment on this machine.
    async fn make(&self, name: &str) {
        let request = json!({ "projectId": self.project, "name": name, "target": "local",
            "variables": [] });
        self.house.call("environment_save", request).await;
    }

    /// Waits for a deployment's end.
    pub(super) async fn deployed(&self, started: &Value) {
        let limit = std::time::Duration::from_secs(60);
        eventually_async("the deployment's end", limit, || async {
            let view = self.house.call("deployment_get", started.clone()).await;
            (view["state"] == "completed").then_some(())
        })
        .await;
    }

    /// Deploys by hand; waits until the environment is free for it.
    async fn start(&self, request: &Value) -> Value {
        let limit = std::time::Duration::from_secs(60);
        eventually_async("a free environment", limit, || async {
            self.house.app.call("deployment_start", request.clone()).await.ok()
        })
        .await
    }

    /// The request of a command; none for one of others.
    pub(super) async fn deployment_request(&self, name: &str) -> Option<Value> {
        let project = self.project.as_str();
        Some(match name {
            "promotion_board" => json!({ "projectId": project }),
            "deployment_log" => json!({ "deploymentId": self.deployment["id"] }),
            "environment_order" => json!({ "projectId": project, "names": ["local"] }),
            "environment_remove" => {
                self.make("pier").await;
                json!({ "projectId": project, "environment": "pier" })
            }
            "environment_release" => {
                let back = self.start(&self.again("rollback")).await;
                self.deployed(&back).await;
                json!({ "projectId": project, "environment": "local" })
            }
            "drift_check" => json!({ "projectId": project, "environment": "local" }),
            "deployment_plan" => json!({ "projectId": project, "environment": "local",
                "source": self.again("deploy")["source"] }),
            "deployment_start" => self.again("deploy"),
            "strategy_finish" => {
                let mut request = self.again("deploy");
                request["strategy"] = json!({ "kind": "canary", "percentage": 100 });
                let waiting = self.start(&request).await;
                self.deployed(&waiting).await;
                json!({ "deploymentId": waiting["deploymentId"], "action": "reject" })
            }
            "deployment_cancel" => {
                self.make("quay").await;
                let mut request = self.again("promote");
                request["environment"] = json!("quay");
                let started = self.start(&request).await;
                json!({ "deploymentId": started["deploymentId"] })
            }
            _ => return None,
        })
    }
}
