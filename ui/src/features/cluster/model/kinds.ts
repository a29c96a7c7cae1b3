// Kinds of a cluster: the words they are found by, and their places in the side list. Pure.
import type { KubeKindView, KubeSection } from "#ui/ipc";

/** Views that are no kind; their words cannot be those of a kind. */
export const VIEWS = [
  { word: "~events", title: "Events" },
  { word: "~map", title: "Map" },
  { word: "~usage", title: "Usage" },
] as const;

const SECTIONS: readonly { section: KubeSection; title: string }[] = [
  { section: "workloads", title: "Workloads" },
  { section: "network", title: "Network" },
  { section: "config", title: "Configuration" },
  { section: "storage", title: "Storage" },
  { section: "access", title: "Access" },
  { section: "cluster", title: "Cluster" },
  { section: "custom", title: "Custom" },
];

/** Those that somebody looks for come first; the rest by name. */
const FIRST = ["pods", "deployments", "statefulsets", "daemonsets", "jobs", "cronjobs", "replicasets", "services", "ingresses", "configmaps", "secrets", "persistentvolumeclaims", "nodes", "namespaces"];

/** The word of a kind in an address, as kubectl takes it: `deployments.apps`. */
export function wordOf(kind: Pick<KubeKindView, "plural" | "group">): string {
  return kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
}

/** The kind behind a word: plural, singular or short, with or without its group. */
export function findKind(kinds: readonly KubeKindView[], word: string): KubeKindView | undefined {
  const [name = "", ...rest] = word.toLowerCase().split(".");
  const group = rest.join(".");
  const named = kinds.filter((kind) => kind.plural === name || kind.kind.toLowerCase() === name || kind.shortNames.includes(name));
  return named.find((kind) => kind.group === group) ?? (group === "" ? named[0] : undefined);
}

/** A section of the side list. */
export interface KindSection {
  section: KubeSection;
  title: string;
  kinds: KubeKindView[];
}

function rank(kind: KubeKindView): number {
  const at = FIRST.indexOf(kind.plural);
  return at < 0 ? FIRST.length : at;
}

/** The kinds that can be listed, by section, narrowed by what is typed. */
export function sectionsOf(kinds: readonly KubeKindView[], typed: string): KindSection[] {
  const wanted = typed.trim().toLowerCase();
  const found = kinds.filter((kind) => kind.verbs.includes("list") && (wanted === "" || kind.kind.toLowerCase().includes(wanted) || wordOf(kind).includes(wanted) || kind.shortNames.includes(wanted)));
  return SECTIONS.map(({ section, title }) => ({
    section,
    title,
    kinds: found.filter((kind) => kind.section === section).toSorted((one, other) => rank(one) - rank(other) || one.kind.localeCompare(other.kind)),
  })).filter((one) => one.kinds.length > 0);
}
