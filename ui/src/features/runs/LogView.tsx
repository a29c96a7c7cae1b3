import { useVirtualizer } from "@tanstack/react-virtual";
import clsx from "clsx";
import { ArrowDownToLine, ChevronDown, ChevronUp, Clock } from "lucide-react";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { EmptyState, ErrorState, Field, formatClock, IconButton, plural, TextInput } from "#ui/components";
import type { LogLine, RecordView, RunId } from "#ui/ipc";
import { stripAnsi } from "./ansi";
import styles from "./LogView.module.css";
import { PAGE, SEARCH_PAGES, useLog } from "./useLog";

const ROW = 20;

function Marked({ text, search }: { text: string; search: string }): ReactNode {
  if (search === "") return text;
  const parts: ReactNode[] = [];
  const lower = text.toLowerCase();
  let end = 0;
  for (let at = lower.indexOf(search); at >= 0; at = lower.indexOf(search, end)) {
    parts.push(text.slice(end, at), <mark key={at}>{text.slice(at, at + search.length)}</mark>);
    end = at + search.length;
  }
  return [...parts, text.slice(end)];
}

interface RowProps {
  index: number;
  line: LogLine | undefined;
  hasTime: boolean;
  search: string;
  isFound: boolean;
}

function Row({ index, line, hasTime, search, isFound }: RowProps): ReactNode {
  return (
    <div className={clsx(styles.row, line !== undefined && styles[line.stream], isFound && styles.found)}>
      <span className={styles.number}>{index + 1}</span>
      {hasTime && <span className={styles.time}>{line === undefined ? "" : formatClock(line.at)}</span>}
      <span className={styles.text}>{line === undefined ? "…" : <Marked text={stripAnsi(line.text)} search={search} />}</span>
    </div>
  );
}

/** Lines that hold the word, among those that were read. */
function useMatches(log: { total: number; line: (index: number) => LogLine | undefined }, search: string): number[] {
  const { total, line } = log;
  return useMemo(() => {
    if (search === "") return [];
    const found: number[] = [];
    for (let index = 0; index < Math.min(total, SEARCH_PAGES * PAGE); index += 1) {
      const here = line(index);
      if (here !== undefined && stripAnsi(here.text).toLowerCase().includes(search)) found.push(index);
    }
    return found;
  }, [total, line, search]);
}

export interface LogViewProps {
  runId: RunId;
  record: RecordView;
}

/** The log of one step: only the lines in sight are drawn, only their pages are read; it follows its end while it grows. */
export function LogView({ runId, record }: LogViewProps): ReactNode {
  const isGoing = record.state === "inProgress";
  const [isFollowing, setFollowing] = useState(isGoing);
  const [hasTime, setTime] = useState(false);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const [sight, setSight] = useState({ first: isGoing ? Math.max(0, record.logLines - 60) : 0, last: isGoing ? record.logLines : 60 });
  const search = text.trim().toLowerCase();
  const log = useLog(runId, record.id, record.logLines, sight.first, sight.last, search !== "");
  const matches = useMatches(log, search);
  const scroller = useRef<HTMLElement>(null);
  // No compiler memoizes this component (vite builds without it), so its unstable functions do no harm.
  // oxlint-disable-next-line incompatible-library
  const virtual = useVirtualizer({
    count: log.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    // WebKitGTK reports scrolling coarsely: draw well beyond the edges.
    overscan: 24,
    onChange: (instance) => {
      const range = instance.range;
      if (range === null) return;
      setSight((before) => (before.first === range.startIndex && before.last === range.endIndex ? before : { first: range.startIndex, last: range.endIndex }));
    },
  });
  const { total } = log;
  useEffect(() => {
    if (isFollowing && total > 0) virtual.scrollToIndex(total - 1, { align: "end" });
  }, [isFollowing, total, virtual]);

  const go = (step: number): void => {
    if (matches.length === 0) return;
    const next = (chosen + step + matches.length) % matches.length;
    setChosen(next);
    setFollowing(false);
    virtual.scrollToIndex(matches[next] ?? 0, { align: "center" });
  };
  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null || !isGoing) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < ROW * 2;
    // Scrolling up stops the following, reaching the end takes it up again.
    if (!isAtEnd && isFollowing && element.scrollTop < (virtual.scrollOffset ?? 0) - 1) setFollowing(false);
    if (isAtEnd && !isFollowing) setFollowing(true);
  };

  return (
    <section className={styles.log} aria-label={`Log of ${record.displayName}`}>
      <div className={styles.bar}>
        <form
          className={styles.search}
          onSubmit={(event) => {
            event.preventDefault();
            go(1);
          }}
        >
          <Field label="Search the log" isLabelHidden>
            <TextInput
              value={text}
              placeholder="Search"
              onChange={(event) => {
                setText(event.target.value);
                setChosen(0);
              }}
            />
          </Field>
        </form>
        <span className={styles.count} aria-live="polite">
          {search === "" ? plural(log.total, "line") : log.isLoading ? "searching…" : matches.length === 0 ? "no match" : `${chosen + 1} of ${matches.length}`}
        </span>
        {search !== "" && (
          <>
            <IconButton label="Previous match" icon={ChevronUp} size="small" onClick={() => go(-1)} />
            <IconButton label="Next match" icon={ChevronDown} size="small" onClick={() => go(1)} />
          </>
        )}
        <span className={styles.space} />
        <IconButton label={hasTime ? "Hide timestamps" : "Show timestamps"} icon={Clock} size="small" isPressed={hasTime} onClick={() => setTime(!hasTime)} />
        <IconButton label={isFollowing ? "Stop following the end" : "Follow the end"} icon={ArrowDownToLine} size="small" isPressed={isFollowing} onClick={() => setFollowing(!isFollowing)} />
      </div>
      {log.error !== null && <ErrorState error={log.error} compact />}
      {log.total === 0 && log.error === null ? (
        <EmptyState title={record.state === "pending" ? "This step has not started" : log.isLoading ? "Reading the log" : "No log lines"} body={record.issue ?? undefined} />
      ) : (
        // Scrolled by keyboard, so it takes the focus.
        // oxlint-disable-next-line no-noninteractive-tabindex
        <section ref={scroller} className={styles.scroller} aria-label={`Lines of ${record.displayName}`} tabIndex={0} onScroll={onScroll}>
          <div className={styles.lines} style={{ height: virtual.getTotalSize() }}>
            <div className={styles.window} style={{ transform: `translateY(${virtual.getVirtualItems()[0]?.start ?? 0}px)` }}>
              {virtual.getVirtualItems().map((item) => (
                <Row key={item.key} index={item.index} line={log.line(item.index)} hasTime={hasTime} search={search} isFound={matches[chosen] === item.index} />
              ))}
            </div>
          </div>
        </section>
      )}
    </section>
  );
}
