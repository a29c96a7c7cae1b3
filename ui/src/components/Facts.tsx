// Small facts: digests, commits, links to objects, times, sizes.
import clsx from "clsx";
import { Bug, CalendarClock, Check, Container, Copy, FileDiff, GitCommitHorizontal, Package, Play, Rocket, Server, SquareKanban, Activity, type LucideIcon } from "lucide-react";
import { useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import type { ObjectKind, ObjectRef } from "../ipc/generated/contract";
import styles from "./Facts.module.css";
import { formatBytes, formatDateTime, formatDuration, formatRelative, shortDigest, shortSha } from "./format";
import { href, objectHref } from "./href";

export interface KeyValueItem {
  name: string;
  value: ReactNode;
}

/** Names and values, as a list. */
export function KeyValue({ items, columns = 1 }: { items: readonly KeyValueItem[]; columns?: 1 | 2 }): ReactNode {
  return (
    <dl className={clsx(styles.keyValue, columns === 2 && styles.two)}>
      {items.map((item) => (
        <div key={item.name} className={styles.pair}>
          <dt>{item.name}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Copies a text and says for a moment that it did. */
export function CopyButton({ text, label }: { text: string; label: string }): ReactNode {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const Icon = isCopied ? Check : Copy;
  return (
    <button
      type="button"
      className={styles.copy}
      aria-label={isCopied ? "Copied" : label}
      title={isCopied ? "Copied" : label}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => setCopied(true));
      }}
    >
      <Icon size={12} />
    </button>
  );
}

export interface DigestProps {
  digest: string;
  /** Goes to the image. */
  isLink?: boolean;
  /** All 64 digits. */
  isWhole?: boolean;
}

/** A digest, short, with a button that copies the whole one. */
export function Digest({ digest, isLink = false, isWhole = false }: DigestProps): ReactNode {
  const text = isWhole ? digest : shortDigest(digest);
  return (
    <span className={styles.chip} title={digest}>
      {isLink ? (
        <a href={href.image(digest)} className={styles.mono}>
          {text}
        </a>
      ) : (
        <span className={styles.mono}>{text}</span>
      )}
      <CopyButton text={digest} label={`Copy digest ${shortDigest(digest)}`} />
    </span>
  );
}

export interface CommitChipProps {
  sha: string;
  summary?: string | undefined;
  /** False: text without a link to the commit's thread. */
  isLink?: boolean;
}

/** A commit: short id, and its summary if given. */
export function CommitChip({ sha, summary, isLink = true }: CommitChipProps): ReactNode {
  const id = (
    <>
      <GitCommitHorizontal size={14} />
      <span className={styles.mono}>{shortSha(sha)}</span>
    </>
  );
  return (
    <span className={styles.commit}>
      {isLink ? (
        <a className={styles.objectLink} href={href.thread(sha)} title={sha}>
          {id}
        </a>
      ) : (
        <span className={styles.objectLink} title={sha}>
          {id}
        </span>
      )}
      {summary !== undefined && <span className={styles.summary}>{summary}</span>}
    </span>
  );
}

/** The icon of each kind of object on the thread. */
export const OBJECT_ICONS: Record<ObjectKind, LucideIcon> = {
  change: FileDiff,
  commit: GitCommitHorizontal,
  run: Play,
  image: Package,
  environment: Server,
  deployment: Rocket,
  pod: Container,
  telemetry: Activity,
  exception: Bug,
  workItem: SquareKanban,
};

function objectWord(object: ObjectRef): string {
  switch (object.kind) {
    case "image":
      return shortDigest(object.id);
    case "commit":
      return shortSha(object.id);
    case "workItem":
      return `AB#${object.id.replace(/^(AB)?#/i, "")}`;
    case "telemetry":
      return "telemetry";
    case "change":
      return "working tree";
    default:
      return object.id;
  }
}

export interface ObjectLinkProps {
  object: ObjectRef;
  /** Another text than the object's short name. */
  children?: ReactNode;
  /** To the object's thread instead of its room. */
  toThread?: boolean;
}

/** A link to any object of the thread. */
export function ObjectLink({ object, children, toThread = false }: ObjectLinkProps): ReactNode {
  const Icon = OBJECT_ICONS[object.kind];
  return (
    <a className={styles.objectLink} href={toThread ? href.thread(object.id) : objectHref(object)}>
      <Icon size={14} />
      <span>{children ?? objectWord(object)}</span>
    </a>
  );
}

// One clock for all relative times: a page of rows must not hold a timer each.
let now = Date.now();
const readers = new Set<() => void>();
let clock: ReturnType<typeof setInterval> | undefined;
function readClock(onTick: () => void): () => void {
  readers.add(onTick);
  clock ??= setInterval(() => {
    now = Date.now();
    for (const reader of readers) reader();
  }, 1000);
  return () => {
    readers.delete(onTick);
    if (readers.size === 0) {
      clearInterval(clock);
      clock = undefined;
    }
  };
}

/** The time now, once a second. */
export function useNow(): number {
  return useSyncExternalStore(readClock, () => now);
}

/** `5 min ago`, with the exact time as a tip. */
export function RelativeTime({ at }: { at: number | null }): ReactNode {
  const time = useNow();
  if (at === null) return <span className={styles.muted}>–</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={formatDateTime(at)}>
      {formatRelative(at, Math.max(time, at))}
    </time>
  );
}

/** How long something took; it counts while `to` is null and `from` is not. */
export function Duration({ from, to, ms }: { from?: number | null; to?: number | null; ms?: number | null }): ReactNode {
  const time = useNow();
  if (ms !== undefined && ms !== null) return <span>{formatDuration(ms)}</span>;
  if (from === undefined || from === null) return <span className={styles.muted}>–</span>;
  return <span>{formatDuration(Math.max(0, (to ?? time) - from))}</span>;
}

/** A size in binary units. */
export function Bytes({ value }: { value: number }): ReactNode {
  return <span title={`${value.toLocaleString("en-GB")} bytes`}>{formatBytes(value)}</span>;
}

/** A point in time with an icon, for headers. */
export function TimeFact({ at }: { at: number | null }): ReactNode {
  return (
    <span className={styles.fact}>
      <CalendarClock size={14} />
      <RelativeTime at={at} />
    </span>
  );
}
