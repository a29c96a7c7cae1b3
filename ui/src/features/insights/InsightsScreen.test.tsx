import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { InsightsScreen } from "./InsightsScreen";

const show = (fake: string | FakeHost = "ready", problemId?: string) => renderScreen(<InsightsScreen projectId="p-tidewater" problemId={problemId} />, fake);

describe("InsightsScreen", () => {
  it("shows tiles, charts, operations, exceptions and the intake", async () => {
    const { container } = show();
    expect(await screen.findByText("Failure rate", { selector: "dt" })).toBeVisible();
    await waitFor(() => expect(screen.getAllByRole("slider"), "four charts, each with its crosshair").toHaveLength(4));
    expect(screen.getByRole("table", { name: "Requests by operation" })).toHaveTextContent("GET /tides/{harbour}");
    expect(screen.getByRole("region", { name: "Intake" })).toHaveTextContent("4,213");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("asks for the range that was picked", async () => {
    const { host } = show();
    await userEvent.click(await screen.findByRole("radio", { name: "6 h" }));
    await screen.findAllByRole("slider");
    expect(host.calls.some(({ name, request }) => name === "telemetry_get" && (request as { minutes: number }).minutes === 360), "the overview follows").toBe(true);
    expect(host.calls.some(({ name, request }) => name === "chart_get" && (request as { minutes: number }).minutes === 360), "the charts follow").toBe(true);
  });

  it("opens an exception's stack and makes a bug of it", async () => {
    const { host } = show();
    await userEvent.click(await screen.findByRole("button", { name: /^Timeout/ }));
    expect(screen.getByRole("region", { name: "Stack of Timeout" })).toHaveTextContent("src/harbours.rs:31");
    await userEvent.click(screen.getByRole("button", { name: "Create bug from Timeout" }));
    const row = screen.getByRole("button", { name: /^Timeout/ }).closest("li");
    expect(row, "the row is there").not.toBeNull();
    expect(await within(row as HTMLElement).findByRole("link", { name: /^AB#/ }), "the bug is one click away").toBeVisible();
    expect(host.calls.find(({ name }) => name === "work_item_from_exception")?.request).toEqual({ projectId: "p-tidewater", problemId: "Timeout at harbours::fetch" });
  });

  it("opens the exception that was followed, and says when it is not there", async () => {
    show("ready", "Timeout at harbours::fetch");
    expect(await screen.findByRole("region", { name: "Stack of Timeout" })).toBeVisible();
  });

  it("says where the report was written", async () => {
    show();
    await userEvent.click(await screen.findByRole("button", { name: "Write report" }));
    expect(await screen.findByText(/tidewater-dev\.html$/)).toBeVisible();
  });

  it("says what to do when nothing runs or nothing was sent", async () => {
    show("empty");
    expect(await screen.findByText("Nothing runs anywhere yet")).toBeVisible();
    expect(screen.getByRole("link", { name: "Go to Environments" })).toHaveAttribute("href", "#/environments");
  });

  it("says that an environment is silent", async () => {
    const ready = new FakeHost("ready");
    const environments = await ready.send("environment_list", { projectId: "p" });
    show(new FakeHost("empty", { environment_list: () => environments }));
    expect(await screen.findByText("dev has sent nothing yet")).toBeVisible();
  });

  it("shows a part when probes are missing", async () => {
    show("partial");
    expect(await screen.findByText("no probe")).toBeVisible();
    expect(screen.getByText("No exceptions in this span")).toBeVisible();
  });

  it.each([
    ["loading", "status", /Loading/],
    ["refused", "status", /being opened by another Slipway/],
    ["failed", "alert", /does not answer/],
  ])("when %s it says so", async (mode, role, words) => {
    const { container } = show(mode);
    const [told] = await screen.findAllByText(words);
    expect(told?.closest(`[role=${role}]`), `it is said as ${role}`).not.toBeNull();
    expect(await axeProblems(container)).toEqual([]);
  });
});
