// The pipeline's canvas: a pipeline drawn from nothing and run, by mouse and by keyboard alone; changes that touch their
// own lines only; and what axe finds.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { BUILT, buildSample, canvasOf, COMMENTED, CONVERTED, makeDeployment, node, pipelineOf, REORDERED, reorderAndRename } from "../support/canvas.mjs";
import { axe } from "./axe";
import { keyboard, mouse } from "./hands";
import { expect, projectOf, rpc, test, type House } from "./house";


test.use({ houseOf: "canvas" });

const root = path.resolve(import.meta.dirname, "../..");

function git(at: string, ...words: string[]): void {
  execFileSync("git", ["-C", at, ...words], { stdio: "ignore" });
}

/** Opens a repository with the sample's sources and this pipeline. */
async function repository(house: House, name: string, pipeline: string): Promise<string> {
  const at = path.join(house.sandbox.dir, name);
  mkdirSync(at, { recursive: true });
  cpSync(path.join(root, "samples/tideline"), at, { recursive: true });
  writeFileSync(path.join(at, "azure-pipelines.yml"), pipeline);
  git(at, "init", "-b", "main");
  git(at, "config", "user.name", "Mara");
  git(at, "config", "user.email", "mara@example.com");
  git(at, "add", ".");
  git(at, "commit", "-m", "Begin");
  await rpc(house, "project_open", { path: at });
  return at;
}

async function green(house: House): Promise<void> {
  const projectId = await projectOf(house);
  await expect
    .poll(async () => (await rpc(house, "run_list", { projectId, limit: 1 }))[0]?.result ?? "going", { timeout: 150_000, intervals: [500] })
    .toBe("succeeded");
}

for (const [name, hand] of [
  ["a mouse", mouse],
  ["a keyboard alone", keyboard],
] as const) {
  test(`the sample's pipeline is built from an empty file with ${name}, and runs green`, async ({ page, open, house }) => {
    test.setTimeout(240_000);
    const at = await repository(house, `built-${name.length}`, "");
    await open("/pipeline");
    await buildSample(hand(page));
    expect(pipelineOf(at), "byte for byte").toBe(BUILT);
    await canvasOf(hand(page)).commit();
    await green(house);
  });
}

test("a step is dragged, a stage is renamed, and no other line changes", async ({ page, open, house }) => {
  const at = await repository(house, "reordered", COMMENTED);
  await open("/pipeline");
  await reorderAndRename(mouse(page));
  expect(pipelineOf(at), "byte for byte").toBe(REORDERED);
});

test("a job becomes a deployment job with its comments", async ({ page, open, house }) => {
  const at = await repository(house, "converted", COMMENTED);
  await open("/pipeline");
  await makeDeployment(mouse(page));
  expect(pipelineOf(at), "byte for byte").toBe(CONVERTED);
});

test("undo and redo are one list for canvas and text", async ({ page, open, house }) => {
  await repository(house, "undone", COMMENTED);
  await open("/pipeline");
  const hand = mouse(page);
  const canvas = canvasOf(hand);
  await canvas.select("Step Tar it");
  await hand.press("Delete");
  await hand.gone(node("Step Tar it"));
  await page.getByRole("tab", { name: "Text" }).click();
  const text = page.getByRole("textbox", { name: "azure-pipelines.yml" });
  await text.click();
  await hand.press("Control+Home");
  await hand.type("# typed ");
  await hand.press("Control+z");
  await hand.press("Control+z");
  await hand.find(node("Step Tar it"));
  await expect(page.getByText("Unsaved")).toHaveCount(0);
  await page.getByRole("button", { name: /^Redo/ }).click();
  await hand.gone(node("Step Tar it"));
});

test("one press on Save saves what is still being typed in a field", async ({ page, open, house }) => {
  const at = await repository(house, "typed", "steps:\n- bash: echo one # kept\n- bash: echo two\n");
  await open("/pipeline");
  await page.locator(".react-flow__node-step").last().click();
  // The first makes it unsaved, the second is on its way when Save is pressed.
  await page.getByLabel("Script", { exact: true }).fill("echo three");
  await page.getByLabel("Display name").fill("Count");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect.poll(() => pipelineOf(at)).toBe("steps:\n- bash: echo one # kept\n- bash: echo three\n  displayName: Count\n");
  await expect(page.getByText("Unsaved")).toHaveCount(0);
});

test("everything comes into sight with one press, also what was never drawn", async ({ page, open, house }) => {
  const steps = Array.from({ length: 240 }, (_, at) => `- bash: echo ${at}\n`);
  await repository(house, "long", `steps:\n${steps.join("")}`);
  await open("/pipeline");
  const drawn = page.locator(".react-flow__node-step");
  await expect.poll(() => drawn.count()).toBeGreaterThan(0);
  expect(await drawn.count(), "what is out of sight is not drawn").toBeLessThan(240);
  await page.getByRole("button", { name: "Fit everything" }).click();
  await expect(drawn).toHaveCount(240);
  for (const step of [drawn.first(), drawn.last()]) await expect(step).toBeInViewport();
});

test("a broken file is shown as far as it goes, with the error in place", async ({ page, open, house }) => {
  await repository(house, "broken", COMMENTED.replace("displayName: Nail the planks", "displayName: 'Nail the planks"));
  await open("/pipeline");
  const hand = mouse(page);
  await hand.find(node("Stage Build"));
  await hand.find(node("Step Lay the keel"));
  await expect(page.getByRole("button", { name: /\d+ errors?/ })).toBeVisible();
});

test("axe finds nothing on the canvas, its list and its dialogs", async ({ page, open, house }) => {
  await repository(house, "seen", COMMENTED);
  await open("/pipeline");
  const hand = mouse(page);
  const canvas = canvasOf(hand);
  await canvas.select("Step Tar it");
  expect(await axe(page), "the canvas with a step's properties").toEqual([]);
  await canvas.select("Job Slip");
  expect(await axe(page), "the canvas with a job's properties").toEqual([]);
  await hand.press("Escape");
  await hand.press("Escape");
  expect(await axe(page), "the canvas with the pipeline's properties").toEqual([]);
  await page.getByRole("tab", { name: "Text" }).click();
  expect(await axe(page), "the canvas beside the text").toEqual([]);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await hand.find("//*[@role='dialog']//input");
  expect(await axe(page), "the list of what can be added").toEqual([]);
  await hand.press("Escape");
  await page.getByRole("button", { name: /^Keys of the canvas/ }).click();
  await hand.find("//*[@role='dialog']//dt");
  expect(await axe(page), "the list of keys").toEqual([]);
});
