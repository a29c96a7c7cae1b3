// Completion, hover and definition: the language crate's answers in CodeMirror's shapes. A failed question is silence
// here, since the check of the same text says what is the matter.
import { acceptCompletion, autocompletion, completionKeymap, snippet, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, type Tooltip } from "@codemirror/view";
import type { Defined, Language, Proposal } from "../language";
import { drawProse } from "./prose";
import { templateOf } from "./snippet";

const quietly = <T>(answer: Promise<T>): Promise<T | null> => answer.catch(() => null);

/** The type of proposals that leave the cursor where a value is next. */
const WITH_VALUE = "with-value";
const isKey = (item: Proposal): boolean => item.insert.endsWith(": $0");

/** `asked` is where the cursor was: a range that reaches beyond it still does after more was typed. */
function optionOf(item: Proposal, asked: number, rank: number, onPicked: (offset: number) => void): Completion {
  const insert = snippet(templateOf(item.insert));
  return {
    label: item.label,
    type: isKey(item) ? WITH_VALUE : undefined,
    detail: item.detail === "" ? item.kind : item.detail,
    // Keep the crate's order among equally good matches.
    boost: rank,
    info: item.documentation === "" ? undefined : () => drawProse(item.documentation),
    apply: (view, completion, _from, to) => {
      insert(view, completion, item.from, Math.min(view.state.doc.length, to + Math.max(0, item.to - asked)));
      onPicked(view.state.selection.main.head);
    },
  };
}

function completing(language: Language): (context: CompletionContext) => Promise<CompletionResult | null> {
  let picked = -1;
  return async (context) => {
    const isPicked = context.pos === picked;
    picked = -1;
    const before = context.state.sliceDoc(context.state.doc.lineAt(context.pos).from, context.pos);
    // While typing: in a word, behind `$(` or `[`, and behind a key that was just picked. An open list takes the Enter
    // key, so it may not come where a line's end is as likely.
    if (!context.explicit && !isPicked && !/(?:[\w@.]|\$\(|\[)$/.test(before)) return null;
    const items = (await quietly(language.complete(context.state.doc.toString(), context.pos))) ?? [];
    const [first] = items;
    if (first === undefined || context.aborted) return null;
    const onPicked = (offset: number): void => {
      picked = offset;
    };
    const options = items.map((item, index) => optionOf(item, context.pos, 50 - Math.floor((index * 99) / items.length), onPicked));
    return { from: Math.min(first.from, context.pos), options, validFor: /^[\w@.-]*$/ };
  };
}

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
    autocompletion({ override: [completing(language)], icons: false, activateOnTypingDelay: 60, maxRenderedOptions: 60, defaultKeymap: false, activateOnCompletion: (picked) => picked.type === WITH_VALUE }),
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
