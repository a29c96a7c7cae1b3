// The thread of a work item: commit → run → digest → deployment → health, a strand for each way it took.
import type { ReactNode } from "react";
import type { WorkItemDetail } from "#ui/ipc";
import { CommitChip, Digest, ObjectLink, StatusPill, stateOf } from "#ui/components";
import { strandsOf, type Strand } from "./strands";
import styles from "./backlog.module.css";

/** The strands of an item, each link one click from its room. */
export function ItemThread({ detail }: { detail: WorkItemDetail }): ReactNode {
  const strands = strandsOf(detail);
  if (strands.length === 0) {
    return (
      <p>
        <strong>No commit mentions it yet.</strong>{" "}
        <span className={styles.muted}>
          Write <code>AB#{detail.item.id}</code> in a commit message, and the commit, its run, its image and its deployment hang on here by themselves.
        </span>
      </p>
    );
  }
  return (
    // A wide table must be scrolled by keyboard too.
    // oxlint-disable-next-line no-noninteractive-tabindex
    <section className={styles.scroller} aria-label="From commit to health" tabIndex={0}>
      <table className={styles.strands}>
        <caption className="visuallyHidden">From each commit to the health of what it became</caption>
        <thead>
          <tr>
            {["Commit", "Run", "Digest", "Deployment", "Health"].map((word) => (
              <th key={word} scope="col">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {strands.map((strand) => (
            <StrandRow key={strand.key} strand={strand} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function StrandRow({ strand: { commit, run, deployment } }: { strand: Strand }): ReactNode {
  return (
    <tr>
      <Cell isReached={commit !== null}>
        {commit !== null && (
          <>
            <CommitChip sha={commit.sha} />
            <span className={styles.commitSummary} title={commit.summary}>
              {commit.summary}
            </span>
          </>
        )}
      </Cell>
      <Cell isReached={run !== null}>
        {run !== null && (
          <span className={styles.knot}>
            <ObjectLink object={{ kind: "run", id: run.runId }}>{run.number}</ObjectLink>
            <StatusPill state={stateOf(run)} size="small" />
          </span>
        )}
      </Cell>
      <Cell isReached={deployment !== null}>{deployment !== null && <Digest digest={deployment.digest} isLink />}</Cell>
      <Cell isReached={deployment !== null}>
        {deployment !== null && (
          <span className={styles.knot}>
            <ObjectLink object={{ kind: "deployment", id: deployment.id }}>{deployment.environment}</ObjectLink>
            <StatusPill state={deployment.proof?.isProven === true ? "proven" : stateOf(deployment)} size="small" />
          </span>
        )}
      </Cell>
      <Cell isReached={deployment !== null && deployment.health !== null}>{deployment !== null && deployment.health !== null && <StatusPill state={deployment.health.verdict} size="small" />}</Cell>
    </tr>
  );
}

function Cell({ isReached, children }: { isReached: boolean; children: ReactNode }): ReactNode {
  return <td data-reached={isReached}>{isReached ? children : <span className={styles.muted}>not yet</span>}</td>;
}
