import { FileDiff, RotateCcw, Save } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Dialog, Note } from "#ui/components";
import { Difference } from "./Difference";
import styles from "./pipeline.module.css";

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
        {compared !== null && <Difference label="Difference between the disk and mine" before={disk} after={compared} removed="on disk" added="mine" />}
      </Dialog>
    </>
  );
}
