import type { ReactNode } from "react";
import type { ApiError } from "../ipc/generated/contract";
import { ErrorState, Skeleton } from "./Feedback";
import styles from "./Screen.module.css";

export interface ScreenProps {
  children: ReactNode;
  /** Fills the height of the window instead of growing. */
  fill?: boolean;
}

/** The frame of every screen: space around, and a width that stays readable. */
export function Screen({ children, fill = false }: ScreenProps): ReactNode {
  return <div className={fill ? styles.fill : styles.screen}>{children}</div>;
}

export interface AnswerProps<T> {
  /** What `useQueryCommand` returned. */
  of: { data: T | undefined; error: ApiError | null; refetch: () => unknown };
  /** Drawn while nothing is known; lines if left out. */
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Loading, failed or ready: the three every answer has. With an old answer a failure is drawn above it. */
export function Answer<T>({ of, loading, children }: AnswerProps<T>): ReactNode {
  const retry = () => void of.refetch();
  if (of.data === undefined) {
    if (of.error !== null) return <ErrorState error={of.error} onRetry={retry} />;
    return loading ?? <Skeleton lines={5} />;
  }
  return (
    <>
      {of.error !== null && <ErrorState error={of.error} onRetry={retry} compact />}
      {children(of.data)}
    </>
  );
}
