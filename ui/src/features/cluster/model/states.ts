// The states of objects in words, for whoever cannot see their colour. Pure.
import type { KubeRow } from "#ui/ipc";

export const STATE_WORDS: Record<KubeRow["state"], string> = { good: "Good", waiting: "Waiting", bad: "Bad", done: "Done", plain: "" };
