// Events along a line of time, newest above: what happened, to what, how often.
import clsx from "clsx";
import type { ReactNode } from "react";
import { href, RelativeTime } from "#ui/components";
import type { KubeEventView } from "#ui/ipc";
import styles from "./views.module.css";

export interface EventListProps {
  context: string;
  events: readonly KubeEventView[];
  /** All are about the same object, which need not be named. */
  isOfOne?: boolean;
}

/** The word of an object's kind in an address. */
function kindOf({ apiVersion, kind }: KubeEventView["object"]): string {
  const cut = apiVersion.indexOf("/");
  return cut < 0 ? kind : `${kind}.${apiVersion.slice(0, cut)}`;
}

/** A time line of events. */
export function EventList({ context, events, isOfOne = false }: EventListProps): ReactNode {
  return (
    <ol className={styles.events}>
      {events.map((event) => (
        <li key={`${event.at} ${event.reason} ${event.object.kind} ${event.object.namespace} ${event.object.name} ${event.message}`} className={clsx(styles.event, event.type === "Warning" && styles.warning)}>
          <span className={styles.when}>
            <RelativeTime at={event.at} />
          </span>
          <span className={styles.knot} aria-hidden="true" />
          <div className={styles.what}>
            <p className={styles.reasonLine}>
              {event.type === "Warning" && <span className="visuallyHidden">Warning: </span>}
              <strong>{event.reason}</strong>
              {event.count > 1 && <span className={styles.times}>{event.count} times</span>}
              {!isOfOne && (
                <a href={href.cluster({ context, namespace: event.object.namespace, kind: kindOf(event.object), object: event.object.name, within: event.object.namespace })}>
                  {event.object.kind} {event.object.name}
                </a>
              )}
            </p>
            <p className={styles.message}>
              {event.message}
              {event.source !== "" && <span className={styles.source}>{event.source}</span>}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
