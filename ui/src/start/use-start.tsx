// Starts a run; what cannot run here is asked about first.
import { useState, type ReactNode } from "react";
import { call, useMutationCommand, type CommitSha, type ObstacleView, type ProjectId, type RunParameter, type RunStarted } from "#ui/ipc";
import { CannotRun } from "./CannotRun";

export interface Start {
  /** Begins; the question opens if something of it cannot run. */
  begin: (begin: Beginning) => void;
  isBusy: boolean;
  /** To be drawn wherever the caller is. */
  question: ReactNode;
}

export interface Beginning {
  projectId: ProjectId;
  /** The newest commit if left out. */
  commit?: CommitSha | null;
  parameters?: RunParameter[];
  /** Parts of the pipeline, as `run_start` takes them; all of it if left out. */
  only?: string[];
  isWithNeeded?: boolean;
  /** Starts it, with what cannot run left out or not. */
  start: (skipUnsupported: boolean) => void;
}

/** Asks before `start` is called. */
export function useAsk(): Start {
  const [asked, setAsked] = useState<{ obstacles: ObstacleView[]; beginning: Beginning } | null>(null);
  const [isAsking, setAsking] = useState(false);
  const begin = (beginning: Beginning): void => {
    setAsking(true);
    void call("run_check", { projectId: beginning.projectId, commit: beginning.commit ?? null, parameters: beginning.parameters ?? [], ...(beginning.only !== undefined && { only: beginning.only, isWithNeeded: beginning.isWithNeeded ?? false }) })
      .then((check) => check.obstacles)
      // What is wrong with the pipeline is said by the start itself.
      .catch((): ObstacleView[] => [])
      .then((obstacles) => {
        setAsking(false);
        if (obstacles.some((obstacle) => obstacle.isBlocking)) setAsked({ obstacles, beginning });
        else beginning.start(false);
      });
  };
  const close = (): void => setAsked(null);
  const question = asked !== null && (
    <CannotRun
      obstacles={asked.obstacles}
      isBusy={false}
      onClose={close}
      onSkip={() => {
        close();
        asked.beginning.start(true);
      }}
    />
  );
  return { begin, isBusy: isAsking, question };
}

/** Runs the newest commit. */
export function useStart(projectId: ProjectId | undefined, onStarted: (started: RunStarted) => void): { start: () => void; isBusy: boolean; question: ReactNode } {
  const mutation = useMutationCommand("run_start", { failureTitle: "The run was not started" });
  const { begin, isBusy, question } = useAsk();
  const start = (): void => {
    if (projectId === undefined) return;
    begin({
      projectId,
      start: (skipUnsupported) => mutation.mutate({ projectId, commit: null, branch: null, parameters: [], variables: [], file: null, isWorkingTree: false, ...(skipUnsupported && { skipUnsupported }) }, { onSuccess: onStarted }),
    });
  };
  return { start, isBusy: isBusy || mutation.isPending, question };
}
