// The objects of a plan, grouped by what happens to them; each opens to its fields.
import clsx from "clsx";
import { ChevronRight, CircleSlash, Equal, Pencil, Plus, ShieldAlert, Trash2, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import type { ObjectAction, ObjectPlan } from "#ui/ipc";
import { FieldChanges, plural, type FieldWords } from "#ui/components";
import { groupsOf, objectKey } from "./groups";
import styles from "./plan.module.css";

const ICONS: Record<ObjectAction, LucideIcon> = { create: Plus, change: Pencil, same: Equal, delete: Trash2, conflict: ShieldAlert, refused: CircleSlash };

/** With more of them an open list would bury what matters. */
const MOST_OPEN = 8;

export interface PlanObjectsProps {
  objects: readonly ObjectPlan[];
  /** Deletes are only made when they are asked for. */
  isPruning?: boolean;
  words?: FieldWords | undefined;
  /** Other titles than those of a plan. */
  titles?: Partial<Record<ObjectAction, string>>;
}

/** A plan's objects. */
export function PlanObjects({ objects, isPruning = true, words, titles = {} }: PlanObjectsProps): ReactNode {
  const groups = groupsOf(objects, isPruning);
  const isShort = objects.filter(({ action }) => action !== "same").length <= MOST_OPEN;
  return (
    <div className={styles.groups}>
      {groups.map((group) => {
        const Icon = ICONS[group.action];
        const title = titles[group.action] ?? group.title;
        const isLeft = group.action === "delete" && !isPruning;
        return (
          <section key={group.action} className={clsx(styles.group, styles[isLeft ? "same" : group.action])} aria-label={`${title}: ${plural(group.objects.length, "object")}`}>
            <h3 className={styles.groupHead}>
              <Icon size={14} aria-hidden="true" />
              {title}
              <span className={styles.groupCount}>{group.objects.length}</span>
            </h3>
            <ul className={styles.objects}>
              {group.objects.map((object) => (
                <PlanObject key={objectKey(object)} object={object} words={words} isOpenFirst={group.action === "refused" || group.action === "conflict" || (isShort && group.action === "change")} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function PlanObject({ object, words, isOpenFirst }: { object: ObjectPlan; words: FieldWords | undefined; isOpenFirst: boolean }): ReactNode {
  const [isOpen, setOpen] = useState(isOpenFirst);
  const hasMore = object.fields.length > 0 || object.problem !== null || object.hint !== null;
  const head = (
    <>
      <span className={styles.kind}>{object.kind}</span>
      <strong className={styles.name}>{object.name}</strong>
      {object.namespace !== null && object.namespace !== "" && <span className={styles.faint}>in {object.namespace}</span>}
      <span className={styles.end}>
        {object.place !== null && <code className={styles.place}>{object.place}</code>}
        {object.fields.length > 0 && <span className={styles.faint}>{plural(object.fields.length, "field")}</span>}
      </span>
    </>
  );
  return (
    <li className={styles.object}>
      {hasMore ? (
        <button type="button" className={styles.objectHead} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <ChevronRight size={14} className={clsx(styles.chevron, isOpen && styles.turned)} aria-hidden="true" />
          {head}
        </button>
      ) : (
        <div className={clsx(styles.objectHead, styles.plain)}>{head}</div>
      )}
      {isOpen && hasMore && (
        <div className={styles.inside}>
          {object.problem !== null && (
            <p className={styles.problem} role="note">
              {object.problem}
              {object.hint !== null && <span className={styles.hint}>{object.hint}</span>}
            </p>
          )}
          {object.problem === null && object.hint !== null && <p className={styles.problem}>{object.hint}</p>}
          {object.fields.length > 0 && <FieldChanges label={`Fields of ${object.kind} ${object.name}`} fields={object.fields} {...(words !== undefined && { words })} />}
        </div>
      )}
    </li>
  );
}
