import type { ReactNode } from "react";
import { Answer, CommitChip, EmptyState, href, ObjectLink, Panel, RelativeTime, stateOf, StatusPill } from "#ui/components";
import { useQueryCommand, type ProjectId } from "#ui/ipc";
import styles from "./changes.module.css";

/** The newest commits, with what they started. */
export function RecentCommits({ projectId }: { projectId: ProjectId }): ReactNode {
  const commits = useQueryCommand("commit_list", { projectId, limit: 20 });
  return (
    <Panel title="Recent commits" flush>
      <Answer of={commits}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="No commit yet" />
          ) : (
            <ul className={styles.commits}>
              {list.map((commit) => (
                <li key={commit.sha}>
                  <CommitChip sha={commit.sha} summary={commit.summary} />
                  <span className={styles.commitFacts}>
                    <span>{commit.authorName}</span>
                    <RelativeTime at={commit.committedAt} />
                    {commit.workItems.map((id) => (
                      <ObjectLink key={id} object={{ kind: "workItem", id: String(id) }} />
                    ))}
                    {commit.runs.map((run) => (
                      <a key={run.runId} href={href.run(run.runId)} className={styles.runLink}>
                        <StatusPill state={stateOf(run)} size="small" iconOnly /> {run.number}
                      </a>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  );
}
