import { useVirtualizer } from "@tanstack/react-virtual";
import clsx from "clsx";
import { ArrowDownToLine, ChevronDown, ChevronUp, Clock, Regex } from "lucide-react";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { EmptyState, ErrorState, Field, formatClock, IconButton, plural, TextInput } from "#ui/components";
import type { LogLine, RecordView, RunId } from "#ui/ipc";
import { stripAnsi } from "./ansi";
import styles from "./LogView.module.css";
import { useLog } from "./useLog";
import { useLogSearch } from "./useLogSearch";

const ROW = 20;

/** What to mark in a line; the page's own expressions differ a little, so what they cannot read is not marked. */
function markOf(search: string, isRegex: boolean): RegExp | null {
  if (search === "") return null;
  try {
    return isRegex ? new RegExp(search.replace(/^\(\?i\)/, ""), search.startsWith("(?i)") ? "giu" : "gu") : new RegExp(search.replaceAll(/[$()*+./?[\\\]^{|}-]/g, String.raw`\$&`), "gi");
  } catch {
    return null;
  }
}

function Marked({ text, mark }: { text: string; mark: RegExp | null }): ReactNode {
  if (mark === null) return text;
  const parts: ReactNode[] = [];
  let end = 0;
  for (const found of text.matchAll(mark)) {
    if (found[0] === "") continue;
    parts.push(text.slice(end, found.index), <mark key={found.index}>{found[0]}</mark>);
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

interface RowProps {
  index: number;
  line: LogLine | undefined;
  hasTime: boolean;
  mark: RegExp | null;
  isFound: boolean;
}

function Row({ index, line, hasTime, mark, isFound }: RowProps): ReactNode {
  return (
    <div className={clsx(styles.row, line !== undefined && styles[line.stream], isFound && styles.found)}>
      <span className={styles.number}>{index + 1}</span>
      {hasTime && <span className={styles.time}>{line === undefined ? "" : formatClock(line.at)}</span>}
      <span className={styles.text}>{line === undefined ? "…" : <Marked text={stripAnsi(line.text)} mark={mark} />}</span>
    </div>
  );
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
  const [isRegex, setRegex] = useState(false);
  const [wanted, setWanted] = useState("");
  const search = isRegex ? text : text.trim();
  const log = useLog(runId, record.id, record.logLines, sight.first, sight.last);
  const found = useLogSearch(runId, record.id, search, isRegex, log.total);
  const matches = found.lines;
  const mark = useMemo(() => markOf(search, isRegex), [search, isRegex]);
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
  const goTo = (): void => {
    const line = Number(wanted.replaceAll(",", ""));
    if (!Number.isInteger(line) || line < 1 || total === 0) return;
    setFollowing(false);
    virtual.scrollToIndex(Math.min(line, total) - 1, { align: "center" });
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
          {search === "" ? plural(log.total, "line") : found.error !== null ? "not searched" : found.isSearching ? "searching…" : matches.length === 0 ? "no match" : `${(chosen + 1).toLocaleString("en")} of ${found.count.toLocaleString("en")}`}
        </span>
        {search !== "" && (
          <>
            <IconButton label="Previous match" icon={ChevronUp} size="small" onClick={() => go(-1)} />
            <IconButton label="Next match" icon={ChevronDown} size="small" onClick={() => go(1)} />
          </>
        )}
        <IconButton label={isRegex ? "Search for a plain word" : "Search with a regular expression"} icon={Regex} size="small" isPressed={isRegex} onClick={() => setRegex(!isRegex)} />
        <span className={styles.space} />
        <form
          className={styles.jump}
          onSubmit={(event) => {
            event.preventDefault();
            goTo();
          }}
        >
          <Field label="Go to line" isLabelHidden>
            <TextInput value={wanted} placeholder="Line" inputMode="numeric" onChange={(event) => setWanted(event.target.value)} />
          </Field>
        </form>
        <IconButton label={hasTime ? "Hide timestamps" : "Show timestamps"} icon={Clock} size="small" isPressed={hasTime} onClick={() => setTime(!hasTime)} />
        <IconButton label={isFollowing ? "Stop following the end" : "Follow the end"} icon={ArrowDownToLine} size="small" isPressed={isFollowing} onClick={() => setFollowing(!isFollowing)} />
      </div>
      {log.error !== null && <ErrorState error={log.error} compact />}
      {found.error !== null && <ErrorState error={found.error} compact />}
      {log.total === 0 && log.error === null ? (
        <EmptyState title={record.state === "pending" ? "This step has not started" : log.isLoading ? "Reading the log" : "No log lines"} body={record.issue ?? undefined} />
      ) : (
        // Scrolled by keyboard, so it takes the focus.
        // oxlint-disable-next-line no-noninteractive-tabindex
        <section ref={scroller} className={styles.scroller} aria-label={`Lines of ${record.displayName}`} tabIndex={0} onScroll={onScroll}>
          <div className={styles.lines} style={{ height: virtual.getTotalSize() }}>
            <div className={styles.window} style={{ transform: `translateY(${virtual.getVirtualItems()[0]?.start ?? 0}px)` }}>
              {virtual.getVirtualItems().map((item) => (
                <Row key={item.key} index={item.index} line={log.line(item.index)} hasTime={hasTime} mark={mark} isFound={matches[chosen] === item.index} />
              ))}
            </div>
          </div>
        </section>
      )}
    </section>
  );
}
