// The form beside the canvas: what is typed in it becomes the lines that a careful person would have typed, and no other.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { axe } from "./axe";
import { expect, rpc, test, type House } from "./house";

test.use({ houseOf: "inspector" });

const BEFORE = `# The harbour.
trigger:
  branches:
    include:
      - main # always
parameters:
  - name: fast
    type: boolean
    default: true
stages:
  - stage: Build
    jobs:
      - job: Compile # the compiler
        pool: { vmImage: ubuntu-latest }
        steps:
          - bash: |
              make
            displayName: Make # all of it
          - \${{ if eq(parameters.fast, true) }}:
              - bash: echo fast
      - job: Report
        dependsOn: Compile
        steps:
          - bash: echo done
`;

const AFTER = `# The harbour.
trigger:
  branches:
    include:
      - main # always
    exclude:
      - wip/*
parameters:
  - name: quick
    type: boolean
    default: true
stages:
  - stage: Build
    jobs:
      - job: Make # the compiler
        timeoutInMinutes: 30
        pool: { vmImage: ubuntu-22.04 }
        steps:
          - bash: |
              make
            displayName: Make # all of it
            env:
              TOKEN: $(token)
          - \${{ if eq(parameters.quick, true) }}:
              - bash: echo fast
      - job: Report
        dependsOn: Make
        condition: always()
        steps:
          - bash: echo done
`;

async function opened(house: House, name: string): Promise<string> {
  const at = path.join(house.sandbox.dir, name);
  mkdirSync(at, { recursive: true });
  writeFileSync(path.join(at, "azure-pipelines.yml"), BEFORE);
  const git = (...words: string[]): Buffer => execFileSync("git", ["-C", at, "-c", "user.name=Mara", "-c", "user.email=mara@example.com", ...words]);
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-q", "-m", "Begin");
  await rpc(house, "project_open", { path: at });
  return at;
}

const JOBS = "/stages/#0/jobs/";

const inspector = (page: Page) => page.getByRole("region", { name: "Inspector", exact: true });

async function select(page: Page, id: string, title: string): Promise<void> {
  await page.locator(`.react-flow__node[data-id="${id}"]`).click({ position: { x: 60, y: 12 } });
  await expect(inspector(page).getByRole("heading", { level: 2 })).toHaveText(title);
}

async function unfold(page: Page, title: string): Promise<void> {
  await inspector(page).locator("summary", { hasText: title }).click();
}

test("fields write their own lines, and names take along what refers to them", async ({ page, open, house }) => {
  const at = await opened(house, "forms");
  await open("/pipeline");
  const form = inspector(page);
  await form.getByRole("button", { name: "Branches that do not count", exact: true }).click();
  await page.keyboard.type("wip/*");
  await page.keyboard.press("Enter");
  await expect(form.getByText("wip/*")).toBeVisible();
  await form.getByLabel("Name", { exact: true }).fill("quick");
  await page.keyboard.press("Enter");
  await expect(form.getByRole("listitem", { name: "Parameter quick" })).toBeVisible();

  await select(page, JOBS + "#0", "Compile");
  await form.getByLabel("Name", { exact: true }).fill("Make");
  await page.keyboard.press("Enter");
  await expect(form.getByRole("heading", { level: 2 })).toHaveText("Make");
  await form.getByLabel("Image", { exact: true }).click();
  await form.getByRole("option", { name: "ubuntu-22.04" }).click();
  await unfold(page, "Limits and workspace");
  await form.getByLabel("Timeout in minutes", { exact: true }).fill("30");
  await page.keyboard.press("Tab");

  await select(page, `${JOBS}#0/steps/#0`, "Make");
  await unfold(page, "Environment variables");
  await form.getByRole("button", { name: "Add variable" }).click();
  await page.keyboard.type("TOKEN");
  await page.keyboard.press("Tab");
  await page.keyboard.type("$(token)");
  await page.keyboard.press("Enter");
  await expect(form.getByLabel("Value of variable TOKEN")).toHaveValue("$(token)");

  await select(page, JOBS + "#1", "Report");
  await unfold(page, "Condition");
  await form.getByLabel("Runs", { exact: true }).selectOption("always");
  await expect(form.getByLabel("Condition", { exact: true })).toHaveValue("always()");
  await page.keyboard.press("Control+s");
  await expect.poll(() => readFileSync(path.join(at, "azure-pipelines.yml"), "utf8"), "byte for byte").toBe(AFTER);
});

test("whether a branch starts it is answered for the text as it is", async ({ page, open, house }) => {
  await opened(house, "asked");
  await open("/pipeline");
  await unfold(page, "Would this branch start it?");
  const form = inspector(page).getByRole("form", { name: "Would this branch start it?" });
  await form.getByRole("button", { name: "Ask" }).click();
  await expect(form.getByRole("status")).toContainText("Yes.");
  await inspector(page).getByRole("button", { name: "Remove main from Branches that count" }).click();
  await inspector(page).getByLabel("Branches that count", { exact: true }).fill("release/*");
  await page.keyboard.press("Enter");
  await expect(form.getByRole("status"), "asked again of the text that is not saved").toContainText("No.");
});

test("axe finds nothing in any form, with all that opens open", async ({ page, open, house }) => {
  await opened(house, "axe");
  await open("/pipeline");
  const problems = async (): Promise<string[]> => {
    // The form comes once what is written has been read.
    await expect(inspector(page).locator("details").first()).toBeVisible();
    await page.evaluate(() => document.querySelectorAll<HTMLElement>('[aria-label="Inspector"] details:not([open]) > summary').forEach((summary) => summary.click()));
    await expect(inspector(page).locator("details:not([open])")).toHaveCount(0);
    return axe(page, '[aria-label="Inspector"]');
  };
  await expect(inspector(page).getByRole("heading", { level: 2 })).toHaveText("Pipeline");
  expect(await problems(), "the pipeline").toEqual([]);
  for (const [id, title] of [["#1", "Report"], ["#0/steps/#0", "Make"], ["#0/steps/#1/#0", "if eq(parameters.fast, true)"]] as const) {
    await select(page, JOBS + id, title);
    expect(await problems(), title).toEqual([]);
  }
});
