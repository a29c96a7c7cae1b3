// A small editor of YAML: CodeMirror with colours, folding and find. It keeps its text itself.
// Not here: what is compared and applied (YamlTab does both).
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { codeFolding, foldGutter, foldKeymap, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tagHighlighter, tags } from "@lezer/highlight";
import { differenceOf } from "#ui/components";

const colours = tagHighlighter([
  { tag: tags.definition(tags.propertyName), class: "tok-key" },
  { tag: [tags.string, tags.special(tags.string)], class: "tok-string" },
  { tag: [tags.lineComment, tags.comment], class: "tok-comment" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace, tags.meta], class: "tok-punctuation" },
  { tag: [tags.keyword, tags.labelName, tags.typeName], class: "tok-literal" },
]);

/** What may be done with the editor. */
export interface YamlEditor {
  text: () => string;
  /** Puts another text in place, changing only what differs, so that the place that is read stays. */
  replace: (text: string) => void;
  allow: (canEdit: boolean) => void;
  close: () => void;
}

/** Opens an editor in an element. */
export function openYaml(parent: HTMLElement, text: string, label: string, canEdit: boolean, onChange: (text: string) => void): YamlEditor {
  const access = new Compartment();
  const accessOf = (isOpen: boolean) => [EditorState.readOnly.of(!isOpen), EditorView.editable.of(isOpen)];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorState.tabSize.of(2),
        indentUnit.of("  "),
        EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label, spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
        lineNumbers(),
        foldGutter(),
        codeFolding(),
        drawSelection(),
        highlightActiveLine(),
        history(),
        search({ top: true }),
        yaml(),
        syntaxHighlighting(colours),
        access.of(accessOf(canEdit)),
        keymap.of([...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    replace: (next) => {
      const changes = differenceOf(view.state.doc.toString(), next);
      if (changes.from < changes.to || changes.insert !== "") view.dispatch({ changes });
    },
    allow: (isOpen) => view.dispatch({ effects: access.reconfigure(accessOf(isOpen)) }),
    close: () => view.destroy(),
  };
}
