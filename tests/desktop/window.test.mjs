// Smoke cases in the real window: it opens, it takes the sample round, and it survives a missing engine.
import assert from "node:assert/strict";
import { test } from "node:test";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { BUILT, buildSample, canvasOf, COMMENTED, CONVERTED, makeDeployment, pipelineOf, REORDERED, reorderAndRename } from "../support/canvas.mjs";
import { eventually } from "../support/sandbox.mjs";
import { handOf } from "./hand.mjs";
import { Window } from "./webdriver.mjs";

const TITLES = ["Change", "Commit", "CI", "Push", "CD trigger", "Deploy", "Launch", "Observe", "Review", "Backlog"];

/** Opens a window, runs the case, and checks that nothing is left behind. */
async function inWindow(name, more, run) {
  const window = await Window.open(name, more);
  let failure;
  try {
    await run(window);
  } catch (error) {
    failure = error;
    await window.picture(`${name}-failed`).catch(() => undefined); // The window may be what failed.
    failure.message += `\nThe page says:\n${await window.text().catch(() => "nothing")}`;
  }
  const left = await window.close();
  if (failure !== undefined) throw failure;
  assert.deepEqual(left, [], "nothing is left outside of the test's folder");
}

async function tenStations(window) {
  return eventually("ten stations", 60_000, async () => {
    const names = await window.stations();
    return names.length === 10 && names;
  });
}

test("the window opens and shows the ten stations", { timeout: 180_000 }, async () => {
  await inWindow("opens", {}, async (window) => {
    const names = await tenStations(window);
    for (const [index, title] of TITLES.entries()) {
      assert.ok(names[index].startsWith(`Step ${index + 1} of 10, ${title}:`), `station ${index + 1} is ${title}: ${names[index]}`);
    }
    await window.find("the big button", '//button[normalize-space()="Commit and run"]');
    const app = await window.script("return { hasTauri: '__TAURI_INTERNALS__' in window, title: document.title, url: location.href }");
    assert.ok(app.hasTauri, "this is the window and no browser");
    await window.picture("opens");
  });
});

test("the big button takes the sample round all ten stations", { timeout: 300_000 }, async () => {
  await inWindow("round", {}, async (window) => {
    await tenStations(window);
    await window.click("the big button", '//button[normalize-space()="Commit and run"]');
    await window.find("the run goes on", '//button[normalize-space()="Cancel"]');
    await eventually("all ten stations lit", 180_000, async () => {
      const names = await window.stations();
      const failed = names.find((name) => name.includes(": failed"));
      assert.equal(failed, undefined, "no station fails");
      return names.filter((name) => name.includes(": succeeded")).length === 10;
    });
    await window.picture("round");
    await window.click("the backlog", '//nav[@aria-label="Rooms"]//a[normalize-space()="Backlog"]');
    await window.find("the item in Done", '//section[@data-state="done"]//*[.="AB#1"]');
  });
});

test("without an engine the window says so and stays usable", { timeout: 180_000 }, async () => {
  await inWindow("lacks", { SLIPWAY_ENGINE: "unix:///nowhere/engine.sock" }, async (window) => {
    await tenStations(window);
    await window.click("the machine's state", '//button[starts-with(@aria-label, "This machine: Container engine missing")]');
    await window.find("the dialog", '//*[@role="dialog"]');
    // Where it was looked for, and what to do.
    await eventually("the engine's address and a hint in the dialog", 20_000, async () => {
      const said = await window.script('return document.querySelector("[role=dialog]")?.innerText ?? ""');
      return said.includes("unix:///nowhere/engine.sock") && said.includes("dockerd");
    });
    await window.picture("no-engine");
    await window.click("the dialog's end", '//*[@role="dialog"]//button[@aria-label="Close"]');
    await eventually("the dialog is closed", 10_000, async () => (await window.all('//*[@role="dialog"]')).length === 0);
    for (const room of ["Changes", "Pipeline", "Environments", "Backlog"]) {
      await window.click(room, `//nav[@aria-label="Rooms"]//a[normalize-space()="${room}"]`);
      await window.find(`the room ${room}`, `//h1[contains(., "${room === "Pipeline" ? "ipeline" : room}")]`);
    }
    await eventually("the backlog without an engine", 20_000, async () => /Show the vessel's name/.test(await window.text()));
  });
});

/** Opens a repository with the sample's sources and this pipeline, at its canvas. */
async function onCanvas(window, name, pipeline) {
  const at = path.join(window.sandbox.dir, name);
  mkdirSync(at, { recursive: true });
  cpSync(fileURLToPath(new URL("../../samples/tideline", import.meta.url)), at, { recursive: true });
  writeFileSync(path.join(at, "azure-pipelines.yml"), pipeline);
  const git = (...words) => execFileSync("git", ["-C", at, ...words], { stdio: "ignore" });
  git("init", "-b", "main");
  git("config", "user.name", "Mara");
  git("config", "user.email", "mara@example.com");
  git("add", ".");
  git("commit", "-m", "Begin");
  await tenStations(window);
  await window.rpc("project_open", { path: at });
  await window.script("location.hash = '#/pipeline'; location.reload()");
  await window.find("the canvas", "//section[@aria-label='Canvas']");
  return at;
}

test("a step is dragged and a stage renamed on the canvas, and no other line changes", { timeout: 180_000 }, async () => {
  await inWindow("canvas-reorder", {}, async (window) => {
    const at = await onCanvas(window, "reordered", COMMENTED);
    await reorderAndRename(handOf(window));
    assert.equal(pipelineOf(at), REORDERED, "byte for byte");
    await window.picture("canvas-reorder");
  });
});

test("a job becomes a deployment job on the canvas, with its comments", { timeout: 180_000 }, async () => {
  await inWindow("canvas-convert", {}, async (window) => {
    const at = await onCanvas(window, "converted", COMMENTED);
    await makeDeployment(handOf(window));
    assert.equal(pipelineOf(at), CONVERTED, "byte for byte");
  });
});

test("the sample's pipeline is built from an empty file on the canvas, and runs green", { timeout: 420_000 }, async () => {
  await inWindow("canvas-build", {}, async (window) => {
    const at = await onCanvas(window, "built", "");
    const hand = handOf(window);
    await buildSample(hand);
    assert.equal(pipelineOf(at), BUILT, "byte for byte");
    await canvasOf(hand).commit();
    const [project] = await window.rpc("project_list", {});
    await eventually("the run is green", 180_000, async () => {
      const [run] = await window.rpc("run_list", { projectId: project.id, limit: 1 });
      assert.notEqual(run?.result, "failed", "the run does not fail");
      return run?.result === "succeeded";
    });
    await window.picture("canvas-build");
  });
});
