// How an object stands, in words: facts, conditions, owners, and what was said of it.
import clsx from "clsx";
import { Check, CircleDashed, X } from "lucide-react";
import type { ReactNode } from "react";
import { formatDateTime, href, KeyValue, RelativeTime } from "#ui/components";
import type { KubeCondition, KubeKindView, KubeObjectView } from "#ui/ipc";
import { EventList } from "../views/EventList";
import { findKind, wordOf } from "../model/kinds";
import styles from "./object.module.css";

export interface SummaryTabProps {
  context: string;
  kinds: readonly KubeKindView[];
  object: KubeObjectView;
}

/** A time as a person reads it; everything else as it is. */
function timeWord(value: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? formatDateTime(Date.parse(value)) : value;
}

/** The facts of an object. */
export function SummaryTab({ context, kinds, object }: SummaryTabProps): ReactNode {
  return (
    <div className={styles.scroll}>
      <KeyValue items={object.summary.map(({ label, value }) => ({ name: label, value: timeWord(value) }))} />
      {object.owners.length > 0 && (
        <section aria-label="Owners">
          <h3 className={styles.heading}>Owned by</h3>
          <ul className={styles.owners}>
            {object.owners.map((owner) => {
              const group = owner.apiVersion.includes("/") ? owner.apiVersion.slice(0, owner.apiVersion.indexOf("/")) : "";
              const kind = findKind(kinds, group === "" ? owner.kind : `${owner.kind}.${group}`);
              const namespace = owner.namespace === "" ? undefined : owner.namespace;
              return (
                <li key={`${owner.kind}/${owner.name}`}>
                  <span className={styles.faint}>{owner.kind}</span> {kind === undefined ? owner.name : <a href={href.cluster({ context, namespace, kind: wordOf(kind), object: owner.name, within: namespace })}>{owner.name}</a>}
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {object.conditions.length > 0 && (
        <section aria-label="Conditions">
          <h3 className={styles.heading}>Conditions</h3>
          <ul className={styles.conditions}>
            {object.conditions.map((condition) => (
              <Condition key={condition.type} condition={condition} />
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Events of the object">
        <h3 className={styles.heading}>Events</h3>
        {object.events.length === 0 ? <p className={styles.faint}>None lately. A cluster forgets its events after about an hour.</p> : <EventList context={context} events={object.events} isOfOne />}
      </section>
    </div>
  );
}

/** Types whose truth is bad news. */
const BAD_NEWS = /Pressure$|Unavailable$|Failure$|^Failed$|^Stalled$/;

function Condition({ condition }: { condition: KubeCondition }): ReactNode {
  const isTrue = condition.status === "True";
  const isKnown = isTrue || condition.status === "False";
  const isGood = isTrue !== BAD_NEWS.test(condition.type);
  const Icon = !isKnown ? CircleDashed : isGood ? Check : X;
  return (
    <li className={clsx(styles.condition, isKnown && (isGood ? styles.holds : styles.fails))}>
      <Icon size={14} aria-hidden="true" />
      <div>
        <strong>{condition.type}</strong> <span className={styles.faint}>{condition.status}</span>
        {condition.reason !== "" && <span className={styles.reason}>{condition.reason}</span>}
        {condition.message !== "" && <p>{condition.message}</p>}
      </div>
      <span className={styles.faint}>
        <RelativeTime at={condition.at} />
      </span>
    </li>
  );
}
