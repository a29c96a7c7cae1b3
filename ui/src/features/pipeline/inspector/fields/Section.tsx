// A part of a form that opens and closes; closed ones say how much is in them.
import { ChevronRight } from "lucide-react";
import { useState, type ReactNode } from "react";
import styles from "../inspector.module.css";

export interface SectionProps {
  title: string;
  /** Something is written in it: it starts open. */
  isOpen?: boolean;
  note?: string | undefined;
  children: ReactNode;
}

export function Section({ title, isOpen = false, note, children }: SectionProps): ReactNode {
  const [isShown, setShown] = useState(isOpen);
  return (
    <details className={styles.section} open={isShown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>
        <ChevronRight size={14} aria-hidden />
        {title}
        {note !== undefined && <span className={styles.count}>{note}</span>}
      </summary>
      {isShown && <div className={styles.fields}>{children}</div>}
    </details>
  );
}
