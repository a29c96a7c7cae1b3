// What the language crate is asked while somebody types. The only file of the editor that knows the commands' shapes.
// Offsets are UTF-16 code units of the body (see text-form.ts); lines and columns are 1-based, columns in characters.
import { call, type DiagnosticView, type PlanView, type ProjectId } from "#ui/ipc";

/** What is wrong, and what would run. */
export interface Checked {
  problems: readonly DiagnosticView[];
  /** Null while the text has an error. */
  plan: PlanView | null;
}

/** One thing that could stand at the cursor, in place of a range. */
export interface Proposal {
  from: number;
  to: number;
  label: string;
  /** What it is in a word or two, such as `key` or `task`. */
  kind: string;
  detail: string;
  /** Markdown. */
  documentation: string;
  /** A snippet as language servers write them. */
  insert: string;
}

/** What is known about a range. */
export interface Explained {
  from: number;
  to: number;
  /** Markdown of the plain kind: paragraphs, `code`, **strong**, lists, fenced blocks, links. */
  text: string;
}

/** Where something is defined. */
export interface Defined {
  /** Another file's path; null in the text that is edited. */
  file: string | null;
  /** Where in that file. */
  from: number;
  to: number;
  /** The other file's text, if the answer carries it. */
  text: string | null;
}

/** The questions of the editor. */
export interface Language {
  check: (body: string) => Promise<Checked>;
  complete: (body: string, offset: number) => Promise<readonly Proposal[]>;
  hover: (body: string, offset: number) => Promise<Explained | null>;
  define: (body: string, offset: number) => Promise<Defined | null>;
}

/** The questions about one project's pipeline. */
export function languageOf(projectId: ProjectId): Language {
  return {
    check: async (text) => {
      const { diagnostics, plan } = await call("pipeline_check", { projectId, text });
      return { problems: diagnostics, plan };
    },
    complete: async (text, offset) => {
      const found = await call("pipeline_complete", { projectId, text, offset });
      return found.map(({ start, end, ...rest }) => ({ from: start, to: end, ...rest }));
    },
    hover: async (text, offset) => {
      const { hover } = await call("pipeline_hover", { projectId, text, offset });
      return hover === null ? null : { from: hover.start, to: hover.end, text: hover.text };
    },
    define: async (text, offset) => {
      const { definition } = await call("pipeline_definition", { projectId, text, offset });
      return definition === null ? null : { file: definition.file, from: definition.start, to: definition.end, text: definition.text };
    },
  };
}
