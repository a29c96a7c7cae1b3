import clsx from "clsx";
import { FileDiff, RotateCcw, Save } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
import { Button, Dialog, Note } from "#ui/components";
import { diffLines, type DiffRow } from "./line-diff";
import styles from "./pipeline.module.css";

const SIGNS: Record<DiffRow["kind"], string> = { context: " ", added: "+", removed: "−" };
const WORDS: Record<DiffRow["kind"], string> = { context: "", added: "mine", removed: "on disk" };

function Difference({ disk, mine }: { disk: string; mine: string }): ReactNode {
  const hunks = useMemo(() => diffLines(disk, mine), [disk, mine]);
  return (
    // Scrolled by keyboard, so it takes the focus.
    // oxlint-disable-next-line no-noninteractive-tabindex
    <section className={styles.diff} aria-label="Difference between the disk and mine" tabIndex={0}>
      <table>
        {hunks.map((rows, index) => (
          <tbody key={index}>
            {rows.map((row) => (
              <tr key={`${row.oldLine ?? ""}:${row.newLine ?? ""}`} className={clsx(row.kind === "added" && styles.added, row.kind === "removed" && styles.removed)}>
                <td className={styles.number}>{row.oldLine}</td>
                <td className={styles.number}>{row.newLine}</td>
                <td className={styles.sign}>
                  <span aria-hidden="true">{SIGNS[row.kind]}</span>
                  <span className="visuallyHidden">{WORDS[row.kind]}</span>
                </td>
                <td className={styles.text}>{row.text}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

export interface ContestProps {
  path: string;
  disk: string;
  mine: () => string;
  isSaving: boolean;
  onReload: () => void;
  onKeep: () => void;
}

/** The file has changed on disk under unsaved work: whose version shall stay. */
export function Contest({ path, disk, mine, isSaving, onReload, onKeep }: ContestProps): ReactNode {
  const [compared, setCompared] = useState<string | null>(null);
  return (
    <>
      <Note
        tone="warning"
        title={`${path} has changed on disk`}
        action={
          <span className={styles.contestActions}>
            <Button size="small" icon={RotateCcw} onClick={onReload}>
              Reload
            </Button>
            <Button size="small" icon={FileDiff} onClick={() => setCompared(mine())}>
              Keep mine…
            </Button>
          </span>
        }
      >
        Reload takes the disk's text; undo brings yours back. Keep mine shows the difference first.
      </Note>
      <Dialog
        isOpen={compared !== null}
        onClose={() => setCompared(null)}
        title="Keep mine"
        description="Lines marked − are on disk and would go; lines marked + are yours and would stay."
        actions={
          <>
            <Button variant="ghost" onClick={() => setCompared(null)}>
              Back to the text
            </Button>
            <Button
              variant="primary"
              icon={Save}
              isBusy={isSaving}
              onClick={() => {
                setCompared(null);
                onKeep();
              }}
            >
              Save mine over it
            </Button>
          </>
        }
      >
        {compared !== null && <Difference disk={disk} mine={compared} />}
      </Dialog>
    </>
  );
}
