import { FlaskConical } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Answer, DataTable, Duration, EmptyState, Panel, plural, Segmented, StatusPill, type Column } from "#ui/components";
import { useQueryCommand, type RunId, type TestCaseView } from "#ui/ipc";
import styles from "./runs.module.css";

const COLUMNS: readonly Column<TestCaseView>[] = [
  { key: "outcome", header: "Outcome", width: "112px", cell: (test) => <StatusPill state={test.outcome} size="small" /> },
  {
    key: "name",
    header: "Test",
    cell: (test) => (
      <div>
        <span>{test.name}</span>
        {test.message !== null && <pre className={styles.message}>{test.message}</pre>}
      </div>
    ),
  },
  { key: "suite", header: "Suite", width: "220px", isMinor: true, cell: (test) => test.suite },
  { key: "time", header: "Time", width: "96px", align: "end", cell: (test) => <Duration ms={test.durationMs} /> },
];

/** The tests that a run published; failed ones first. */
export function TestList({ runId, isGoing }: { runId: RunId; isGoing: boolean }): ReactNode {
  const [show, setShow] = useState<"all" | "failed">("all");
  const tests = useQueryCommand("test_list", { runId });
  return (
    <Answer of={tests}>
      {(all) => {
        if (all.length === 0) return <EmptyState icon={FlaskConical} title={isGoing ? "No test results yet" : "This run published no tests"} body="The task PublishTestResults@2 puts them here." />;
        const failed = all.filter((test) => test.outcome === "failed");
        const sorted = [...failed, ...all.filter((test) => test.outcome !== "failed")];
        return (
          <Panel
            flush
            title={failed.length === 0 ? `All ${all.length} passed` : `${failed.length} of ${plural(all.length, "test")} failed`}
            actions={
              <Segmented
                label="Tests to show"
                value={show}
                onChange={setShow}
                options={[
                  { value: "all", label: "All" },
                  { value: "failed", label: "Failed" },
                ]}
              />
            }
          >
            <DataTable label="Tests" columns={COLUMNS} rows={show === "failed" ? failed : sorted} rowKey={(test) => `${test.suite}/${test.name}`} />
          </Panel>
        );
      }}
    </Answer>
  );
}
