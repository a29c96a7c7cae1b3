// A plan as a person reads it: what stops it first, then what is dangerous, then what changes. Pure.
import type { ObjectAction, ObjectPlan } from "#ui/ipc";
import { plural } from "#ui/components";

/** Objects that share an action. */
export interface ObjectGroup {
  action: ObjectAction;
  title: string;
  objects: ObjectPlan[];
}

const ORDER: readonly { action: ObjectAction; title: string; count: (many: number) => string }[] = [
  { action: "refused", title: "Refused", count: (many) => `${many} refused` },
  { action: "conflict", title: "Conflicts", count: (many) => plural(many, "conflict") },
  { action: "delete", title: "Delete", count: (many) => `${many} to delete` },
  { action: "change", title: "Change", count: (many) => `${many} to change` },
  { action: "create", title: "Create", count: (many) => `${many} to create` },
  { action: "same", title: "Unchanged", count: (many) => `${many} unchanged` },
];

/** The objects by action, empty groups left out. What is left alone stands last. */
export function groupsOf(objects: readonly ObjectPlan[], isPruning: boolean): ObjectGroup[] {
  const order = isPruning ? ORDER : [...ORDER.filter(({ action }) => action !== "delete"), ...ORDER.filter(({ action }) => action === "delete")];
  return order.map(({ action, title }) => ({ action, title: action === "delete" && !isPruning ? "No longer wanted, left alone" : title, objects: objects.filter((object) => object.action === action) })).filter(({ objects: found }) => found.length > 0);
}

/** What will happen, in a line. Without pruning nothing is deleted, so nothing says so. */
export function summaryOf(objects: readonly ObjectPlan[], isPruning: boolean): string {
  const words = ORDER.filter(({ action }) => isPruning || action !== "delete").flatMap(({ action, count }) => {
    const many = objects.filter((object) => object.action === action).length;
    return many === 0 ? [] : [count(many)];
  });
  return words.length === 0 ? "Nothing to do" : words.join(" · ");
}

/** Whether the plan would leave everything as it is. */
export function isIdle(objects: readonly ObjectPlan[], isPruning: boolean): boolean {
  return objects.every(({ action }) => action === "same" || (action === "delete" && !isPruning));
}

/** Tells objects of one plan apart. */
export function objectKey({ apiVersion, kind, namespace, name }: Pick<ObjectPlan, "apiVersion" | "kind" | "namespace" | "name">): string {
  return `${apiVersion}/${kind}/${namespace ?? ""}/${name}`;
}
