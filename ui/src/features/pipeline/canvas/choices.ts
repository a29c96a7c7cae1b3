// What can be added to a pipeline: its structure, scripts, and the tasks that the runner knows.
import type { EditValue, Gesture, TaskView } from "#ui/ipc";

export type What = Extract<Gesture, { gesture: "add" }>["what"];
export type AddLevel = "stages" | "jobs" | "steps";

/** Something to add. */
export interface Choice {
  key: string;
  group: "Structure" | "Scripts and sources" | "Tasks";
  title: string;
  help: string;
  what: What;
  level: AddLevel;
  value: EditValue;
  /** For the icon: the step's keyword and what stands behind it. */
  keyword: string;
  detail: string;
}

const structure = (key: string, title: string, help: string, what: What, level: AddLevel, value: EditValue = null): Choice => ({ key, group: "Structure", title, help, what, level, value, keyword: "", detail: "" });
/** A step as it is typed, its keyword first. */
const step = (key: string, title: string, help: string, yaml: string): Choice => ({ key, group: "Scripts and sources", title, help, what: "step", level: "steps", value: { $yaml: yaml }, keyword: key, detail: "" });

const PLAIN: readonly Choice[] = [
  structure("stage", "Stage", "A part of the pipeline with jobs of its own, after the stage before it", "stage", "stages"),
  structure("job", "Job", "Steps that run one after the other on one agent", "job", "jobs"),
  structure("deployment", "Deployment job", "Deploys to an environment, with its checks and its history", "deployment", "jobs"),
  structure("if", "If", "Written only when an expression holds: ${{ if }}", "if", "steps"),
  structure("each", "Each", "Written once for each item of a list: ${{ each }}", "each", "steps"),
  structure("template", "Template", "Steps, jobs or stages from another file", "template", "steps"),
  step("script", "Script", "Command line: cmd on Windows, sh elsewhere", "script: echo Hello, world!\n"),
  step("bash", "Bash", "A bash script", "bash: echo Hello, world!\n"),
  step("pwsh", "PowerShell", "A PowerShell script, on every system", "pwsh: Write-Host 'Hello, world!'\n"),
  step("checkout", "Checkout", "Brings the repository's files", "checkout: self\n"),
  step("publish", "Publish an artifact", "Keeps a file or folder for later stages", "publish: $(Build.ArtifactStagingDirectory)\nartifact: drop\n"),
  step("download", "Download artifacts", "Brings what this pipeline has published", "download: current\nartifact: drop\n"),
];

/** Everything that can be added; `tasks` as the runner lists them. */
export function choicesOf(tasks: readonly TaskView[]): Choice[] {
  const newest = new Map<string, TaskView>();
  for (const task of tasks) {
    if (!task.isUsed) continue;
    const before = newest.get(task.name.toLowerCase());
    if (before === undefined || before.version < task.version) newest.set(task.name.toLowerCase(), task);
  }
  const made = [...newest.values()].map((task): Choice => {
    const reference = `${task.name}@${task.version}`;
    return { key: reference, group: "Tasks", title: task.friendlyName === "" ? reference : task.friendlyName, help: task.help, what: "step", level: "steps", value: { task: reference }, keyword: "task", detail: reference };
  });
  return [...PLAIN, ...made.toSorted((one, other) => one.title.localeCompare(other.title))];
}

/** How well a choice answers what was typed, from 0 to 1: its own words before those of its help. */
export function rank(title: string, query: string, help: readonly string[] = []): number {
  const wanted = query.trim().toLowerCase();
  const own = title.toLowerCase();
  if (own === wanted || own.startsWith(`${wanted} `)) return 1;
  if (own.startsWith(wanted)) return 0.9;
  if (own.includes(` ${wanted}`)) return 0.8;
  if (own.includes(wanted) || own.includes(wanted.replaceAll(" ", ""))) return 0.6;
  const all = `${own} ${help.join(" ").toLowerCase()}`;
  return wanted.split(/\s+/).every((word) => all.includes(word)) ? 0.3 : 0;
}
