import { ArrowDownToLine, ChevronDown, ChevronUp, CircleX, Clock, FoldVertical, Regex, TriangleAlert, UnfoldVertical } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Button, Dialog, EmptyState, ErrorState, Field, IconButton, plural, TextArea, TextInput } from "#ui/components";
import type { RecordView, RunId } from "#ui/ipc";
import { plainOf } from "./log-line";
import { foldedAround, rowsOf } from "./log-rows";
import { LogRow } from "./LogRow";
import styles from "./LogView.module.css";
import { ROW, useRows } from "./use-rows";
import { pagesOf, useLog } from "./useLog";
import { useLogGroups } from "./useLogGroups";
import { useLogSearch } from "./useLogSearch";

const NO_FOLDS: ReadonlySet<number> = new Set();

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
  const [folded, setFolded] = useState(NO_FOLDS);
  const [target, setTarget] = useState<{ line: number }>();
  const field = useRef<HTMLDivElement>(null);
  const groups = useLogGroups(runId, record.id, count);
  const heads = useMemo(() => new Map(groups.map((group) => [group.start, group])), [groups]);
  const layout = useMemo(() => rowsOf(count, groups, folded), [count, groups, folded]);
  const search = isRegex ? text : text.trim();
  // Scrolling up stops the following, reaching the end takes it up again.
  const scroller = useRef<HTMLElement>(null);
  const rows = useRows(
    scroller,
    layout.count,
    isEndWanted,
    useCallback((isAtEnd: boolean) => setFollowing(isAtEnd && isGoing), [isGoing]),
  );
  // Between two rows there may be a folded group of any length: only what is in sight is read.
  const inSight = Array.from({ length: Math.max(0, rows.end - rows.first) }, (_, at) => layout.lineOf(rows.first + at));
  const log = useLog(runId, record.id, record.logLines, pagesOf(inSight));
  const { total } = log;
  if (total > count) setCount(total);
  const found = useLogSearch(runId, record.id, search, isRegex, total);
  const matches = found.lines;
  const mark = useMemo(() => markOf(search, isRegex), [search, isRegex]);

  const { showEnd } = rows;
  useEffect(() => {
    if (isFollowing && count > 0) showEnd();
  }, [isFollowing, count, showEnd]);
  // Once what hid the line is unfolded. Only a new target scrolls; a log that grows does not.
  useEffect(() => {
    if (target !== undefined) rows.show(layout.rowOf(target.line));
    // oxlint-disable-next-line exhaustive-deps
  }, [target]);
  const show = useCallback(
    (line: number): void => {
      const around = foldedAround(line, groups, folded);
      if (around.length > 0) setFolded(new Set([...folded].filter((start) => !around.includes(start))));
      setFollowing(false);
      setTarget({ line });
    },
    [groups, folded],
  );
  const fold = (start: number, folds: boolean): void => {
    const next = new Set(folded);
    if (folds) next.add(start);
    else next.delete(start);
    setFolded(next);
  };

  // The first match from where one reads is shown as soon as it is known, once for each search.
  const shown = useRef("");
  const wish = `${String(isRegex)} ${search}`;
  const first = layout.lineOf(rows.first);
  useEffect(() => {
    if (search === "") shown.current = "";
    if (search === "" || found.isSearching || matches.length === 0 || shown.current === wish) return;
    shown.current = wish;
    const next = matches.findIndex((line) => line >= first);
    setChosen(Math.max(0, next));
    show(matches[Math.max(0, next)] ?? 0);
  }, [search, wish, found.isSearching, matches, first, show]);

  const go = (step: number): void => {
    if (matches.length === 0) return;
    const next = (chosen + step + matches.length) % matches.length;
    setChosen(next);
    show(matches[next] ?? 0);
  };
  const goTo = (): void => {
    const line = Number(wanted.replaceAll(/[\s,.]/g, ""));
    if (!Number.isInteger(line) || line < 1 || total === 0) return;
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
        {groups.length > 0 && (
          <IconButton
            label={folded.size > 0 ? "Unfold all groups" : "Fold all groups"}
            icon={folded.size > 0 ? UnfoldVertical : FoldVertical}
            size="small"
            onClick={() => setFolded(folded.size > 0 ? NO_FOLDS : new Set(groups.map((group) => group.start)))}
          />
        )}
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
              {inSight.map((index) => {
                const head = heads.get(index);
                const group = head && { isFolded: folded.has(index), lines: head.end - head.start - (head.isClosed ? 1 : 0), onFold: (folds: boolean) => fold(index, folds) };
                return <LogRow key={index} index={index} line={log.line(index)} hasTime={hasTime} mark={mark} isFound={search !== "" && matches[chosen] === index} onWhole={setWhole} group={group} />;
              })}
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
