import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { RunsScreen } from "#ui/features/runs/RunsScreen";
import { axeProblems, renderScreen } from "#ui/testing/render";

describe("what cannot run", () => {
  it("is asked about before the run, which starts without it when the user says so", async () => {
    const { host } = renderScreen(<RunsScreen projectId="p-tidewater" />, "blocked");
    await userEvent.click(await screen.findByRole("button", { name: "Run pipeline" }));
    await userEvent.type(await screen.findByLabelText("Replicas"), "5");
    await userEvent.click(screen.getByRole("button", { name: "Run" }));
    const dialog = await screen.findByRole("dialog", { name: "Not all of it can run here" });
    expect(within(within(dialog).getByRole("list", { name: "What cannot run" })).getAllByRole("listitem")).toHaveLength(2);
    expect(within(within(dialog).getByRole("list", { name: "What may not run" })).getAllByRole("listitem")).toHaveLength(1);
    expect(within(dialog).getByText(/Map the image/), "each says what to do").toBeInTheDocument();
    expect(await axeProblems(dialog)).toEqual([]);
    await userEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Not all of it can run here" })).toBeNull());
    expect(host.calls.some((made) => made.name === "run_start"), "nothing has started").toBe(false);
    await userEvent.click(screen.getByRole("button", { name: "Run" }));
    await userEvent.click(await screen.findByRole("button", { name: "Skip these 2 and run the rest" }));
    await waitFor(() => expect(host.calls.find((made) => made.name === "run_start")?.request).toMatchObject({ projectId: "p-tidewater", skipUnsupported: true }));
  });
});
