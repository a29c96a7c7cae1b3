// Diagnostics in the text: squiggles, gutter marks, the tip over them with its fix, and the way from one to the next.
import { forEachDiagnostic, lintGutter, nextDiagnostic, previousDiagnostic, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { DiagnosticView } from "#ui/ipc";
import { fixOf, rangeOf } from "../positions";

const SEVERITIES = { error: "error", warning: "warning", information: "info" } as const;
/** How bad it is, in a word. */
export const SEVERITY_WORDS = { error: "Error", warning: "Warning", information: "Information" } as const;
// More marks than this cost more than they tell.
const MOST_MARKS = 1000;

function tip(problem: DiagnosticView): HTMLElement {
  const root = document.createElement("span");
  const word = document.createElement("strong");
  word.textContent = `${SEVERITY_WORDS[problem.severity]}: `;
  root.append(word, problem.message);
  if (problem.hint !== null) {
    const hint = document.createElement("span");
    hint.className = "mark-hint";
    hint.textContent = problem.hint;
    root.append(hint);
  }
  return root;
}

function markOf(view: EditorView, problem: DiagnosticView, body: string): Diagnostic {
  const range = rangeOf(view.state.doc, problem);
  const fix = fixOf(problem, body, range);
  return {
    ...range,
    severity: SEVERITIES[problem.severity],
    message: `${SEVERITY_WORDS[problem.severity]}: ${problem.message}`,
    renderMessage: () => tip(problem),
    actions:
      fix === null
        ? []
        : [
            {
              name: `Fix: ${fix.insert}`,
              // The editor has moved the mark along with the text since.
              apply: (target, from) => {
                const start = from + fix.from - range.from;
                const end = start + fix.to - fix.from;
                if (target.state.sliceDoc(start, end) === fix.wrong) target.dispatch({ changes: { from: start, to: end, insert: fix.insert }, userEvent: "input.fix" });
              },
            },
          ],
  };
}

/** Marks what is wrong; replaces what was marked before. */
export function showMarks(view: EditorView, problems: readonly DiagnosticView[]): void {
  const body = view.state.doc.toString();
  const marks = problems.slice(0, MOST_MARKS).map((problem) => markOf(view, problem, body));
  view.dispatch(setDiagnostics(view.state, marks.toSorted((left, right) => left.from - right.from)));
}

/** Goes to the next or previous mark and says it to a screen reader. */
export function stepMark(view: EditorView, direction: 1 | -1): void {
  const hasMoved = direction === 1 ? nextDiagnostic(view) : previousDiagnostic(view);
  if (!hasMoved) return;
  const { from, to } = view.state.selection.main;
  let message = "";
  forEachDiagnostic(view.state, (mark, start, end) => {
    if (start === from && end === to && message === "") message = mark.message;
  });
  const line = view.state.doc.lineAt(from).number;
  view.dispatch({ effects: [EditorView.scrollIntoView(from, { y: "center" }), EditorView.announce.of(`${message} Line ${line}.`)] });
}

/** The gutter of the marks. */
export const markGutter: Extension = lintGutter({ hoverTime: 200 });
