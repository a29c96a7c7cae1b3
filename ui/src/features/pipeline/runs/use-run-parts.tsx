// Starts the pipeline or a part of it. A run is of a commit: what is not committed is asked about first.
import { useState, type ReactNode } from "react";
import { href, openHref } from "#ui/components";
import { useMutationCommand, useQueryCommand, type ApiError, type CommitSha, type ProjectId, type RunId } from "#ui/ipc";
import { useAsk } from "#ui/start/use-start";
import { CommitFirst } from "./CommitFirst";
import type { RunTarget } from "./record-map";

/** What to run: a part alone, or with what it depends on. All of it if no part is said. */
export interface Part {
  target: RunTarget | null;
  isWithNeeded: boolean;
}

/** Saves and commits the text; the commit, and the run that it started by itself. Null if it was refused. */
export type Commit = (message: string) => Promise<{ commit: { sha: CommitSha }; runId: RunId | null } | null>;

export interface RunPartsOptions {
  projectId: ProjectId;
  isReady: boolean;
  /** The text in the editor, looked at when a run is asked for. */
  text: () => string;
  commit: Commit;
  commitError?: ApiError | null;
}

export interface RunParts {
  run: (part: Part) => void;
  rerunFailed: (runId: RunId) => void;
  isBusy: boolean;
  /** To be drawn wherever the caller is. */
  dialogs: ReactNode;
}

const partWords = ({ target, isWithNeeded }: Part): string => (target === null ? "the pipeline" : `${target.kind} ${target.label}${isWithNeeded ? " and what it depends on" : ""}`);

/** Runs parts of a project's pipeline. */
export function useRunParts({ projectId, isReady, text, commit, commitError = null }: RunPartsOptions): RunParts {
  const [asked, setAsked] = useState<{ part: Part; before: string | null; after: string } | null>(null);
  const [isCommitting, setCommitting] = useState(false);
  const committed = useQueryCommand("pipeline_committed", { projectId }, { enabled: isReady });
  const start = useMutationCommand("run_start", { failureTitle: "The run was not started" });
  const again = useMutationCommand("run_rerun", { failureTitle: "The run was not started again" });
  const ask = useAsk();
  const open = (started: { runId: RunId }): void => openHref(href.run(started.runId));

  const begin = (part: Part, sha: CommitSha | null): void => {
    const chosen = part.target === null ? {} : { only: [part.target.target], isWithNeeded: part.isWithNeeded };
    ask.begin({
      projectId,
      commit: sha,
      ...chosen,
      start: (skipUnsupported) =>
        start.mutate({ projectId, commit: sha, branch: null, parameters: [], variables: [], file: null, isWorkingTree: false, ...chosen, ...(skipUnsupported && { skipUnsupported }) }, { onSuccess: open }),
    });
  };
  const run = (part: Part): void => {
    const now = text();
    if (committed.data !== undefined && committed.data.text !== now) setAsked({ part, before: committed.data.text, after: now });
    else begin(part, null);
  };
  const commitAndRun = async (part: Part, message: string): Promise<void> => {
    setCommitting(true);
    const made = await commit(message);
    setCommitting(false);
    if (made === null) return;
    setAsked(null);
    // The commit's own trigger runs all of it: that is what was asked for.
    if (made.runId !== null && part.target === null) open({ runId: made.runId });
    else begin(part, made.commit.sha);
  };
  const dialogs = (
    <>
      {ask.question}
      {asked !== null && (
        <CommitFirst
          projectId={projectId}
          words={partWords(asked.part)}
          before={asked.before}
          after={asked.after}
          isCommitting={isCommitting}
          error={commitError}
          onCommit={(message) => void commitAndRun(asked.part, message)}
          onLast={() => {
            setAsked(null);
            begin(asked.part, null);
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
  return { run, rerunFailed: (runId) => again.mutate({ runId, failedOnly: true }, { onSuccess: open }), isBusy: ask.isBusy || start.isPending || again.isPending, dialogs };
}
