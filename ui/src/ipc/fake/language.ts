// A sketch of the language crate for the fake host: knows a few keys, a misspelt one, and where steps begin.
import type { DiagnosticView, PlanJobView, PlanStageView, PlanView } from "../generated/contract";

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
      const made = { displayName: key === "checkout" ? "Check out tidewater-api" : value(text), task: key === "task" ? value(text) : key === "checkout" ? "Checkout@1" : "Bash@3", line: index + 1 };
      job?.steps.push(made);
      named = made;
    } else if (key === "displayName" && named !== undefined) named.displayName = value(text);
    else if (key === "environment" && job !== undefined) job.environment = value(text);
  }
  return { stages };
}

const wordAt = (text: string, offset: number): { from: number; to: number; word: string } => {
  const from = offset - (/[\w@.-]*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
  const to = offset + (/^[\w@.-]*/.exec(text.slice(offset))?.[0].length ?? 0);
  return { from, to, word: text.slice(from, to) };
};

/** What the fake host knows about a text. */
export const fakeLanguage = {
  check: (text: string): { diagnostics: DiagnosticView[]; plan: PlanView | null } => {
    const lines = text.split("\n");
    const diagnostics = problemsOf(lines);
    return { diagnostics, plan: diagnostics.some((problem) => problem.severity === "error") ? null : planOf(lines) };
  },
  complete: (text: string, offset: number) => {
    const { from, to } = wordAt(text, offset);
    return KEYS.map((key) => ({ from, to, label: key, kind: "key", detail: "text", documentation: `Sets **${key}** of a \`step\`.`, insert: `${key}: $0` }));
  },
  hover: (text: string, offset: number) => {
    const { from, to, word } = wordAt(text, offset);
    return KEYS.includes(word) ? { from, to, text: `### ${word}\n\nSets the \`${word}\` of what it stands in.\n\n- read before anything runs` } : null;
  },
  define: (text: string, offset: number) => {
    const { word } = wordAt(text, offset);
    if (word.endsWith(".yml")) return { path: word, isHere: false, line: 2, column: 1, text: "parameters:\n  - name: image\n    type: string\n\nsteps:\n  - bash: echo ${{ parameters.image }}\n" };
    const lines = text.split("\n");
    const line = lines.findIndex((candidate) => new RegExp(`^\\s*(?:- (?:stage|job): ${word}$|${word}:)`).test(candidate));
    return line < 0 || word === "" ? null : { path: "azure-pipelines.yml", isHere: true, line: line + 1, column: 1, text: null };
  },
};
