// Runs before every test file: DOM matchers, clean-up, and what jsdom lacks.
import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// Two busy cores: a lazily loaded room may take more than the default second.
configure({ asyncUtilTimeout: 10_000 });

class NoResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResizeObserver;
window.matchMedia ??= (query: string): MediaQueryList => ({ matches: false, media: query, onchange: null, addListener: () => undefined, removeListener: () => undefined, addEventListener: () => undefined, removeEventListener: () => undefined, dispatchEvent: () => false });
if (!("scrollIntoView" in Element.prototype)) Object.defineProperty(Element.prototype, "scrollIntoView", { value: () => undefined });

// jsdom lays nothing out: CodeMirror asks where text is and takes "nowhere" for an answer.
const NOWHERE = Object.assign([], { item: () => null }) as unknown as DOMRectList;
if (!("getClientRects" in Range.prototype)) Object.assign(Range.prototype, { getClientRects: () => NOWHERE, getBoundingClientRect: () => new DOMRect() });

afterEach(() => {
  cleanup();
  window.location.hash = "";
});
