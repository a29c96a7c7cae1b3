// The way back to a deployment: only to one that was proven to run, and not to the one that runs now. Pure.
import type { DeploymentView } from "#ui/ipc";
import type { Intent } from "./plan/PlanDialog";
import { isBeside } from "./strategy";

/** What to show and do to go back to a deployment; undefined where there is no way. */
export function rollbackTo(deployment: DeploymentView): Intent | undefined {
  if (isBeside(deployment)) return undefined;
  if (deployment.isCurrent || deployment.state !== "completed" || deployment.result !== "succeeded") return undefined;
  return {
    environment: deployment.environment,
    source: { from: "deployment", deploymentId: deployment.id },
    reason: "rollback",
    title: `Roll back ${deployment.environment}`,
    origin: "an earlier deployment",
  };
}
