// One of several things of a kind, such as a parameter: its name and what is worth knowing, and its fields once opened.
import { ChevronRight } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import styles from "../inspector.module.css";
import { Refusal } from "./Refusal";

export interface CardProps {
  /** Read aloud for the whole card. */
  label: string;
  title: string;
  note?: string | undefined;
  isOpen?: boolean;
  actions: ReactNode;
  problem?: string | undefined;
  children: ReactNode;
}

export function Card({ label, title, note, isOpen = false, actions, problem, children }: CardProps): ReactNode {
  const id = useId();
  const [isShown, setShown] = useState(isOpen);
  return (
    <li className={styles.card} aria-label={label}>
      <div className={styles.cardHead}>
        <button type="button" className={styles.cardTitle} aria-expanded={isShown} aria-controls={id} onClick={() => setShown(!isShown)}>
          <ChevronRight size={14} aria-hidden />
          <span>{title}</span>{" "}
          {note !== undefined && <span className={styles.cardNote}>{note}</span>}
        </button>
        {actions}
      </div>
      <Refusal why={problem} />
      <div id={id} className={styles.fieldsBare} hidden={!isShown}>
        {isShown && children}
      </div>
    </li>
  );
}
