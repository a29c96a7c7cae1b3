// The canvas's side of the text: asks for the board of what is typed, and puts gestures into the text.
import { useCallback, useEffect, useRef, useState } from "react";
import { call, toApiError, type ApiError, type BoardView, type Gesture, type PipelineView, type ProjectId } from "#ui/ipc";
import type { EditorHandle } from "../editor/editor";
import { Latest } from "../latest";
import { readForm } from "../text-form";

/** The canvas follows the text after a pause of this length. */
const BOARD_PAUSE_MS = 60;

/** A board and the body that it shows. */
export interface Shown {
  board: BoardView;
  body: string;
}

export interface BoardControl {
  /** Null until the first answer. */
  shown: Shown | null;
  failure: ApiError | null;
  selected: readonly string[];
  select: (ids: readonly string[]) => void;
  opened: (handle: EditorHandle | null) => void;
  changed: (handle: EditorHandle) => void;
  /** Makes a gesture; the reason if it was refused. */
  perform: (gesture: Gesture) => Promise<ApiError | null>;
  /** When the text has all gestures made so far. */
  settled: () => Promise<void>;
  /** What nodes are written as. */
  copy: (nodes: readonly string[]) => Promise<string>;
}

/** Keeps the board of the text in the editor; starts with what came with the file. */
export function useBoard(projectId: ProjectId, pipeline: PipelineView): BoardControl {
  // The places of a file with a byte order mark or CRLF are not those of its body.
  const [shown, setShown] = useState<Shown | null>(() => (readForm(pipeline.text).body === pipeline.text ? { board: pipeline.board, body: pipeline.text } : null));
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [selected, setSelected] = useState<readonly string[]>([]);
  const now = useRef(selected);
  useEffect(() => {
    now.current = selected;
  }, [selected]);
  const editor = useRef<EditorHandle | null>(null);
  // The canvas may be there before the editor: its gestures wait for it.
  const waiting = useRef<((handle: EditorHandle) => void)[]>([]);
  const start = useRef(shown === null ? readForm(pipeline.text).body : null);
  const seen = useRef(shown);
  useEffect(() => {
    seen.current = shown;
  }, [shown]);

  const ask = useCallback(async (body: string): Promise<Shown> => ({ body, board: await call("pipeline_board", { projectId, text: body }) }), [projectId]);
  const latest = useRef<Latest<string, Shown> | undefined>(undefined);
  useEffect(() => {
    const asking = new Latest(
      ask,
      (outcome) => {
        if ("answer" in outcome) {
          setShown(outcome.answer);
          setFailure(null);
        } else setFailure(toApiError(outcome.failure));
      },
      BOARD_PAUSE_MS,
    );
    latest.current = asking;
    if (start.current !== null) asking.put(start.current);
    return () => asking.stop();
  }, [ask]);

  const opened = useCallback((handle: EditorHandle | null) => {
    editor.current = handle;
    if (handle !== null) for (const go of waiting.current.splice(0)) go(handle);
    if (handle !== null && (seen.current === null || !handle.isBody(seen.current.body))) latest.current?.put(handle.body());
  }, []);
  const changed = useCallback((handle: EditorHandle) => latest.current?.put(handle.body()), []);

  const make = useCallback(
    async (gesture: Gesture): Promise<ApiError | null> => {
      const handle = editor.current ?? (await new Promise<EditorHandle>((resolve) => waiting.current.push(resolve)));
      const before = now.current;
      try {
        // What is typed while the answer is on its way makes its places void: then it is asked for once more.
        for (let attempt = 0; attempt < 3; attempt += 1) {
          const body = handle.body();
          const { changes, select, board } = await call("pipeline_gesture", { projectId, text: body, gesture });
          if (!handle.isBody(body)) continue;
          handle.change(changes.map(({ start: from, end: to, text }) => ({ from, to, insert: text })));
          setShown({ board, body: handle.body() });
          // A form that sends what was typed in it must not take the selection back, and an edit names no node.
          if (now.current === before && gesture.gesture !== "edit") setSelected(select);
          return null;
        }
        return { kind: "refused", code: "text_changed", message: "The text was changed while this was on its way.", hint: "Do it once more.", corr: "" };
      } catch (error) {
        return toApiError(error);
      }
    },
    [projectId],
  );
  // One after the other: the last of two hasty ones is the one that stays.
  const before = useRef<Promise<unknown>>(Promise.resolve());
  const perform = useCallback(
    async (gesture: Gesture) => {
      const made = before.current.then(() => make(gesture));
      before.current = made;
      return made;
    },
    [make],
  );
  const settled = useCallback(async () => void (await before.current), []);
  const copy = useCallback(
    async (nodes: readonly string[]) => {
      const body = editor.current?.body() ?? "";
      return (await call("pipeline_copy", { projectId, text: body, nodes: [...nodes] })).yaml;
    },
    [projectId],
  );
  return { shown, failure, selected, select: setSelected, opened, changed, perform, settled, copy };
}
