import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { problemsOf } from "./environment-draft";
import { DeploymentScreen } from "./DeploymentScreen";
import { EnvironmentsScreen } from "./EnvironmentsScreen";

const show = (fake: string | FakeHost = "ready") => renderScreen(<EnvironmentsScreen projectId="p-tidewater" environment="dev" />, fake);
const showDeployment = (id: string, fake: string | FakeHost = "ready") => renderScreen(<DeploymentScreen projectId="p-tidewater" deploymentId={id} />, fake);

const states: [string, string, RegExp][] = [
  ["loading", "status", /Loading/],
  ["refused", "status", /being opened by another Slipway/],
  ["failed", "alert", /does not answer/],
];

describe("EnvironmentsScreen", () => {
  it("shows what runs where, with its proof, pods and services", async () => {
    const { container } = show();
    const current = await screen.findByRole("region", { name: "Current deployment of dev" });
    expect(within(current).getByText("Proven")).toBeVisible();
    expect(within(screen.getByRole("region", { name: "Environment dev" })).getByText("Healthy")).toBeVisible();
    expect(screen.getByRole("region", { name: "Proof and health of dev" }), "the proof is told in a sentence").toHaveTextContent(/manifest digest in the registry equals/);
    expect(within(screen.getByRole("table", { name: "Pods of dev" })).getByText("Ready")).toBeVisible();
    expect(screen.getByRole("link", { name: "Open 127.0.0.1:18080, tidewater-api" })).toHaveAttribute("href", "http://127.0.0.1:18080/");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("opens and closes a pod's log", async () => {
    show();
    await userEvent.click(await screen.findByRole("button", { name: /^Log of tidewater-api/ }));
    expect(await screen.findByRole("region", { name: /^Log lines of tidewater-api/ })).toHaveTextContent(/GET \/tides\/cuxhaven 200 4 ms/);
    await userEvent.click(screen.getByRole("button", { name: "Close the log" }));
    expect(screen.queryByRole("region", { name: /^Log lines of/ }), "the log is gone").toBeNull();
  });

  it("makes a Kubernetes environment with variables", async () => {
    const { host } = show();
    const user = userEvent.setup();
    await screen.findByRole("region", { name: "Current deployment of dev" });
    await user.click(screen.getByRole("button", { name: "New environment" }));
    const dialog = await screen.findByRole("dialog", { name: "New environment" });
    await user.click(within(dialog).getByRole("button", { name: "Create environment" }));
    expect(within(dialog).getByText("Give the environment a name."), "what is missing is said at the field").toBeVisible();
    await user.type(within(dialog).getByLabelText("Name"), "prod");
    await user.click(within(dialog).getByRole("radio", { name: "Kubernetes" }));
    await waitFor(() => expect(within(dialog).getByRole("option", { name: "aks-tidewater-weu" })).toBeInTheDocument());
    expect(within(dialog).getByLabelText("Context"), "no context is taken by itself").toHaveValue("");
    await user.selectOptions(within(dialog).getByLabelText("Context"), "aks-tidewater-weu");
    await waitFor(() => expect(within(dialog).getByRole("option", { name: "tidewater" })).toBeInTheDocument());
    await user.selectOptions(within(dialog).getByLabelText("Namespace"), "tidewater");
    await user.click(within(dialog).getByRole("button", { name: "Add variable" }));
    await user.type(within(dialog).getByLabelText("Variable 1 name"), "LOG_LEVEL");
    await user.type(within(dialog).getByLabelText("Variable 1 value"), "info");
    expect(await axeProblems(dialog)).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Create environment" }));
    expect(host.calls.find(({ name }) => name === "environment_save")?.request).toEqual({ projectId: "p-tidewater", name: "prod", target: "kubernetes", context: "aks-tidewater-weu", namespace: "tidewater", variables: [{ name: "LOG_LEVEL", value: "info" }] });
  });

  it("shows what is known when the target does not answer", async () => {
    show("partial");
    expect((await screen.findAllByText("No container engine answers on /var/run/docker.sock."))[0]).toBeVisible();
    expect(screen.getByRole("region", { name: "Current deployment of dev" }), "the deployment is known all the same").toBeVisible();
  });

  it("says what to do when there is none", async () => {
    show("empty");
    expect(await screen.findByText("No environment yet")).toBeVisible();
    expect(screen.getAllByRole("button", { name: "New environment" }).length).toBeGreaterThan(0);
  });

  it.each(states)("when %s it says so", async (mode, role, words) => {
    const { container } = show(mode);
    const [told] = await screen.findAllByText(words);
    expect(told?.closest(`[role=${role}]`), `it is said as ${role}`).not.toBeNull();
    expect(await axeProblems(container)).toEqual([]);
  });
});

describe("DeploymentScreen", () => {
  it("shows both digests and that they are equal, and the health rule", async () => {
    const { container } = showDeployment("dep-3");
    const proof = await screen.findByRole("region", { name: "Launch proof" });
    expect(within(proof).getByText("Equal")).toBeVisible();
    expect(within(proof).getAllByText(/^sha256:$/), "pushed and running, side by side").toHaveLength(2);
    const health = screen.getByRole("region", { name: "Health since it was launched" });
    expect(health).toHaveTextContent(/limit 2 %/);
    expect(health).toHaveTextContent("2 of 1,284");
    expect(within(screen.getByRole("list", { name: "Thread of this deployment" })).getByRole("link", { name: "20261122.7" })).toHaveAttribute("href", "#/runs/run-7");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("shows unequal digests as unequal", async () => {
    const found = await new FakeHost("ready").send("deployment_get", { deploymentId: "dep-3" });
    const other = `sha256:${"ab".repeat(32)}`;
    showDeployment("dep-3", new FakeHost("ready", { deployment_get: () => ({ ...found, proof: found.proof === null ? null : { ...found.proof, runningDigest: other, isProven: false } }) }));
    expect(await screen.findByText("Not equal")).toBeVisible();
    expect(screen.getAllByText("Not proven").length, "the verdict says so too").toBeGreaterThan(0);
  });

  it("shows why a deployment failed", async () => {
    const found = await new FakeHost("ready").send("deployment_get", { deploymentId: "dep-1" });
    showDeployment("dep-1", new FakeHost("ready", { deployment_get: () => ({ ...found, issue: "The container ended with exit code 1.\nlisten tcp :8080: in use" }) }));
    expect(await screen.findByText("The container ended with exit code 1.")).toBeVisible();
    expect(screen.getByRole("region", { name: "Last log lines" })).toHaveTextContent("listen tcp :8080: in use");
  });

  it("says what is not known yet", async () => {
    showDeployment("dep-3", "partial");
    expect(await screen.findByText("Nothing to compare")).toBeVisible();
    expect(screen.getByText("Not observed")).toBeVisible();
  });

  it("says when there is no such deployment", async () => {
    showDeployment("dep-99");
    expect(await screen.findByText(/There is no deployment dep-99/)).toBeVisible();
  });

  it.each(states)("when %s it says so", async (mode, role, words) => {
    const { container } = showDeployment("dep-3", mode);
    const [told] = await screen.findAllByText(words);
    expect(told?.closest(`[role=${role}]`), `it is said as ${role}`).not.toBeNull();
    expect(await axeProblems(container)).toEqual([]);
  });
});

describe("problemsOf", () => {
  const draft = { name: "dev", target: "local" as const, context: "", namespace: "", variables: [] };
  it("finds what keeps a draft from being saved", () => {
    expect(problemsOf(draft, []), "a good one has none").toEqual({});
    expect(problemsOf(draft, ["dev"]).name, "a new one must not take a name").toMatch(/exists already/);
    expect(problemsOf({ ...draft, name: "My Env" }, []).name, "names are DNS labels").toMatch(/lower-case/);
    expect(problemsOf({ ...draft, target: "kubernetes" }, null).context, "a cluster needs a context").toBeDefined();
    expect(problemsOf({ ...draft, variables: [{ key: 1, name: "A", value: "1" }, { key: 2, name: "A", value: "2" }] }, null).variables).toBe("A is there twice.");
  });
});
