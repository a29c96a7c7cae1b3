// Which events are shown. Pure.
import type { KubeEventView } from "#ui/ipc";

/** The events that have the words, and are bad news if only that is wanted. */
export function eventsOf(events: readonly KubeEventView[], typed: string, isWarningsOnly: boolean): KubeEventView[] {
  const wanted = typed.trim().toLowerCase();
  return events.filter((event) => (!isWarningsOnly || event.type === "Warning") && (wanted === "" || `${event.reason} ${event.message} ${event.object.kind} ${event.object.name}`.toLowerCase().includes(wanted)));
}
