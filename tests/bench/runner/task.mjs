// A script task as the vendor's library makes one: what each `script:` costs where a task is a Node program.
import { writeFileSync } from "node:fs";
import path from "node:path";
import tl from "azure-pipelines-task-lib/task.js";

try {
  const script = tl.getInput("script", true);
  const folder = tl.getPathInput("workingDirectory", true, true);
  const file = path.join(tl.getVariable("agent.tempDirectory"), `${process.pid}.sh`);
  writeFileSync(file, script);
  const bash = tl.tool(tl.which("bash", true));
  bash.arg("--noprofile").arg("--norc").arg(file);
  const code = await bash.execAsync({ cwd: folder, ignoreReturnCode: true });
  tl.setResult(code === 0 ? tl.TaskResult.Succeeded : tl.TaskResult.Failed, `Bash exited with code '${code}'.`);
} catch (error) {
  tl.setResult(tl.TaskResult.Failed, error.message);
}
