import { useEffect, useId, useRef, type ReactNode } from "react";
import type { Defined, Language } from "../language";
import { openEditor, type EditorHandle } from "./editor";
import styles from "./editor.module.css";

export interface CodeEditorProps {
  /** What is edited; read aloud. */
  label: string;
  /** What it starts with, asked for when it opens. */
  body: () => string;
  language: Language;
  onOpen: (handle: EditorHandle | null) => void;
  onChange: (handle: EditorHandle) => void;
  onLine: (line: number) => void;
  onDefined: (found: Defined | null) => void;
}

/** The editor in the page. It keeps its text itself: React is told of changes, it does not hold them. */
export function CodeEditor(props: CodeEditorProps): ReactNode {
  const parent = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const helpId = useId();
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const { label, body, language } = latest.current;
    if (parent.current === null) return undefined;
    const { handle, close } = openEditor(parent.current, body(), label, helpId, language, {
      onChange: (changed) => latest.current.onChange(changed),
      onLine: (line) => latest.current.onLine(line),
      onDefined: (found) => latest.current.onDefined(found),
    });
    latest.current.onOpen(handle);
    return () => {
      latest.current.onOpen(null);
      close();
    };
  }, [helpId]);
  return (
    <>
      <p id={helpId} className="visuallyHidden">
        Tab indents; press Escape, then Tab, to leave the text. Ctrl+Space completes, F12 goes to the definition, F8 to the next problem, Ctrl+S saves.
      </p>
      <div ref={parent} className={styles.host} />
    </>
  );
}
