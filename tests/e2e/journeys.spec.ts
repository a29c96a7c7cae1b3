// A person's way through the page, by role and name: the first start, the loop, and every room behind it.
import http from "node:http";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { testDir } from "../support/sandbox.mjs";
import { expect, projectOf, rpc, stations, test, type House } from "./house";

test.describe.configure({ mode: "serial" });

test("the first start shows ten stations and what to do", async ({ page, open }) => {
  await open();
  await expect(stations(page)).toHaveCount(10);
  for (const [index, title] of ["Change", "Commit", "CI", "Push", "CD trigger", "Deploy", "Launch", "Observe", "Review", "Backlog"].entries()) {
    await expect(page.getByRole("button", { name: new RegExp(`^Step ${index + 1} of 10, ${title}:`) })).toBeVisible();
  }
  await expect(page.getByRole("button", { name: "Commit and run" })).toBeEnabled();
  await expect(page.getByRole("textbox", { name: "Commit message" })).toHaveValue(/Show the vessel on the board/);
  expect(page.url(), "the token does not stay in the address").not.toContain("token");
});

test("the pending change can be looked at before it is committed", async ({ page, open }) => {
  await open("/changes");
  await expect(page.getByText("board.go", { exact: true }).first()).toBeVisible();
  await expect(page.getByText("next[0].Vessel").first()).toBeVisible();
});

test("the big button takes the change round all ten stations", async ({ page, open }) => {
  test.setTimeout(240_000);
  await open();
  await page.getByRole("button", { name: "Commit and run" }).click();
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  await expect(stations(page, "running").first()).toBeVisible();
  await expect(stations(page, "succeeded")).toHaveCount(10, { timeout: 180_000 });
  await expect(page.getByRole("button", { name: "Run", exact: true })).toBeEnabled();
});

test("the run shows its steps, a log and its tests", async ({ page, open }) => {
  await open();
  await page.getByRole("link", { name: /^Run \d{8}\.\d+$/ }).first().click();
  await expect(page.getByRole("heading", { name: /^Run \d{8}\.\d+/ })).toBeVisible();
  const timeline = page.getByRole("list", { name: "Stages, jobs and steps" });
  await expect(timeline).toContainText("Build and test");
  await timeline.getByRole("button", { name: /Build and push the image/ }).click();
  const log = page.getByRole("region", { name: "Log of Build and push the image" });
  await expect(log).toContainText("docker build");
  // Only the lines in sight are drawn: the search brings the push into sight.
  await log.getByRole("textbox", { name: "Search the log" }).fill("docker push");
  await expect(log).toContainText(/1 of \d+/);
  await log.getByRole("button", { name: "Next match" }).click();
  await expect(log.locator("mark").first()).toHaveText(/^docker push$/i);
  await page.getByRole("tab", { name: /^Tests/ }).click();
  await expect(page.getByRole("table", { name: "Tests" })).toContainText("TestHeadlineNamesRouteAndVessel");
  await expect(page.getByText(/^All \d+ passed$/)).toBeVisible();
  await page.getByRole("tab", { name: /^Outputs/ }).click();
  await expect(page.getByRole("table", { name: "Images" })).toContainText("tideline");
});

test("the image is confirmed by the registry", async ({ page, open, house }) => {
  await open("/registry");
  const images = page.getByRole("table", { name: "Pushed images" });
  await expect(images.getByRole("row")).toHaveCount(2);
  await images.getByText("tideline", { exact: true }).first().click();
  await expect(page.getByText("Confirmed by the registry")).toBeVisible();
  const [image] = await rpc(house, "image_list", { projectId: await projectOf(house) });
  await expect(page.getByText(image.digest, { exact: true }).first()).toBeVisible();
});

test("the deployment proves that what runs is what was pushed", async ({ page, open, house }) => {
  await open();
  await page.getByRole("button", { name: /^Step 6 of 10, Deploy/ }).click();
  await page.getByRole("link", { name: "Open the deployment" }).click();
  await expect(page.getByRole("heading", { name: "Deployment to local" })).toBeVisible();
  await expect(page.getByText("Equal", { exact: true })).toBeVisible();
  const digestAt = (plate: string): Promise<string> =>
    page.getByRole("button", { name: `Copy digest: ${plate}` }).locator("xpath=ancestor::*[.//code][1]//code").innerText();
  const pushed = (await digestAt("Pushed to the registry")).replace(/\s/g, "");
  const running = (await digestAt("Running in the pod")).replace(/\s/g, "");
  expect(pushed, "a whole digest").toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(running, "both sides show the same digest").toBe(pushed);
  const [deployment] = await rpc(house, "deployment_list", { projectId: await projectOf(house), limit: 1 });
  expect(pushed, "which is the deployment's").toBe(deployment.digest);
});

test("insights draws four charts with exact values on hover", async ({ page, open }) => {
  await open("/insights");
  const charts = page.getByRole("figure");
  await expect(charts).toHaveCount(4);
  for (const chart of await charts.all()) {
    await expect(chart.locator("svg").first()).toBeVisible();
    const plot = chart.getByRole("slider");
    await plot.scrollIntoViewIfNeeded();
    await expect(plot).toHaveAttribute("aria-valuetext", /points; arrow keys/);
    await plot.hover();
    await expect(plot).toHaveAttribute("aria-valuetext", /^[^:]*\d:.*\d/);
    await page.mouse.move(0, 0);
  }
});

/** Asks the sample for the tide until it fails: the exception is the sample's own. */
async function makeException(house: House): Promise<void> {
  const projectId = await projectOf(house);
  const [deployment] = await rpc(house, "deployment_list", { projectId, limit: 1 });
  for (let count = 0; count < 2_000; count += 1) {
    if ((await fetch(`${deployment.url}/api/tide`)).status === 500) return;
  }
  throw new Error("the tide gauge never failed");
}

test("an exception becomes a bug that is linked back", async ({ page, open, house }) => {
  await makeException(house);
  await open("/insights");
  const create = page.getByRole("button", { name: "Create bug from TideGaugeTimeout" });
  await create.click();
  const bug = page.getByRole("link", { name: /AB#\d+/ }).first();
  await expect(bug).toBeVisible();
  await expect(create).toHaveCount(0);
  await bug.click();
  await expect(page.getByRole("heading", { name: /^AB#\d+ / })).toContainText("TideGaugeTimeout");
  await expect(page.getByText("Made from an exception")).toBeVisible();
});

test("the backlog shows the item done and the new bug", async ({ page, open }) => {
  await open("/backlog");
  await expect(page.getByRole("region", { name: /^Done/ })).toContainText("AB#1");
  await expect(page.getByRole("region", { name: /^To Do/ })).toContainText("TideGaugeTimeout");
  await page.getByRole("link", { name: "Show the vessel's name on the departures board" }).click();
  await expect(page.getByRole("heading", { name: /^AB#1 / })).toBeVisible();
  await expect(page.getByText("Its deployment is proven and healthy.").first()).toBeVisible();
});

test("from the digest, commit, run and item are two clicks away", async ({ page, open, house }) => {
  const projectId = await projectOf(house);
  const [run] = await rpc(house, "run_list", { projectId, limit: 1 });
  const [deployment] = await rpc(house, "deployment_list", { projectId, limit: 1 });
  for (const [kind, name, arrived] of [
    ["commit", /^Commit /, /^Thread$/],
    ["run", /^Run /, new RegExp(`^Run ${run.number.replace(".", "\\.")}`)],
    ["item", /^Work item AB#1$/, /^AB#1 /],
  ] as const) {
    await open("/thread");
    await page.getByRole("searchbox", { name: "Follow" }).fill(deployment.digest);
    await page.getByRole("button", { name: "Follow" }).click();
    const thread = page.getByRole("region", { name: "Thread" });
    await expect(thread, `the thread of the digest has the ${kind}`).toBeVisible();
    await thread.getByRole("link", { name }).first().click();
    await expect(page.getByRole("heading", { name: arrived })).toBeVisible();
    if (kind === "commit") await expect(page.getByRole("searchbox", { name: "Follow" })).toHaveValue(run.commit);
  }
});

test("a misspelt key is marked while it is typed, mended by its hint, and saved", async ({ page, open, house }) => {
  await open("/pipeline");
  await page.getByRole("radiogroup", { name: "View" }).getByText("Text").click();
  const text = page.getByRole("textbox", { name: "azure-pipelines.yml" });
  await expect(text).toContainText("Tideline, from a commit to a healthy container.");
  // The plan's step selects its line; only the lines in sight are drawn.
  await page.getByRole("button", { name: /^Publish the manifests/ }).click();
  await expect(text).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("conditon: always()");
  await page.keyboard.press("Escape");
  const problems = page.getByRole("region", { name: "Problems" });
  await expect(problems.getByRole("button", { name: /^Error .*conditon.*Did you mean 'condition'\?/ })).toBeVisible();
  await expect(text.locator(".cm-lintRange-error")).toHaveText("conditon");
  await expect(page.getByText("This is the plan of the last good text")).toBeVisible();
  await problems.getByRole("button", { name: "Fix: replace conditon by condition" }).click();
  await expect(problems.getByRole("status")).not.toContainText("error");
  await expect(page.getByText("This is the plan of the last good text")).toHaveCount(0);
  await expect(page.getByText("Unsaved", { exact: true })).toBeVisible();
  await page.keyboard.press("Control+s");
  await expect(page.getByText("Unsaved", { exact: true })).toHaveCount(0);
  const saved = await rpc(house, "pipeline_get", { projectId: await projectOf(house) });
  expect(saved.text, "the line is in the file, indented like its step").toContain("    - publish: manifests\n      condition: always()\n      artifact: manifests\n");
});

/** A request whose every header is ours to choose. */
function ask(house: House, method: string, where: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port: house.port, method, path: where, headers }, (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    request.on("error", reject);
    request.end(method === "POST" ? "{}" : undefined);
  });
}

test("a foreign origin, a wrong host and a missing token are refused", async ({ house }) => {
  const token = { "X-Slipway-Token": house.token };
  const json = { "Content-Type": "application/json" };
  expect(await ask(house, "POST", "/rpc/app_get", { ...json, ...token }), "the page's own call").toBe(200);
  expect(await ask(house, "POST", "/rpc/app_get", json), "no token").toBe(401);
  expect(await ask(house, "POST", "/rpc/app_get", { ...json, "X-Slipway-Token": "0".repeat(64) }), "a guessed token").toBe(401);
  expect(await ask(house, "POST", "/rpc/app_get", { ...json, ...token, Origin: "https://evil.example" }), "another site's page").toBe(403);
  expect(await ask(house, "POST", "/rpc/app_get", { ...json, ...token, Origin: "null" }), "a sandboxed page").toBe(403);
  expect(await ask(house, "POST", "/rpc/app_get", { ...json, ...token, Host: "evil.example" }), "a name that points here").toBe(403);
  expect(await ask(house, "GET", "/", { Host: "evil.example" }), "the page under a name that points here").toBe(403);
  expect(await ask(house, "GET", "/events", {}), "events without a token").toBe(401);
  expect(await ask(house, "GET", `/events?token=${house.token}`, { Origin: "https://evil.example" }), "events for another site").toBe(403);
  expect(await ask(house, "GET", `/events?token=${house.token}`, {}), "the page's own events").toBe(200);
});

test("a page whose style sheets were given up on their way has them a moment later", async ({ page, house }) => {
  const lost = new Set<string>();
  await page.route("**/*.css", async (route) => {
    const url = route.request().url();
    if (lost.has(url)) return route.continue();
    lost.add(url);
    return route.abort("failed");
  });
  await page.goto(`${house.base}/?token=${house.token}#/runs`);
  await expect(page.getByRole("heading", { level: 1, name: "Runs" })).toBeVisible();
  expect(lost.size, "the page's own and the room's").toBeGreaterThan(1);
  await expect.poll(() => page.evaluate(() => getComputedStyle(document.body).fontFamily)).toContain("Inter");
});

test("every room in light and dark, for people to look at", async ({ page, open, house }) => {
  test.setTimeout(180_000);
  const projectId = await projectOf(house);
  const [run] = await rpc(house, "run_list", { projectId, limit: 1 });
  const [deployment] = await rpc(house, "deployment_list", { projectId, limit: 1 });
  const rooms: Record<string, string> = {
    loop: "/loop",
    changes: "/changes",
    pipeline: "/pipeline",
    runs: "/runs",
    run: `/runs/${run.id}`,
    registry: "/registry",
    image: `/registry/${encodeURIComponent(deployment.digest)}`,
    environments: "/environments",
    deployment: `/deployments/${deployment.id}`,
    insights: "/insights",
    backlog: "/backlog",
    item: "/backlog/1",
    thread: `/thread?key=${encodeURIComponent(deployment.digest)}`,
  };
  const shots = path.join(testDir, "shots");
  mkdirSync(shots, { recursive: true });
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const [name, room] of Object.entries(rooms)) {
      await open(room);
      await expect(page.locator("html")).toHaveAttribute("data-theme", scheme);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.waitForLoadState("networkidle", { timeout: 1_000 }).catch(() => undefined); // The event stream never idles.
      await page.screenshot({ path: path.join(shots, `${name}-${scheme}.png`) });
    }
  }
});
