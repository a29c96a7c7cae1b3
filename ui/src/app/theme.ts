// Light, dark or as the system says. Kept in localStorage; put on <html data-theme> before anything is drawn.
import { useCallback, useSyncExternalStore } from "react";

/** What a person chose. */
export type ThemeChoice = "system" | "light" | "dark";
export type Theme = "light" | "dark";

const KEY = "slipway.theme";
const readers = new Set<() => void>();

function choice(): ThemeChoice {
  const kept = window.localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function resolve(chosen: ThemeChoice): Theme {
  if (chosen !== "system") return chosen;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function apply(): void {
  document.documentElement.dataset.theme = resolve(choice());
  for (const reader of readers) reader();
}

/** Puts the theme in place and follows the system from now on. */
export function startTheme(): void {
  apply();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
}

function subscribe(reader: () => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

/** What was chosen, what that means now, and how to choose. */
export function useTheme(): { choice: ThemeChoice; theme: Theme; choose: (next: ThemeChoice) => void } {
  const chosen = useSyncExternalStore(subscribe, choice);
  const choose = useCallback((next: ThemeChoice) => {
    if (next === "system") window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, next);
    apply();
  }, []);
  return { choice: chosen, theme: resolve(chosen), choose };
}
