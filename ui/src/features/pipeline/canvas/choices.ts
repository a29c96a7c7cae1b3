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
const step = (key: string, title: string, help: string, value: Record<string, string>): Choice => {
  const [keyword = "", detail = ""] = Object.entries(value)[0] ?? [];
  return { key, group: "Scripts and sources", title, help, what: "step", level: "steps", value, keyword, detail };
};

const PLAIN: readonly Choice[] = [
  structure("stage", "Stage", "A part of the pipeline with jobs of its own, after the stage before it", "stage", "stages"),
  structure("job", "Job", "Steps that run one after the other on one agent", "job", "jobs"),
  structure("deployment", "Deployment job", "Deploys to an environment, with its checks and its history", "deployment", "jobs"),
  structure("if", "If", "Written only when an expression holds: ${{ if }}", "if", "steps"),
  structure("each", "Each", "Written once for each item of a list: ${{ each }}", "each", "steps"),
  structure("template", "Template", "Steps, jobs or stages from another file", "template", "steps"),
  step("script", "Script", "Command line: cmd on Windows, sh elsewhere", { script: "echo Hello, world!" }),
  step("bash", "Bash", "A bash script", { bash: "echo Hello, world!" }),
  step("pwsh", "PowerShell", "A PowerShell script, on every system", { pwsh: "Write-Host 'Hello, world!'" }),
  step("checkout", "Checkout", "Brings the repository's files", { checkout: "self" }),
  step("publish", "Publish an artifact", "Keeps a file or folder for later stages", { publish: "$(Build.ArtifactStagingDirectory)", artifact: "drop" }),
  step("download", "Download artifacts", "Brings what this pipeline has published", { download: "current", artifact: "drop" }),
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
