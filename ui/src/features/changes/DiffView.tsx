import clsx from "clsx";
import { FileDiff as FileDiffIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Answer, EmptyState, Note, Skeleton } from "#ui/components";
import { useQueryCommand, type DiffLine, type FileDiff, type ProjectId } from "#ui/ipc";
import styles from "./changes.module.css";

const SIGNS: Record<DiffLine["kind"], string> = { context: " ", added: "+", removed: "−" };

function Hunks({ diff }: { diff: FileDiff }): ReactNode {
  if (diff.isBinary) return <EmptyState icon={FileDiffIcon} title="A binary file" body="Its contents cannot be shown line by line." />;
  if (diff.hunks.length === 0) return <EmptyState icon={FileDiffIcon} title="The text is the same" body="Only the name or the mode of the file differs." />;
  return (
    <>
      {diff.isTruncated && (
        <div className={styles.truncated}>
          <Note tone="neutral">The difference is longer than what is shown here.</Note>
        </div>
      )}
      {/* Scrolled by keyboard, so it takes the focus. */}
      {/* oxlint-disable-next-line no-noninteractive-tabindex */}
      <section className={styles.diff} aria-label={`Difference of ${diff.path}`} tabIndex={0}>
        <table className={styles.lines}>
          {diff.hunks.map((hunk) => (
            <tbody key={hunk.header}>
              <tr className={styles.hunk}>
                <td colSpan={4}>{hunk.header}</td>
              </tr>
              {hunk.lines.map((line, index) => (
                <tr key={index} className={clsx(line.kind === "added" && styles.added, line.kind === "removed" && styles.removed)}>
                  <td className={styles.lineNumber}>{line.oldLine}</td>
                  <td className={styles.lineNumber}>{line.newLine}</td>
                  <td className={styles.sign}>{SIGNS[line.kind]}</td>
                  <td className={styles.code}>{line.text}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </>
  );
}

/** The difference of one file. */
export function DiffView({ projectId, path }: { projectId: ProjectId; path: string }): ReactNode {
  const diff = useQueryCommand("change_diff", { projectId, path });
  return (
    <Answer
      of={diff}
      loading={
        <div className={styles.truncated}>
          <Skeleton lines={8} />
        </div>
      }
    >
      {(data) => <Hunks diff={data} />}
    </Answer>
  );
}
