// Everything of one environment over one span: tiles, charts, operations, exceptions, and what the intake took.
import { Activity } from "lucide-react";
import type { ReactNode } from "react";
import { useQueryCommand, type ChartKey, type OperationView, type ProjectId, type TelemetryOverview } from "#ui/ipc";
import { Answer, DataTable, EmptyState, Note, Panel, plural, Skeleton, type Column } from "#ui/components";
import { PlotChart } from "#ui/charts/PlotChart";
import { ExceptionList } from "./ExceptionList";
import { InsightTiles } from "./InsightTiles";
import { IntakePanel } from "./IntakePanel";
import { useDrawnTheme } from "./use-drawn-theme";
import styles from "./insights.module.css";

/** The window moves even when nothing arrives, so it is asked for again. */
const refreshMs = 15_000;

export interface InsightsBoardProps {
  projectId: ProjectId;
  environment: string;
  minutes: number;
  problemId: string | undefined;
}

/** The overview of one environment. */
export function InsightsBoard({ projectId, environment, minutes, problemId }: InsightsBoardProps): ReactNode {
  const overview = useQueryCommand("telemetry_get", { projectId, environment, minutes }, { keepPrevious: true, pollMs: refreshMs });
  return (
    <Answer of={overview} loading={<BoardSkeleton />}>
      {(data) => (
        <div className={styles.board}>
          {isSilent(data) ? (
            <Panel>
              <Silence hasHeard={data.intake.accepted > 0} environment={environment} minutes={minutes} />
            </Panel>
          ) : (
            <>
              {data.requests === 0 && (
                <Note tone="info" title="No request came in this span">
                  Rates and percentiles need requests. Open the service from Environments, or pick a longer range.
                </Note>
              )}
              <InsightTiles overview={data} />
              <Charts projectId={projectId} environment={environment} minutes={minutes} keys={data.charts} />
            </>
          )}
          <div className={styles.pair}>
            <div className={styles.board}>
            <Panel title="Operations" subtitle={plural(data.operations.length, "operation")} flush>
              {data.operations.length === 0 ? <EmptyState title="No operations" body="Each route that answers a request gets a line here." /> : <Operations rows={data.operations} />}
            </Panel>
          <Panel title="Exceptions" subtitle={plural(data.exceptionGroups.length, "problem")} flush>
            {problemId !== undefined && !data.exceptionGroups.some((group) => group.problemId === problemId) && (
              <div className={styles.inset}>
                <Note tone="info" title="The exception you followed is not in this span">
                  <code>{problemId}</code> was not seen in {environment} in the last {minutes / 60} h.
                </Note>
              </div>
            )}
            <ExceptionList projectId={projectId} groups={data.exceptionGroups} openId={problemId} />
          </Panel>
            </div>
            <IntakePanel intake={data.intake} />
          </div>
        </div>
      )}
    </Answer>
  );
}

function isSilent(overview: TelemetryOverview): boolean {
  return overview.requests === 0 && overview.probes === 0 && overview.exceptions === 0;
}

function Silence({ hasHeard, environment, minutes }: { hasHeard: boolean; environment: string; minutes: number }): ReactNode {
  return (
    <EmptyState
      icon={Activity}
      title={hasHeard ? `${environment} was silent for the last ${minutes < 60 ? `${minutes} min` : `${minutes / 60} h`}` : `${environment} has sent nothing yet`}
      body={
        hasHeard
          ? "Open the service from Environments to make some requests, or pick a longer range."
          : "Slipway gives every deployment APPLICATIONINSIGHTS_CONNECTION_STRING. Deploy an app with an Application Insights SDK, open its service, and its requests appear here."
      }
    />
  );
}

function Charts({ projectId, environment, minutes, keys }: { projectId: ProjectId; environment: string; minutes: number; keys: readonly ChartKey[] }): ReactNode {
  return (
    <section aria-label="Charts" className={styles.charts}>
      <h2 className="visuallyHidden">Charts</h2>
      {keys.map((key) => (
        <Panel key={key}>
          <Chart projectId={projectId} environment={environment} minutes={minutes} chartKey={key} />
        </Panel>
      ))}
    </section>
  );
}

function Chart({ projectId, environment, minutes, chartKey }: { projectId: ProjectId; environment: string; minutes: number; chartKey: ChartKey }): ReactNode {
  const theme = useDrawnTheme();
  const chart = useQueryCommand("chart_get", { projectId, environment, key: chartKey, minutes, theme }, { keepPrevious: true, pollMs: refreshMs });
  return (
    <Answer of={chart} loading={<Skeleton height={240} />}>
      {(data) => <PlotChart chart={data} />}
    </Answer>
  );
}

const operationColumns: readonly Column<OperationView>[] = [
  { key: "name", header: "Operation", cell: (row) => <span className={styles.operation}>{row.name}</span> },
  { key: "requests", header: "Requests", align: "end", cell: (row) => row.requests.toLocaleString("en") },
  {
    key: "failed",
    header: "Failed",
    align: "end",
    cell: (row) => (row.failedRequests === 0 ? "0" : <strong className={styles.failed}>{`${row.failedRequests.toLocaleString("en")} (${share(row.failedRequests, row.requests)})`}</strong>),
  },
  { key: "p50", header: "p50", align: "end", cell: (row) => ms(row.p50Ms), isMinor: true },
  { key: "p95", header: "p95", align: "end", cell: (row) => ms(row.p95Ms) },
  { key: "p99", header: "p99", align: "end", cell: (row) => ms(row.p99Ms), isMinor: true },
];

function Operations({ rows }: { rows: readonly OperationView[] }): ReactNode {
  return <DataTable label="Requests by operation" columns={operationColumns} rows={rows} rowKey={(row) => row.name} />;
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((part / whole) * 100).toFixed(1)} %`;
}

function ms(value: number): string {
  return `${value < 1 ? value.toFixed(2) : value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en")} ms`;
}

function BoardSkeleton(): ReactNode {
  return (
    <div className={styles.board}>
      <Skeleton height={88} />
      <div className={styles.charts}>
        <Skeleton height={240} />
        <Skeleton height={240} />
      </div>
      <Skeleton lines={5} />
    </div>
  );
}
