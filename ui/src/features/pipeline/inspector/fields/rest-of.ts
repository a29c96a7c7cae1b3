// What is left to the text.
import type { WrittenView } from "../wire";

/** Entries of a mapping that no field shows. */
export const restOf = (written: WrittenView, known: ReadonlySet<string>): WrittenView["entries"] => (written.form === "map" ? written.entries.filter((entry) => entry.key !== null && !known.has(entry.key)) : []);
