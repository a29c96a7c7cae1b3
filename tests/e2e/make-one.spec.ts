// A repository without a pipeline: one is proposed, its reasons are read, it is created as a commit, and opens on the canvas.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { node } from "../support/canvas.mjs";
import { axe } from "./axe";
import { keyboard, mouse } from "./hands";
import { expect, rpc, test, type House } from "./house";

test.use({ houseOf: "make-one" });

const root = path.resolve(import.meta.dirname, "../..");
const MADE = ["azure-pipelines.yml", "Dockerfile", ".dockerignore", "manifests/deployment.yml", "manifests/service.yml"];

const git = (at: string, ...words: string[]): string => execFileSync("git", ["-C", at, ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

/** Opens a repository with the sample's sources and nothing of what a proposal is for. */
async function bare(house: House, name: string): Promise<string> {
  const at = path.join(house.sandbox.dir, name);
  mkdirSync(at, { recursive: true });
  cpSync(path.join(root, "samples/tideline"), at, { recursive: true });
  for (const gone of ["azure-pipelines.yml", "Dockerfile", ".dockerignore", "manifests"]) rmSync(path.join(at, gone), { recursive: true });
  git(at, "init", "-b", "main");
  git(at, "config", "user.name", "Mara");
  git(at, "config", "user.email", "mara@example.com");
  git(at, "add", ".");
  git(at, "commit", "-m", "Departures");
  await rpc(house, "project_open", { path: at });
  return at;
}

test("a pipeline is proposed with its reasons, created as a commit, and opens on the canvas", async ({ page, open, house }) => {
  const at = await bare(house, "proposed");
  const before = git(at, "rev-parse", "HEAD");
  await open("/pipeline");
  const tab = (name: string) => page.getByRole("tab", { name });
  await expect(page.getByText("Go 1.21").locator("xpath=ancestor::li"), "what was found, and where").toContainText("go.mod");
  expect(await axe(page), "the proposal").toEqual([]);
  for (const file of MADE) {
    const last = path.basename(file);
    await tab(last).click();
    const why = page.getByRole("list", { name: `Why ${file} is like this` });
    await expect(why.getByRole("listitem").first(), `${file} says why`).toBeVisible();
  }
  await tab("Dockerfile").click();
  expect(await axe(page), "a Dockerfile with its reasons").toEqual([]);

  // A choice is followed, and an edit is kept.
  await page.getByRole("textbox", { name: "Image", exact: true }).fill("harbour/tideline");
  await tab("deployment.yml").click();
  await expect(page.getByRole("region", { name: "Text of manifests/deployment.yml" })).toContainText("harbour/tideline");
  await page.getByRole("button", { name: "Edit" }).click();
  const text = page.getByRole("textbox", { name: "Text of manifests/deployment.yml" });
  await text.press("Control+Home");
  await page.keyboard.type("# looked at\n");
  await expect(tab("deployment.yml")).toContainText("edited");
  expect(await axe(page), "a text that is edited").toEqual([]);

  await page.getByRole("button", { name: "Create on a branch…" }).click();
  const dialog = page.getByRole("dialog", { name: "Create on a branch" });
  await dialog.waitFor();
  expect(await axe(page), "the question for the branch").toEqual([]);
  await dialog.getByRole("textbox", { name: "Commit message" }).fill("pipeline: take the tide");
  await dialog.getByRole("button", { name: "Create and commit" }).click();

  const hand = mouse(page);
  await hand.find(node("Stage Build"));
  await hand.find(node("Stage Deploy"));
  await expect(page.getByText(/^Committed [0-9a-f]+ on add-pipeline/)).toBeVisible();
  expect(await axe(page), "the new pipeline on the canvas").toEqual([]);
  expect(git(at, "rev-parse", "--abbrev-ref", "HEAD")).toBe("add-pipeline");
  expect(git(at, "rev-parse", "HEAD~1"), "one commit more").toBe(before);
  expect(git(at, "log", "-1", "--format=%s")).toBe("pipeline: take the tide");
  expect(git(at, "show", "--name-only", "--format=", "HEAD").split("\n").toSorted(), "these files and no other").toEqual(MADE.toSorted());
  expect(git(at, "status", "--porcelain"), "nothing is left over").toBe("");
  expect(readFileSync(path.join(at, "manifests/deployment.yml"), "utf8"), "as it was edited").toMatch(/^# looked at\n/);
});

test("a file that came meanwhile is not written over, and nothing is created", async ({ page, open, house }) => {
  const at = await bare(house, "taken");
  await open("/pipeline");
  await page.getByRole("tab", { name: "Dockerfile" }).waitFor();
  writeFileSync(path.join(at, "Dockerfile"), "FROM scratch\n");
  await page.getByRole("button", { name: "Create these files" }).click();
  await expect(page.getByText("Dockerfile is there already.")).toBeVisible();
  expect(await axe(page), "the refusal").toEqual([]);
  expect(readFileSync(path.join(at, "Dockerfile"), "utf8")).toBe("FROM scratch\n");
  expect(existsSync(path.join(at, "azure-pipelines.yml")), "all or none").toBe(false);
  // What came is looked at: it is used as it is.
  await expect(page.getByRole("tab", { name: "Dockerfile" })).toHaveCount(0);
  await page.getByRole("button", { name: "Create these files" }).click();
  await mouse(page).find(node("Stage Build"));
  expect(existsSync(path.join(at, "azure-pipelines.yml")), "the rest is created").toBe(true);
  expect(git(at, "log", "-1", "--format=%s"), "and not committed").toBe("Departures");
  expect(readFileSync(path.join(at, "Dockerfile"), "utf8")).toBe("FROM scratch\n");
});

test("an empty pipeline is started by the keyboard alone", async ({ page, open, house }) => {
  const at = await bare(house, "begun");
  await open("/pipeline");
  const hand = keyboard(page);
  await hand.click("//button[normalize-space()='Start with an empty pipeline']");
  await hand.find("//section[@aria-label='Canvas']");
  expect(readFileSync(path.join(at, "azure-pipelines.yml"), "utf8")).toBe("trigger:\n- main\n");
});
