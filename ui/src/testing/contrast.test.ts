import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast, readTokens } from "./contrast";

const css = readFileSync("src/styles/tokens.css", "utf8");
const surfaces = ["--surface-page", "--surface-panel", "--surface-raised", "--surface-sunken", "--surface-hover", "--surface-selected"];
const tones = ["neutral", "running", "success", "warning", "danger", "info"];
/** Text on what it is written on: WCAG AA asks 4.5. */
const TEXT: [string, string][] = [
  ...surfaces.flatMap((surface): [string, string][] => ["--text-strong", "--text", "--text-muted", "--text-link"].map((text) => [text, surface])),
  ...tones.map((tone): [string, string] => [`--${tone}-text`, `--${tone}-soft`]),
  ...["running", "danger", "success", "warning"].flatMap((tone): [string, string][] => [
    [`--${tone}-text`, "--surface-page"],
    [`--${tone}-text`, "--surface-panel"],
  ]),
  ["--on-accent", "--accent"],
  ["--on-accent", "--accent-hover"],
  ["--on-signal", "--signal"],
  ["--rail-text", "--rail-surface"],
  ["--rail-text-muted", "--rail-surface"],
  ["--rail-text-muted", "--rail-active"],
  ["--rail-text-active", "--rail-active"],
  ["--text-link", "--accent-soft"],
  ...["--code-text", "--code-muted", "--syntax-key", "--syntax-string", "--syntax-number", "--syntax-comment", "--syntax-expression", "--syntax-command"].flatMap((text) => ["--code-surface", "--code-line", "--code-selection", "--code-match"].map((surface): [string, string] => [text, surface])),
  ...Array.from({ length: 16 }, (_, index) => `--ansi-${index}`).flatMap((text) => ["--code-surface", "--code-line"].map((surface): [string, string] => [text, surface])),
  ["--code-stderr", "--code-surface"],
  ["--code-system", "--code-surface"],
  ["--code-text", "--code-added"],
  ["--code-text", "--code-removed"],
  ["--code-muted", "--code-added"],
  ["--code-muted", "--code-removed"],
];
/** Lines that carry meaning on their surface: WCAG asks 3. */
const MARKS: [string, string][] = [
  ["--focus", "--surface-page"],
  ["--focus", "--surface-panel"],
  ["--track-done", "--surface-page"],
  ["--danger-solid", "--surface-page"],
  ["--rail-mark", "--rail-active"],
  ...["--mark-error", "--mark-warning", "--mark-info", "--focus"].flatMap((mark): [string, string][] => [
    [mark, "--code-surface"],
    [mark, "--code-line"],
    [mark, "--surface-panel"],
  ]),
];

describe.each(["light", "dark"] as const)("colours of the %s theme", (theme) => {
  const tokens = readTokens(css, theme);

  it.each(TEXT)("%s can be read on %s", (text, surface) => {
    expect(contrast(tokens, text, surface), `${text} on ${surface} is below 4.5`).toBeGreaterThanOrEqual(4.5);
  });

  it.each(MARKS)("%s stands out from %s", (mark, surface) => {
    expect(contrast(tokens, mark, surface), `${mark} on ${surface} is below 3`).toBeGreaterThanOrEqual(3);
  });
});
