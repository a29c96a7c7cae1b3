// Why a deployment was made, in words.
import type { DeploymentReason } from "#ui/ipc";

export const REASONS: Record<DeploymentReason, string> = { run: "By a run", deploy: "By hand", promote: "Promoted", rollback: "Rolled back by hand", automaticRollback: "Rolled back by itself" };
