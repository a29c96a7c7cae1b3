// Tasks and folders of tasks for the fake host, and a pipeline of which not all can run.
import type { ObstacleView, TaskFolderView, TaskInputView, TaskView } from "../generated/contract";

const input = (name: string, help: string, more: Partial<TaskInputView> = {}): TaskInputView => ({ name, aliases: [], kind: "text", options: [], isRequired: false, default: null, group: "", help, isOpen: false, shownWhen: [], ...more });

const own = (name: string, version: number, help: string, inputs: TaskInputView[]): TaskView => ({
  name,
  version,
  fullVersion: String(version),
  friendlyName: name,
  help,
  folder: null,
  fullName: null,
  handlers: [],
  hasOwn: true,
  isUsed: true,
  whyNot: null,
  inputs,
  outputs: [],
});

export const TASKS_OF_FOLDERS: TaskView[] = [
  own("Bash", 3, "Runs a Bash script on Linux, macOS or Windows.", [input("targetType", "Where the script is.", { kind: "pick", options: ["filePath", "inline"], default: "filePath" }), input("script", "The script.", { kind: "lines", isRequired: true })]),
  own("CmdLine", 2, "Runs a command line script.", [input("script", "The script.", { kind: "lines", isRequired: true })]),
  own("Docker", 2, "Builds or pushes images, logs in to a registry.", [input("repository", "The image’s name.")]),
  {
    ...own("CmdLine", 2, "Run a command line script using Bash on Linux and macOS and cmd.exe on Windows.", [input("script", "The script.", { kind: "lines", isRequired: true })]),
    fullVersion: "2.250.1",
    folder: "/home/mara/src/azure-pipelines-tasks/_build/Tasks/CmdLineV2",
    handlers: ["Node16", "Node20_1"],
    isUsed: false,
  },
  {
    ...own("ReleaseNotes", 4, "Writes release notes from the commits and work items of a run.", [input("outputfile", "Where the notes go.", { kind: "path", isRequired: true, aliases: ["file"] }), input("format", "How they are written.", { kind: "pick", options: ["markdown", "html"], default: "markdown" })]),
    fullVersion: "4.7.12",
    folder: "/home/mara/tasks/release-notes",
    fullName: "acme.release-notes.notes-task.ReleaseNotes",
    handlers: ["Node20_1"],
    hasOwn: false,
    outputs: [{ name: "OutputText", help: "The notes." }],
  },
  { ...own("SignFiles", 1, "Signs files.", []), fullVersion: "1.0.3", folder: "/home/mara/tasks/sign", handlers: ["PowerShell"], hasOwn: false, whyNot: "SignFiles runs by PowerShell; here run Node, Node10, Node16, Node20, Node20_1, Node24 and PowerShell3." },
];

export const TASK_FOLDERS: TaskFolderView[] = [
  { path: "/home/mara/tasks", tasks: ["ReleaseNotes@4", "SignFiles@1"], problems: ["/home/mara/tasks/old/task.json: `version` is missing."] },
  { path: "/home/mara/src/azure-pipelines-tasks/_build/Tasks", tasks: ["CmdLine@2"], problems: [] },
];

export const OBSTACLES: ObstacleView[] = [
  {
    target: "Build/Test/AzureWebApp1",
    subject: 'the step "Deploy the preview" (AzureWebApp@1)',
    isBlocking: true,
    message: "A task is missing. The pipeline references a task called 'AzureWebApp@1' (line 18), which cannot run here.",
    hint: "If you have the task's folder, with its task.json, add it: slipway tasks add FOLDER.",
    ifSkipped: "The steps after it run as if it were not there. Its outputs do not exist.",
    file: "azure-pipelines.yml",
    line: 18,
  },
  {
    target: "Build/Windows",
    subject: "the job Windows",
    isBlocking: true,
    message: "The pool's image 'windows-2022' cannot run here (line 24).",
    hint: "Map the image to this machine or to an image of a container.",
    ifSkipped: "The job ends as skipped, with all of its steps. Publish depends on it and is skipped too, unless the condition says otherwise.",
    file: "azure-pipelines.yml",
    line: 24,
  },
  {
    target: "Build/Test/PowerShell1",
    subject: "the step PowerShell@2",
    isBlocking: false,
    message: "PowerShell@2 needs pwsh, which is not on this machine (line 14).",
    hint: "Install pwsh, or let an earlier step install it.",
    ifSkipped: "The steps after it run as if it were not there. Its outputs do not exist.",
    file: "azure-pipelines.yml",
    line: 14,
  },
];
