import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems } from "#ui/testing/render";
import { showInspector } from "./inspector.test-parts";
import type { Json } from "./wire";

type Root = { [key: string]: Json };
const job = (of: Root, ...others: Root[]): Root => ({ jobs: [{ job: "Build", ...of }, ...others] });
const JOB = "/jobs/0";
const set = (keys: string[], value: Json, node = JOB): object => ({ gesture: "set", node, keys, value });
const open = async (title: string): Promise<void> => {
  const summary = await screen.findByText(title, { selector: "summary" });
  if (!(summary.parentElement as HTMLDetailsElement).open) await userEvent.click(summary);
};

describe("the form of a job", () => {
  it("renames, waits and converts by gestures of their own", async () => {
    const { sent, field, container } = await showInspector(job({ displayName: "Build it", dependsOn: "Lint", steps: [] }, { job: "Lint" }, { job: "Test" }), [JOB]);
    const name = await field("Name");
    await userEvent.clear(name);
    await userEvent.type(name, "Make it{Enter}");
    expect(name, "Azure takes no such name").toHaveAccessibleDescription(/letters, digits and _/);
    await userEvent.clear(name);
    await userEvent.type(name, "Make{Enter}");
    const waits = await screen.findByRole("list", { name: "What it waits for" });
    expect(within(waits).getByRole("checkbox", { name: "Lint" })).toBeChecked();
    await userEvent.click(within(waits).getByRole("checkbox", { name: "Test" }));
    await userEvent.click(within(waits).getByRole("checkbox", { name: "Lint" }));
    await open("Make it a deployment");
    const environment = await field("Environment to deploy to");
    await userEvent.clear(environment);
    await userEvent.type(environment, "prod");
    await userEvent.click(screen.getByRole("button", { name: "Convert to a deployment" }));
    expect(sent).toEqual([
      { gesture: "rename", node: JOB, to: "Make" },
      { gesture: "connect", from: "/jobs/2", to: JOB },
      { gesture: "disconnect", from: "/jobs/1", to: JOB },
      { gesture: "convert", node: JOB, to: "deployment", environment: "prod" },
    ]);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("has the pool in both of its forms", async () => {
    const { sent, field, show } = await showInspector(job({ pool: { vmImage: "ubuntu-latest", demands: ["docker", "git"] }, steps: [] }), [JOB]);
    const image = await field("Image");
    expect(image).toHaveValue("ubuntu-latest");
    await userEvent.click(image);
    await userEvent.click(await screen.findByRole("option", { name: "windows-latest" }));
    const demands = await field("Demands");
    await userEvent.clear(demands);
    await userEvent.type(demands, "docker");
    await userEvent.tab();
    expect(sent).toEqual([set(["pool", "vmImage"], "windows-latest"), { gesture: "edit", edit: { edit: "remove", path: "/jobs/0/pool/demands/1" } }]);
    show(job({ pool: "mine", steps: [] }));
    await waitFor(async () => expect(await field("Pool")).toHaveValue("mine"));
    await userEvent.type(await field("Pool"), "2{Enter}");
    await userEvent.type(await field("Demands"), "gpu");
    await userEvent.tab();
    expect(sent.slice(2), "the language makes the long form").toEqual([set(["pool"], "mine2"), set(["pool", "demands"], ["gpu"])]);
  });

  it("has containers, services, limits and the workspace", async () => {
    const { sent, field } = await showInspector({ resources: { containers: [{ container: "build", image: "gcc:14" }] }, jobs: [{ job: "Build", container: "build", services: { db: "postgres" }, workspace: { clean: "all" }, timeoutInMinutes: 30, steps: [] }] }, [JOB]);
    await userEvent.type(await field("Options"), "--init{Enter}");
    await userEvent.type(await field("Value of service db"), ":18{Enter}");
    await userEvent.selectOptions(await field("Clean the workspace"), "outputs");
    const timeout = await field("Timeout in minutes");
    await userEvent.clear(timeout);
    await userEvent.type(timeout, "5{Enter}");
    expect(sent, "the alias of a resource stays one").toEqual([{ gesture: "edit", edit: { edit: "all", edits: [{ edit: "set", path: "/jobs/0/container", value: { alias: "build" } }, { edit: "insertEntry", path: "/jobs/0/container", key: "options", value: "--init" }] } }, set(["services", "db"], "postgres:18"), set(["workspace", "clean"], "outputs"), set(["timeoutInMinutes"], 5)]);
  });

  it("shows a matrix as a table, a cell each", async () => {
    const { sent, field, container } = await showInspector(job({ strategy: { maxParallel: 2, matrix: { linux: { image: "ubuntu", node: 22 }, mac: { image: "macos" } } }, steps: [] }), [JOB]);
    const table = await screen.findByRole("table");
    expect(within(table).getAllByRole("columnheader").map((cell) => cell.textContent)).toEqual(["Leg", "image", "node", "Remove"]);
    await userEvent.type(await field("node of leg mac"), "24{Enter}");
    await userEvent.clear(await field("node of leg linux"));
    await userEvent.tab();
    await userEvent.type(await field("Name of leg mac"), "os{Enter}");
    await userEvent.type(await field("Name of the leg to add"), "win{Enter}");
    await userEvent.click(screen.getByRole("button", { name: "Remove leg linux" }));
    const most = await field("At once");
    await userEvent.type(most, "0{Enter}");
    expect(sent).toEqual([
      set(["strategy", "matrix", "mac", "node"], 24),
      set(["strategy", "matrix", "linux", "node"], null),
      { gesture: "edit", edit: { edit: "renameKey", path: "/jobs/0/strategy/matrix/mac", to: "macos" } },
      set(["strategy", "matrix", "win"], { $yaml: 'image: ""\nnode: ""\n' }),
      set(["strategy", "matrix", "linux"], null),
      set(["strategy", "maxParallel"], 20),
    ]);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("makes a strategy and takes it away", async () => {
    const { sent, refuse } = await showInspector(job({ steps: [] }), [JOB]);
    await open("Strategy");
    const ways = await screen.findByRole("radiogroup", { name: "Strategy" });
    await userEvent.click(within(ways).getByRole("radio", { name: "Slices" }));
    expect(sent).toEqual([set(["strategy"], { parallel: 2 })]);
    refuse("The file is written in an unusual way.");
    await userEvent.click(within(ways).getByRole("radio", { name: "Matrix" }));
    expect(await screen.findByText(/in an unusual way/)).toBeVisible();
  });

  it("has variables in the mapping form and in the list form", async () => {
    const { sent, field, show } = await showInspector(job({ variables: { mode: "fast" }, steps: [] }), [JOB]);
    await userEvent.type(await field("Value of variable mode"), "er{Enter}");
    await userEvent.type(await field("Name of variable mode"), "l{Enter}");
    await userEvent.click(screen.getByRole("button", { name: "Add variable" }));
    await userEvent.type(await field("Name of the variable to add"), "mode");
    await userEvent.tab();
    await userEvent.tab();
    await userEvent.tab();
    expect(await screen.findByText("mode is there already.")).toBeVisible();
    await userEvent.type(await field("Name of the variable to add"), "2{Enter}");
    const at = { path: JOB };
    await waitFor(() =>
      expect(sent).toEqual([
        { gesture: "edit", edit: { edit: "setVariable", at, name: "mode", value: "faster" } },
        { gesture: "edit", edit: { edit: "renameVariable", at, name: "mode", to: "model" } },
        { gesture: "edit", edit: { edit: "setVariable", at, name: "mode2", value: "" } },
      ]),
    );
    show(job({ variables: [{ name: "a", value: 1 }, { group: "harbour" }, { template: "vars.yml" }], steps: [] }));
    await userEvent.click(await screen.findByRole("button", { name: "a is read-only", pressed: false }));
    await userEvent.click(screen.getByRole("button", { name: "Remove variable a" }));
    await userEvent.click(screen.getByRole("button", { name: "Remove harbour from Variable groups" }));
    await userEvent.click(await screen.findByRole("button", { name: "Add the group release" }));
    expect(sent.slice(3)).toEqual([
      { gesture: "edit", edit: { edit: "insertEntry", path: "/jobs/0/variables/0", key: "readonly", value: true } },
      { gesture: "edit", edit: { edit: "removeVariable", at, name: "a" } },
      { gesture: "edit", edit: { edit: "remove", path: "/jobs/0/variables/1" } },
      { gesture: "edit", edit: { edit: "insertItem", path: "/jobs/0/variables", value: { group: "release" } } },
    ]);
    expect(screen.getByRole("button", { name: /Show vars.yml in the text/ }), "what is no variable is left to the text").toBeVisible();
  });
});

describe("the form of a deployment", () => {
  const deployment = (of: Root): Root => ({ jobs: [{ deployment: "Web", environment: "dev", ...of }] });

  it("offers the project's environments and makes the long form", async () => {
    const { sent, field, container } = await showInspector(deployment({ strategy: { runOnce: { deploy: { steps: [{ bash: "ls" }] } } } }), [JOB]);
    const environment = await field("Environment");
    expect(environment).toHaveValue("dev");
    await userEvent.clear(environment);
    await userEvent.type(environment, "prod.web{Enter}");
    await userEvent.type(await field("Resource"), "cluster{Enter}");
    expect(sent).toEqual([set(["environment"], "prod.web"), set(["environment", "resourceName"], "cluster")]);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("adds and removes hooks, and changes the strategy without losing them", async () => {
    const { sent, field, show } = await showInspector(deployment({ strategy: { runOnce: { preDeploy: { steps: [] }, deploy: { steps: [{ bash: "ls" }] } } } }), [JOB]);
    const hooks = await screen.findByRole("list", { name: "Hooks" });
    expect(within(hooks).queryByRole("button", { name: "Remove the hook deploy and its steps" }), "there is no deployment without").toBeNull();
    await userEvent.click(within(hooks).getByRole("button", { name: "Add the hook on.failure" }));
    await userEvent.click(within(hooks).getByRole("button", { name: "Add the hook routeTraffic" }));
    await userEvent.click(within(hooks).getByRole("button", { name: "Remove the hook preDeploy and its steps" }));
    await userEvent.selectOptions(await field("How it is deployed"), "rolling");
    expect(sent).toEqual([
      { gesture: "edit", edit: { edit: "insertEntry", path: "/jobs/0/strategy/runOnce", index: 2, key: "on", value: { failure: { steps: [] } } } },
      { gesture: "edit", edit: { edit: "insertEntry", path: "/jobs/0/strategy/runOnce", index: 2, key: "routeTraffic", value: { steps: [] } } },
      set(["strategy", "runOnce", "preDeploy"], null),
      { gesture: "edit", edit: { edit: "renameKey", path: "/jobs/0/strategy/runOnce", to: "rolling" } },
    ]);
    show(deployment({ strategy: { rolling: { maxParallel: "25%", deploy: { steps: [] } } } }));
    const most = await field("Machines at once");
    await userEvent.clear(most);
    await userEvent.type(most, "50%{Enter}");
    await userEvent.selectOptions(await field("How it is deployed"), "canary");
    expect(sent.slice(4)).toEqual([
      set(["strategy", "rolling", "maxParallel"], "50%"),
      { gesture: "edit", edit: { edit: "all", edits: [{ edit: "remove", path: "/jobs/0/strategy/rolling/maxParallel" }, { edit: "renameKey", path: "/jobs/0/strategy/rolling", to: "canary" }, { edit: "insertEntry", path: "/jobs/0/strategy/canary", index: 0, key: "increments", value: [10, 20] }] } },
    ]);
  });

  it("becomes a job again", async () => {
    const { sent } = await showInspector(deployment({ strategy: { runOnce: { deploy: { steps: [] } } } }), [JOB]);
    await open("Make it a job");
    await userEvent.click(await screen.findByRole("button", { name: "Convert to a job" }));
    expect(sent).toEqual([{ gesture: "convert", node: JOB, to: "job", environment: null }]);
  });
});

describe("the form of a stage", () => {
  const stages: Root = { stages: [{ stage: "Build", jobs: [] }, { stage: "Test", jobs: [] }, { stage: "Deploy", trigger: "manual", templateContext: { a: 1 }, jobs: [] }] };

  it("says what it waits for in three ways", async () => {
    const { sent, show, container } = await showInspector(stages, ["/stages/2"]);
    const ways = await screen.findByRole("radiogroup", { name: "Waits for" });
    expect(within(ways).getByRole("radio", { name: "The one before" })).toBeChecked();
    await userEvent.click(within(ways).getByRole("radio", { name: "Nothing" }));
    await userEvent.click(within(ways).getByRole("radio", { name: "These" }));
    expect(sent, "what it waits for unsaid is said first").toEqual([set(["dependsOn"], [], "/stages/2"), set(["dependsOn"], "Test", "/stages/2")]);
    show({ stages: [{ stage: "Build" }, { stage: "Test" }, { stage: "Deploy", dependsOn: ["Build", "Gone"] }] });
    expect(await screen.findByText("There is no stage Gone beside this one.")).toBeVisible();
    await userEvent.click(within(await screen.findByRole("list", { name: "What it waits for" })).getByRole("checkbox", { name: "Test" }));
    expect(sent[2]).toEqual({ gesture: "connect", from: "/stages/1", to: "/stages/2" });
    expect(await axeProblems(container)).toEqual([]);
  });

  it("can be started by hand, and shows its template context as text", async () => {
    const { sent, field, went } = await showInspector(stages, ["/stages/2"]);
    expect(await field("Start")).toHaveValue("manual");
    await userEvent.selectOptions(await field("Start"), "");
    expect(sent).toEqual([set(["trigger"], null, "/stages/2")]);
    await userEvent.click(screen.getByRole("button", { name: /Show templateContext/ }));
    expect(went).toHaveLength(1);
  });
});

describe("a condition", () => {
  const stage = (condition: Json): Root => ({ stages: [{ stage: "Build", jobs: [] }, { stage: "Deploy", condition, jobs: [] }] });
  const at = "/stages/1";

  it("is a sentence, and its text stays in sight", async () => {
    const { sent, field } = await showInspector(stage("always()"), [at]);
    expect(await field("Runs")).toHaveValue("always");
    expect(await field("Condition")).toHaveValue("always()");
    await userEvent.selectOptions(await field("Runs"), "Only on a branch");
    await userEvent.selectOptions(await field("Runs"), "When everything before succeeded");
    await userEvent.selectOptions(await field("Runs"), "When … failed");
    await userEvent.click(await field("What failed"));
    await userEvent.click(await screen.findByRole("option", { name: "Build" }));
    expect(sent).toEqual([set(["condition"], "and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))", at), set(["condition"], null, at), set(["condition"], "failed('Build')", at)]);
  });

  it("is groups of comparisons where it can be, and each change prints the rest as it was", async () => {
    const { sent, field, container } = await showInspector(stage("and(succeeded(),or(eq(variables.a,'x'),contains(variables['b'],'y')))"), [at]);
    expect(await field("How the parts of the condition count")).toHaveValue("and");
    await userEvent.selectOptions(await field("Comparison of part 2.1"), "ne");
    const right = await field("Right side of part 2.2");
    await userEvent.clear(right);
    await userEvent.type(right, "z z{Enter}");
    await userEvent.selectOptions(await field("State of part 1"), "always");
    await userEvent.click(screen.getByRole("button", { name: "Remove part 2.1" }));
    await userEvent.click(screen.getByRole("button", { name: "Add a comparison to part 2" }));
    const start = "and(succeeded(),or(";
    expect(sent.map((gesture) => (gesture.gesture === "set" ? gesture.value : gesture))).toEqual([
      `${start}ne(variables.a,'x'),contains(variables['b'],'y')))`,
      `${start}eq(variables.a,'x'),contains(variables['b'],'z z')))`,
      "and(always(),or(eq(variables.a,'x'),contains(variables['b'],'y')))",
      "and(succeeded(),contains(variables['b'],'y'))",
      `${start}eq(variables.a,'x'),contains(variables['b'],'y'),eq(variables['Build.SourceBranch'],'refs/heads/main')))`,
    ]);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("that has no rows is text only, and is not altered", async () => {
    const text = "and(succeeded(),   eq(variables.a, 'x'))";
    const { sent, field } = await showInspector(stage(text), [at]);
    expect(await field("Condition")).toHaveValue(text);
    expect(screen.queryByLabelText("How the parts of the condition count")).toBeNull();
    expect(screen.getByText(/kept as it is written/)).toBeVisible();
    await userEvent.click(await field("Condition"));
    await userEvent.tab();
    expect(sent).toEqual([]);
  });
});
