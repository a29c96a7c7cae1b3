// The same fields for an item of a list, such as a schedule: what they set becomes an edit of that place.
import { useMemo, type ReactNode } from "react";
import { DeskOf, useDesk } from "../desk";
import type { Edit, Gesture, Json, WrittenView } from "../wire";
import { find } from "../written";

/** The edit that sets a key below an item; undefined when there is nothing to do. */
export function editBelow(item: WrittenView, keys: readonly string[], value: Json): Edit | undefined {
  let at = item;
  for (const [depth, key] of keys.entries()) {
    const next = find(at, key);
    if (next === undefined) {
      if (value === null) return undefined;
      const nested = keys.slice(depth + 1).reduceRight<Json>((inner, outer) => ({ [outer]: inner }), value);
      return at.form === "map" ? { edit: "insertEntry", path: at.path, key, value: nested } : { edit: "set", path: at.path, value: { [key]: nested } };
    }
    at = next;
  }
  if (value !== null) return { edit: "set", path: at.path, value };
  // A mapping that would be empty goes with its last key.
  let gone = keys.length;
  while (gone > 1 && find(item, ...keys.slice(0, gone - 1))?.entries.length === 1) gone -= 1;
  return { edit: "remove", path: find(item, ...keys.slice(0, gone))?.path ?? at.path };
}

export interface WithinProps {
  item: WrittenView;
  /** Another edit for a key than the general one. */
  edit?: ((keys: readonly string[], value: Json) => Edit | undefined) | undefined;
  children: ReactNode;
}

export function Within({ item, edit, children }: WithinProps): ReactNode {
  const desk = useDesk();
  const own = useMemo(() => {
    const send = (gesture: Gesture): Promise<string | null> => {
      if (gesture.gesture !== "set" || gesture.node !== item.path) return desk.send(gesture);
      // The forms send plain JSON.
      const value = (gesture.value ?? null) as Json;
      const made = edit?.(gesture.keys, value) ?? editBelow(item, gesture.keys, value);
      return made === undefined ? Promise.resolve(null) : desk.send({ gesture: "edit", edit: made });
    };
    return { ...desk, path: item.path, written: item, send };
  }, [desk, item, edit]);
  return <DeskOf desk={own}>{children}</DeskOf>;
}
