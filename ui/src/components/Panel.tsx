import clsx from "clsx";
import { useId, type ReactNode } from "react";
import styles from "./Panel.module.css";

export interface PanelProps {
  title?: ReactNode;
  /** A few words beside the title, such as a count. */
  subtitle?: ReactNode;
  actions?: ReactNode;
  /** Without inner space, for tables and logs. */
  flush?: boolean;
  /** Takes the height it is given and scrolls inside. */
  fill?: boolean;
  className?: string | undefined;
  children?: ReactNode;
}

/** A bordered area with a heading. */
export function Panel({ title, subtitle, actions, flush = false, fill = false, className, children }: PanelProps): ReactNode {
  const id = useId();
  return (
    <section className={clsx(styles.panel, fill && styles.fill, className)} aria-labelledby={title === undefined ? undefined : id}>
      {(title !== undefined || actions !== undefined) && (
        <header className={styles.header}>
          {title !== undefined && (
            <h2 id={id} className={styles.title}>
              {title}
            </h2>
          )}
          {subtitle !== undefined && <span className={styles.subtitle}>{subtitle}</span>}
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </header>
      )}
      <div className={clsx(styles.body, flush && styles.flush)}>{children}</div>
    </section>
  );
}

export interface PageHeaderProps {
  title: ReactNode;
  subtitle?: ReactNode;
  actions?: ReactNode;
}

/** The top of a screen: its only `h1`. */
export function PageHeader({ title, subtitle, actions }: PageHeaderProps): ReactNode {
  return (
    <header className={styles.page}>
      <div className={styles.pageText}>
        <h1 className={styles.pageTitle}>{title}</h1>
        {subtitle !== undefined && <div className={styles.pageSubtitle}>{subtitle}</div>}
      </div>
      {actions !== undefined && <div className={styles.pageActions}>{actions}</div>}
    </header>
  );
}
