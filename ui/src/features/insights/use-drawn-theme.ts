// The theme the page is in, so that charts are asked for in the same one. The shell owns the attribute; this only reads.
import { useSyncExternalStore } from "react";
import type { ChartTheme } from "#ui/ipc";

function follow(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

function read(): ChartTheme {
  return document.documentElement.dataset["theme"] === "dark" ? "dark" : "light";
}

/** `dark` or `light`, kept in step with the shell. */
export function useDrawnTheme(): ChartTheme {
  return useSyncExternalStore(follow, read);
}
