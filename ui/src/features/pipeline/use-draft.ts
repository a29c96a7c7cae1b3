// The text that is edited against the file on disk: what was read, what was typed, what has changed meanwhile.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useMutationCommand, type ApiError, type PipelineCommitted, type PipelineView, type ProjectId } from "#ui/ipc";
import type { EditorHandle } from "./editor/editor";
import { readForm, writeForm } from "./text-form";

/** Where the edited text stands. */
export interface Draft {
  /** The text on disk that the editing started from; saving is refused if the disk holds another. */
  base: string;
  /** The newest text known of the disk. */
  disk: string;
  isDirty: boolean;
  /** The disk has changed under unsaved work: a person has to choose. */
  isContested: boolean;
}

/** A draft of a file as it was read. */
export const draftOf = (text: string): Draft => ({ base: text, disk: text, isDirty: false, isContested: false });

/** The draft after the disk was read again. `written` is what a save under way is writing. */
export function readAgain(draft: Draft, disk: string, mine: string, written: string | null): Draft {
  if (disk === draft.disk) return draft;
  if (disk === mine || disk === written) return { base: disk, disk, isDirty: disk !== mine, isContested: false };
  if (!draft.isDirty) return draftOf(disk);
  return { ...draft, disk, isContested: disk !== draft.base };
}

/** What the room gets of `useDraft`. */
export interface DraftControl {
  draft: Draft;
  /** The body the editor starts with. */
  body: () => string;
  /** The body that was saved last. */
  baseBody: () => string;
  /** The whole text as it would be saved. */
  text: () => string;
  opened: (handle: EditorHandle | null) => void;
  changed: (handle: EditorHandle) => void;
  /** Saves over the text that was read, or over what is on disk now; true if it is saved. */
  save: (over?: "base" | "disk") => Promise<boolean>;
  /** Puts the disk's text in place of what was typed; undo brings it back. */
  takeDisk: () => void;
  isSaving: boolean;
  failure: ApiError | null;
  /** Saves the text and commits the file alone; with a branch, on that new branch. */
  commit: CommitControl;
}

/** How a draft is committed. */
export interface CommitControl {
  /** What was committed, or null if it was refused: `error` says why. */
  run: (message: string, branch: string | null) => Promise<PipelineCommitted | null>;
  isPending: boolean;
  error: ApiError | null;
  reset: () => void;
}

const AT_ONCE = (): Promise<void> => Promise.resolve();

/**
 * Keeps the draft of a project's pipeline. `reread` asks for the file on disk again. What is written waits for `settled`:
 * a press on Save ends the typing in a field, whose gesture is on its way to the text then.
 */
export function useDraft(projectId: ProjectId, pipeline: PipelineView, reread: () => void, settled: () => Promise<void> = AT_ONCE): DraftControl {
  const [draft, setDraft] = useState(() => draftOf(pipeline.text));
  const editor = useRef<EditorHandle | null>(null);
  // Form and body of the base; the body also outlives an editor that is taken away and made again.
  const [first] = useState(() => readForm(pipeline.text));
  const form = useRef(first.form);
  const baseBody = useRef(first.body);
  const keptBody = useRef(first.body);
  const written = useRef<string | null>(null);
  const command = useMutationCommand("pipeline_save", { quiet: true });

  const body = useCallback(() => editor.current?.body() ?? keptBody.current, []);
  const savedBody = useCallback(() => baseBody.current, []);
  const text = useCallback(() => writeForm(form.current, body()), [body]);
  const rebase = useCallback((disk: string) => {
    const read = readForm(disk);
    form.current = read.form;
    baseBody.current = read.body;
  }, []);
  const takeOver = useCallback(
    (disk: string) => {
      rebase(disk);
      keptBody.current = baseBody.current;
      editor.current?.replace(baseBody.current);
    },
    [rebase],
  );

  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  });
  useEffect(() => {
    const before = latest.current;
    const after = readAgain(before, pipeline.text, text(), written.current);
    if (after === before) return;
    if (!after.isDirty) takeOver(after.base);
    else if (after.base !== before.base) rebase(after.base);
    setDraft(after);
  }, [pipeline.text, text, takeOver, rebase]);

  const opened = useCallback((handle: EditorHandle | null) => {
    if (handle === null && editor.current !== null) keptBody.current = editor.current.body();
    editor.current = handle;
  }, []);
  const changed = useCallback((handle: EditorHandle) => {
    const isDirty = !handle.isBody(baseBody.current);
    setDraft((now) => (now.isDirty === isDirty ? now : { ...now, isDirty }));
  }, []);
  const takeDisk = useCallback(() => {
    const { disk } = latest.current;
    takeOver(disk);
    setDraft(draftOf(disk));
  }, [takeOver]);

  /** Has the text written, and starts over from it. */
  const write = useCallback(
    async <T,>(send: (mine: string) => Promise<T>): Promise<T | null> => {
      await settled();
      const mine = text();
      written.current = mine;
      let answer: T;
      try {
        answer = await send(mine);
      } catch {
        // The mutation keeps the failure. Whatever is on disk now is what to compare with.
        reread();
        return null;
      } finally {
        written.current = null;
      }
      rebase(mine);
      setDraft({ ...draftOf(mine), isDirty: text() !== mine });
      return answer;
    },
    [reread, rebase, text, settled],
  );
  const { mutateAsync, reset } = command;
  const save = useCallback(
    async (over: "base" | "disk" = "base") => {
      await settled();
      const { isContested } = latest.current;
      const isDirty = text() !== latest.current.base;
      if (over === "base" && (!isDirty || isContested)) return !isDirty;
      return (await write((mine) => mutateAsync({ projectId, text: mine, baseText: latest.current[over] }))) !== null;
    },
    [mutateAsync, projectId, write, text, settled],
  );
  const committing = useMutationCommand("pipeline_commit", { quiet: true });
  const { mutateAsync: send, reset: resetCommit, isPending, error: refusal } = committing;
  const run = useCallback(
    (message: string, branch: string | null) => write((mine) => send({ projectId, text: mine, baseText: latest.current.base, message, branch })),
    [projectId, send, write],
  );
  const commit = useMemo(() => ({ run, isPending, error: refusal, reset: resetCommit }), [run, isPending, refusal, resetCommit]);
  const isAnswered = draft.isContested || !draft.isDirty;
  const { error } = command;
  useEffect(() => {
    if (error !== null && error.code === "file_changed" && isAnswered) reset();
  }, [error, isAnswered, reset]);
  return { draft, body, baseBody: savedBody, text, opened, changed, save, takeDisk, isSaving: command.isPending, failure: error, commit };
}
