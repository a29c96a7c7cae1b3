import { FolderOpen, Sparkles } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, ErrorState, Field, Note, PageHeader, Panel, Screen, StatusPill, TextInput } from "#ui/components";
import { useMutationCommand, useQueryCommand, type ProjectView } from "#ui/ipc";
import styles from "./WelcomeScreen.module.css";

function Machine(): ReactNode {
  const app = useQueryCommand("app_get", {});
  if (app.error !== null) return <ErrorState error={app.error} onRetry={() => void app.refetch()} />;
  const capabilities = app.data?.capabilities ?? [];
  const isMissing = capabilities.some((capability) => capability.state === "missing" || capability.state === "failed");
  return (
    <Panel title="This machine" subtitle={isMissing ? "something is missing" : "everything is here"}>
      <ul className={styles.machine}>
        {capabilities.map((capability) => (
          <li key={capability.key}>
            <div className={styles.capability}>
              <strong>{capability.title}</strong>
              <span>{capability.detail}</span>
              {capability.hint !== null && <span className={styles.hint}>{capability.hint}</span>}
            </div>
            <StatusPill state={capability.state} size="small" />
          </li>
        ))}
      </ul>
      {isMissing && <Note tone="neutral">You can open a project without it; the steps that need it will say so.</Note>}
    </Panel>
  );
}

/** The first thing a new person sees: two ways in, and what the machine has. */
export function WelcomeScreen({ onOpened }: { onOpened: (project: ProjectView) => void }): ReactNode {
  const [path, setPath] = useState("");
  const open = useMutationCommand("project_open", { quiet: true });
  const sample = useMutationCommand("project_sample", { quiet: true });
  const failure = open.error ?? sample.error;
  return (
    <Screen>
      <PageHeader title="Take a change all the way round" subtitle="Commit, build, push by digest, deploy, prove what runs, watch it, and close the work item. On this machine, with no account." />
      <div className={styles.columns}>
        <div className={styles.ways}>
          <Panel title="Start with the sample">
            <div className={styles.way}>
              <p>A small web service with a pipeline, one environment and three work items. It takes about a minute to go round.</p>
              <Button variant="primary" size="large" icon={Sparkles} isBusy={sample.isPending} onClick={() => sample.mutate({}, { onSuccess: onOpened })}>
                Open the sample
              </Button>
            </div>
          </Panel>
          <Panel title="Open your own repository">
            <form
              className={styles.way}
              onSubmit={(event) => {
                event.preventDefault();
                open.mutate({ path: path.trim() }, { onSuccess: onOpened });
              }}
            >
              <Field label="Folder" help="A git repository on this machine; a pipeline can be made in it">
                <TextInput isMono value={path} placeholder="/home/you/src/app" onChange={(event) => setPath(event.target.value)} />
              </Field>
              <Button type="submit" icon={FolderOpen} disabled={path.trim() === ""} isBusy={open.isPending}>
                Open
              </Button>
            </form>
          </Panel>
          {failure !== null && <ErrorState error={failure} />}
        </div>
        <Machine />
      </div>
    </Screen>
  );
}
