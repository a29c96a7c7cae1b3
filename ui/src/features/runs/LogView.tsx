import { ArrowDownToLine, ChevronDown, ChevronUp, CircleX, Clock, Regex, TriangleAlert } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Button, Dialog, EmptyState, ErrorState, Field, IconButton, plural, TextArea, TextInput } from "#ui/components";
import type { RecordView, RunId } from "#ui/ipc";
import { plainOf } from "./log-line";
import { LogRow } from "./LogRow";
import styles from "./LogView.module.css";
import { ROW, useRows } from "./use-rows";
import { useLog } from "./useLog";
import { useLogSearch } from "./useLogSearch";

/** What to mark in a line; the page's own expressions differ a little, so what they cannot read is not marked. */
function markOf(search: string, isRegex: boolean): RegExp | null {
  if (search === "") return null;
  try {
    return isRegex ? new RegExp(search.replace(/^\(\?i\)/, ""), search.startsWith("(?i)") ? "giu" : "gu") : new RegExp(search.replaceAll(/[$()*+./?[\\\]^{|}-]/g, String.raw`\$&`), "gi");
  } catch {
    return null;
  }
}

export interface LogViewProps {
  runId: RunId;
  record: RecordView;
}

/** The log of one step: only the lines in sight are drawn, only their pages are read; it follows its end while it grows. */
export function LogView({ runId, record }: LogViewProps): ReactNode {
  const isGoing = record.state === "inProgress";
  // What went wrong stands at the end.
  const isEndWanted = isGoing || record.result === "failed";
  const [isFollowing, setFollowing] = useState(isEndWanted);
  const [hasTime, setTime] = useState(false);
  const [text, setText] = useState("");
  const [isRegex, setRegex] = useState(false);
  const [chosen, setChosen] = useState(0);
  const [wanted, setWanted] = useState("");
  const [whole, setWhole] = useState<number>();
  const [count, setCount] = useState(record.logLines);
  const field = useRef<HTMLDivElement>(null);
  const search = isRegex ? text : text.trim();
  // Scrolling up stops the following, reaching the end takes it up again.
  const scroller = useRef<HTMLElement>(null);
  const rows = useRows(
    scroller,
    count,
    isEndWanted,
    useCallback((isAtEnd: boolean) => setFollowing(isAtEnd && isGoing), [isGoing]),
  );
  const log = useLog(runId, record.id, record.logLines, rows.first, rows.end);
  const { total } = log;
  if (total > count) setCount(total);
  const found = useLogSearch(runId, record.id, search, isRegex, total);
  const matches = found.lines;
  const mark = useMemo(() => markOf(search, isRegex), [search, isRegex]);

  const { show, showEnd } = rows;
  useEffect(() => {
    if (isFollowing && count > 0) showEnd();
  }, [isFollowing, count, showEnd]);

  // The first match from where one reads is shown as soon as it is known, once for each search.
  const shown = useRef("");
  const wish = `${String(isRegex)} ${search}`;
  const { first } = rows;
  useEffect(() => {
    if (search === "") shown.current = "";
    if (search === "" || found.isSearching || matches.length === 0 || shown.current === wish) return;
    shown.current = wish;
    const next = matches.findIndex((line) => line >= first);
    setChosen(Math.max(0, next));
    setFollowing(false);
    show(matches[Math.max(0, next)] ?? 0);
  }, [search, wish, found.isSearching, matches, first, show]);

  const go = (step: number): void => {
    if (matches.length === 0) return;
    const next = (chosen + step + matches.length) % matches.length;
    setChosen(next);
    setFollowing(false);
    show(matches[next] ?? 0);
  };
  const goTo = (): void => {
    const line = Number(wanted.replaceAll(/[\s,.]/g, ""));
    if (!Number.isInteger(line) || line < 1 || total === 0) return;
    setFollowing(false);
    show(Math.min(line, total) - 1);
  };
  const look = (word: string): void => {
    setRegex(false);
    setText(text === word ? "" : word);
  };
  const onKey = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") field.current?.querySelector("input")?.select();
    else if (event.key === "F3") go(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  };
  const inSight = Array.from({ length: Math.max(0, rows.end - rows.first) }, (_, at) => rows.first + at);

  return (
    // Keys of a reader of logs, for all that is inside.
    // oxlint-disable-next-line no-noninteractive-element-interactions
    <section className={styles.log} aria-label={`Log of ${record.displayName}`} onKeyDown={onKey}>
      <div className={styles.bar}>
        <div className={styles.search} ref={field}>
          <Field label="Search the log" isLabelHidden>
            <TextInput
              value={text}
              placeholder="Search the log"
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
                if (event.key === "Escape") setText("");
              }}
            />
          </Field>
        </div>
        <IconButton label={isRegex ? "Search for a plain word" : "Search with a regular expression"} icon={Regex} size="small" isPressed={isRegex} onClick={() => setRegex(!isRegex)} />
        {search !== "" && (
          <>
            <IconButton label="Previous match" icon={ChevronUp} size="small" onClick={() => go(-1)} />
            <IconButton label="Next match" icon={ChevronDown} size="small" onClick={() => go(1)} />
          </>
        )}
        <span className={styles.count} aria-live="polite">
          {search === "" ? plural(total, "line") : found.error !== null ? "not searched" : found.isSearching ? "searching…" : matches.length === 0 ? "no match" : `${(chosen + 1).toLocaleString("en")} of ${found.count.toLocaleString("en")}`}
        </span>
        <span className={styles.space} />
        {record.errorCount > 0 && (
          <Button size="small" variant="ghost" icon={CircleX} aria-pressed={text === "##[error]"} onClick={() => look("##[error]")}>
            {plural(record.errorCount, "error")}
          </Button>
        )}
        {record.warningCount > 0 && (
          <Button size="small" variant="ghost" icon={TriangleAlert} aria-pressed={text === "##[warning]"} onClick={() => look("##[warning]")}>
            {plural(record.warningCount, "warning")}
          </Button>
        )}
        <form
          className={styles.jump}
          onSubmit={(event) => {
            event.preventDefault();
            goTo();
          }}
        >
          <Field label="Go to line" isLabelHidden>
            <TextInput value={wanted} placeholder="Go to line" inputMode="numeric" onChange={(event) => setWanted(event.target.value)} />
          </Field>
        </form>
        <IconButton label={hasTime ? "Hide timestamps" : "Show timestamps"} icon={Clock} size="small" isPressed={hasTime} onClick={() => setTime(!hasTime)} />
        <IconButton label={!isGoing ? "Go to the end" : isFollowing ? "Stop following the end" : "Follow the end"} icon={ArrowDownToLine} size="small" isPressed={isGoing ? isFollowing : undefined} onClick={() => (isGoing ? setFollowing(!isFollowing) : showEnd())} />
      </div>
      {log.error !== null && <ErrorState error={log.error} compact />}
      {found.error !== null && <ErrorState error={found.error} compact />}
      {total === 0 && log.error === null ? (
        <Nothing record={record} isLoading={log.isLoading} />
      ) : (
        // Scrolled by keyboard, so it takes the focus.
        // oxlint-disable-next-line no-noninteractive-tabindex
        <section ref={scroller} className={styles.scroller} aria-label={`Lines of ${record.displayName}`} tabIndex={0} onScroll={rows.onScroll}>
          <div className={styles.lines} style={{ height: rows.height }}>
            <div className={styles.window} style={{ transform: `translateY(${-rows.offset}px)`, height: ROW * inSight.length }}>
              {inSight.map((index) => (
                <LogRow key={index} index={index} line={log.line(index)} hasTime={hasTime} mark={mark} isFound={search !== "" && matches[chosen] === index} onWhole={setWhole} />
              ))}
            </div>
          </div>
        </section>
      )}
      {whole !== undefined && (
        <Dialog isOpen size="wide" onClose={() => setWhole(undefined)} title={`Line ${(whole + 1).toLocaleString("en")}, whole`} actions={<Button onClick={() => setWhole(undefined)}>Close</Button>}>
          <Field label={`Line ${whole + 1}`} isLabelHidden>
            <TextArea isMono readOnly rows={18} value={plainOf(log.line(whole)?.text ?? "")} />
          </Field>
        </Dialog>
      )}
    </section>
  );
}

/** Why there is no line to read. */
function Nothing({ record, isLoading }: { record: RecordView; isLoading: boolean }): ReactNode {
  if (record.result === "skipped") return <EmptyState title="This step was skipped" body={record.issue ?? "Its condition, or that of its job or stage, said no."} />;
  if (record.state === "pending") return <EmptyState title="This step has not started" body={record.issue ?? "Its log appears here line by line as soon as it does."} />;
  return <EmptyState title={isLoading ? "Reading the log" : "No log lines"} body={record.issue ?? (isLoading ? undefined : "The step wrote nothing.")} />;
}
