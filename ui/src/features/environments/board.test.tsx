import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { moved, placeAt, shownOrder } from "./board/order";
import { healthOf } from "./board/standing";
import { DeploymentScreen } from "./DeploymentScreen";
import { EnvironmentsScreen } from "./EnvironmentsScreen";
import { groupsOf, isIdle, summaryOf } from "./plan/groups";
import { rollbackTo } from "./rollback";

const show = (fake: string | FakeHost = "ready") => renderScreen(<EnvironmentsScreen projectId="p-tidewater" />, fake);
const column = (name: string) => screen.findByRole("region", { name: `Environment ${name}` });
const sent = (host: FakeHost, name: string) => host.calls.find((made) => made.name === name)?.request;

describe("the promotion board", () => {
  it("shows the environments in their order, what is behind, drifted and held", async () => {
    const { container } = show();
    const staging = await column("staging");
    expect(screen.getAllByRole("region", { name: /^Environment / }).map((one) => one.getAttribute("aria-label"))).toEqual(["Environment dev", "Environment staging", "Environment production"]);
    expect(within(staging).getByText("2 commits behind dev")).toBeVisible();
    expect(within(staging).getByText("1 object changed")).toBeVisible();
    expect(within(await column("production")).getByText("Automatic deployments are held")).toBeVisible();
    expect(within(staging).getByText("Pin the base image by digest"), "the commit with its message").toBeVisible();
    expect(within(staging).getByRole("link", { name: /kind-tidewater/ }), "its objects are one click away").toHaveAttribute("href", "#/cluster?context=kind-tidewater&namespace=tidewater");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("shows a deployment under way with its phase and log, and cancels it", async () => {
    const { host } = show("running");
    const going = await screen.findByRole("region", { name: "Deployment under way to staging" });
    expect(within(going).getByText("Roll out").closest("li")).toHaveAttribute("aria-current", "step");
    expect(await within(going).findByText("Deployment tidewater-api: 1 of 3 pods are new")).toBeVisible();
    await userEvent.click(within(going).getByRole("button", { name: "Cancel the deployment to staging" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Deployment under way to staging" })).toBeNull());
    expect(sent(host, "deployment_cancel")).toEqual({ deploymentId: "dep-9" });
  });

  it("promotes after the diff, exactly the plan that was looked at", async () => {
    const { host } = show();
    const user = userEvent.setup();
    await user.click(within(await column("dev")).getByRole("button", { name: /^Promote to staging/ }));
    const dialog = await screen.findByRole("dialog", { name: "Promote dev to staging" });
    const change = await within(dialog).findByRole("region", { name: "Change: 2 objects" });
    expect(within(dialog).getByText("2 to change · 1 to create · 2 unchanged")).toBeVisible();
    expect(within(change).getByText("spec.replicas", { normalizer: (text) => text.replaceAll(/\s/g, "") })).toBeVisible();
    expect(within(change).getByText("horizontal-pod-autoscaler"), "the owner of a field is named").toBeVisible();
    expect(within(change).getAllByText(/•••/).length, "secrets are masked").toBeGreaterThan(1);
    expect(within(dialog).getByRole("region", { name: "Parameters that differ" })).toHaveTextContent("LOG_LEVELinfowarning");
    expect(await axeProblems(dialog)).toEqual([]);
    await user.click(within(dialog).getByRole("checkbox", { name: "Delete 1 no longer wanted" }));
    expect(within(dialog).getByText(/1 to delete · 2 to change/)).toBeVisible();
    await user.click(within(dialog).getByRole("button", { name: "Deploy to staging" }));
    expect(await screen.findByRole("region", { name: "Deployment under way to staging" })).toBeVisible();
    expect(sent(host, "deployment_start")).toEqual({ projectId: "p-tidewater", environment: "staging", source: { from: "deployment", deploymentId: "dep-3" }, reason: "promote", hash: "plan-1", isPruning: true, hasRollback: true, strategy: null });
  });

  it("says in words what stands in the way of a plan, and deploys nothing", async () => {
    show("blocked");
    await userEvent.click(within(await column("dev")).getByRole("button", { name: /^Promote to staging/ }));
    const dialog = await screen.findByRole("dialog", { name: "Promote dev to staging" });
    expect(await within(dialog).findByText("This cannot be deployed as it is")).toBeVisible();
    expect(within(dialog).getByText(/quantities must match/)).toHaveTextContent("Write 1Gi in deploy/cache.yml, line 31.");
    expect(within(dialog).getByRole("region", { name: "Conflicts: 1 object" })).toHaveTextContent("owned by kubectl-edit");
    expect(within(dialog).getByRole("button", { name: "Deploy to staging" })).toBeDisabled();
  });

  it("shows the drift and offers to put it back", async () => {
    const { host } = show();
    const user = userEvent.setup();
    await user.click(within(await column("staging")).getByRole("button", { name: /Show/ }));
    const dialog = await screen.findByRole("dialog", { name: "Drift in staging" });
    expect(within(dialog).getByText("kubectl-scale"), "who changed it").toBeVisible();
    await user.click(within(dialog).getByRole("button", { name: "Look again" }));
    await waitFor(() => expect(sent(host, "drift_check")).toEqual({ projectId: "p-tidewater", environment: "staging" }));
    await user.click(within(dialog).getByRole("button", { name: "Put it back…" }));
    expect(await screen.findByRole("dialog", { name: "Put staging back as it was deployed" })).toBeVisible();
  });

  it("releases a hold", async () => {
    show();
    await userEvent.click(within(await column("production")).getByRole("button", { name: "Release the hold of production" }));
    await waitFor(() => expect(screen.queryByText("Automatic deployments are held")).toBeNull());
  });

  it("moves a column by key and says where it is", async () => {
    const { host } = show();
    fireEvent.keyDown(within(await column("staging")).getByRole("button", { name: /^Move staging/ }), { key: "ArrowLeft" });
    expect(await screen.findByText("staging is now 1 of 3")).toBeInTheDocument();
    expect(sent(host, "environment_order")).toEqual({ projectId: "p-tidewater", names: ["staging", "dev", "production"] });
    await waitFor(() => expect(screen.getAllByRole("region", { name: /^Environment / })[0]).toHaveAccessibleName("Environment staging"));
  });

  it("asks for an image and manifests before it plans a deployment by hand", async () => {
    const { host } = show();
    const user = userEvent.setup();
    await user.click(within(await column("dev")).getByRole("button", { name: "More for dev" }));
    await user.click(await screen.findByRole("menuitem", { name: "Deploy an image…" }));
    const dialog = await screen.findByRole("dialog", { name: "Deploy to dev" });
    await waitFor(() => expect(within(dialog).getByLabelText("Image")).not.toHaveValue(""));
    await user.click(within(dialog).getByRole("button", { name: "Show what would change" }));
    expect(await screen.findByRole("button", { name: "Deploy to dev" })).toBeVisible();
    expect(sent(host, "deployment_plan")).toMatchObject({ environment: "dev", source: { from: "image", manifests: ["manifests"] } });
  });

  it("says what to do next to somebody who has no cluster yet", async () => {
    const board = await new FakeHost("ready").send("promotion_board", { projectId: "p-tidewater" });
    const [first] = board.columns;
    if (first === undefined) throw new Error("the fixtures have a column");
    show(new FakeHost("ready", { promotion_board: () => ({ columns: [{ ...first, promoteTo: null, environment: { ...first.environment, current: null, pods: [] } }] }) }));
    expect(await screen.findByText("Nothing runs here yet")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Add a Kubernetes environment" }));
    const dialog = await screen.findByRole("dialog", { name: "New environment" });
    expect(within(dialog).getByLabelText("Context")).toBeVisible();
  });
});

describe("a deployment that was replaced", () => {
  it("can be rolled back to, after the diff", async () => {
    const found = await new FakeHost("ready").send("deployment_get", { deploymentId: "dep-2" });
    const { host } = renderScreen(<DeploymentScreen projectId="p-tidewater" deploymentId="dep-2" />, new FakeHost("ready", { deployment_get: () => ({ ...found, isCurrent: false }) }));
    await userEvent.click(await screen.findByRole("button", { name: "Roll back to this…" }));
    const dialog = await screen.findByRole("dialog", { name: "Roll back staging" });
    await waitFor(() => expect(within(dialog).getByRole("button", { name: "Roll back staging" })).toBeEnabled());
    await userEvent.click(within(dialog).getByRole("button", { name: "Roll back staging" }));
    await waitFor(() => expect(sent(host, "deployment_start")).toMatchObject({ reason: "rollback", source: { from: "deployment", deploymentId: "dep-2" } }));
  });

  it("says which signal failed and what runs instead", async () => {
    const found = await new FakeHost("ready").send("deployment_get", { deploymentId: "dep-1" });
    renderScreen(<DeploymentScreen projectId="p-tidewater" deploymentId="dep-1" />, new FakeHost("ready", { deployment_get: () => ({ ...found, issue: "Pod web-1: image pull failed, not found\nlast line\nEnvironment dev runs its last proven deployment again.", signal: "Pod web-1: image pull failed, not found\nlast line", rolledBackBy: "dep-7" }) }));
    expect(await screen.findByText("Pod web-1: image pull failed, not found")).toBeVisible();
    expect(screen.getByRole("region", { name: "Last log lines" })).toHaveTextContent(/^last line$/);
    expect(screen.getByText("Environment dev runs its last proven deployment again."), "what was done then").toBeVisible();
    expect(screen.getByRole("link", { name: "see what runs instead" })).toHaveAttribute("href", "#/deployments/dep-7");
  });
});

describe("the words of a plan", () => {
  const object = (action: "create" | "change" | "same" | "delete" | "conflict" | "refused", name = action) => ({ apiVersion: "v1", kind: "ConfigMap", name, namespace: "n", place: null, action, fields: [], problem: null, hint: null });
  it("group what stands in the way first, and leave alone what is not pruned", () => {
    const objects = [object("same"), object("create"), object("delete"), object("refused"), object("change")];
    expect(groupsOf(objects, true).map(({ action }) => action)).toEqual(["refused", "delete", "change", "create", "same"]);
    expect(groupsOf(objects, false).at(-1)?.title, "what stays is said last").toBe("No longer wanted, left alone");
    expect(summaryOf(objects, false)).toBe("1 refused · 1 to change · 1 to create · 1 unchanged");
    expect(summaryOf([], true)).toBe("Nothing to do");
    expect(isIdle([object("same"), object("delete")], false), "a delete that is not made changes nothing").toBe(true);
    expect(isIdle([object("same"), object("delete")], true)).toBe(false);
  });
});

describe("the order of columns", () => {
  it("moves a name, within the list only", () => {
    const names = ["a", "b", "c"];
    expect(moved(names, "c", 0)).toEqual(["c", "a", "b"]);
    expect(moved(names, "a", -1), "nothing moves").toBe(names);
    expect(moved(names, "z", 1)).toBe(names);
  });
  it("knows which column a pointer is over", () => {
    const columns = [0, 100, 200].map((left) => ({ left, width: 100 }));
    expect([10, 120, 170, 900].map((x) => placeAt(x, columns))).toEqual([0, 1, 2, 2]);
  });
  it("forgets a wish that is of other columns", () => {
    expect(shownOrder(["a", "b"], ["b", "a"])).toEqual(["b", "a"]);
    expect(shownOrder(["a", "b", "c"], ["b", "a"])).toEqual(["a", "b", "c"]);
  });
});

describe("where an environment stands", () => {
  it("believes telemetry first, then pods", async () => {
    const board = await new FakeHost("ready").send("promotion_board", { projectId: "p" });
    const environment = board.columns[0]?.environment;
    const current = environment?.current;
    const pod = environment?.pods[0];
    if (environment === undefined || current === null || current === undefined || pod === undefined) throw new Error("the fixtures have a deployment");
    expect(healthOf(environment).state).toBe("healthy");
    const plain = { ...environment, current: { ...current, health: null } };
    expect(healthOf({ ...plain, pods: [pod, { ...pod, isReady: false }] }).word).toBe("Partly ready");
    expect(healthOf({ ...plain, pods: [], problem: "gone" }).state, "what is not known is not called healthy").toBe("unknown");
    expect(rollbackTo(current), "nobody rolls back to what runs").toBeUndefined();
  });
});
