import { useEffect, useRef, useState, type ReactNode } from "react";
import { Answer, EmptyState, href, openHref, Screen, Tabs } from "#ui/components";
import { useQueryCommand, type ProjectId, type RecordView, type RunId, type RunView } from "#ui/ipc";
import { Approvals } from "./Approvals";
import { CoverageList, shareOf } from "./CoverageList";
import { LogView } from "./LogView";
import { RunHeader } from "./RunHeader";
import { countOutputs, RunOutputs } from "./RunOutputs";
import styles from "./runs.module.css";
import { TestList } from "./TestList";
import { Timeline } from "./Timeline";

/** The step to show first: the going one, else the first failed, else the last with a log. */
function stepInFocus(records: readonly RecordView[]): RecordView | undefined {
  const steps = records.filter((record) => record.kind === "step");
  return (
    steps.find((step) => step.state === "inProgress") ??
    steps.find((step) => step.result === "failed" || step.result === "interrupted") ??
    steps.findLast((step) => step.logLines > 0) ??
    steps[0]
  );
}

/** Scrolls the tree, and nothing around it, until the chosen step is in sight. */
function bringIntoSight(tree: HTMLElement): void {
  const step = tree.querySelector<HTMLElement>("[aria-pressed=true]");
  if (step === null) return;
  const isAbove = step.offsetTop < tree.scrollTop;
  const isBelow = step.offsetTop + step.offsetHeight > tree.scrollTop + tree.clientHeight;
  if (isAbove || isBelow) tree.scrollTop = step.offsetTop - (tree.clientHeight - step.offsetHeight) / 2;
}

function Steps({ view }: { view: RunView }): ReactNode {
  const [chosen, setChosen] = useState<string>();
  const step = view.records.find((record) => record.id === chosen) ?? stepInFocus(view.records);
  const tree = useRef<HTMLDivElement>(null);
  const stepId = step?.id;
  // Also when a question above takes some of the room.
  useEffect(() => {
    const element = tree.current;
    if (element === null || stepId === undefined) return undefined;
    bringIntoSight(element);
    const observer = new ResizeObserver(() => bringIntoSight(element));
    observer.observe(element);
    return () => observer.disconnect();
  }, [stepId]);
  if (step === undefined) return <EmptyState title="Nothing has started yet" body={view.run.issue ?? "The run waits for its turn; its stages appear here as soon as it starts."} />;
  return (
    <div className={styles.steps}>
      {/* Scrolled by keyboard through its buttons. */}
      <div ref={tree} className={styles.tree}>
        <Timeline records={view.records} progress={view.notes.progress} chosen={step.id} onChoose={setChosen} />
      </div>
      <LogView key={step.id} runId={view.run.id} record={step} />
    </div>
  );
}

export interface RunScreenProps {
  projectId: ProjectId;
  runId: RunId;
  tab?: string | undefined;
}

/** One run: its timeline with live logs, its tests, and what came out of it. */
export function RunScreen({ runId, tab = "steps" }: RunScreenProps): ReactNode {
  const run = useQueryCommand("run_get", { runId });
  return (
    <Screen fill>
      <Answer of={run}>
        {(view) => (
          <>
            <RunHeader run={view.run} tags={view.tags} />
            <Approvals runId={runId} />
            <div className={styles.tabs}>
              <Tabs
                label="Parts of the run"
                value={tab}
                onChange={(next) => openHref(href.run(runId, next))}
                items={[
                  { value: "steps", label: "Steps", content: <Steps view={view} /> },
                  { value: "tests", label: "Tests", count: view.run.tests.failed > 0 ? `${view.run.tests.failed} failed` : view.run.tests.total, isBad: view.run.tests.failed > 0, content: <TestList runId={runId} isGoing={view.run.state !== "completed"} /> },
                  { value: "coverage", label: "Coverage", count: view.coverage === null ? undefined : `${shareOf(view.coverage)} %`, content: <CoverageList runId={runId} summary={view.coverage} /> },
                  { value: "outputs", label: "Outputs", count: countOutputs(view), content: <RunOutputs view={view} /> },
                ]}
              />
            </div>
          </>
        )}
      </Answer>
    </Screen>
  );
}
