import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { PipelineScreen } from "./PipelineScreen";

async function open(fake: string | FakeHost = "ready"): Promise<{ host: FakeHost; dialog: HTMLElement }> {
  const { host } = renderScreen(<PipelineScreen projectId="p" />, fake);
  await userEvent.click(await screen.findByRole("button", { name: "Pools" }));
  return { host, dialog: await screen.findByRole("dialog", { name: "Pools" }) };
}

const sent = (host: FakeHost, name: string): unknown[] => host.calls.filter((call) => call.name === name).map((call) => call.request);

describe("PoolsDialog", () => {
  it("shows who asks for which pool, and what is refused", async () => {
    const { dialog } = await open();
    const asked = await within(dialog).findByRole("form", { name: "ubuntu-latest" });
    expect(asked, "the jobs are named").toHaveTextContent("2 jobs: Build, Deploy to dev");
    const refused = within(dialog).getByRole("form", { name: "macOS-14" });
    expect(refused, "what does not run is said").toHaveTextContent("This is no macOS machine");
    expect(await axeProblems(dialog)).toEqual([]);
  });

  it("runs a pool in an image", async () => {
    const { host, dialog } = await open();
    const row = await within(dialog).findByRole("form", { name: "ubuntu-latest" });
    expect(within(row).getByRole("button", { name: "Save" }), "nothing has changed yet").toBeDisabled();
    await userEvent.click(within(row).getByRole("radio", { name: "An image" }));
    await userEvent.type(within(row).getByLabelText("Image for ubuntu-latest"), "debian:13");
    await userEvent.click(within(row).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent(host, "pool_mapping_set")).toEqual([{ label: "ubuntu-latest", image: "debian:13" }]));
  });

  it("lets a foreign pool run here with one press", async () => {
    const { host, dialog } = await open();
    const row = await within(dialog).findByRole("form", { name: "macOS-14" });
    await userEvent.click(within(row).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent(host, "pool_mapping_set")).toEqual([{ label: "macOS-14", image: null }]));
  });

  it("adds and forgets a pool", async () => {
    const { host, dialog } = await open();
    await userEvent.type(await within(dialog).findByLabelText("Label"), "my-agents");
    await userEvent.click(within(dialog).getByRole("button", { name: "Add" }));
    await waitFor(() => expect(sent(host, "pool_mapping_set")).toEqual([{ label: "my-agents", image: null }]));
    await userEvent.click(await within(dialog).findByRole("button", { name: "Forget the choice for my-agents" }));
    await waitFor(() => expect(sent(host, "pool_mapping_remove")).toEqual([{ label: "my-agents" }]));
  });

  it.each([["failed", /does not answer/], ["empty", /asks for no pool/]] as const)("when %s it says so", async (mode, words) => {
    const { dialog } = await open(mode);
    expect(await within(dialog).findByText(words)).toBeVisible();
  });
});
