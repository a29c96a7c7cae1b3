// What an environment asks of stages, in a line each, with the way to change it.
import { ShieldCheck } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useQueryCommand, type ProjectId } from "#ui/ipc";
import { Button, ErrorState, plural } from "#ui/components";
import { CHECK_TITLES, summaryOf } from "./check-draft";
import { ChecksDialog } from "./ChecksDialog";
import styles from "./environments.module.css";

/** Approvals and checks of one environment. */
export function Checks({ projectId, environment }: { projectId: ProjectId; environment: string }): ReactNode {
  const checks = useQueryCommand("check_list", { projectId, environment });
  const [isEditing, setEditing] = useState(false);
  const found = checks.data;
  return (
    <section aria-label={`Approvals and checks of ${environment}`}>
      <h3 className={styles.heading}>
        Approvals and checks
        <Button size="small" variant="ghost" icon={ShieldCheck} aria-label={`Change the checks of ${environment}`} disabled={found === undefined} onClick={() => setEditing(true)}>
          Change
        </Button>
      </h3>
      {checks.error !== null && <ErrorState error={checks.error} compact />}
      {found !== undefined && found.checks.length === 0 && <p className={styles.muted}>None: a stage that deploys here starts by itself.</p>}
      {found !== undefined && found.checks.length > 0 && (
        <ul className={styles.plainList}>
          {found.checks.map((check, index) => (
            <li key={index}>
              <strong>{CHECK_TITLES[check.type]}</strong> <span className={styles.muted}>{summaryOf(check)}</span>
            </li>
          ))}
        </ul>
      )}
      {found !== undefined && found.targets.length > 0 && (
        <p className={styles.muted}>
          {plural(found.targets.length, "target")}: {found.targets.map((target) => target.name).join(", ")}
        </p>
      )}
      {isEditing && found !== undefined && <ChecksDialog projectId={projectId} kept={found} onClose={() => setEditing(false)} />}
    </section>
  );
}
