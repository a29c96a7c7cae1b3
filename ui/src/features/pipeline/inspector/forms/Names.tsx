// The name of a node, by which others refer to it, and the one that people read.
import type { ReactNode } from "react";
import { useDesk, useKey } from "../desk";
import { TextField } from "../fields/TextField";
import { textOf } from "../written";

/** What Azure takes as a name; expressions are left to it. */
export function nameProblem(name: string): string | undefined {
  if (name.includes("$")) return undefined;
  return /^[A-Za-z_]\w*$/.test(name) ? undefined : "A name has letters, digits and _, and begins with no digit.";
}

/** `keyword` is the key that holds the name. */
export function Names({ keyword }: { keyword: string }): ReactNode {
  const desk = useDesk();
  const displayName = useKey("displayName");
  const name = textOf(desk.written, keyword);
  return (
    <>
      <TextField
        label="Name"
        isMono
        value={name}
        help="What refers to it follows."
        check={(draft) => (draft.trim() === "" ? (name === "" ? undefined : "A name that others refer to cannot be empty.") : nameProblem(draft.trim()))}
        save={(draft) => desk.send({ gesture: "rename", node: desk.path, to: draft.trim() })}
      />
      <TextField label="Display name" value={textOf(desk.written, "displayName")} placeholder={name} save={(draft) => displayName.set(draft === "" ? null : draft)} />
    </>
  );
}
