import { afterEach, describe, expect, it, vi } from "vitest";
import { loadStylesAgain } from "./styles-again";

describe("a style sheet that did not arrive", () => {
  afterEach(() => {
    vi.useRealTimers();
    document.head.replaceChildren();
  });

  it("is asked for once more, and not for ever", () => {
    vi.useFakeTimers();
    document.head.innerHTML = '<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/assets/one.css">';
    loadStylesAgain();
    const sheet = (): HTMLLinkElement => document.querySelector("link[rel=stylesheet]") as HTMLLinkElement;
    const first = sheet();
    document.querySelector("link[rel=icon]")?.dispatchEvent(new Event("error"));
    first.dispatchEvent(new Event("error"));
    vi.runAllTimers();
    const second = sheet();
    expect(second, "another element asks anew").not.toBe(first);
    expect(second.getAttribute("href")).toBe("/assets/one.css");
    second.dispatchEvent(new Event("error"));
    vi.runAllTimers();
    expect(sheet(), "twice is enough").toBe(second);
    expect(document.querySelectorAll("link")).toHaveLength(2);
  });
});
