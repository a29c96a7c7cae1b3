// The picture of a node: what kind of work it does, by its keyword or its task.
import { Anchor, BadgeCheck, Box, Braces, Container, Download, FileCode2, FlaskConical, GitBranch, Hammer, Hourglass, KeyRound, Layers, Package, Repeat, Rocket, ServerCog, Settings2, SquareStack, Terminal, Upload, Workflow, type LucideIcon } from "lucide-react";
import { createElement, type ReactNode } from "react";
import type { BoardNodeView } from "#ui/ipc";

const BY_KEYWORD: Record<string, LucideIcon> = { script: Terminal, bash: Terminal, pwsh: Terminal, powershell: Terminal, checkout: GitBranch, download: Download, downloadBuild: Download, getPackage: Download, publish: Upload, upload: Upload, reviewApp: ServerCog };

const BY_TASK: readonly (readonly [RegExp, LucideIcon])[] = [
  [/^(Docker|AzureContainer|ContainerBuild|ACR)/i, Container],
  [/^(Kube|Helm|AzureKubernetes|AKS)/i, Anchor],
  [/^(PublishTest|PublishCodeCoverage|VSTest|VsTest)/i, FlaskConical],
  [/^(PublishPipeline|PublishBuild|UniversalPackages|CopyFiles|ArchiveFiles|ExtractFiles)/i, Package],
  [/^(DownloadPipeline|DownloadBuild|DownloadSecure|DownloadPackage)/i, Download],
  [/^(Use|.*Installer|.*Tool|NodeTool|GoTool|JavaTool)/i, Settings2],
  [/^(Bash|CmdLine|PowerShell|ShellScript|BatchScript|AzureCLI|AzurePowerShell|PythonScript)/i, Terminal],
  [/^(ManualValidation|Delay|ManualIntervention)/i, Hourglass],
  [/^(Cache)/i, Layers],
  [/^(AzureKeyVault)/i, KeyRound],
  [/^(Azure|App)/i, Rocket],
  [/^(Npm|Maven|Gradle|DotNet|MSBuild|VSBuild|Go|Cargo|Ant|CMake|Gulp|Grunt|NuGet|Xcode)/i, Hammer],
];

function iconOf(node: Pick<BoardNodeView, "kind" | "name" | "keyword" | "detail">): LucideIcon {
  switch (node.kind) {
    case "stage":
      return SquareStack;
    case "job":
      return Box;
    case "deployment":
      return Rocket;
    case "hook":
      return BadgeCheck;
    case "template":
    case "extends":
      return FileCode2;
    case "directive":
      return node.name === "each" ? Repeat : Braces;
    case "step":
      return node.keyword === "task" ? (BY_TASK.find(([pattern]) => pattern.test(node.detail))?.[1] ?? Workflow) : (BY_KEYWORD[node.keyword] ?? Workflow);
  }
}

/** The icon of a node. */
export function NodeIcon({ node, size, className }: { node: Pick<BoardNodeView, "kind" | "name" | "keyword" | "detail">; size: number; className?: string | undefined }): ReactNode {
  return createElement(iconOf(node), { size, className, "aria-hidden": true });
}
