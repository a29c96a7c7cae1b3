// Steps 5 to 7 by place: every environment with its parameters, what runs in it, and the proof that it is what was
// pushed. Deploying is the pipeline's work (a deployment job), so there is no deploy button here.
import { Plus, Server } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useQueryCommand, type EnvironmentView, type ProjectId } from "#ui/ipc";
import { Answer, Button, EmptyState, PageHeader, plural, Screen, Skeleton } from "#ui/components";
import { EnvironmentCard } from "./EnvironmentCard";
import { EnvironmentDialog } from "./EnvironmentDialog";
import styles from "./environments.module.css";

export interface EnvironmentsScreenProps {
  projectId: ProjectId;
  /** Set when a link to one environment was followed. */
  environment?: string | undefined;
}

/** Pods come and go without an event of ours. */
const refreshMs = 5_000;

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function EnvironmentsScreen({ projectId, environment }: EnvironmentsScreenProps): ReactNode {
  const environments = useQueryCommand("environment_list", { projectId }, { pollMs: refreshMs });
  const [editing, setEditing] = useState<EnvironmentView | "new">();
  const add = (
    <Button icon={Plus} variant={environments.data?.length === 0 ? "primary" : "secondary"} onClick={() => setEditing("new")}>
      New environment
    </Button>
  );
  return (
    <Screen>
      <PageHeader title="Environments" subtitle={environments.data === undefined ? "Where the app runs" : plural(environments.data.length, "environment")} actions={add} />
      <Answer
        of={environments}
        loading={
          <div className={styles.cards}>
            <Skeleton height={280} />
            <Skeleton height={280} />
          </div>
        }
      >
        {(data) =>
          data.length === 0 ? (
            <EmptyState
              icon={Server}
              title="No environment yet"
              body="An environment is a place to deploy to: containers on this machine, or a namespace of a Kubernetes cluster. A deployment job of the pipeline names it. The first run makes the ones the pipeline names; or make one now."
              action={add}
            />
          ) : (
            <div className={styles.cards}>
              {data.map((one) => (
                <EnvironmentCard key={one.name} projectId={projectId} environment={one} isFollowed={one.name === environment} onEdit={() => setEditing(one)} />
              ))}
            </div>
          )
        }
      </Answer>
      {editing !== undefined && <EnvironmentDialog projectId={projectId} environment={editing === "new" ? undefined : editing} taken={environments.data?.map(({ name }) => name) ?? []} onClose={() => setEditing(undefined)} />}
    </Screen>
  );
}
