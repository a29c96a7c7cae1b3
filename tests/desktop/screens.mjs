// Pictures of every screen of the real window, for people to look at: `cargo xtask screens [WORD]`.
//
// A repository of its own is run until every state of a run is there; then each screen is opened light and dark, at
// 1280×800 and 1920×1080. Where SLIPWAY_CLUSTER_BIN names a control plane, also the room of a cluster. Nothing is compared: what looks wrong is seen by eye and mended.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startControlPlane } from "../support/control-plane.mjs";
import { eventually, Sandbox } from "../support/sandbox.mjs";
import { fillCluster } from "./yard.mjs";
import { Window } from "./webdriver.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = process.env.SLIPWAY_SCREENS || path.join(here, "../../target/screens");
const word = process.argv[2] ?? "";
const SIZES = [
  [1280, 800],
  [1920, 1080],
];

/** The repository: its pipeline, and a branch whose pipeline cannot run here. */
function makeRepository(at) {
  const git = (...words) => execFileSync("git", ["-C", at, "-c", "user.name=Mara", "-c", "user.email=mara@example.org", ...words], { stdio: "pipe" });
  mkdirSync(at, { recursive: true });
  cpSync(path.join(here, "harbour"), at, { recursive: true });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-qm", "Open the harbour");
  git("checkout", "-qb", "cloud");
  writeFileSync(path.join(at, "azure-pipelines.yml"), "pool: { vmImage: windows-2022 }\nsteps:\n- task: AzureWebApp@1\n  displayName: Deploy the preview\n  inputs: { appName: harbour, azureSubscription: contoso, package: drop, appType: webAppLinux }\n- bash: echo done\n");
  git("commit", "-qam", "Deploy to the cloud");
  git("checkout", "-q", "main");
}

/** A repository without a pipeline. */
function makeBare(at) {
  mkdirSync(at, { recursive: true });
  cpSync(path.join(here, "../../samples/tideline"), at, { recursive: true });
  for (const gone of ["azure-pipelines.yml", "Dockerfile", ".dockerignore", "manifests"]) rmSync(path.join(at, gone), { recursive: true });
  for (const words of [["init", "-q", "-b", "main"], ["add", "-A"], ["-c", "user.name=Mara", "-c", "user.email=mara@example.org", "commit", "-qm", "Departures"]]) execFileSync("git", ["-C", at, ...words], { stdio: "pipe" });
}

/** Runs in every state; answers their ids by name. */
async function makeRuns(window) {
  const { id: projectId } = await window.rpc("project_open", { path: path.join(window.sandbox.dir, "harbour") });
  const variable = (name, value, isSecret) => ({ name, value, isSecret });
  await window.rpc("variable_group_save", { projectId, name: "harbour", previousName: null, description: "What every stage of the harbour needs", variables: [variable("area", "north", false), variable("registryToken", "s3cret-of-the-harbour", true)] });
  await window.rpc("environment_save", { projectId, name: "staging", target: "local", context: "", namespace: "", variables: [] });
  await window.rpc("check_save", { projectId, environment: "staging", checks: [{ type: "approval", approvers: ["Mara", "Ole"], minimumApprovers: 1, instructions: "Look at the tide tables first.", requesterMayApprove: true, timeoutMinutes: 43_200 }, { type: "exclusiveLock", timeoutMinutes: 10_080 }], targets: [] });
  const start = async (parameters) => (await window.rpc("run_start", { projectId, commit: null, branch: null, parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })), variables: [], file: null, isWorkingTree: false })).runId;
  const questions = async (runId, kind) => (await window.rpc("approval_list", { projectId: null, runId })).filter((one) => one.state === "pending" && one.kind === kind);
  const answer = async (runId, kind, isApproved) => {
    const [asked] = await eventually(`a question of kind ${kind}`, 120_000, async () => {
      const found = await questions(runId, kind);
      return found.length > 0 && found;
    });
    await window.rpc("approval_answer", { approvalId: asked.id, isApproved, comment: "Looks calm.", approver: asked.approvers[0] ?? null });
  };
  const ended = (runId) => eventually(`the end of ${runId}`, 120_000, async () => (await window.rpc("run_get", { runId })).run.state === "completed");

  const done = await start({ lines: "1000000" });
  await answer(done, "stage", false);
  await answer(done, "manualValidation", true);
  await answer(done, "approval", true);
  await ended(done);
  const failed = await start({ failing: "true", lines: "50" });
  await answer(failed, "stage", false);
  await answer(failed, "manualValidation", true);
  await ended(failed);
  const cancelled = await start({ lines: "50" });
  await eventually("a run to cancel", 60_000, async () => (await questions(cancelled, "manualValidation")).length > 0);
  await window.rpc("run_cancel", { runId: cancelled });
  await ended(cancelled);
  const asking = await start({ lines: "3000" });
  await answer(asking, "manualValidation", true);
  await eventually("a run that asks", 60_000, async () => (await questions(asking, "approval")).length > 0);
  return { done, failed, cancelled, asking };
}

const button = (name) => `//button[normalize-space()="${name}" or @aria-label="${name}"]`;
const view = (name) => `//*[@aria-label="View"]//label[.="${name}"]`;
const node = (name) => `//*[@role="treeitem"][starts-with(normalize-space(), "${name}")]`;
const inDialog = (xpath) => `//*[@role="dialog"]${xpath}`;

/** Of a node that holds others only its title is its own. */
const title = (name) => `${node(name)}//*[contains(@class, "title")]`;

/** Each screen: its address, what is clicked before the picture, and the repository if it is not the harbour. */
function screensOf(runs) {
  const choose = (label, value) => ({ choose: [label, value] });
  const ifShown = (xpath) => ({ ifShown: xpath });
  // In a wide window both stand there; a narrow one keeps what was looked at last.
  const beside = (name) => ifShown(`//*[@role="tab"][.="${name}"]`);
  return [
    ["loop", "/loop"],
    ["changes", "/changes"],
    ["pipeline-canvas", "/pipeline", [view("Canvas")]],
    ["pipeline-step", "/pipeline", [view("Canvas"), beside("Properties"), node("Step Build the service")]],
    ["pipeline-job", "/pipeline", [view("Canvas"), beside("Properties"), title("Job Service")]],
    ["pipeline-add", "/pipeline", [view("Canvas"), button("Add")]],
    ["pipeline-expanded", "/pipeline", [view("Canvas"), beside("Properties"), '//*[@aria-label="Shown"]//label[.="Expanded"]']],
    ["pipeline-beside", "/pipeline", [view("Canvas"), beside("Text")]],
    ["pipeline-keys", "/pipeline", [view("Canvas"), button("Keys of the canvas (?)")]],
    ["pipeline-make", "/pipeline", [], "bare"],
    ["pipeline-make-file", "/pipeline", ['//*[@role="tab"][.="Dockerfile"]', '//*[@role="tabpanel"][not(@hidden)][contains(., "Create Dockerfile")]//button[.="Edit"]'], "bare"],
    ["pipeline-make-branch", "/pipeline", [button("Create on a branch…")], "bare"],
    ["pipeline-pools", "/pipeline", [view("Canvas"), button("Pools")]],
    ["pipeline-text", "/pipeline", [view("Text")]],
    ["pipeline-repository", "/pipeline", [view("Text"), button("Map Contoso/Templates")]],
    ["tasks", "/tasks"],
    ["tasks-detail", "/tasks", ['//tr[contains(., "Bash@3")]/td[1]']],
    ["tasks-add", "/tasks", [button("Add a folder of tasks")]],
    ["runs", "/runs"],
    ["runs-dialog", "/runs", [button("Run pipeline"), inDialog(button("Add variable"))]],
    ["runs-skip", "/runs", [button("Run pipeline"), inDialog("//select"), choose("Branch", "cloud"), inDialog('//*[contains(., "Deploy to the cloud")]'), inDialog(button("Run")), '//*[@role="dialog"]//h2[contains(., "can run")]']],
    ["run-asking", `/runs/${runs.asking}`],
    ["run-failed", `/runs/${runs.failed}`, ['//button[contains(., "Fail on purpose")]']],
    ["run-cancelled", `/runs/${runs.cancelled}`],
    ["run-skipped", `/runs/${runs.done}`, ['//button[contains(., "Fail on purpose")]']],
    ["run-colours", `/runs/${runs.done}`, ['//button[contains(., "Build the service")]']],
    ["run-million", `/runs/${runs.done}`, ['//button[contains(., "Write many lines")]', '//button[@aria-label="Go to the end"]']],
    ["run-tests", `/runs/${runs.done}?tab=tests`],
    ["run-coverage", `/runs/${runs.done}?tab=coverage`],
    ["run-outputs", `/runs/${runs.done}?tab=outputs`],
    ["registry", "/registry"],
    ["environments", "/environments"],
    ["environments-new", "/environments", [button("New environment")]],
    ["environments-checks", "/environments?environment=staging", [button("Change the checks of staging")]],
    ["environments-deploy", "/environments", [button("More for local"), "//*[@role='menuitem'][contains(., 'Deploy an image')]"]],
    ["cluster", "/cluster"],
    ["library", "/library"],
    ["library-group", "/library", [button("harbour")]],
    ["library-azure", "/library", [button("Read from Azure DevOps")]],
    ["library-variables", "/library", ['//*[@role="tab"][.="Pipeline variables"]']],
    ["library-files", "/library", ['//*[@role="tab"][.="Secure files"]']],
    ["insights", "/insights"],
    ["backlog", "/backlog"],
    ["thread", "/thread"],
  ].filter(([name]) => name.includes(word));
}

/** The cluster's room; the pods of a Deployment have names of their own. */
function clusterScreens({ context, pods }) {
  const at = (kind, object = "", namespace = "shop") => `/cluster?context=${context}&namespace=${namespace}&kind=${kind}${object === "" ? "" : `&object=${object}`}`;
  const tab = (name) => `//*[@role="tab"][normalize-space()="${name}"]`;
  return [
    ["kube-pods", at("pods")],
    ["kube-everywhere", at("pods", "", "*")],
    ["kube-deployments", at("deployments.apps")],
    ["kube-pod", at("pods", pods.worker)],
    ["kube-yaml", at("pods", pods.web), [tab("YAML")]],
    ["kube-logs", at("pods", pods.web), [tab("Logs")]],
    ["kube-shell", at("pods", pods.web), [tab("Shell")]],
    ["kube-forward", at("pods", pods.web), [tab("Forward")]],
    ["kube-secret", at("secrets", "database")],
    ["kube-nodes", at("nodes")],
    ["kube-events", at("~events")],
    ["kube-map", at("~map")],
    ["kube-usage", at("~usage")],
  ].filter(([name]) => name.includes(word));
}

/** Waits until nothing waits for an answer and, clocks aside, the page has said the same for a while. */
async function quiet(window) {
  let before;
  let same = 0;
  await eventually("a quiet page", 30_000, async () => {
    const said = await window.script("const text = document.body.innerText; return document.querySelector('[aria-busy=true]') === null && !/^…$/m.test(text) ? text : ''");
    const now = said.replaceAll(/\d+/g, "");
    same = now !== "" && now === before ? same + 1 : 0;
    before = now;
    return same >= 5;
  });
}

async function open(window, address, steps = [], repository = "harbour") {
  await window.rpc("project_open", { path: path.join(window.sandbox.dir, repository) });
  // A screen begins anew, without the dialogs of the one before.
  await window.script("document.body.dataset.left = '1'; location.hash = arguments[0]; location.reload()", address);
  await eventually("the page anew", 30_000, () => window.script("return document.body.dataset.left === undefined && document.querySelector('main h1') !== null"));
  await quiet(window);
  for (const step of steps) {
    if (typeof step === "string") await window.click(step, step);
    else if (step.ifShown !== undefined) {
      const isShown = await window.script("return document.evaluate(arguments[0], document, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue?.offsetParent != null", step.ifShown);
      if (isShown) await window.click(step.ifShown, step.ifShown);
    }
    else await window.script("const [label, value] = arguments; const at = [...document.querySelectorAll('label')].find((one) => one.textContent === label).control; Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(at, value); at.dispatchEvent(new Event('change', { bubbles: true }))", ...step.choose);
  }
  await window.script("document.activeElement?.blur?.()");
  await quiet(window);
}

const wrong = [];
const house = new Sandbox("screens-plane");
const plane = (process.env.SLIPWAY_CLUSTER_BIN ?? "") === "" ? undefined : await startControlPlane(house.dir, 3);
const cluster = plane === undefined ? undefined : { context: plane.context, pods: await fillCluster(plane) };
for (const [width, height] of SIZES) {
  const window = await Window.open(`screens-${width}`, plane === undefined ? {} : { KUBECONFIG: plane.kubeconfig }, undefined, `${width}x${height}`);
  try {
    await window.find("the first screen", "//main//h1", 60_000);
    await window.size(width, height);
    makeRepository(path.join(window.sandbox.dir, "harbour"));
    makeBare(path.join(window.sandbox.dir, "bare"));
    // The room of a cluster needs no runs.
    const runs = word.startsWith("kube") ? {} : await makeRuns(window);
    for (const theme of ["light", "dark"]) {
      await window.script("localStorage.setItem('slipway.theme', arguments[0])", theme);
      for (const [name, address, steps, repository] of [...screensOf(runs), ...(cluster === undefined ? [] : clusterScreens(cluster))]) {
        try {
          await open(window, address, steps, repository);
        } catch (error) {
          wrong.push(`${name} ${width} ${theme}: ${error.message}`);
        }
        await window.picture(`${name}-${width}-${theme}`, folder);
      }
    }
    if (runs.asking !== undefined) await window.rpc("run_cancel", { runId: runs.asking });
  } finally {
    await window.close();
  }
}
await plane?.stop();
await house.close();
console.log(`The pictures are in ${folder}.`);
if (wrong.length > 0) throw new Error(`Not every screen opened:\n${wrong.join("\n")}`);
