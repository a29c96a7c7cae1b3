import { FlaskConical } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Answer, DataTable, Duration, EmptyState, Field, Panel, plural, Segmented, StatusPill, TextInput, type Column } from "#ui/components";
import { useQueryCommand, type RunId, type TestCaseView } from "#ui/ipc";
import styles from "./runs.module.css";

/** A table of more rows is slow to draw and too long to read: the search narrows it. */
const MOST_ROWS = 500;

function Said({ title, text, isOpen = false }: { title: string; text: string | null; isOpen?: boolean }): ReactNode {
  if (text === null) return null;
  return (
    <details className={styles.said} open={isOpen}>
      <summary>{title}</summary>
      <pre>{text}</pre>
    </details>
  );
}

function Test({ test }: { test: TestCaseView }): ReactNode {
  return (
    <div>
      <span className={styles.testName}>{test.name}</span>
      {test.message !== null && <pre className={test.outcome === "failed" ? styles.message : styles.reason}>{test.message}</pre>}
      {test.stack !== test.message && <Said title="Stack" text={test.stack} isOpen={test.message === null} />}
      <Said title="Output" text={test.output} />
    </div>
  );
}

const COLUMNS: readonly Column<TestCaseView & { key: number }>[] = [
  { key: "outcome", header: "Outcome", width: "112px", cell: (test) => <StatusPill state={test.outcome} size="small" /> },
  { key: "name", header: "Test", cell: (test) => <Test test={test} /> },
  { key: "suite", header: "Suite", width: "240px", isMinor: true, cell: (test) => <span title={test.testRun}>{test.suite}</span> },
  { key: "time", header: "Time", width: "96px", align: "end", cell: (test) => <Duration ms={test.durationMs} /> },
];

type Show = "all" | "failed" | "skipped" | "slow";

function chosen(all: readonly (TestCaseView & { key: number })[], show: Show, search: string): (TestCaseView & { key: number })[] {
  const word = search.trim().toLowerCase();
  const found = all.filter((test) => word === "" || [test.name, test.suite, test.message ?? ""].some((text) => text.toLowerCase().includes(word)));
  if (show === "slow") return found.toSorted((one, other) => other.durationMs - one.durationMs);
  if (show !== "all") return found.filter((test) => test.outcome === show);
  // Failures are what one comes for.
  return [...found.filter((test) => test.outcome === "failed"), ...found.filter((test) => test.outcome !== "failed")];
}

function heading(all: readonly TestCaseView[], failed: number, skipped: number): string {
  const passed = all.length - failed - skipped;
  if (failed > 0) return `${failed} of ${plural(all.length, "test")} failed`;
  return skipped === 0 ? `All ${all.length} passed` : `${passed} passed, ${skipped} skipped`;
}

/** The tests that a run published; failed ones first, with what they say. */
export function TestList({ runId, isGoing }: { runId: RunId; isGoing: boolean }): ReactNode {
  const [show, setShow] = useState<Show>("all");
  const [search, setSearch] = useState("");
  const tests = useQueryCommand("test_list", { runId });
  return (
    <Answer of={tests}>
      {(all) => {
        if (all.length === 0) return <EmptyState icon={FlaskConical} title={isGoing ? "No test results yet" : "This run published no tests"} body="The task PublishTestResults@2 puts them here." />;
        const count = (outcome: TestCaseView["outcome"]): number => all.filter((test) => test.outcome === outcome).length;
        const rows = chosen(
          all.map((test, key) => ({ ...test, key })),
          show,
          search,
        );
        const total = all.reduce((sum, test) => sum + test.durationMs, 0);
        return (
          <Panel
            flush
            title={heading(all, count("failed"), count("skipped"))}
            subtitle={<Duration ms={total} />}
            actions={
              <div className={styles.narrow}>
                <Field label="Search the tests" isLabelHidden>
                  <TextInput placeholder="Search" value={search} onChange={(event) => setSearch(event.target.value)} />
                </Field>
                <Segmented
                  label="Tests to show"
                  value={show}
                  onChange={setShow}
                  options={[
                    { value: "all", label: "All" },
                    { value: "failed", label: "Failed" },
                    { value: "skipped", label: "Skipped" },
                    { value: "slow", label: "Slowest" },
                  ]}
                />
              </div>
            }
          >
            {rows.length === 0 ? <p className={styles.noRows}>No test matches.</p> : <DataTable label="Tests" columns={COLUMNS} rows={rows.slice(0, MOST_ROWS)} rowKey={(test) => String(test.key)} />}
            {rows.length > MOST_ROWS && <p className={styles.noRows}>{`${rows.length - MOST_ROWS} more tests; search to see them.`}</p>}
          </Panel>
        );
      }}
    </Answer>
  );
}
