// Exceptions by problem id: open one for its stack, make a bug of it, follow the bug and back.
import clsx from "clsx";
import { Bug, ChevronRight, ShieldCheck } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { useMutationCommand, type ExceptionGroup, type ProjectId } from "#ui/ipc";
import { Button, CodeBlock, CopyButton, EmptyState, ErrorState, KeyValue, ObjectLink, RelativeTime } from "#ui/components";
import styles from "./insights.module.css";

export interface ExceptionListProps {
  projectId: ProjectId;
  groups: readonly ExceptionGroup[];
  /** Opened and brought into view. */
  openId: string | undefined;
}

/** The problems of a span, newest first. */
export function ExceptionList({ projectId, groups, openId }: ExceptionListProps): ReactNode {
  if (groups.length === 0) return <EmptyState icon={ShieldCheck} title="No exceptions in this span" body="When the app throws, the exception appears here with its stack, and becomes a bug with one press." />;
  return (
    <ul className={styles.exceptions}>
      {groups.map((group) => (
        <ExceptionRow key={group.problemId} projectId={projectId} group={group} isFollowed={group.problemId === openId} />
      ))}
    </ul>
  );
}

function intoView(row: HTMLLIElement | null): void {
  row?.scrollIntoView?.({ block: "center" });
}

function ExceptionRow({ projectId, group, isFollowed }: { projectId: ProjectId; group: ExceptionGroup; isFollowed: boolean }): ReactNode {
  const [isOpen, setIsOpen] = useState(isFollowed);
  const bodyId = useId();
  return (
    <li className={clsx(styles.exception, isFollowed && styles.followed)} ref={isFollowed ? intoView : undefined}>
      <div className={styles.exceptionHead}>
        <button type="button" className={styles.disclose} aria-expanded={isOpen} aria-controls={bodyId} onClick={() => setIsOpen(!isOpen)}>
          <ChevronRight size={16} className={clsx(styles.chevron, isOpen && styles.turned)} />
          <span className={styles.exceptionText}>
            <span className={styles.exceptionType}>{group.typeName}</span>
            <span className={styles.exceptionMessage}>{group.message}</span>
          </span>
        </button>
        <span className={styles.exceptionFacts}>
          <strong>{group.count.toLocaleString("en")} ×</strong>
          <RelativeTime at={group.lastSeen} />
        </span>
        <BugLink projectId={projectId} group={group} />
      </div>
      <div id={bodyId} hidden={!isOpen} className={styles.exceptionBody}>
        {isOpen && (
          <>
            <KeyValue
              columns={2}
              items={[
                { name: "Operation", value: group.operation ?? "outside a request" },
                { name: "First seen", value: <RelativeTime at={group.firstSeen} /> },
                {
                  name: "Problem id",
                  value: (
                    <span className={styles.problem}>
                      <code>{group.problemId}</code>
                      <CopyButton text={group.problemId} label="Copy problem id" />
                    </span>
                  ),
                },
                { name: "Deployment", value: group.deploymentId === null ? "not known" : <ObjectLink object={{ kind: "deployment", id: group.deploymentId }} /> },
              ]}
            />
            {group.stack.length === 0 ? <p className={styles.muted}>The app sent no stack.</p> : <CodeBlock label={`Stack of ${group.typeName}`} text={group.stack.join("\n")} />}
          </>
        )}
      </div>
    </li>
  );
}

function BugLink({ projectId, group }: { projectId: ProjectId; group: ExceptionGroup }): ReactNode {
  const make = useMutationCommand("work_item_from_exception", { quiet: true });
  const id = group.workItem ?? make.data?.id;
  if (id !== undefined) {
    return (
      <span className={styles.bug}>
        <ObjectLink object={{ kind: "workItem", id: String(id) }} />
      </span>
    );
  }
  return (
    <span className={styles.bug}>
      <Button size="small" icon={Bug} aria-label={`Create bug from ${group.typeName}`} isBusy={make.isPending} onClick={() => make.mutate({ projectId, problemId: group.problemId })}>
        Create bug
      </Button>
      {make.error !== null && <ErrorState error={make.error} compact />}
    </span>
  );
}
