// A work item's thread as strands: one per way from a commit through a run to a deployment. Pure.
import type { CommitView, DeploymentView, RunBadge, WorkItemDetail } from "#ui/ipc";

/** One way from a commit onwards; what did not happen yet is null. */
export interface Strand {
  key: string;
  commit: CommitView | null;
  run: RunBadge | null;
  deployment: DeploymentView | null;
}

/** The strands of an item, in the order of its commits. Deployments and runs without a known commit come last. */
export function strandsOf({ commits, runs, deployments }: Pick<WorkItemDetail, "commits" | "runs" | "deployments">): Strand[] {
  const strands: Strand[] = [];
  const seenRuns = new Set<string>();
  const seenDeployments = new Set<string>();
  const addRun = (commit: CommitView | null, run: RunBadge): void => {
    seenRuns.add(run.runId);
    const made = deployments.filter((deployment) => deployment.runId === run.runId);
    for (const deployment of made) {
      seenDeployments.add(deployment.id);
      strands.push({ key: `${run.runId}/${deployment.id}`, commit, run, deployment });
    }
    if (made.length === 0) strands.push({ key: run.runId, commit, run, deployment: null });
  };
  for (const commit of commits) {
    if (commit.runs.length === 0) strands.push({ key: commit.sha, commit, run: null, deployment: null });
    for (const run of commit.runs) addRun(commit, run);
  }
  for (const run of runs) if (!seenRuns.has(run.runId)) addRun(null, run);
  for (const deployment of deployments) if (!seenDeployments.has(deployment.id)) strands.push({ key: deployment.id, commit: null, run: null, deployment });
  return strands;
}
