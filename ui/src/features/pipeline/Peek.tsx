import { X } from "lucide-react";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { CodeBlock, IconButton } from "#ui/components";
import type { Defined } from "./language";
import styles from "./pipeline.module.css";

/** A definition in another file. */
export type Elsewhere = Defined & { file: string };

/** Another file, read only, at the line that defines what was asked for. */
export function Peek({ found, onClose }: { found: Elsewhere; onClose: () => void }): ReactNode {
  const root = useRef<HTMLElement>(null);
  const line = useMemo(() => (found.text === null ? null : found.text.slice(0, found.from).split("\n").length), [found]);
  useEffect(() => {
    root.current?.querySelector(`[data-line="${line}"]`)?.scrollIntoView({ block: "center" });
    root.current?.querySelector("button")?.focus();
  }, [line]);
  return (
    // Escape closes it from wherever the focus is inside.
    // oxlint-disable-next-line no-noninteractive-element-interactions
    <section
      ref={root}
      className={styles.peek}
      aria-label={`Definition in ${found.file}`}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header className={styles.problemsHead}>
        <h3>{found.file}</h3>
        <span className={styles.fact}>{line === null ? "not open here" : `line ${line}, read only`}</span>
        <span className={styles.problemsKeys}>
          <IconButton size="small" icon={X} label="Close the definition" onClick={onClose} />
        </span>
      </header>
      {found.text === null ? <p className={styles.peekEmpty}>The definition is in this file. Its text is not at hand here: open it in your editor.</p> : <CodeBlock label={`Text of ${found.file}`} text={found.text} language="yaml" lineNumbers highlight={line ?? undefined} />}
    </section>
  );
}
