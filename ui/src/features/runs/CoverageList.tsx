import { Umbrella } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Answer, DataTable, EmptyState, Field, Panel, plural, Segmented, TextInput, type Column } from "#ui/components";
import { useQueryCommand, type CoverageSummary, type FileCoverageView, type RunId } from "#ui/ipc";
import styles from "./runs.module.css";

const MOST_ROWS = 500;

function percent(covered: number, total: number): number {
  return total === 0 ? 100 : (covered * 100) / total;
}

/** The share of lines that were run, in whole percents and never rounded up to all. */
export function shareOf(summary: CoverageSummary): number {
  return Math.floor(percent(summary.linesCovered, summary.linesTotal));
}

/** `83.3 %`; nothing to cover has no share. */
function Share({ covered, total }: { covered: number; total: number }): ReactNode {
  if (total === 0) return <span className={styles.none}>none</span>;
  const share = percent(covered, total);
  return (
    <span className={styles.share}>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${share}%` }} />
      </span>
      <span className={styles.percent}>{share.toFixed(1)} %</span>
    </span>
  );
}

const COLUMNS: readonly Column<FileCoverageView>[] = [
  { key: "path", header: "File", cell: (file) => <code className={styles.path}>{file.path}</code> },
  { key: "missing", header: "Not run", width: "96px", align: "end", cell: (file) => file.linesTotal - file.linesCovered },
  { key: "lines", header: "Lines", width: "96px", align: "end", isMinor: true, cell: (file) => file.linesTotal },
  { key: "share", header: "Lines run", width: "180px", align: "end", cell: (file) => <Share covered={file.linesCovered} total={file.linesTotal} /> },
  { key: "branches", header: "Branches", width: "180px", align: "end", isMinor: true, cell: (file) => <Share covered={file.branchesCovered} total={file.branchesTotal} /> },
];

type Order = "missing" | "share" | "path";

const ORDERS: Record<Order, (one: FileCoverageView, other: FileCoverageView) => number> = {
  missing: (one, other) => other.linesTotal - other.linesCovered - (one.linesTotal - one.linesCovered),
  share: (one, other) => percent(one.linesCovered, one.linesTotal) - percent(other.linesCovered, other.linesTotal),
  path: (one, other) => one.path.localeCompare(other.path),
};

/** How much of the code the run's tests ran, by file. */
export function CoverageList({ runId, summary }: { runId: RunId; summary: CoverageSummary | null }): ReactNode {
  const [order, setOrder] = useState<Order>("missing");
  const [search, setSearch] = useState("");
  const coverage = useQueryCommand("coverage_list", { runId });
  if (summary === null) return <EmptyState icon={Umbrella} title="This run published no coverage" body="The task PublishCodeCoverageResults@2 puts it here." />;
  const branches = summary.branchesTotal === 0 ? "" : `, ${percent(summary.branchesCovered, summary.branchesTotal).toFixed(1)} % of branches`;
  return (
    <Answer of={coverage}>
      {(files) => {
        const word = search.trim().toLowerCase();
        const rows = files.filter((file) => file.path.toLowerCase().includes(word)).toSorted(ORDERS[order]);
        return (
          <Panel
            flush
            title={`${percent(summary.linesCovered, summary.linesTotal).toFixed(1)} % of ${plural(summary.linesTotal, "line")} run${branches}`}
            subtitle={plural(summary.files, "file")}
            actions={
              <div className={styles.narrow}>
                <Field label="Search the files" isLabelHidden>
                  <TextInput placeholder="Search" value={search} onChange={(event) => setSearch(event.target.value)} />
                </Field>
                <Segmented
                  label="Order of the files"
                  value={order}
                  onChange={setOrder}
                  options={[
                    { value: "missing", label: "Most not run" },
                    { value: "share", label: "Lowest share" },
                    { value: "path", label: "Name" },
                  ]}
                />
              </div>
            }
          >
            {rows.length === 0 ? <p className={styles.noRows}>No file matches.</p> : <DataTable label="Coverage by file" columns={COLUMNS} rows={rows.slice(0, MOST_ROWS)} rowKey={(file) => file.path} />}
            {rows.length > MOST_ROWS && <p className={styles.noRows}>{`${rows.length - MOST_ROWS} more files; search to see them.`}</p>}
          </Panel>
        );
      }}
    </Answer>
  );
}
