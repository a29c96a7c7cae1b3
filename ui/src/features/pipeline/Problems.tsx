import clsx from "clsx";
import { ChevronDown, ChevronUp, CircleAlert, CircleCheck, Info, TriangleAlert, Wrench, type LucideIcon } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
import { Button, ErrorState, IconButton, Kbd, plural } from "#ui/components";
import type { DiagnosticView } from "#ui/ipc";
import styles from "./pipeline.module.css";
import { fixOf, linesOf, rangeOf, type Fix } from "./positions";
import type { Check } from "./use-check";

const SEVERITY_WORDS = { error: "Error", warning: "Warning", information: "Information" } as const;
const ICONS: Record<DiagnosticView["severity"], LucideIcon> = { error: CircleAlert, warning: TriangleAlert, information: Info };
/** Nobody reads more of them at once. */
const MOST_ROWS = 200;

/** How many there are of each, such as `1 error, 2 warnings`. */
export function countWords(problems: readonly DiagnosticView[]): string {
  const words = (["error", "warning", "information"] as const).flatMap((severity) => {
    const count = problems.filter((problem) => problem.severity === severity).length;
    if (count === 0) return [];
    return [severity === "information" ? plural(count, "note") : plural(count, severity)];
  });
  return words.length === 0 ? "no problems" : words.join(", ");
}

interface RowProps {
  problem: DiagnosticView;
  fix: Fix | null;
  onGo: (problem: DiagnosticView) => void;
  onFix: (fix: Fix) => void;
}

function Row({ problem, fix, onGo, onFix }: RowProps): ReactNode {
  const Icon = ICONS[problem.severity];
  return (
    <li className={styles.problem}>
      <button type="button" className={styles.problemText} onClick={() => onGo(problem)}>
        <Icon size={16} className={clsx(styles.problemIcon, styles[problem.severity])} />
        <span>
          <strong>{SEVERITY_WORDS[problem.severity]}</strong> {problem.message} {problem.hint !== null && <span className={styles.hint}>{problem.hint}</span>}
        </span>
        <span className={styles.place}>
          <span className="visuallyHidden">at line and column </span>
          {problem.line}:{problem.column}
        </span>
      </button>
      {fix !== null && (
        <Button size="small" icon={Wrench} onClick={() => onFix(fix)} aria-label={`Fix: replace ${fix.wrong} by ${fix.insert}`}>
          Fix
        </Button>
      )}
    </li>
  );
}

export interface ProblemsProps {
  check: Check;
  onGo: (problem: DiagnosticView) => void;
  onFix: (fix: Fix) => void;
  onStep: (direction: 1 | -1) => void;
}

/** Everything that is wrong with the text, below it. */
export function Problems({ check, onGo, onFix, onStep }: ProblemsProps): ReactNode {
  const [isOpen, setOpen] = useState(true);
  const rows = useMemo(() => {
    const lines = linesOf(check.body);
    return check.problems.slice(0, MOST_ROWS).map((problem) => ({ problem, fix: fixOf(problem, check.body, rangeOf(lines, problem)) }));
  }, [check.body, check.problems]);
  const isClean = rows.length === 0;
  return (
    <section className={styles.problems} aria-label="Problems">
      <header className={styles.problemsHead}>
        <h3>Problems</h3>
        {/* oxlint-disable-next-line prefer-tag-over-role -- an <output> belongs to a form */}
        <span className={styles.fact} role="status">
          {countWords(check.problems)}
        </span>
        {isClean ? (
          check.failure === null && <CircleCheck size={16} className={styles.clean} />
        ) : (
          <span className={styles.problemsKeys}>
            <span className={styles.fact} aria-hidden="true">
              <Kbd>F8</Kbd> next
            </span>
            <IconButton size="small" icon={ChevronUp} label="Previous problem (Shift+F8)" onClick={() => onStep(-1)} />
            <IconButton size="small" icon={ChevronDown} label="Next problem (F8)" onClick={() => onStep(1)} />
            <Button size="small" variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? "Hide" : "Show"}
            </Button>
          </span>
        )}
      </header>
      {check.failure !== null && <ErrorState error={check.failure} compact />}
      {!isClean && isOpen && (
        <ul className={styles.problemList}>
          {rows.map(({ problem, fix }, index) => (
            <Row key={`${problem.line}:${problem.column}:${problem.code}:${index}`} problem={problem} fix={fix} onGo={onGo} onFix={onFix} />
          ))}
          {check.problems.length > MOST_ROWS && <li className={styles.more}>And {check.problems.length - MOST_ROWS} more. Mend these first.</li>}
        </ul>
      )}
    </section>
  );
}
