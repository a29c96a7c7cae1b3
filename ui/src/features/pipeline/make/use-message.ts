// A commit message for what has changed of the pipeline file.
import { useEffect, useRef, useState } from "react";

/** A message for the change from one text to another. */
export type Propose = (before: string, after: string) => Promise<{ summary: string; body: string }>;

const joined = ({ summary, body }: { summary: string; body: string }): string => (body === "" ? summary : `${summary}\n\n${body}`);

/** The message proposed for a change; empty until it is known, or while `before` is not. */
export function useMessage(propose: Propose, path: string, before: string | undefined, after: string): string {
  const [proposed, setProposed] = useState("");
  const ask = useRef(propose);
  useEffect(() => {
    if (before === undefined) return undefined;
    let isWanted = true;
    const usual = { summary: `pipeline: ${before === "" ? "add" : "change"} ${path}`, body: "" };
    // Nobody is kept from committing because no message could be thought of.
    void ask.current(before, after).catch(() => usual).then((found) => isWanted && setProposed(joined(found)));
    return () => {
      isWanted = false;
    };
  }, [before, after, path]);
  return proposed;
}
