import { Play } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Answer, Button, CommitChip, DataTable, Duration, EmptyState, href, ObjectLink, openHref, PageHeader, Panel, RelativeTime, Screen, stateOf, StatusPill, type Column } from "#ui/components";
import { useQueryCommand, type ProjectId, type RunSummary } from "#ui/ipc";
import { RunDialog } from "./RunDialog";
import { REASON_WORDS, testWords } from "./RunHeader";
import styles from "./runs.module.css";

const COLUMNS: readonly Column<RunSummary>[] = [
  { key: "state", header: "State", width: "140px", cell: (run) => <StatusPill state={stateOf(run)} size="small" /> },
  {
    key: "number",
    header: "Run",
    width: "36%",
    cell: (run) => (
      <div className={styles.runCell}>
        <a href={href.run(run.id)} className={styles.number}>
          {run.number}
        </a>
        <CommitChip sha={run.commit} summary={run.commitSummary} />
        {run.issue !== null && <p className={styles.issue}>{run.issue}</p>}
      </div>
    ),
  },
  { key: "items", header: "Work items", width: "120px", isMinor: true, cell: (run) => run.workItems.map((id) => <ObjectLink key={id} object={{ kind: "workItem", id: String(id) }} />) },
  { key: "tests", header: "Tests", width: "160px", isMinor: true, cell: (run) => testWords(run) },
  { key: "reason", header: "Started by", width: "128px", isMinor: true, cell: (run) => REASON_WORDS[run.reason] },
  { key: "took", header: "Took", width: "96px", align: "end", cell: (run) => <Duration from={run.startedAt} to={run.finishedAt} /> },
  { key: "at", header: "Queued", width: "112px", align: "end", cell: (run) => <RelativeTime at={run.queuedAt} /> },
];

/** The runs of the project, newest first. */
export function RunsScreen({ projectId }: { projectId: ProjectId }): ReactNode {
  const runs = useQueryCommand("run_list", { projectId, limit: 100 });
  const [isAsking, setAsking] = useState(false);
  const button = (
    <Button variant="primary" icon={Play} onClick={() => setAsking(true)}>
      Run pipeline
    </Button>
  );
  return (
    <Screen>
      <PageHeader title="Runs" subtitle="Every run of azure-pipelines.yml on this machine" actions={runs.data?.length === 0 ? undefined : button} />
      <Answer of={runs}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState icon={Play} title="No run yet" body="A run takes one commit through the pipeline: build, test, push by digest, deploy." action={button} />
          ) : (
            <Panel flush>
              <DataTable label="Runs" columns={COLUMNS} rows={list} rowKey={(item) => item.id} onOpen={(item) => openHref(href.run(item.id))} />
            </Panel>
          )
        }
      </Answer>
      {isAsking && <RunDialog projectId={projectId} onClose={() => setAsking(false)} />}
    </Screen>
  );
}
