// A sketch of the language crate for the fake host: knows a few keys, a misspelt one, and where steps begin.
import type { CompletionView, DiagnosticView, PlanJobView, PlanStageView, PlanView } from "../generated/contract";

const KEYS = ["checkout", "bash", "script", "task", "inputs", "displayName", "condition", "dependsOn", "pool", "steps", "jobs", "stages", "variables", "trigger", "environment", "strategy"];
const MISSPELT: Record<string, string> = { dispalyName: "displayName", displayname: "displayName", conditon: "condition", dependOn: "dependsOn", step: "steps" };

function diagnostic(severity: DiagnosticView["severity"], code: string, message: string, hint: string | null, line: number, column: number, length: number): DiagnosticView {
  return { severity, code, message, hint, line, column, endLine: line, endColumn: column + length };
}

function problemsOf(lines: readonly string[]): DiagnosticView[] {
  let task = "";
  return lines.flatMap((text, index): DiagnosticView[] => {
    const line = index + 1;
    const tab = text.indexOf("\t");
    if (tab >= 0) return [diagnostic("error", "syntax", "A tab cannot indent YAML.", "Indent with spaces.", line, tab + 1, 1)];
    task = /- task: (\S+)/.exec(text)?.[1] ?? task;
    const key = /^(\s*(?:- )?)([\w]+):/.exec(text);
    const [, indent = "", name = ""] = key ?? [];
    const meant = MISSPELT[name];
    if (meant !== undefined) return [diagnostic("error", "unexpected_value", `Unexpected value '${name}'`, `Did you mean '${meant}'?`, line, indent.length + 1, name.length)];
    if (name === "tag" && indent.length > 8 && task !== "") return [diagnostic("warning", "unknown_input", `The task ${task} has no input 'tag'; it is passed over.`, "Did you mean 'tags'?", line, indent.length + 1, 3)];
    if (name === "pool") return [diagnostic("information", "pool_ignored", "The pool is not used: every job runs on this machine.", null, line, indent.length + 1, text.length - indent.length)];
    return [];
  });
}

const value = (text: string): string => text.slice(text.indexOf(":") + 1).trim().replaceAll(/^["']|["']$/g, "");

function planOf(lines: readonly string[]): PlanView {
  const stages: PlanStageView[] = [];
  let named: { displayName: string } | undefined;
  for (const [index, text] of lines.entries()) {
    const [, key = ""] = /^\s*(?:- )?(\w+):/.exec(text) ?? [];
    const isItem = /^\s*- /.test(text);
    const stage = stages.at(-1);
    const job: PlanJobView | undefined = stage?.jobs.at(-1);
    if (isItem && key === "stage") {
      const made: PlanStageView = { name: value(text), displayName: value(text), dependsOn: stage === undefined ? [] : [stage.name], condition: null, jobs: [] };
      stages.push(made);
      named = made;
    } else if (isItem && (key === "job" || key === "deployment")) {
      const made: PlanJobView = { name: value(text), displayName: value(text), dependsOn: [], condition: null, environment: null, steps: [] };
      stage?.jobs.push(made);
      named = made;
    } else if (isItem && ["checkout", "bash", "script", "task"].includes(key)) {
      const made = { reference: `step${index}`, displayName: key === "checkout" ? "Check out tidewater-api" : value(text), task: key === "task" ? value(text) : key === "checkout" ? "Checkout@1" : "Bash@3", line: index + 1, file: null };
      job?.steps.push(made);
      named = made;
    } else if (key === "displayName" && named !== undefined) named.displayName = value(text);
    else if (key === "environment" && job !== undefined) job.environment = value(text);
  }
  return { stages };
}

const wordAt = (text: string, offset: number): { start: number; end: number; word: string } => {
  const start = offset - (/[\w@.-]*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
  const end = offset + (/^[\w@.-]*/.exec(text.slice(offset))?.[0].length ?? 0);
  return { start, end, word: text.slice(start, end) };
};

/** What the fake host knows about a text. */
export const fakeLanguage = {
  check: (text: string): { diagnostics: DiagnosticView[]; plan: PlanView | null } => {
    const lines = text.split("\n");
    const diagnostics = problemsOf(lines);
    return { diagnostics, plan: diagnostics.some((problem) => problem.severity === "error") ? null : planOf(lines) };
  },
  complete: (text: string, offset: number): CompletionView[] => {
    const { start, end } = wordAt(text, offset);
    // Values have no proposals here.
    if (/\w: .*$/.test(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset))) return [];
    return KEYS.map((key) => ({ label: key, insert: `${key}: $0`, kind: "key", detail: "text", documentation: `Sets **${key}** of a \`step\`.`, start, end }));
  },
  hover: (text: string, offset: number) => {
    const { start, end, word } = wordAt(text, offset);
    return { hover: KEYS.includes(word) ? { start, end, text: `**${word}**: text\n\nSets the \`${word}\` of what it stands in.\n\n- read before anything runs` } : null };
  },
  define: (text: string, offset: number) => {
    const { word } = wordAt(text, offset);
    const other = "parameters:\n  - name: image\n    type: string\n\nsteps:\n  - bash: echo ${{ parameters.image }}\n";
    if (word.endsWith(".yml")) return { definition: { file: word, start: other.indexOf("- name"), end: other.indexOf("- name") + 13, text: other } };
    const found = word === "" ? null : new RegExp(`^\\s*(?:- (?:stage|job): )?(${word})(?=:|$)`, "m").exec(text);
    const start = found === null ? -1 : found.index + found[0].length - word.length;
    return { definition: found === null ? null : { file: null, start, end: start + word.length, text: null } };
  },
};
