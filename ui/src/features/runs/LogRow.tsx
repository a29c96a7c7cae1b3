import clsx from "clsx";
import { ChevronDown, ChevronRight } from "lucide-react";
import { memo, type KeyboardEvent, type ReactNode } from "react";
import { formatClock, plural } from "#ui/components";
import type { LogLine } from "#ui/ipc";
import { markSpans, MOST_CHARACTERS, readLine, type LineKind, type Span } from "./log-line";
import styles from "./LogRow.module.css";

/** Said where the colour alone would tell it. */
const WORDS: Partial<Record<LineKind, string>> = { error: "Error: ", warning: "Warning: " };

/** The first so many characters, and how many there are. */
function cut(spans: readonly Span[]): { spans: readonly Span[]; more: number } {
  const length = spans.reduce((sum, span) => sum + span.text.length, 0);
  if (length <= MOST_CHARACTERS) return { spans, more: 0 };
  let left = MOST_CHARACTERS;
  const shown: Span[] = [];
  for (const span of spans) {
    if (left <= 0) break;
    shown.push({ ...span, text: span.text.slice(0, left) });
    left -= span.text.length;
  }
  return { spans: shown, more: length - MOST_CHARACTERS };
}

export interface LogRowProps {
  index: number;
  line: LogLine | undefined;
  hasTime: boolean;
  mark: RegExp | null;
  isFound: boolean;
  onWhole: (index: number) => void;
  /** Set for the head of a group. */
  group?: GroupProps | undefined;
}

interface GroupProps {
  isFolded: boolean;
  lines: number;
  onFold: (folds: boolean) => void;
}

/** The head of a group: folds its lines and unfolds them, by mouse, Enter, Space or the arrows. */
function GroupHead({ title, group, children }: { title: string; group: GroupProps; children: ReactNode }): ReactNode {
  const { isFolded, lines, onFold } = group;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    onFold(event.key === "ArrowLeft");
  };
  return (
    <button type="button" className={styles.head} aria-expanded={!isFolded} aria-label={`${title}, group of ${plural(lines, "line")}`} onClick={() => onFold(!isFolded)} onKeyDown={onKeyDown}>
      {isFolded ? <ChevronRight size={14} aria-hidden /> : <ChevronDown size={14} aria-hidden />}
      {children}
      {isFolded && <span className={styles.folded}>{plural(lines, "line")}</span>}
    </button>
  );
}

/** One line of a log: its number, its time if wanted, its words. */
export const LogRow = memo(function LogRow({ index, line, hasTime, mark, isFound, onWhole, group }: LogRowProps): ReactNode {
  const read = line === undefined ? undefined : readLine(line.text);
  const shown = read === undefined ? undefined : cut(read.spans);
  const words =
    shown === undefined
      ? "…"
      : markSpans(shown.spans, mark).map((piece, at) => {
          const looks = piece.looks.map((look) => styles[look]);
          // A line's pieces never move.
          // oxlint-disable-next-line no-array-index-key
          return piece.isMarked ? <mark key={at}>{piece.text}</mark> : looks.length === 0 ? piece.text : <span key={at} className={clsx(looks)}>{piece.text}</span>;
        });
  return (
    <div className={clsx(styles.row, line !== undefined && styles[line.stream], read !== undefined && styles[read.kind], isFound && styles.found)}>
      <span className={styles.number}>{(index + 1).toLocaleString("en")}</span>
      {hasTime && <span className={styles.time}>{line === undefined ? "" : formatClock(line.at)}</span>}
      <span className={styles.words}>
        {read !== undefined && WORDS[read.kind]}
        {group !== undefined && read?.kind === "group" ? (
          <GroupHead title={read.spans.map((span) => span.text).join("")} group={group}>
            {words}
          </GroupHead>
        ) : (
          words
        )}
      </span>
      {shown !== undefined && shown.more > 0 && (
        <button type="button" className={styles.more} onClick={() => onWhole(index)}>
          {plural(shown.more, "more character")}
        </button>
      )}
    </div>
  );
});
