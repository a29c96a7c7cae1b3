import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { EnvironmentsScreen } from "./EnvironmentsScreen";
import { choiceOf, percentageOf, ROLLING, STRATEGY_WORDS } from "./strategy";

const show = (fake: string | FakeHost) => renderScreen(<EnvironmentsScreen projectId="p-tidewater" />, fake);
const sent = (host: FakeHost, name: string) => host.calls.findLast((made) => made.name === name)?.request;
const waiting = () => screen.findByRole("region", { name: "Canary of 20 % waits in production" });

describe("what waits beside what runs", () => {
  it("stands on the board with its verdict, and is promoted", async () => {
    const { container, host } = show("canary");
    const canary = await waiting();
    expect(within(canary).getByText(/411 of 412 requests succeeded/)).toBeVisible();
    expect(await axeProblems(container)).toEqual([]);
    await userEvent.click(within(canary).getByRole("button", { name: "Promote the canary of 20 % in production" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: /waits in production/ })).toBeNull());
    expect(sent(host, "strategy_finish")).toEqual({ deploymentId: "dep-7", action: "promote", isForced: false });
  });

  it("is promoted against its verdict only after a yes", async () => {
    const { host } = show("sick-canary");
    await userEvent.click(within(await waiting()).getByRole("button", { name: /^Promote/ }));
    const dialog = await screen.findByRole("dialog", { name: "Promote against the verdict?" });
    expect(dialog).toHaveTextContent("96 of 412");
    expect(sent(host, "strategy_finish"), "nothing is sent before").toBeUndefined();
    await userEvent.click(within(dialog).getByRole("button", { name: "Promote anyway" }));
    await waitFor(() => expect(sent(host, "strategy_finish")).toEqual({ deploymentId: "dep-7", action: "promote", isForced: true }));
  });

  it("is rejected at once", async () => {
    const { host } = show("sick-canary");
    await userEvent.click(within(await waiting()).getByRole("button", { name: /^Reject/ }));
    await waitFor(() => expect(sent(host, "strategy_finish")).toEqual({ deploymentId: "dep-7", action: "reject", isForced: false }));
  });
});

describe("the choice of a strategy", () => {
  it("is made before the plan, which is of that strategy", async () => {
    const { host } = show("ready");
    const user = userEvent.setup();
    const dev = await screen.findByRole("region", { name: "Environment dev" });
    await user.click(within(dev).getByRole("button", { name: /^Promote to staging/ }));
    const dialog = await screen.findByRole("dialog", { name: "Promote dev to staging" });
    await user.selectOptions(await within(dialog).findByLabelText("Strategy"), STRATEGY_WORDS.canary);
    const share = within(dialog).getByLabelText("Share of the pods in percent");
    await user.clear(share);
    expect(within(dialog).getByText("A number from 1 to 100.")).toBeVisible();
    expect(within(dialog).getByRole("button", { name: "Deploy to staging" })).toBeDisabled();
    await user.type(share, "30");
    await user.click(within(dialog).getByRole("checkbox", { name: /^Let the verdict decide/ }));
    const strategy = { kind: "canary", percentage: 30, isAutomatic: true };
    await waitFor(() => expect(sent(host, "deployment_plan")).toMatchObject({ strategy }));
    expect(await axeProblems(dialog)).toEqual([]);
    await waitFor(() => expect(within(dialog).getByRole("button", { name: "Deploy to staging" })).toBeEnabled());
    await user.click(within(dialog).getByRole("button", { name: "Deploy to staging" }));
    await waitFor(() => expect(sent(host, "deployment_start")).toMatchObject({ strategy }));
  });

  it("is none for rolling, and none yet for a share that is no share", () => {
    expect(choiceOf(ROLLING)).toBeNull();
    expect(choiceOf({ ...ROLLING, word: "blueGreen" })).toEqual({ kind: "blueGreen", percentage: null, isAutomatic: false });
    for (const percentage of ["0", "101", "", "1e1", "-5", "2.5"]) {
      expect(choiceOf({ ...ROLLING, word: "canary", percentage }), `${percentage} is no percentage`).toBeUndefined();
    }
    expect(percentageOf({ ...ROLLING, percentage: " 7 " })).toBe(7);
  });
});
