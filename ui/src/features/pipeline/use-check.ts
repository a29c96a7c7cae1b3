// What the language crate says of the text while somebody types.
import { useCallback, useEffect, useRef, useState } from "react";
import { toApiError, type ApiError, type DiagnosticView, type PipelineView, type PlanView } from "#ui/ipc";
import type { EditorHandle } from "./editor/editor";
import type { Checked, Language } from "./language";
import { Latest } from "./latest";
import { readForm } from "./text-form";

/** Typing pauses at least this long before the text is looked at. */
export const CHECK_PAUSE_MS = 120;

/** The newest that is known of the text. */
export interface Check {
  /** The body that was checked: what the places of the problems mean. */
  body: string;
  problems: readonly DiagnosticView[];
  /** The last plan there was. */
  plan: PlanView | null;
  /** Which text the plan is of: this one, or the last good one while this has an error. */
  planOf: "text" | "good";
  /** Set when the last check itself failed. */
  failure: ApiError | null;
}

function after(before: Check | undefined, body: string, { problems, plan }: Checked): Check {
  return { body, problems, plan: plan ?? before?.plan ?? null, planOf: plan === null ? "good" : "text", failure: null };
}

/** What the room gets of `useCheck`. */
export interface CheckControl {
  check: Check;
  opened: (handle: EditorHandle | null) => void;
  changed: (handle: EditorHandle) => void;
}

/** Checks what is typed; starts with what came with the file. */
export function useCheck(language: Language, pipeline: PipelineView, isDirty: boolean): CheckControl {
  const [check, setCheck] = useState<Check>(() => after(undefined, readForm(pipeline.text).body, { problems: pipeline.diagnostics, plan: pipeline.plan }));
  const editor = useRef<EditorHandle | null>(null);
  const shown = useRef(check);
  useEffect(() => {
    shown.current = check;
    if (editor.current?.isBody(check.body) === true) editor.current.show(check.problems);
  }, [check]);

  // The file's own answer holds where it is about this text: another file of the project may have changed.
  const [seen, setSeen] = useState(pipeline);
  if (seen !== pipeline) {
    setSeen(pipeline);
    const saved = readForm(pipeline.text).body;
    if (!isDirty || saved === check.body) setCheck(after(check, saved, { problems: pipeline.diagnostics, plan: pipeline.plan }));
  }

  const latest = useRef<Latest<EditorHandle, { body: string; checked: Checked }> | undefined>(undefined);
  useEffect(() => {
    const asking = new Latest(
      async (handle: EditorHandle) => {
        const asked = handle.body();
        return { body: asked, checked: await language.check(asked) };
      },
      (outcome) => {
        setCheck((before) => ("answer" in outcome ? after(before, outcome.answer.body, outcome.answer.checked) : { ...before, failure: toApiError(outcome.failure) }));
      },
      CHECK_PAUSE_MS,
    );
    latest.current = asking;
    return () => asking.stop();
  }, [language]);

  const opened = useCallback((handle: EditorHandle | null) => {
    editor.current = handle;
    if (handle === null) return;
    if (handle.isBody(shown.current.body)) handle.show(shown.current.problems);
    else latest.current?.put(handle);
  }, []);
  const changed = useCallback((handle: EditorHandle) => latest.current?.put(handle), []);
  return { check, opened, changed };
}
