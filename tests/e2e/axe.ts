// What axe finds wrong on a page, in words that say where.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Page } from "@playwright/test";

const root = path.resolve(import.meta.dirname, "../..");

/** Each violation with the beginning of its element; with a selector, of that part alone. */
export async function axe(page: Page, within?: string): Promise<string[]> {
  const source = readFileSync(createRequire(path.join(root, "ui/package.json")).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  return page.evaluate(async (selector) => {
    const part = selector === undefined ? document : document.querySelector(selector);
    const { violations } = await (window as any).axe.run(part, { resultTypes: ["violations"] });
    return violations.flatMap((found: any) => found.nodes.map((at: any) => `${found.id}: ${at.html.slice(0, 160)}`));
  }, within);
}
