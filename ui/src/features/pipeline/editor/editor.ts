// The text editor: CodeMirror with what a pipeline file needs. Made by CodeEditor.tsx; driven through `EditorHandle`.
// Not here: what is saved and what is checked (the room does both).
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory, redo, undo } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { EditorSelection, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, tooltips } from "@codemirror/view";
import { differenceOf } from "#ui/components";
import type { DiagnosticView } from "#ui/ipc";
import type { Defined, Language } from "../language";
import { offsetAt, type Fix, type Range } from "../positions";
import { assistance } from "./assist";
import { indentation } from "./indent";
import { markGutter, showMarks, stepMark } from "./marks";
import styles from "./editor.module.css";
import { colouring } from "./overlay";

/** What the editor tells. */
export interface EditorEvents {
  onChange: (handle: EditorHandle) => void;
  /** The cursor is on another line, 1-based. */
  onLine: (line: number) => void;
  onDefined: (found: Defined | null) => void;
}

/** What the room may do with the editor. */
export interface EditorHandle {
  body: () => string;
  isBody: (body: string) => boolean;
  /** Puts another text in place and changes only what differs, so that cursor and folds stay. Undo brings it back. */
  replace: (body: string) => void;
  /** Selects a place; a whole line where no column is given. */
  goTo: (line: number, column?: number) => void;
  /** Selects a stretch. */
  select: (range: Range) => void;
  /** Shows a stretch as selected, and leaves the focus where it is. */
  reveal: (range: Range) => void;
  /** Makes the changes of a gesture, as one step of undo. */
  change: (changes: readonly (Range & { insert: string })[]) => void;
  /** The cursor's offset, if the text has the focus. */
  cursor: () => number | null;
  show: (problems: readonly DiagnosticView[]) => void;
  /** Puts a fix in; false if the text has changed under it. */
  apply: (fix: Fix) => boolean;
  step: (direction: 1 | -1) => void;
  /** `stay` leaves the focus where it is. */
  undo: (stay?: "stay") => void;
  redo: (stay?: "stay") => void;
  find: () => void;
  focus: () => void;
}

const foldMark = (isOpen: boolean): HTMLElement => {
  const mark = document.createElement("span");
  mark.className = isOpen ? "fold-mark" : "fold-mark fold-closed";
  mark.title = isOpen ? "Fold the lines below" : "Unfold";
  return mark;
};

/** The find panel's words in the house's way. */
const PHRASES = { next: "Next", previous: "Previous", "match case": "Case", regexp: "Regex", "by word": "Words", replace: "Replace", "replace all": "Replace all", close: "Close find" };

function base(label: string, describedBy: string): Extension {
  return [
    // The body has \n only, or it is mixed and a \r belongs to its line.
    EditorState.lineSeparator.of("\n"),
    EditorView.clipboardInputFilter.of((text) => text.replaceAll(/\r\n?/g, "\n")),
    EditorState.phrases.of(PHRASES),
    EditorState.tabSize.of(2),
    indentUnit.of("  "),
    EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label, "aria-describedby": describedBy, spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
    lineNumbers(),
    markGutter,
    foldGutter({ markerDOM: foldMark }),
    codeFolding(),
    highlightSpecialChars(),
    // A selection that the canvas makes is seen although the focus is elsewhere.
    drawSelection(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    indentation,
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    search({ top: true }),
    yaml(),
    colouring,
  ];
}

function handleOf(view: EditorView): EditorHandle {
  return {
    body: () => view.state.doc.toString(),
    isBody: (body) => view.state.doc.length === body.length && view.state.doc.toString() === body,
    replace: (body) => {
      const changes = differenceOf(view.state.doc.toString(), body);
      if (changes.from < changes.to || changes.insert !== "") view.dispatch({ changes, userEvent: "input.reload" });
    },
    goTo: (line, column) => {
      const { doc } = view.state;
      const found = doc.line(Math.min(Math.max(1, line), doc.lines));
      const indent = found.text.length - found.text.trimStart().length;
      const selection = column === undefined ? { anchor: found.from + indent, head: found.to } : { anchor: offsetAt(doc, line, column) };
      view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: "center" }) });
      view.focus();
    },
    select: ({ from, to }) => {
      const end = view.state.doc.length;
      view.dispatch({ selection: { anchor: Math.min(from, end), head: Math.min(to, end) }, effects: EditorView.scrollIntoView(Math.min(from, end), { y: "center" }) });
      view.focus();
    },
    reveal: ({ from, to }) => {
      const end = view.state.doc.length;
      const range = EditorSelection.range(Math.min(from, end), Math.min(to, end));
      view.dispatch({ selection: range, effects: EditorView.scrollIntoView(range.from, { y: "start", yMargin: 48 }) });
    },
    change: (changes) => view.dispatch({ changes: [...changes], annotations: isolateHistory.of("full"), userEvent: "input.gesture" }),
    cursor: () => (view.hasFocus ? view.state.selection.main.head : null),
    show: (problems) => showMarks(view, problems),
    apply: (fix) => {
      if (view.state.sliceDoc(fix.from, fix.to) !== fix.wrong) return false;
      view.dispatch({ changes: { from: fix.from, to: fix.to, insert: fix.insert }, selection: { anchor: fix.from + fix.insert.length }, scrollIntoView: true, userEvent: "input.fix" });
      view.focus();
      return true;
    },
    step: (direction) => {
      stepMark(view, direction);
      view.focus();
    },
    undo: (stay) => {
      undo(view);
      if (stay === undefined) view.focus();
    },
    redo: (stay) => {
      redo(view);
      if (stay === undefined) view.focus();
    },
    find: () => openSearchPanel(view),
    focus: () => view.focus(),
  };
}

/** Makes an editor in an element; returns its handle and its end. */
export function openEditor(parent: HTMLElement, body: string, label: string, describedBy: string, language: Language, events: EditorEvents): { handle: EditorHandle; close: () => void } {
  const floats = document.createElement("div");
  floats.className = styles.floats ?? "";
  document.body.append(floats);
  const view: EditorView = new EditorView({
    parent,
    state: EditorState.create({
      doc: body,
      extensions: [
        assistance(language, events.onDefined),
        base(label, describedBy),
        tooltips({ parent: floats }),
        keymap.of([...closeBracketsKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) events.onChange(handle);
          const line = update.state.doc.lineAt(update.state.selection.main.head).number;
          if (update.selectionSet && line !== update.startState.doc.lineAt(update.startState.selection.main.head).number) events.onLine(line);
        }),
      ],
    }),
  });
  const handle = handleOf(view);
  return {
    handle,
    close: () => {
      view.destroy();
      floats.remove();
    },
  };
}
