import { X } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { CodeBlock, IconButton } from "#ui/components";
import type { Defined } from "./language";
import styles from "./pipeline.module.css";

/** Another file, read only, at the line that defines what was asked for. */
export function Peek({ found, onClose }: { found: Defined; onClose: () => void }): ReactNode {
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    root.current?.querySelector(`[data-line="${found.line}"]`)?.scrollIntoView({ block: "center" });
    root.current?.querySelector("button")?.focus();
  }, [found]);
  return (
    // Escape closes it from wherever the focus is inside.
    // oxlint-disable-next-line no-noninteractive-element-interactions
    <section
      ref={root}
      className={styles.peek}
      aria-label={`Definition in ${found.path}`}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header className={styles.problemsHead}>
        <h3>{found.path}</h3>
        <span className={styles.fact}>line {found.line}, read only</span>
        <span className={styles.problemsKeys}>
          <IconButton size="small" icon={X} label="Close the definition" onClick={onClose} />
        </span>
      </header>
      {found.text === null ? <p className={styles.peekEmpty}>The definition is in this file, at line {found.line}. Its text is not at hand here.</p> : <CodeBlock label={`Text of ${found.path}`} text={found.text} language="yaml" lineNumbers highlight={found.line} />}
    </section>
  );
}
