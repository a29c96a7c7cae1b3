// oxlint-disable prefer-tag-over-role -- the tags of a table cannot be placed by a window of rows
// A list of one kind: only the rows in sight are asked for and drawn. Arrows move, Enter opens, / filters, Escape leaves.
import clsx from "clsx";
import { ChevronDown, ChevronUp, Search } from "lucide-react";
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { EmptyState, ErrorState, Field, Note, Skeleton, TextInput } from "#ui/components";
import { useQueryCommand, type KubeKindView, type KubeRow, type KubeSort } from "#ui/ipc";
import { tracksOf } from "../model/rows";
import { cpuWord, memoryWord } from "../model/usage";
import { drawnRows, ROW, rowOfSlot, scrollTo, slotsOf } from "../model/window";
import { Row } from "./Row";
import { useList } from "./use-list";
import { useWatch } from "./use-watch";
import styles from "./table.module.css";

/** Usage is measured every quarter of a minute by most clusters. */
const USAGE_MS = 15_000;

export interface KubeTableProps {
  context: string;
  /** Empty for all. */
  namespace: string;
  kind: KubeKindView;
  /** The object that is open beside the list. */
  open: { name: string; namespace: string } | undefined;
  onOpen: (row: KubeRow) => void;
  onClose: () => void;
}

/** How often the rows are counted aloud would be too often: only the words of the filter are. */
function countWord({ kind, plural }: KubeKindView, matching: number, total: number, filter: string): string {
  const word = total === 1 ? kind.toLowerCase() : plural;
  return filter === "" ? `${total.toLocaleString("en-GB")} ${word}` : `${matching.toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")} ${word}`;
}

/** The list of a kind. */
export function KubeTable({ context, namespace, kind, open, onOpen, onClose }: KubeTableProps): ReactNode {
  const [filter, setFilter] = useState("");
  const [sort, setSort] = useState<KubeSort | null>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [cursor, setCursor] = useState(-1);
  const [found, setFound] = useState("");
  const scroller = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLDivElement>(null);
  const id = useId();
  const isPods = kind.group === "" && kind.plural === "pods";
  const hasNamespace = kind.isNamespaced && namespace === "";
  const usage = useQueryCommand("kube_usage", { context, namespace }, { enabled: isPods, pollMs: USAGE_MS, isFresh: true });
  const hasUsage = isPods && usage.data?.isServed === true;
  const used = useMemo(() => new Map((usage.data?.pods ?? []).map((pod) => [`${pod.namespace}/${pod.name}`, [cpuWord(pod.cpuMilli), memoryWord(pod.memoryBytes)] as const])), [usage.data]);
  const watch = useWatch({ context, namespace: kind.isNamespaced ? namespace : "", group: kind.group, version: kind.version, plural: kind.plural });
  const drawn = drawnRows(view.top, view.height, Number.MAX_SAFE_INTEGER);
  const { list, error } = useList(watch.watchId, filter.trim(), sort, drawn);
  const end = Math.min(list.matching, drawn.end);
  const first = Math.min(drawn.first, end);
  const slots = slotsOf(view.height);
  const rowAt = (index: number): KubeRow | undefined => list.rows[index - list.offset];

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => setView((old) => (old.height === element.clientHeight ? old : { ...old, height: element.clientHeight }));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onScroll = (): void => {
    const top = scroller.current?.scrollTop ?? 0;
    // Within the rows that are drawn already the browser scrolls by itself.
    if (drawnRows(top, view.height, Number.MAX_SAFE_INTEGER).first === drawn.first) return;
    // Before this frame is painted, or a fast scroll would show nothing.
    flushSync(() => setView((old) => ({ ...old, top })));
  };
  const toTop = (): void => {
    setCursor(-1);
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  };
  // What was open before the list came is where the keys begin.
  const openKey = open === undefined ? "" : `${open.namespace}/${open.name}`;
  if (openKey !== found && list.rows.length > 0) {
    setFound(openKey);
    const at = list.rows.findIndex((row) => `${row.namespace}/${row.name}` === openKey);
    if (at >= 0) setCursor(at + list.offset);
  }

  const latest = useRef({ rowAt, onOpen });
  useEffect(() => {
    latest.current = { rowAt, onOpen };
  });
  const pick = useCallback((index: number): void => {
    setCursor(index);
    const row = latest.current.rowAt(index);
    if (row !== undefined) latest.current.onOpen(row);
    scroller.current?.focus({ preventScroll: true });
  }, []);

  const go = (index: number): void => {
    const next = Math.max(0, Math.min(list.matching - 1, index));
    if (list.matching === 0) return;
    setCursor(next);
    const element = scroller.current;
    if (element === null) return;
    const place = scrollTo(next, element.scrollTop, element.clientHeight, ROW);
    if (place !== undefined) element.scrollTop = place;
    // Beside an open object, the arrows leaf through the objects.
    const row = rowAt(next);
    if (open !== undefined && row !== undefined) onOpen(row);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(view.height / ROW) - 2);
    const steps: Record<string, number> = { ArrowDown: cursor + 1, ArrowUp: cursor - 1, PageDown: cursor + page, PageUp: cursor - page, Home: 0, End: list.matching - 1, j: cursor + 1, k: cursor - 1 };
    const next = steps[event.key];
    if (next !== undefined) go(next);
    else if (event.key === "Enter" && cursor >= 0) pick(cursor);
    else if (event.key === "/") {
      const input = field.current?.querySelector("input");
      input?.focus();
      input?.select();
    }
    else if (event.key === "Escape" && open !== undefined) onClose();
    else if (event.key === "Escape" && filter !== "") setFilter("");
    else return;
    event.preventDefault();
  };
  const sortBy = (column: string): void => {
    toTop();
    setSort(sort?.column !== column ? { column, isDescending: false } : sort.isDescending ? null : { column, isDescending: true });
  };
  const columns = list.columns;
  const { tracks, least } = tracksOf(columns, hasNamespace, hasUsage ? 2 : 0);
  const failure = watch.error ?? (list.columns.length === 0 ? error : null);
  const heads = [{ name: "Name", isNumber: false, isTime: false }, ...(hasNamespace ? [{ name: "Namespace", isNumber: false, isTime: false }] : []), ...columns];
  return (
    <section className={styles.list} aria-label={kind.kind}>
      <div className={styles.bar}>
        <div className={styles.filter} ref={field}>
          <Search size={14} aria-hidden="true" />
          <Field label={`Filter ${kind.plural}`} isLabelHidden>
            <TextInput
              value={filter}
              placeholder={`Filter ${kind.plural}  /`}
              onChange={(event) => {
                setFilter(event.target.value);
                toTop();
              }}
              onKeyDown={(event) => {
                if (event.key === "Escape") {
                  setFilter("");
                  scroller.current?.focus();
                } else if (event.key === "ArrowDown" || event.key === "Enter") {
                  event.preventDefault();
                  scroller.current?.focus();
                  go(0);
                }
              }}
            />
          </Field>
        </div>
        <span className={styles.count} aria-live="polite">
          {list.columns.length > 0 && list.state !== "refused" && countWord(kind, list.matching, list.total, filter.trim())}
        </span>
        {list.state === "listing" && list.columns.length > 0 && <span className={styles.note}>reading…</span>}
        {list.state === "reconnecting" && <span className={clsx(styles.note, styles.warns)}>{list.problem ?? "reconnecting…"}</span>}
      </div>
      {failure !== null && (
        <div className={styles.padded}>
          <ErrorState error={failure} onRetry={watch.retry} />
        </div>
      )}
      {list.state === "refused" && (
        <div className={styles.padded}>
          <Note tone="neutral" title={`${kind.plural} cannot be listed`}>
            {list.problem}
          </Note>
        </div>
      )}
      {failure === null && list.state !== "refused" && (
        // It is a grid, or a group until there are heads: both take the keys.
        // oxlint-disable-next-line no-static-element-interactions
        <div
          ref={scroller}
          role={columns.length === 0 ? "group" : "grid"}
          tabIndex={0}
          aria-label={`${kind.kind} list`}
          aria-rowcount={columns.length === 0 ? undefined : list.matching + 1}
          aria-activedescendant={cursor >= first && cursor < end ? `${id}-${cursor}` : undefined}
          className={styles.scroller}
          style={{ "--tracks": tracks, "--least": `${least}px` } as Record<string, string>}
          onScroll={onScroll}
          onKeyDown={onKey}
        >
          {columns.length === 0 ? (
            <div role="presentation" className={styles.padded}>
              <Skeleton lines={8} />
            </div>
          ) : (
            <>
              <div role="row" aria-rowindex={1} className={styles.heads}>
                <span role="columnheader">
                  <span className="visuallyHidden">State</span>
                </span>
                {heads.map((column) => {
                  const { name } = column;
                  const isSorted = sort?.column === name;
                  return (
                    <span role="columnheader" key={name} aria-sort={isSorted ? (sort.isDescending ? "descending" : "ascending") : "none"} className={clsx((column.isNumber || column.isTime) && styles.number)}>
                      <button type="button" tabIndex={-1} className={styles.head} onClick={() => sortBy(name)}>
                        {name}
                        {isSorted && (sort.isDescending ? <ChevronDown size={12} aria-hidden="true" /> : <ChevronUp size={12} aria-hidden="true" />)}
                      </button>
                    </span>
                  );
                })}
                {hasUsage &&
                  ["CPU", "Memory"].map((name) => (
                    <span role="columnheader" key={name} className={styles.number}>
                      {name}
                    </span>
                  ))}
              </div>
              <div role="presentation" className={styles.space} style={{ height: list.matching * ROW }}>
                {Array.from({ length: slots }, (_, slot) => {
                  const index = rowOfSlot(slot, slots, { first, end });
                  if (index === undefined) return null;
                  const row = rowAt(index);
                  return (
                    <Row
                      key={slot}
                      id={`${id}-${index}`}
                      index={index}
                      row={row}
                      columns={columns}
                      hasNamespace={hasNamespace}
                      hasUsage={hasUsage}
                      usage={hasUsage && row !== undefined ? used.get(`${row.namespace}/${row.name}`) : undefined}
                      isCursor={index === cursor}
                      isOpen={row !== undefined && open !== undefined && row.name === open.name && row.namespace === open.namespace}
                      onPick={pick}
                    />
                  );
                })}
              </div>
              {list.matching === 0 && list.state !== "listing" && (
                <div role="presentation">
                  <EmptyState title={filter === "" ? `No ${kind.plural} here` : `No ${kind.plural} match “${filter}”`} body={filter === "" ? (namespace === "" ? "In no namespace." : `In the namespace ${namespace}.`) : "Escape clears the filter."} />
                </div>
              )}
            </>
          )}
        </div>
      )}
    </section>
  );
}
