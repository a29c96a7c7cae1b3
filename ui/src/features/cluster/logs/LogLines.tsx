// Lines of a joined log. Unwrapped, only those in sight are drawn; wrapped lines have heights of their own, so only the
// newest are.
import clsx from "clsx";
import { memo, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { formatClock } from "#ui/components";
import type { KubeLogLine } from "#ui/ipc";
import { marked, plainOf } from "./words";
import styles from "./logs.module.css";

const LINE = 18;
const BEYOND = 20;
const MOST_WRAPPED = 1_500;

export interface LogLinesProps {
  label: string;
  lines: readonly KubeLogLine[];
  /** The colour of each pod; with one pod there is none. */
  colours: ReadonlyMap<string, number>;
  search: string;
  isWrapped: boolean;
  hasTime: boolean;
  isFollowing: boolean;
  onFollow: (isFollowing: boolean) => void;
}

interface LineProps {
  line: KubeLogLine;
  colour: number | undefined;
  search: string;
  isWrapped: boolean;
  hasTime: boolean;
}

/** A pod's name without what all its brothers share. */
function shortPod(pod: string): string {
  const parts = pod.split("-");
  return parts.length > 2 ? parts.slice(-2).join("-") : pod;
}

const Line = memo(function Line({ line, colour, search, isWrapped, hasTime }: LineProps): ReactNode {
  return (
    <div className={clsx(styles.line, isWrapped && styles.wrapped)}>
      {hasTime && <span className={styles.time}>{line.at === null ? "" : formatClock(line.at)}</span>}
      {colour !== undefined && (
        <span className={clsx(styles.pod, styles[`pod${colour}`])} title={`${line.pod} / ${line.container}`}>
          {shortPod(line.pod)}
        </span>
      )}
      <span className={styles.text}>
        {marked(plainOf(line.text), search).map((piece, at) =>
          // A line's pieces never move.
          // oxlint-disable-next-line no-array-index-key
          piece.isMarked ? <mark key={at}>{piece.text}</mark> : piece.text,
        )}
      </span>
    </div>
  );
});

/** The lines, following their end if wanted. */
export function LogLines({ label, lines, colours, search, isWrapped, hasTime, isFollowing, onFollow }: LogLinesProps): ReactNode {
  const scroller = useRef<HTMLElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const count = lines.length;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => setView((old) => ({ ...old, height: element.clientHeight }));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (isFollowing && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [isFollowing, count, isWrapped, hasTime, view.height]);
  const wasAt = useRef(0);
  useEffect(() => {
    wasAt.current = scroller.current?.scrollTop ?? 0;
  });
  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < LINE * 2;
    // Scrolling up stops the following, reaching the end takes it up again.
    if (isAtEnd !== isFollowing && (isAtEnd || element.scrollTop < wasAt.current)) onFollow(isAtEnd);
    wasAt.current = element.scrollTop;
    setView((old) => ({ ...old, top: element.scrollTop }));
  };
  const first = isWrapped ? Math.max(0, count - MOST_WRAPPED) : Math.max(0, Math.min(count, Math.floor(view.top / LINE)) - BEYOND);
  const end = isWrapped ? count : Math.min(count, Math.ceil((view.top + view.height) / LINE) + BEYOND);
  const colourOf = (pod: string): number | undefined => (colours.size > 1 ? colours.get(pod) : undefined);
  return (
    // Scrolled by keyboard, so it takes the focus.
    // oxlint-disable-next-line no-noninteractive-tabindex
    <section ref={scroller} className={styles.scroller} aria-label={label} tabIndex={0} onScroll={onScroll}>
      <div className={styles.space} style={isWrapped ? undefined : { height: count * LINE }}>
        <div className={clsx(!isWrapped && styles.window)} style={isWrapped ? undefined : { transform: `translateY(${first * LINE}px)` }}>
          {lines.slice(first, end).map((line) => (
            <Line key={line.number} line={line} colour={colourOf(line.pod)} search={search} isWrapped={isWrapped} hasTime={hasTime} />
          ))}
        </div>
      </div>
    </section>
  );
}
