// Where somebody was in the cluster's room: kept on this machine, never taken from kubectl's current context. Pure but for
// localStorage.

const KEPT = "slipway.cluster";

/** All namespaces, in an address. */
export const ALL = "*";

/** The context and namespace that were chosen last. */
export interface KeptPlace {
  context: string;
  namespace: string;
}

/** What was kept; nothing if it cannot be read. */
export function keptPlace(): KeptPlace | undefined {
  const text = window.localStorage.getItem(KEPT);
  if (text === null) return undefined;
  const [context = "", namespace = ""] = text.split("\n");
  return context === "" ? undefined : { context, namespace };
}

/** Keeps a choice. */
export function keepPlace({ context, namespace }: KeptPlace): void {
  window.localStorage.setItem(KEPT, `${context}\n${namespace}`);
}
