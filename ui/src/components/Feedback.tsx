// What a screen shows when it has nothing, not yet, or not at all.
import clsx from "clsx";
import { CircleSlash, Info, RotateCw, TriangleAlert, Unplug, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { ApiError, ErrorKind } from "../ipc/generated/contract";
import { Button } from "./Button";
import styles from "./Feedback.module.css";

export interface EmptyStateProps {
  icon?: LucideIcon;
  title: string;
  body?: ReactNode;
  action?: ReactNode;
}

/** Nothing here yet, and what to do about it. */
export function EmptyState({ icon: Icon = CircleSlash, title, body, action }: EmptyStateProps): ReactNode {
  return (
    <div className={styles.empty}>
      <span className={styles.emptyIcon}>
        <Icon size={24} strokeWidth={1.6} />
      </span>
      <p className={styles.emptyTitle}>{title}</p>
      {body !== undefined && <div className={styles.emptyBody}>{body}</div>}
      {action !== undefined && <div className={styles.emptyAction}>{action}</div>}
    </div>
  );
}

const ERROR_ICONS: Record<ErrorKind, LucideIcon> = { refused: Info, userInput: Info, cancelled: CircleSlash, unavailable: Unplug, bug: TriangleAlert };

export interface ErrorStateProps {
  error: ApiError;
  onRetry?: (() => void) | undefined;
  /** One line inside a panel instead of a whole area. */
  compact?: boolean;
}

/** What went wrong, and one thing to do. Neutral when refused, red only when unavailable or a bug. */
export function ErrorState({ error, onRetry, compact = false }: ErrorStateProps): ReactNode {
  const isRed = error.kind === "unavailable" || error.kind === "bug";
  const Icon = ERROR_ICONS[error.kind];
  return (
    <div className={clsx(styles.error, isRed && styles.red, compact && styles.compact)} role={isRed ? "alert" : "status"}>
      <Icon size={20} className={styles.errorIcon} />
      <div className={styles.errorText}>
        <p className={styles.errorMessage}>{error.message}</p>
        {error.hint !== null && <p className={styles.errorHint}>{error.hint}</p>}
        {error.kind === "bug" && error.corr !== "" && (
          <p className={styles.errorHint}>
            Find it in the log under <code>{error.corr}</code>
          </p>
        )}
      </div>
      {onRetry !== undefined && (
        <Button size="small" icon={RotateCw} onClick={onRetry}>
          Retry
        </Button>
      )}
    </div>
  );
}

export interface SkeletonProps {
  /** Lines to draw. */
  lines?: number;
  /** A block of this height instead of lines. */
  height?: number;
}

/** The shape of something on its way. */
export function Skeleton({ lines = 3, height }: SkeletonProps): ReactNode {
  return (
    // oxlint-disable-next-line prefer-tag-over-role -- an <output> belongs to a form
    <div className={styles.skeleton} role="status">
      <span className="visuallyHidden">Loading</span>
      {height === undefined ? Array.from({ length: lines }, (_, index) => <span key={index} className={styles.bone} style={{ width: `${92 - ((index * 17) % 45)}%` }} />) : <span className={styles.bone} style={{ height }} />}
    </div>
  );
}

export interface NoteProps {
  tone?: "info" | "warning" | "danger" | "success" | "neutral";
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** A sentence worth a border: part of a screen is missing, a run was interrupted, and the like. */
export function Note({ tone = "info", title, children, action }: NoteProps): ReactNode {
  const Icon = tone === "warning" || tone === "danger" ? TriangleAlert : Info;
  return (
    <div className={clsx(styles.note, styles[tone])} role="note">
      <Icon size={18} className={styles.errorIcon} />
      <div className={styles.errorText}>
        {title !== undefined && <p className={styles.errorMessage}>{title}</p>}
        <div className={styles.noteBody}>{children}</div>
      </div>
      {action}
    </div>
  );
}
