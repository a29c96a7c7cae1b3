// Steps 5 to 7 by place: the promotion board, and below it what is inside of the chosen environment. A run's deployment job
// deploys here by itself; by hand a digest is promoted, rolled back or deployed, always after its diff was shown.
import { Plus, Server } from "lucide-react";
import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { useQueryCommand, type ProjectId, type PromotionColumn, type TargetKind } from "#ui/ipc";
import { Answer, Button, EmptyState, PageHeader, plural, Screen, Skeleton } from "#ui/components";
import { Board } from "./board/Board";
import type { ColumnWish } from "./board/Column";
import { DriftDialog } from "./board/DriftDialog";
import { HistoryDialog } from "./board/HistoryDialog";
import { RemoveDialog } from "./board/RemoveDialog";
import { ChecksOf } from "./ChecksOf";
import { EnvironmentDialog } from "./EnvironmentDialog";
import { EnvironmentInside } from "./EnvironmentInside";
import { DeployDialog } from "./plan/DeployDialog";
import { PlanDialog, type Intent } from "./plan/PlanDialog";
import styles from "./environments.module.css";

export interface EnvironmentsScreenProps {
  projectId: ProjectId;
  /** Set when a link to one environment was followed. */
  environment?: string | undefined;
}

/** Pods come and go without an event of ours. */
const refreshMs = 5_000;

type Open = { wish: "new"; target: TargetKind } | { wish: "plan"; intent: Intent } | { wish: Exclude<ColumnWish, "promote">; name: string };

function promotionOf(column: PromotionColumn): Intent | undefined {
  const { current, name } = column.environment;
  if (current === null || column.promoteTo === null) return undefined;
  return { environment: column.promoteTo, source: { from: "deployment", deploymentId: current.id }, reason: "promote", title: `Promote ${name} to ${column.promoteTo}`, origin: name };
}

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function EnvironmentsScreen({ projectId, environment }: EnvironmentsScreenProps): ReactNode {
  const board = useQueryCommand("promotion_board", { projectId }, { pollMs: refreshMs });
  const [open, setOpen] = useState<Open>();
  const [chosen, setChosen] = useState(environment);
  const columns = board.data?.columns ?? [];
  const inside = (columns.find((column) => column.environment.name === chosen) ?? columns[0])?.environment;
  const wish = (column: PromotionColumn, wanted: ColumnWish): void => {
    if (wanted !== "promote") {
      setOpen({ wish: wanted, name: column.environment.name });
      return;
    }
    const intent = promotionOf(column);
    if (intent !== undefined) setOpen({ wish: "plan", intent });
  };
  const add = (
    <Button icon={Plus} variant={board.data?.columns.length === 0 ? "primary" : "secondary"} onClick={() => setOpen({ wish: "new", target: "local" })}>
      New environment
    </Button>
  );
  return (
    <Screen>
      <PageHeader title="Environments" subtitle={board.data === undefined ? "What runs where" : columns.length < 2 ? plural(columns.length, "environment") : `${plural(columns.length, "environment")}, in the order of promotion`} actions={add} />
      <Answer
        of={board}
        loading={
          <div className={styles.halves}>
            <Skeleton height={340} />
            <Skeleton height={340} />
          </div>
        }
      >
        {(data) =>
          data.columns.length === 0 ? (
            <EmptyState
              icon={Server}
              title="No environment yet"
              body="An environment is a place to deploy to: containers on this machine, or a namespace of a Kubernetes cluster. The first run makes the ones that the pipeline names; or make one now and deploy an image to it."
              action={add}
            />
          ) : (
            <div className={styles.sections}>
              <Board projectId={projectId} columns={data.columns} chosen={inside?.name} onChoose={setChosen} onWish={wish} onAddCluster={() => setOpen({ wish: "new", target: "kubernetes" })} />
              {inside !== undefined && <EnvironmentInside key={inside.name} projectId={projectId} environment={inside} onEdit={() => setOpen({ wish: "edit", name: inside.name })} />}
            </div>
          )
        }
      </Answer>
      {open !== undefined && <OpenDialog projectId={projectId} open={open} columns={columns} onOpen={setOpen} />}
    </Screen>
  );
}

interface OpenDialogProps {
  projectId: ProjectId;
  open: Open;
  columns: readonly PromotionColumn[];
  onOpen: (open: Open | undefined) => void;
}

function OpenDialog({ projectId, open, columns, onOpen }: OpenDialogProps): ReactNode {
  const close = (): void => onOpen(undefined);
  const plan = (intent: Intent): void => onOpen({ wish: "plan", intent });
  const taken = columns.map(({ environment }) => environment.name);
  if (open.wish === "new") return <EnvironmentDialog projectId={projectId} environment={undefined} target={open.target} taken={taken} onClose={close} />;
  if (open.wish === "plan") {
    const started = (): void => {
      toast(`Deployment to ${open.intent.environment} started`);
      close();
    };
    return <PlanDialog projectId={projectId} intent={open.intent} onClose={close} onStarted={started} />;
  }
  const column = columns.find(({ environment }) => environment.name === open.name);
  if (column === undefined) return null;
  const { environment } = column;
  switch (open.wish) {
    case "edit":
      return <EnvironmentDialog projectId={projectId} environment={environment} taken={taken} onClose={close} />;
    case "checks":
      return <ChecksOf projectId={projectId} environment={environment.name} onClose={close} />;
    case "history":
      return <HistoryDialog projectId={projectId} environment={environment.name} onClose={close} onRollback={plan} />;
    case "deploy":
      return <DeployDialog projectId={projectId} environment={environment.name} onClose={close} onChosen={plan} />;
    case "drift":
      return <DriftDialog projectId={projectId} column={column} onClose={close} onRestore={plan} />;
    case "remove":
      return <RemoveDialog projectId={projectId} environment={environment} onClose={close} />;
  }
}
