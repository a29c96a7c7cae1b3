import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { ClusterPlace } from "#ui/components";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { ClusterScreen } from "./ClusterScreen";

const HERE: ClusterPlace = { context: "kind-tidewater", namespace: "tidewater" };
const show = (place: ClusterPlace = HERE, fake: string | FakeHost = "ready") => renderScreen(<ClusterScreen projectId="p-tidewater" place={place} />, fake);
const sent = (host: FakeHost, name: string) => host.calls.findLast((made) => made.name === name)?.request;
const grid = (name: string) => screen.findByRole("grid", { name: `${name} list` });

beforeEach(() => window.localStorage.clear());

describe("the choice of a cluster", () => {
  it("is asked for: kubectl's current context is never taken", async () => {
    const { container, host } = show({});
    const contexts = await screen.findByRole("list", { name: "Contexts" });
    expect(within(contexts).getByRole("link", { name: /aks-tidewater-weu/ }), "told, not taken").toHaveTextContent("kubectl's current");
    expect(host.calls.map(({ name }) => name), "no cluster was asked anything").not.toContain("kube_overview");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("is remembered", async () => {
    window.localStorage.setItem("slipway.cluster", "kind-tidewater\ntidewater");
    show({});
    expect(await grid("Pod")).toBeVisible();
    expect(screen.getByLabelText("Context")).toHaveValue("kind-tidewater");
  });

  it("says what to do where there is none", async () => {
    show({}, "empty");
    expect(await screen.findByText("No cluster is known on this machine")).toBeVisible();
  });

  it("says so when a link names a context that is gone, and when a cluster does not answer", async () => {
    const { unmount } = show({ context: "gone" });
    expect(await screen.findByText(/There is no context gone/)).toBeVisible();
    unmount();
    show(HERE, "partial");
    expect(await screen.findByText(/does not answer: connection refused/)).toBeVisible();
  });
});

describe("a list", () => {
  it("shows the pods with state, usage and the way back to the environment", async () => {
    const { container } = show();
    const list = await grid("Pod");
    const row = await within(list).findByRole("row", { name: /tidewater-worker-7d9f8c6b5-hz4lm/ });
    expect(row).toHaveTextContent("CrashLoopBackOff");
    expect(within(row).getByText("Bad"), "the state is said, not only coloured").toBeInTheDocument();
    await waitFor(() => expect(row).toHaveTextContent("211 m"));
    expect(screen.getByText("8 pods")).toBeVisible();
    expect(screen.getByRole("link", { name: "Environment staging" })).toHaveAttribute("href", "#/environments?environment=staging");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("asks for a window of fifty thousand rows, never for all", async () => {
    const { host } = show({ context: "crowd", namespace: "*" });
    expect(await screen.findByText("50,000 pods")).toBeVisible();
    const asked = host.calls.filter(({ name }) => name === "kube_rows").map(({ request }) => (request as { limit: number }).limit);
    expect(Math.max(...asked)).toBeLessThanOrEqual(400);
    expect(screen.getAllByRole("row").length, "only those in sight are drawn").toBeLessThan(80);
    expect(await grid("Pod")).toHaveAttribute("aria-rowcount", "50001");
  });

  it("filters while one types, sorts by its heads, and watches until it is left", async () => {
    const { host, unmount } = show();
    const list = await grid("Pod");
    await within(list).findByRole("row", { name: /tide-cache-0/ });
    fireEvent.keyDown(list, { key: "/" });
    expect(screen.getByLabelText("Filter pods")).toHaveFocus();
    await userEvent.keyboard("cache");
    expect(await screen.findByText("2 of 8 pods")).toBeVisible();
    await userEvent.click(within(list).getByRole("button", { name: "Restarts" }));
    await waitFor(() => expect(sent(host, "kube_rows")).toMatchObject({ filter: "cache", sort: { column: "Restarts", isDescending: false } }));
    unmount();
    await waitFor(() => expect(host.calls.map(({ name }) => name)).toContain("kube_watch_stop"));
  });

  it("is walked by arrows and opened by Enter", async () => {
    show();
    const list = await grid("Pod");
    await within(list).findByRole("row", { name: /tide-cache-0/ });
    fireEvent.keyDown(list, { key: "ArrowDown" });
    fireEvent.keyDown(list, { key: "ArrowDown" });
    expect(list.getAttribute("aria-activedescendant")).toMatch(/-1$/);
    fireEvent.keyDown(list, { key: "Enter" });
    await waitFor(() => expect(window.location.hash).toContain("object=tidewater-api-5f6c8d9b7-w8rtn"));
  });

  it("asks again when its watch has changed, and only then", async () => {
    const { host } = show();
    await screen.findByText("8 pods");
    const count = (): number => host.calls.filter(({ name }) => name === "kube_rows").length;
    const before = count();
    host.emit({ type: "kubeChanged", id: "another", version: 2 });
    host.emit({ type: "kubeChanged", id: "watch-1", version: 2 });
    await waitFor(() => expect(count()).toBe(before + 1));
  });

  it("says why a kind cannot be listed", async () => {
    const listed = { state: "refused" as const, problem: "User mara cannot list pods in the namespace tidewater.", version: 1, total: 0, matching: 0, columns: [], rows: [] };
    show(HERE, new FakeHost("ready", { kube_rows: () => listed }));
    expect(await screen.findByText("User mara cannot list pods in the namespace tidewater.")).toBeVisible();
  });
});

const POD: ClusterPlace = { ...HERE, kind: "pods", object: "tidewater-worker-7d9f8c6b5-hz4lm", within: "tidewater" };
const DEPLOYMENT: ClusterPlace = { ...HERE, kind: "deployments.apps", object: "tidewater-api", within: "tidewater" };

describe("an object", () => {
  it("tells how it stands", async () => {
    const { container } = show(POD);
    const panel = await screen.findByRole("region", { name: /^Pod tidewater-worker/ });
    expect(await within(panel).findByText("containers with unready status: [worker]")).toBeVisible();
    expect(within(panel).getByRole("link", { name: "tidewater-worker-7d9f8c6b5" }), "its owner is a click away").toHaveAttribute("href", expect.stringContaining("kind=replicasets.apps"));
    expect(await axeProblems(container)).toEqual([]);
  });

  it("offers only what the rights allow", async () => {
    show(DEPLOYMENT, new FakeHost("ready", { kube_rights: () => ({ rules: [{ verbs: ["get", "list"], groups: ["*"], resources: ["*"], names: [] }], isIncomplete: false }) }));
    const panel = await screen.findByRole("region", { name: "Deployment tidewater-api" });
    expect(await within(panel).findByRole("tab", { name: "Logs" })).toBeVisible();
    for (const name of ["Scale", "Restart", "Delete"]) expect(within(panel).queryByRole("button", { name }), `${name} would be refused`).toBeNull();
    expect(within(panel).queryByRole("tab", { name: "Forward" })).toBeNull();
  });

  it("is scaled, restarted and deleted after a question that names it", async () => {
    const { host } = show(DEPLOYMENT);
    const user = userEvent.setup();
    const panel = await screen.findByRole("region", { name: "Deployment tidewater-api" });
    await user.click(await within(panel).findByRole("button", { name: "Scale" }));
    const scale = await screen.findByRole("dialog", { name: "Scale Deployment tidewater-api" });
    await user.clear(within(scale).getByLabelText("Replicas"));
    await user.type(within(scale).getByLabelText("Replicas"), "4");
    await user.click(within(scale).getByRole("button", { name: "Scale" }));
    await waitFor(() => expect(sent(host, "kube_scale")).toMatchObject({ name: "tidewater-api", replicas: 4 }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click(within(panel).getByRole("button", { name: "Delete" }));
    const remove = await screen.findByRole("dialog", { name: "Delete Deployment tidewater-api?" });
    expect(await axeProblems(remove)).toEqual([]);
    await user.click(within(remove).getByRole("button", { name: "Delete Deployment" }));
    await waitFor(() => expect(sent(host, "kube_delete")).toMatchObject({ plural: "deployments", name: "tidewater-api", isForced: false }));
  });

  it("joins the logs of its pods and narrows them", async () => {
    const { host } = show({ ...DEPLOYMENT, tab: "logs" });
    expect(await screen.findByText(/240 lines, 2 pods/)).toBeVisible();
    expect(sent(host, "kube_log_start")).toMatchObject({ pods: [], selector: "app=tidewater-api", isFollowing: true });
    await userEvent.type(screen.getByLabelText("Search the log"), "ERROR");
    expect(await screen.findByText(/^8 lines/)).toBeVisible();
    expect(sent(host, "kube_log_page")).toMatchObject({ search: "ERROR" });
  });

  it("forwards a port that the object names", async () => {
    const { host } = show({ ...POD, tab: "forward" });
    await userEvent.click(await screen.findByRole("button", { name: "Forward" }));
    await waitFor(() => expect(sent(host, "kube_forward_start")).toMatchObject({ target: { kind: "pod", name: POD.object }, port: 8080, localPort: null }));
    expect((await screen.findAllByText("127.0.0.1:41000", { exact: false }))[0]).toBeVisible();
  });

  it("is asked for again by the tab that shows its YAML, masked", async () => {
    show({ ...HERE, kind: "secrets", object: "tidewater-keys", within: "tidewater", tab: "yaml" });
    expect(await screen.findByRole("textbox", { name: "YAML of tidewater-keys" })).toHaveTextContent('signing-key: "***"');
  });
});

describe("an edit", () => {
  it("is compared by the server before it is applied, and refused words are shown", async () => {
    const { host } = show({ ...DEPLOYMENT, tab: "yaml" });
    const user = userEvent.setup();
    const text = await screen.findByRole("textbox", { name: "YAML of tidewater-api" });
    await user.click(text);
    await user.keyboard("{Control>}{End}{/Control}# seen");
    await user.click(await screen.findByRole("button", { name: "Compare and apply…" }));
    const dialog = await screen.findByRole("dialog", { name: "Change tidewater-api?" });
    expect(await within(dialog).findByRole("list", { name: "Fields of tidewater-api" })).toHaveTextContent("debug");
    expect(sent(host, "kube_object_apply"), "nothing is applied by looking").toBeUndefined();
    await user.click(within(dialog).getByRole("button", { name: "Apply" }));
    await waitFor(() => expect(sent(host, "kube_object_apply")).toMatchObject({ name: "tidewater-api", resourceVersion: "81422" }));
  });

  it("is not offered to whoever may not", async () => {
    show({ ...DEPLOYMENT, tab: "yaml" }, new FakeHost("ready", { kube_rights: () => ({ rules: [{ verbs: ["get", "list"], groups: ["*"], resources: ["*"], names: [] }], isIncomplete: false }) }));
    expect(await screen.findByText("Your rights let you read it")).toBeVisible();
    expect(screen.getByRole("textbox", { name: "YAML of tidewater-api" })).toHaveAttribute("contenteditable", "false");
  });
});

describe("the views of a namespace", () => {
  it("tell events along a line of time", async () => {
    const { container } = show({ ...HERE, kind: "~events" });
    expect(await screen.findByText("BackOff")).toBeVisible();
    expect(screen.getByText("61 times")).toBeVisible();
    await userEvent.click(screen.getByRole("radio", { name: "Warnings" }));
    await waitFor(() => expect(screen.queryByText("Completed")).toBeNull());
    expect(await axeProblems(container)).toEqual([]);
  });

  it("tell usage, or why there is none", async () => {
    const { unmount } = show({ ...HERE, kind: "~usage" });
    expect(await screen.findByRole("list", { name: "Pods" })).toHaveTextContent("211 m");
    unmount();
    show({ ...HERE, kind: "~usage" }, new FakeHost("ready", { kube_usage: () => ({ isServed: false, pods: [], nodes: [] }) }));
    expect(await screen.findByText("This cluster measures no usage")).toBeVisible();
  });
});
