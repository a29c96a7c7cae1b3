import clsx from "clsx";
import { Minus, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton, StatusPill } from "#ui/components";
import type { ChangedFile } from "#ui/ipc";
import styles from "./changes.module.css";

export interface FileListProps {
  title: string;
  files: readonly ChangedFile[];
  chosen: string | undefined;
  onChoose: (path: string) => void;
  /** What the button of a row does: stage or unstage. */
  verb: "Stage" | "Unstage";
  onMove: (paths: string[]) => void;
  isBusy: boolean;
}

/** Files of one side: staged or not. */
export function FileList({ title, files, chosen, onChoose, verb, onMove, isBusy }: FileListProps): ReactNode {
  if (files.length === 0) return null;
  return (
    <section aria-label={title}>
      <header className={styles.listHead}>
        <h2>
          {title} <span>{files.length}</span>
        </h2>
        <Button size="small" variant="ghost" disabled={isBusy} onClick={() => onMove(files.map((file) => file.path))}>
          {verb} all
        </Button>
      </header>
      <ul>
        {files.map((file) => {
          const cut = file.path.lastIndexOf("/") + 1;
          return (
            <li key={file.path} className={clsx(styles.file, file.path === chosen && styles.chosen)}>
              <button type="button" className={styles.fileName} aria-pressed={file.path === chosen} title={file.oldPath === null ? file.path : `${file.oldPath} → ${file.path}`} onClick={() => onChoose(file.path)}>
                <StatusPill state={file.status} size="small" iconOnly />
                <span className={styles.path}>
                  <span className={styles.name}>{file.path.slice(cut)}</span>
                  <span className={styles.folder}>{file.path.slice(0, cut)}</span>
                  {file.isPartlyStaged && <span className={styles.folder}>partly staged</span>}
                </span>
                {file.isBinary ? (
                  <span className={styles.folder}>binary</span>
                ) : (
                  <span className={styles.counts}>
                    <span className={styles.plus}>+{file.additions}</span> <span className={styles.minus}>−{file.deletions}</span>
                  </span>
                )}
              </button>
              <IconButton label={`${verb} ${file.path}`} icon={verb === "Stage" ? Plus : Minus} size="small" disabled={isBusy} onClick={() => onMove([file.path])} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
