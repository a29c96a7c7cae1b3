// The pods that a workload stands for: its selector, read from its YAML as the server writes it (blocks, two spaces). Pure.
// Not here: selectors by expression, which have no short form.

const PLAIN = /^(["']?)([\w./-]*)\1$/;

/** `app=web,tier=front`; undefined where there is none that could be written so. */
export function selectorOf(yaml: string): string | undefined {
  const lines = yaml.split("\n");
  const spec = lines.indexOf("spec:");
  if (spec < 0) return undefined;
  const at = lines.findIndex((line, index) => index > spec && line === "  selector:");
  if (at < 0) return undefined;
  const block = lines.slice(at + 1);
  const isLabels = block[0] === "    matchLabels:";
  const indent = isLabels ? 6 : 4;
  const pairs: string[] = [];
  for (const line of isLabels ? block.slice(1) : block) {
    const depth = line.length - line.trimStart().length;
    if (depth < indent) {
      // Expressions beside the labels narrow further than labels can say.
      if (line === "    matchExpressions:") return undefined;
      break;
    }
    const [key = "", ...rest] = line.trim().split(": ");
    const value = PLAIN.exec(rest.join(": "))?.[2];
    const name = PLAIN.exec(key)?.[2];
    if (value === undefined || name === undefined || name === "") return undefined;
    pairs.push(`${name}=${value}`);
  }
  return pairs.length === 0 ? undefined : pairs.join(",");
}

/** The ports that containers or a service name, read from the YAML; the first ones somebody would want. */
export function portsOf(yaml: string): number[] {
  const found = [...yaml.matchAll(/^\s*(?:- )?(?:containerPort|port): (\d+)$/gm)].map((match) => Number(match[1]));
  return [...new Set(found)];
}
