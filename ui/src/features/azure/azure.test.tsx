import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { AksDialog } from "./AksDialog";

const show = (fake: string, onConnected?: (context: string) => void) => {
  const host = new FakeHost(fake);
  renderScreen(<AksDialog onClose={() => undefined} onConnected={onConnected} />, host);
  return host;
};
const requestOf = (host: FakeHost, name: string): unknown => host.calls.find((call) => call.name === name)?.request;

describe("AksDialog", () => {
  it("signs in with a code that is shown, and tells what a way to sign in needs", async () => {
    const host = show("empty");
    const user = userEvent.setup();
    const dialog = await screen.findByRole("dialog");
    await user.selectOptions(await within(dialog).findByLabelText("Sign in"), "device");
    await user.click(within(dialog).getByRole("button", { name: "Sign in" }));
    expect(within(dialog).getAllByText("This is needed."), "tenant and application").toHaveLength(2);
    expect(requestOf(host, "azure_sign_in"), "nothing is sent yet").toBeUndefined();
    await user.type(within(dialog).getByLabelText("Tenant"), "contoso.onmicrosoft.com");
    await user.type(within(dialog).getByLabelText("Application"), "aaaa-bbbb");
    expect(await axeProblems(dialog)).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Sign in" }));
    expect(await within(dialog).findByText("TIDE4271")).toBeVisible();
    expect(await axeProblems(dialog)).toEqual([]);
    expect(await within(dialog).findByText(/Signed in to Azure with a device code/, undefined, { timeout: 5_000 })).toBeVisible();
  });

  it("lists clusters with what stands in the way, connects one, and says when one cannot be reached", async () => {
    const onConnected = vi.fn<(context: string) => void>();
    show("ready", onConnected);
    const user = userEvent.setup();
    const dialog = await screen.findByRole("dialog");
    await user.click(await within(dialog).findByRole("button", { name: "aks-inland" }));
    expect(within(dialog).getByText(/answers only inside of its own network/)).toBeVisible();
    expect(within(dialog).getByRole("table", { name: "Node pools of aks-inland" })).toBeVisible();
    expect(within(dialog).getByText(/A role on that resource is missing/), "one that is closed hides no other").toBeVisible();
    await user.type(within(dialog).getByLabelText("May it pull from"), "elsewhere.azurecr.io");
    await user.click(within(dialog).getByRole("button", { name: "Ask" }));
    expect(await within(dialog).findByText(/--role AcrPull/)).toBeVisible();
    expect(await axeProblems(dialog)).toEqual([]);
    const [first, , asleep] = within(dialog).getAllByRole("button", { name: "Connect" });
    await user.click(asleep as HTMLElement);
    expect(await within(dialog).findByText(/'aks-asleep' is stopped/)).toBeVisible();
    await user.click(first as HTMLElement);
    expect(await within(dialog).findByText("aks:aks-tidewater-weu")).toBeVisible();
    expect(onConnected).toHaveBeenCalledWith("aks:aks-tidewater-weu");
  });
});
