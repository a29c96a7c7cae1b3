import clsx from "clsx";
import { memo, type ReactNode } from "react";
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
}

/** One line of a log: its number, its time if wanted, its words. */
export const LogRow = memo(function LogRow({ index, line, hasTime, mark, isFound, onWhole }: LogRowProps): ReactNode {
  const read = line === undefined ? undefined : readLine(line.text);
  const shown = read === undefined ? undefined : cut(read.spans);
  return (
    <div className={clsx(styles.row, line !== undefined && styles[line.stream], read !== undefined && styles[read.kind], isFound && styles.found)}>
      <span className={styles.number}>{(index + 1).toLocaleString("en")}</span>
      {hasTime && <span className={styles.time}>{line === undefined ? "" : formatClock(line.at)}</span>}
      <span className={styles.words}>
        {read !== undefined && WORDS[read.kind]}
        {shown === undefined
          ? "…"
          : markSpans(shown.spans, mark).map((piece, at) => {
              const looks = piece.looks.map((look) => styles[look]);
              // A line's pieces never move.
              // oxlint-disable-next-line no-array-index-key
              return piece.isMarked ? <mark key={at}>{piece.text}</mark> : looks.length === 0 ? piece.text : <span key={at} className={clsx(looks)}>{piece.text}</span>;
            })}
      </span>
      {shown !== undefined && shown.more > 0 && (
        <button type="button" className={styles.more} onClick={() => onWhole(index)}>
          {plural(shown.more, "more character")}
        </button>
      )}
    </div>
  );
});
