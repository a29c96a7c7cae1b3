// What no field can show: it is named, and the text is one press away.
import { CornerDownRight } from "lucide-react";
import type { ReactNode } from "react";
import { useDesk } from "../desk";
import styles from "../inspector.module.css";
import type { WrittenView } from "../wire";

const FORMS: Record<WrittenView["form"], string> = { map: "a mapping", list: "a list", text: "a text", nothing: "empty" };

/** A value that is shown by its name and form only. */
export function Elsewhere({ label, written }: { label: string; written: WrittenView }): ReactNode {
  const desk = useDesk();
  const short = written.form === "text" && !written.text.includes("\n") ? written.text : FORMS[written.form];
  return (
    <p className={styles.note}>
      <span className={styles.mono}>{label}</span>: <span className={written.form === "text" ? styles.mono : undefined}>{short}</span>{" "}
      <button type="button" className={styles.link} aria-label={`Show ${label} in the text, line ${written.line}`} onClick={() => desk.onGo(written.line)}>
        <CornerDownRight size={12} aria-hidden /> line {written.line}
      </button>
    </p>
  );
}

/** Everything that no field above shows. */
export function AlsoWritten({ entries }: { entries: WrittenView["entries"] }): ReactNode {
  if (entries.length === 0) return null;
  return (
    <div className={styles.rest}>
      <h3 className={styles.label}>Also written here</h3>
      <ul className={styles.list} aria-label="Also written here">
        {entries.map((entry) => (
          <li key={entry.value.path}>
            <Elsewhere label={entry.key ?? "item"} written={entry.value} />
          </li>
        ))}
      </ul>
    </div>
  );
}
