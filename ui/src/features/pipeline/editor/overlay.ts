// What YAML's grammar does not know: expressions, macros, logging commands, and words that are numbers or truth.
import { syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { Prec, type Extension } from "@codemirror/state";
import { Decoration, MatchDecorator, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from "@codemirror/view";
import { tagHighlighter, tags } from "@lezer/highlight";

const EXPRESSION = Decoration.mark({ class: "tok-expression" });
const COMMAND = Decoration.mark({ class: "tok-command" });
const LITERAL = Decoration.mark({ class: "tok-literal" });

// ${{ }}, $[ ], $(macro) | ##vso[ ], ##[section] | true, 12, 1.5 as a whole value
const PIECES = /(\$\{\{.*?\}\}|\$\[.*?\]|\$\([^()\s]+\))|(##(?:vso\[[^\]]*\]|\[\w+\]))|((?<=[:\-[,]\s+|^\s*)(?:true|false|null|-?\d+(?:\.\d+)?)(?=\s*(?:$|[,\]}]|\s#)))/gi;

const matcher = new MatchDecorator({
  regexp: PIECES,
  decorate: (add, from, to, match, view) => {
    const node = syntaxTree(view.state).resolveInner(from, 1);
    if (node.name === "Comment") return;
    if (match[1] !== undefined) add(from, to, EXPRESSION);
    else if (match[2] !== undefined) add(from, to, COMMAND);
    else if (node.name === "Literal" && node.parent?.name !== "Key") add(from, to, LITERAL);
  },
});

const plugin = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view);
    }

    update(update: ViewUpdate): void {
      // The tree is what tells a comment apart; it may come after the text.
      const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      this.decorations = isParsed ? matcher.createDeco(update.view) : matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: (value) => value.decorations },
);

const highlighter = tagHighlighter([
  { tag: tags.definition(tags.propertyName), class: "tok-key" },
  { tag: [tags.string, tags.special(tags.string)], class: "tok-string" },
  { tag: [tags.lineComment, tags.comment], class: "tok-comment" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace, tags.meta], class: "tok-punctuation" },
  { tag: [tags.keyword, tags.labelName, tags.typeName], class: "tok-literal" },
]);

/** Colours by class; editor.module.css gives the classes their tokens. */
export const colouring: Extension = [syntaxHighlighting(highlighter), Prec.highest(plugin)];
