// Steps 8 and 9, Observe and Review: how one environment did over the last minutes, and a bug from what went wrong.
// Charts are drawn in Rust (charts/PlotChart.tsx lays exact values over them); thresholds live in the health rule.
import { Activity, FileText } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useQueryCommand, type EnvironmentView, type ProjectId } from "#ui/ipc";
import { Answer, Button, EmptyState, Field, href, PageHeader, Screen, Segmented, Select } from "#ui/components";
import { InsightsBoard } from "./InsightsBoard";
import { ReportNote, useReport } from "./ReportNote";
import styles from "./insights.module.css";

export interface InsightsScreenProps {
  projectId: ProjectId;
  /** Set when a link to an exception was followed. */
  problemId?: string | undefined;
}

type Range = "15" | "60" | "360" | "1440";
const ranges: readonly { value: Range; label: string }[] = [
  { value: "15", label: "15 min" },
  { value: "60", label: "1 h" },
  { value: "360", label: "6 h" },
  { value: "1440", label: "24 h" },
];

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function InsightsScreen({ projectId, problemId }: InsightsScreenProps): ReactNode {
  const environments = useQueryCommand("environment_list", { projectId });
  const [picked, setPicked] = useState<string>();
  // An old exception needs a wide window to be found in.
  const [range, setRange] = useState<Range>(problemId === undefined ? "15" : "1440");
  const report = useReport();
  const shown = choose(environments.data, picked);

  return (
    <Screen>
      <PageHeader
        title="Insights"
        subtitle={shown === undefined ? "What the running app says of itself" : `What the app in ${shown} says of itself`}
        actions={
          shown !== undefined && (
            <>
              <div className={styles.environment}>
                <Field label="Environment" isLabelHidden>
                  <Select options={(environments.data ?? []).map(({ name }) => ({ value: name, label: name }))} value={shown} onChange={(event) => setPicked(event.currentTarget.value)} />
                </Field>
              </div>
              <Segmented label="Time range" options={ranges} value={range} onChange={setRange} />
              <Button icon={FileText} isBusy={report.isPending} onClick={() => report.mutate({ projectId, environment: shown })}>
                Write report
              </Button>
            </>
          )
        }
      />
      <ReportNote report={report} />
      <Answer of={environments}>
        {() =>
          shown === undefined ? (
            <EmptyState
              icon={Activity}
              title="Nothing runs anywhere yet"
              body="Insights starts with a deployment. Press Run on the Loop, or make an environment first."
              action={<a href={href.environments()}>Go to Environments</a>}
            />
          ) : (
            <InsightsBoard key={shown} projectId={projectId} environment={shown} minutes={Number(range)} problemId={problemId} />
          )
        }
      </Answer>
    </Screen>
  );
}

/** The picked environment while it exists, else the first in which something runs, else the first. */
function choose(environments: readonly EnvironmentView[] | undefined, picked: string | undefined): string | undefined {
  const found = environments?.find(({ name }) => name === picked) ?? environments?.find(({ current }) => current !== null) ?? environments?.[0];
  return found?.name;
}
