// The service connections that a pipeline names already. Nobody else knows them: they are kept by Azure DevOps. Pure.
import type { TaskView } from "#ui/ipc";

/** Keys of resources and containers that name one. */
const KEYS = ["endpoint", "connection", "azureSubscription"];

/** All keys that name a connection: of resources, and the inputs that tasks declare as such. */
export function connectionKeys(tasks: readonly TaskView[]): Set<string> {
  const inputs = tasks.flatMap((task) => task.inputs.filter((input) => input.kind === "connection"));
  return new Set([...KEYS, ...inputs.flatMap((input) => [input.name, ...input.aliases])].map((key) => key.toLowerCase()));
}

/** The names that stand behind these keys in a text, each once, in its order. */
export function connectionsOf(text: string, keys: ReadonlySet<string>): string[] {
  const names = new Set<string>();
  for (const line of text.matchAll(/^[ \t-]*["']?(\w+)["']?[ \t]*:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'#&*![{|>][^\n]*?))[ \t]*(?:[ \t]#[^\n]*)?\r?$/gm)) {
    const name = (line[2] ?? line[3] ?? line[4] ?? "").trim();
    if (keys.has((line[1] ?? "").toLowerCase()) && name !== "" && !/\$[({[]/.test(name)) names.add(name);
  }
  return [...names];
}
