// What was deployed to an environment, newest first, each with the way back to it.
import { Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { useQueryCommand, type DeploymentView, type ProjectId } from "#ui/ipc";
import { Answer, Button, CommitChip, DataTable, Dialog, Digest, EmptyState, href, RelativeTime, StatusPill, stateOf, type Column } from "#ui/components";
import { REASONS } from "../reasons";
import { rollbackTo } from "../rollback";
import { isBeside, shownStrategy } from "../strategy";
import type { Intent } from "../plan/PlanDialog";
import styles from "./board.module.css";

export interface HistoryDialogProps {
  projectId: ProjectId;
  environment: string;
  onClose: () => void;
  onRollback: (intent: Intent) => void;
}

/** The deployments of one environment. */
export function HistoryDialog({ projectId, environment, onClose, onRollback }: HistoryDialogProps): ReactNode {
  const deployments = useQueryCommand("deployment_list", { projectId, environment, limit: 50 });
  const columns: readonly Column<DeploymentView>[] = [
    {
      key: "state",
      header: "State",
      cell: (one) => (
        <a className={styles.quiet} href={href.deployment(one.id)}>
          <StatusPill size="small" state={stateOf(one)} label={one.isCurrent ? "Runs now" : one.strategy !== null && isBeside(one) && one.result === "succeeded" ? shownStrategy(one.strategy) : undefined} />
        </a>
      ),
    },
    { key: "reason", header: "Why", cell: (one) => (one.reason === "run" ? <a href={href.run(one.runId)}>{one.runNumber}</a> : REASONS[one.reason]) },
    { key: "digest", header: "Digest", cell: (one) => <Digest digest={one.digest} isLink /> },
    { key: "commit", header: "Commit", cell: (one) => (one.commit === "" ? "–" : <CommitChip sha={one.commit} />) },
    { key: "at", header: "When", cell: (one) => <RelativeTime at={one.startedAt} /> },
    {
      key: "back",
      header: <span className="visuallyHidden">Roll back</span>,
      align: "end",
      cell: (one) => {
        const intent = rollbackTo(one);
        return (
          intent !== undefined && (
            <Button size="small" icon={Undo2} aria-label={`Roll back to ${one.digest.slice(7, 19)}`} onClick={() => onRollback(intent)}>
              Roll back
            </Button>
          )
        );
      },
    },
  ];
  return (
    <Dialog isOpen size="wide" onClose={onClose} title={`History of ${environment}`} description="Rolling back shows the diff first, and holds automatic deployments here until you release them.">
      <Answer of={deployments}>{(data) => (data.length === 0 ? <EmptyState title="Nothing was deployed here" /> : <div className={styles.framed}><DataTable label={`Deployments to ${environment}`} columns={columns} rows={data} rowKey={(one) => one.id} /></div>)}</Answer>
    </Dialog>
  );
}
