// A release by hand through the page: the first deployment, a promotion with its diff, a rollout that stalls, drift, and the
// way back. On containers of this machine, and on a control plane where its binary is given.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { engine, eventually } from "../support/sandbox.mjs";
import { clusterBin } from "./cluster";
import { expect, projectOf, rpc, stations, test, type House } from "./house";

test.use({ houseOf: "promotion", hasCluster: true });
test.describe.configure({ mode: "serial" });

const column = (page: Page, name: string) => page.getByRole("region", { name: `Environment ${name}` });
const current = (page: Page, name: string) => page.getByRole("region", { name: `Current deployment of ${name}` });

/** What the board says of an environment. */
async function standing(house: House, name: string): Promise<any> {
  const board = await rpc(house, "promotion_board", { projectId: await projectOf(house) });
  return board.columns.find((one: any) => one.environment.name === name);
}

/** A web service of the sample's image; `path` is where it is asked whether it is ready. */
function manifests(probe: string, annotations = ""): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: stage
data:
  GREETING: "#{GREETING}#"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stage
spec:
  replicas: 1
  progressDeadlineSeconds: 20
  selector:
    matchLabels: { app: stage }
  template:
    metadata:
      labels: { app: stage }${annotations}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: web
        image: tideline
        ports:
        - containerPort: 8080
        envFrom:
        - configMapRef: { name: stage }
        readinessProbe:
          httpGet: { path: ${probe}, port: 8080 }
          periodSeconds: 1
          failureThreshold: 3
`;
}

/** Puts manifests into the repository's working tree. */
async function write(house: House, folder: string, text: string): Promise<void> {
  const [{ path: repository }] = await rpc(house, "project_list");
  mkdirSync(path.join(repository, folder), { recursive: true });
  writeFileSync(path.join(repository, folder, "web.yml"), text);
}

/** Asks for the newest image with manifests; the plan is shown then. */
async function plan(page: Page, environment: string, folder: string): Promise<void> {
  await page.getByRole("button", { name: `More for ${environment}` }).click();
  await page.getByRole("menuitem", { name: "Deploy an image…" }).click();
  const form = page.getByRole("dialog", { name: `Deploy to ${environment}` });
  await form.getByLabel("Manifests").fill(folder);
  await form.getByRole("button", { name: "Show what would change" }).click();
}

test("a run puts the first digest on the board, and the next step is said", async ({ page, open, house }) => {
  test.setTimeout(240_000);
  await open();
  await page.getByRole("button", { name: "Commit and run" }).click();
  await expect(stations(page, "succeeded")).toHaveCount(10, { timeout: 200_000 });
  await open("/environments");
  const [deployment] = await rpc(house, "deployment_list", { projectId: await projectOf(house), limit: 1 });
  await expect(current(page, "local")).toContainText(deployment.digest.slice(7, 19));
  await expect(current(page, "local")).toContainText("Proven");
  await expect(page.getByRole("button", { name: "Add a Kubernetes environment" })).toBeVisible();
});

test("an environment is made, and its first deployment is planned before it is made", async ({ page, open, house }) => {
  await write(house, "deploy", manifests("/healthz"));
  await open("/environments");
  await page.getByRole("button", { name: "New environment" }).click();
  const form = page.getByRole("dialog", { name: "New environment" });
  await form.getByLabel("Name", { exact: true }).fill("stage");
  await form.getByRole("button", { name: "Add variable" }).click();
  await form.getByLabel("Variable 1 name").fill("GREETING");
  await form.getByLabel("Variable 1 value").fill("Moin");
  await form.getByRole("button", { name: "Create environment" }).click();
  await expect(column(page, "stage")).toContainText("Nothing runs here yet");

  await plan(page, "stage", "deploy");
  const dialog = page.getByRole("dialog", { name: "Deploy to stage" });
  await expect(dialog.getByRole("region", { name: "Create: 2 objects" })).toContainText("deploy/web.yml");
  expect((await standing(house, "stage")).environment.current, "a plan changes nothing").toBeNull();
  await dialog.getByRole("button", { name: "Deploy to stage" }).click();
  await expect(current(page, "stage")).toContainText("Proven", { timeout: 60_000 });
  expect((await standing(house, "stage")).environment.current.reason).toBe("deploy");
});

test("a digest is promoted with its diff, and history knows where it came from", async ({ page, open, house }) => {
  await open("/environments");
  await column(page, "local").getByRole("button", { name: /^Promote to stage/ }).click();
  const dialog = page.getByRole("dialog", { name: "Promote local to stage" });
  // The sample brings its own manifests: what ran there before is no longer wanted, and left alone.
  await expect(dialog.getByRole("region", { name: /^Create: \d/ })).toContainText("tideline");
  await dialog.getByRole("checkbox", { name: /no longer wanted/ }).check();
  await expect(dialog.getByText(/to delete/)).toBeVisible();
  await dialog.getByRole("button", { name: "Deploy to stage" }).click();
  await expect(column(page, "stage")).toContainText("Level with local", { timeout: 60_000 });
  await expect.poll(async () => (await standing(house, "stage")).environment.current.reason, { timeout: 60_000 }).toBe("promote");
  const [local, stage] = [await standing(house, "local"), await standing(house, "stage")];
  expect(stage.environment.current.fromDeploymentId, "the thread leads back").toBe(local.environment.current.id);
  expect(stage.environment.current.digest).toBe(local.environment.current.digest);
});

test("a rollout that stalls is explained, and what ran before runs again", async ({ page, open, house }) => {
  test.setTimeout(180_000);
  await write(house, "broken", manifests("/nowhere"));
  const before = (await standing(house, "stage")).environment.current.id;
  await open("/environments");
  await plan(page, "stage", "broken");
  const dialog = page.getByRole("dialog", { name: "Deploy to stage" });
  await expect(dialog.getByRole("checkbox", { name: /Roll back by itself/ })).toBeChecked();
  await dialog.getByRole("button", { name: "Deploy to stage" }).click();
  await expect(page.getByRole("region", { name: "Deployment under way to stage" })).toBeVisible();
  await expect.poll(async () => (await standing(house, "stage")).environment.current.reason, { timeout: 120_000 }).toBe("automaticRollback");
  await expect(current(page, "stage")).toContainText("Rolled back by itself.");
  await current(page, "stage").getByRole("link", { name: "See what failed" }).click();
  await expect(page.getByRole("region", { name: "Why it failed" })).toContainText(/ready|probe/i);
  await expect(page.getByRole("link", { name: "see what runs instead" })).toBeVisible();
  const now = (await standing(house, "stage")).environment.current;
  expect(now.id, "the rollback is a deployment of its own").not.toBe(before);
  expect(now.fromDeploymentId, "of the one that was proven last").toBe(before);
});

test("what somebody stops is seen as drift and put back", async ({ page, open, house }) => {
  test.setTimeout(120_000);
  await open("/environments");
  // The room is there whole: a container that ends takes a network with it, and what a browser still loads then is cut off.
  await expect(current(page, "stage")).toContainText("Proven");
  const { environment } = await standing(house, "stage");
  const [pod] = environment.pods.filter((one: any) => one.workload === environment.current.workload);
  await engine("POST", `/containers/${pod.containerId.replace(/^.*:\/\//, "")}/stop?t=1`);
  await expect(column(page, "stage").getByText(/object changed/)).toBeVisible({ timeout: 20_000 });
  await column(page, "stage").getByRole("button", { name: /Show/ }).click();
  const drift = page.getByRole("dialog", { name: "Drift in stage" });
  await expect(drift).toContainText(environment.current.workload);
  await drift.getByRole("button", { name: "Put it back…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Put stage back/ });
  await dialog.getByRole("button", { name: "Deploy to stage" }).click();
  await expect.poll(async () => (await standing(house, "stage")).drift.state, { timeout: 60_000 }).toBe("none");
});

test("a rollback by hand holds what comes by itself, until it is released", async ({ page, open, house }) => {
  test.setTimeout(120_000);
  await open("/environments");
  await page.getByRole("button", { name: "More for stage" }).click();
  await page.getByRole("menuitem", { name: "History and roll back…" }).click();
  await page.getByRole("dialog", { name: "History of stage" }).getByRole("button", { name: /^Roll back to/ }).last().click();
  const dialog = page.getByRole("dialog", { name: "Roll back stage" });
  await dialog.getByRole("button", { name: "Roll back stage" }).click();
  await expect(column(page, "stage").getByText("Automatic deployments are held")).toBeVisible({ timeout: 60_000 });
  await column(page, "stage").getByRole("button", { name: "Release the hold of stage" }).click();
  await expect(column(page, "stage").getByText("Automatic deployments are held")).toHaveCount(0);
  expect((await standing(house, "stage")).hold).toBeNull();
});

test.describe("on a control plane", () => {
  test.skip(clusterBin === "", "SLIPWAY_CLUSTER_BIN names no control plane");

  test("a cluster is picked, deployed to, watched, and its drift is shown with who made it", async ({ page, open, house }) => {
    test.setTimeout(240_000);
    const cluster = house.cluster;
    if (cluster === undefined) throw new Error("the house has a control plane");
    await cluster.ask("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "harbour" } });
    await open("/environments");
    await page.getByRole("button", { name: "Add a Kubernetes environment" }).click();
    const form = page.getByRole("dialog", { name: "New environment" });
    await form.getByLabel("Name", { exact: true }).fill("production");
    await form.getByRole("combobox", { name: "Context" }).selectOption(cluster.context);
    await form.getByRole("combobox", { name: "Namespace" }).selectOption("harbour");
    await form.getByRole("button", { name: "Add variable" }).click();
    await form.getByLabel("Variable 1 name").fill("GREETING");
    await form.getByLabel("Variable 1 value").fill("Ahoi");
    await form.getByRole("button", { name: "Create environment" }).click();
    await expect(column(page, "production")).toContainText("Nothing runs here yet");
    await plan(page, "production", "deploy");
    const dialog = page.getByRole("dialog", { name: "Deploy to production" });
    await expect(dialog.getByRole("region", { name: "Create: 2 objects" })).toBeVisible();
    await dialog.getByRole("button", { name: "Deploy to production" }).click();
    await expect(current(page, "production")).toContainText("Proven", { timeout: 90_000 });

    // Its objects are one click away.
    await column(page, "production").getByRole("link", { name: /harbour/ }).click();
    const pods = page.getByRole("grid", { name: "Pod list" });
    await expect(pods.getByRole("row", { name: /stage-/ })).toHaveCount(1);
    await page.getByRole("link", { name: "Deployment", exact: true }).click();
    await page.getByRole("grid", { name: "Deployment list" }).getByRole("row", { name: /stage/ }).click();
    const panel = page.getByRole("region", { name: "Deployment stage" });
    await panel.getByRole("button", { name: "Scale" }).click();
    const scale = page.getByRole("dialog", { name: "Scale Deployment stage" });
    await scale.getByLabel("Replicas").fill("3");
    await scale.getByRole("button", { name: "Scale" }).click();
    await page.getByRole("link", { name: "Pod", exact: true }).click();
    await expect(pods.getByRole("row", { name: /stage-/ })).toHaveCount(3);

    // And back: the board has seen it.
    await page.getByRole("link", { name: "Environment production" }).click();
    await expect(column(page, "production").getByText(/object changed/)).toBeVisible({ timeout: 20_000 });
    await column(page, "production").getByRole("button", { name: /Show/ }).click();
    await expect(page.getByRole("dialog", { name: "Drift in production" })).toContainText("spec.replicas");
  });

  test("whoever changed a field owns it: a deployment over it is refused in words", async ({ page, open, house }) => {
    await open("/environments");
    await plan(page, "production", "deploy");
    const dialog = page.getByRole("dialog", { name: "Deploy to production" });
    await expect(dialog.getByText("This cannot be deployed as it is")).toBeVisible();
    await expect(dialog.getByRole("region", { name: "Conflicts: 1 object" })).toContainText("spec.replicas");
    await expect(dialog.getByRole("button", { name: "Deploy to production" })).toBeDisabled();
    const deployment = { context: house.cluster?.context, group: "apps", version: "v1", plural: "deployments", namespace: "harbour", name: "stage" };
    await rpc(house, "kube_scale", { ...deployment, replicas: 1 });
    await expect.poll(async () => (await standing(house, "production")).drift.state, { timeout: 20_000 }).toBe("none");
  });

  test("a rollout that stalls there says why and is rolled back", async ({ page, open, house }) => {
    test.setTimeout(240_000);
    const annotations = `\n      annotations: { sim.slipway.dev/behaviour: crash, sim.slipway.dev/log: "no harbour is configured" }`;
    await write(house, "crashing", manifests("/healthz", annotations));
    await open("/environments");
    await plan(page, "production", "crashing");
    await page.getByRole("dialog", { name: "Deploy to production" }).getByRole("button", { name: "Deploy to production" }).click();
    await expect.poll(async () => (await standing(house, "production")).environment.current.reason, { timeout: 180_000 }).toBe("automaticRollback");
    await current(page, "production").getByRole("link", { name: "See what failed" }).click();
    await expect(page.getByRole("region", { name: "Why it failed" })).toContainText(/crash|exit/i);
    await eventually("the cluster runs the old version", 60_000, async () => {
      const found = await house.cluster?.ask("GET", "/apis/apps/v1/namespaces/harbour/deployments/stage");
      return found?.status?.readyReplicas === 1 && found.spec.template.metadata.annotations?.["sim.slipway.dev/behaviour"] === undefined;
    });
  });
});
