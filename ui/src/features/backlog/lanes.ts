// The board as pure data: columns of the Basic process, what stands in them, and where a key takes the focus.
import type { WorkItemState, WorkItemType, WorkItemView } from "#ui/ipc";

/** The columns, in order. */
export const columns: readonly { state: WorkItemState; title: string; empty: string }[] = [
  { state: "toDo", title: "To Do", empty: "Nothing waits." },
  { state: "doing", title: "Doing", empty: "Mention an item in a commit (AB#1), and it comes here." },
  { state: "done", title: "Done", empty: "An item comes here when its commit runs and is healthy." },
];

/** The word of each work item type. */
export const typeWords: Record<WorkItemType, string> = { epic: "Epic", issue: "Issue", task: "Task", bug: "Bug" };

/** The state one column to the left (-1) or right (1), or null at the edge. */
export function neighbour(state: WorkItemState, step: -1 | 1): WorkItemState | null {
  return columns[columns.findIndex((column) => column.state === state) + step]?.state ?? null;
}

/** Items that match the text and the type, newest change first. */
export function filterItems(items: readonly WorkItemView[], text: string, type: WorkItemType | "all"): WorkItemView[] {
  const wanted = text.trim().toLowerCase();
  const number = /^(?:ab)?#?(\d+)$/.exec(wanted)?.[1];
  return items
    .filter((item) => type === "all" || item.itemType === type)
    .filter((item) => wanted === "" || (number !== undefined && String(item.id) === number) || [item.title, item.threadSummary, item.description].some((words) => words.toLowerCase().includes(wanted)))
    .toSorted((a, b) => b.changedAt - a.changedAt);
}

/** The card the focus goes to for an arrow key on the card `id`, or null. */
export function focusAfterKey(lanes: readonly (readonly WorkItemView[])[], id: number, key: string): number | null {
  const lane = lanes.findIndex((items) => items.some((item) => item.id === id));
  const row = lanes[lane]?.findIndex((item) => item.id === id) ?? -1;
  if (lane < 0 || row < 0) return null;
  if (key === "ArrowDown") return lanes[lane]?.[row + 1]?.id ?? null;
  if (key === "ArrowUp") return lanes[lane]?.[row - 1]?.id ?? null;
  const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  if (step === 0) return null;
  for (let next = lane + step; next >= 0 && next < lanes.length; next += step) {
    const items = lanes[next] ?? [];
    const item = items[Math.min(row, items.length - 1)];
    if (item !== undefined) return item.id;
  }
  return null;
}
