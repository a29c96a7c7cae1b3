import { CircleHelp, Play } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Answer, Button, CommitChip, DataTable, Duration, EmptyState, Field, href, ObjectLink, openHref, PageHeader, Panel, plural, RelativeTime, Screen, Segmented, stateOf, StatusPill, TextInput, type Column } from "#ui/components";
import { useQueryCommand, type ApprovalView, type ProjectId, type RunId, type RunReason, type RunSummary } from "#ui/ipc";
import { titleOf } from "./Approvals";
import { RunDialog } from "./RunDialog";
import styles from "./runs.module.css";

/** Runs read at once. */
const STEP = 100;

const REASONS: Record<RunReason, string> = { individualCi: "Commit", manual: "Manual", rerun: "Rerun" };

type Row = RunSummary & { asked: readonly ApprovalView[] };

function Tests({ run: { tests } }: { run: RunSummary }): ReactNode {
  if (tests.total === 0) return <span className={styles.none}>none</span>;
  return tests.failed > 0 ? <span className={styles.failing}>{`${tests.failed} of ${tests.total} failed`}</span> : `${tests.passed} passed`;
}

const COLUMNS: readonly Column<Row>[] = [
  { key: "state", header: "State", width: "136px", cell: (run) => <StatusPill state={stateOf(run)} size="small" /> },
  {
    key: "number",
    header: "Run",
    cell: (run) => (
      <div className={styles.runCell}>
        <span className={styles.runHead}>
          <a href={href.run(run.id)} className={styles.number}>
            {run.number}
          </a>
          {run.attempt > 1 && <span className={styles.branch}>attempt {run.attempt}</span>}
          {run.choice !== null && (
            <span className={styles.branch} title={run.choice}>
              {run.choice}
            </span>
          )}
          <span className={styles.branch} title={run.branch}>
            {run.branch.replace("refs/heads/", "")}
          </span>
        </span>
        <CommitChip sha={run.commit} summary={run.commitSummary} />
        {run.asked.map((question) => (
          <p key={question.id} className={styles.asked}>
            <CircleHelp size={14} /> {titleOf(question)}
          </p>
        ))}
        {run.issue !== null && <p className={styles.issue}>{run.issue}</p>}
      </div>
    ),
  },
  { key: "items", header: "Work items", width: "104px", isMinor: true, cell: (run) => run.workItems.map((id) => <ObjectLink key={id} object={{ kind: "workItem", id: String(id) }} />) },
  { key: "tests", header: "Tests", width: "124px", isMinor: true, cell: (run) => <Tests run={run} /> },
  { key: "reason", header: "Reason", width: "88px", isMinor: true, cell: (run) => REASONS[run.reason] },
  { key: "took", header: "Took", width: "96px", align: "end", cell: (run) => <Duration from={run.startedAt} to={run.finishedAt} /> },
  { key: "at", header: "Queued", width: "112px", align: "end", cell: (run) => <RelativeTime at={run.queuedAt} /> },
];

type Show = "all" | "going" | "failed";

function isShown(run: Row, show: Show, word: string): boolean {
  if (show === "going" && run.state === "completed") return false;
  if (show === "failed" && run.result !== "failed" && run.result !== "interrupted") return false;
  return word === "" || [run.number, run.branch, run.commit, run.commitSummary, run.issue ?? ""].some((text) => text.toLowerCase().includes(word));
}

/** The runs of the project, newest first, and what they wait for. */
export function RunsScreen({ projectId }: { projectId: ProjectId }): ReactNode {
  const [limit, setLimit] = useState(STEP);
  const [show, setShow] = useState<Show>("all");
  const [search, setSearch] = useState("");
  const [isAsking, setAsking] = useState(false);
  const runs = useQueryCommand("run_list", { projectId, limit }, { keepPrevious: true });
  const asked = useQueryCommand("approval_list", { projectId, runId: null });
  const questions = (id: RunId): ApprovalView[] => (asked.data ?? []).filter((question) => question.runId === id && question.state === "pending");
  const button = (
    <Button variant="primary" icon={Play} onClick={() => setAsking(true)}>
      Run pipeline
    </Button>
  );
  return (
    <Screen>
      <PageHeader title="Runs" subtitle="Every run of azure-pipelines.yml on this machine" actions={runs.data?.length === 0 ? undefined : button} />
      <Answer of={runs}>
        {(list) => {
          if (list.length === 0) return <EmptyState icon={Play} title="No run yet" body="A run takes one commit through the pipeline: build, test, push by digest, deploy." action={button} />;
          const word = search.trim().toLowerCase();
          const rows = list.map((run) => ({ ...run, asked: questions(run.id) })).filter((run) => isShown(run, show, word));
          return (
            <Panel
              flush
              title={list.length < limit ? plural(list.length, "run") : `The newest ${list.length} runs`}
              actions={
                <div className={styles.narrow}>
                  <Field label="Search the runs" isLabelHidden>
                    <TextInput placeholder="Number, commit, branch" value={search} onChange={(event) => setSearch(event.target.value)} />
                  </Field>
                  <Segmented
                    label="Runs to show"
                    value={show}
                    onChange={setShow}
                    options={[
                      { value: "all", label: "All" },
                      { value: "going", label: "Going on" },
                      { value: "failed", label: "Failed" },
                    ]}
                  />
                </div>
              }
            >
              {rows.length === 0 ? <p className={styles.noRows}>No run matches.</p> : <DataTable label="Runs" columns={COLUMNS} rows={rows} rowKey={(item) => item.id} onOpen={(item) => openHref(href.run(item.id))} />}
              {list.length === limit && (
                <p className={styles.noRows}>
                  <Button size="small" isBusy={runs.isFetching} onClick={() => setLimit(limit + STEP)}>
                    Show older runs
                  </Button>
                </p>
              )}
            </Panel>
          );
        }}
      </Answer>
      {isAsking && <RunDialog projectId={projectId} onClose={() => setAsking(false)} />}
    </Screen>
  );
}
