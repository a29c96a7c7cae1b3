// Two texts line by line, as the questions before a save show them.
import clsx from "clsx";
import { useMemo, type ReactNode } from "react";
import { diffLines, type DiffRow } from "./line-diff";
import styles from "./pipeline.module.css";

const SIGNS: Record<DiffRow["kind"], string> = { context: " ", added: "+", removed: "−" };

export interface DifferenceProps {
  /** What is compared; read aloud. */
  label: string;
  before: string;
  after: string;
  /** What a line is called that is in one of the two only; read aloud. */
  removed?: string;
  added?: string;
}

/** The places where two texts differ, with a few lines around each. */
export function Difference({ label, before, after, removed = "removed", added = "added" }: DifferenceProps): ReactNode {
  const hunks = useMemo(() => diffLines(before, after), [before, after]);
  const words: Record<DiffRow["kind"], string> = { context: "", added, removed };
  return (
    // Scrolled by keyboard, so it takes the focus.
    // oxlint-disable-next-line no-noninteractive-tabindex
    <section className={styles.diff} aria-label={label} tabIndex={0}>
      <table>
        {hunks.map((rows, index) => (
          <tbody key={index}>
            {rows.map((row) => (
              <tr key={`${row.oldLine ?? ""}:${row.newLine ?? ""}`} className={clsx(row.kind === "added" && styles.added, row.kind === "removed" && styles.removed)}>
                <td className={styles.number}>{row.oldLine}</td>
                <td className={styles.number}>{row.newLine}</td>
                <td className={styles.sign}>
                  <span aria-hidden="true">{SIGNS[row.kind]}</span>
                  <span className="visuallyHidden">{words[row.kind]}</span>
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
