// Completion, hover and definition: the language crate's answers in CodeMirror's shapes. A failed question is silence
// here, since the check of the same text says what is the matter.
import { acceptCompletion, autocompletion, completionKeymap, snippet, startCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, type Tooltip } from "@codemirror/view";
import type { Defined, Language, Proposal } from "../language";
import { drawProse } from "./prose";
import { templateOf } from "./snippet";

const quietly = <T>(answer: Promise<T>): Promise<T | null> => answer.catch(() => null);

/** `asked` is where the cursor was: a range that reaches beyond it still does after more was typed. */
function optionOf(item: Proposal, asked: number, rank: number): Completion {
  const insert = snippet(templateOf(item.insert));
  return {
    label: item.label,
    detail: item.detail === "" ? item.kind : item.detail,
    // Keep the crate's order among equally good matches.
    boost: rank,
    info: item.documentation === "" ? undefined : () => drawProse(item.documentation),
    apply: (view, completion, _from, to) => {
      insert(view, completion, item.from, Math.min(view.state.doc.length, to + Math.max(0, item.to - asked)));
      // A value is next: say at once what it may be.
      if (item.insert.endsWith(": $0")) startCompletion(view);
    },
  };
}

const completing =
  (language: Language) =>
  async (context: CompletionContext): Promise<CompletionResult | null> => {
    const before = context.state.sliceDoc(context.state.doc.lineAt(context.pos).from, context.pos);
    // While typing: at the start of a word, after `key: `, `- ` and inside an expression. Anything when asked for.
    if (!context.explicit && !/(?:[\w@.]|^\s*(?:- +)?|: |\$\(|[[(,] ?)$/.test(before)) return null;
    const items = (await quietly(language.complete(context.state.doc.toString(), context.pos))) ?? [];
    const [first] = items;
    if (first === undefined || context.aborted) return null;
    const options = items.map((item, index) => optionOf(item, context.pos, 50 - Math.floor((index * 99) / items.length)));
    return { from: Math.min(first.from, context.pos), options, validFor: /^[\w@.-]*$/ };
  };

const hovering =
  (language: Language) =>
  async (view: EditorView, pos: number): Promise<Tooltip | null> => {
    const asked = view.state.doc;
    const answer = await quietly(language.hover(asked.toString(), pos));
    if (answer === null || view.state.doc !== asked) return null;
    return { pos: answer.from, end: answer.to, above: true, create: () => ({ dom: drawProse(answer.text) }) };
  };

/** Asks where the thing at an offset is defined. */
async function define(view: EditorView, language: Language, offset: number, onDefined: (found: Defined | null) => void): Promise<void> {
  const asked = view.state.doc;
  const found = await quietly(language.define(asked.toString(), offset));
  if (view.state.doc === asked) onDefined(found);
}

/** The assistance of the language crate. `onDefined` gets null where nothing is defined elsewhere. */
export function assistance(language: Language, onDefined: (found: Defined | null) => void): Extension {
  return [
    autocompletion({ override: [completing(language)], icons: false, activateOnTypingDelay: 60, maxRenderedOptions: 60, defaultKeymap: false }),
    hoverTooltip(hovering(language), { hoverTime: 350, hideOnChange: true }),
    keymap.of([
      ...completionKeymap,
      { key: "Tab", run: acceptCompletion },
      {
        key: "F12",
        run: (view) => {
          void define(view, language, view.state.selection.main.head, onDefined);
          return true;
        },
      },
    ]),
    EditorView.domEventHandlers({
      mousedown: (event, view) => {
        if (event.button !== 0 || !(event.ctrlKey || event.metaKey)) return false;
        const offset = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (offset === null) return false;
        event.preventDefault();
        view.dispatch({ selection: { anchor: offset } });
        view.focus();
        void define(view, language, offset, onDefined);
        return true;
      },
    }),
  ];
}
