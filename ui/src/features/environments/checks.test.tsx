import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { Checks } from "./Checks";
import { newCheck, spanOf, summaryOf, targetsOf, targetText } from "./check-draft";

describe("checks of an environment", () => {
  it("are read in a line each", async () => {
    renderScreen(<Checks projectId="p-tidewater" environment="staging" />, new FakeHost("ready"));
    const section = await screen.findByRole("region", { name: "Approvals and checks of staging" });
    expect(await within(section).findByText("approved by 1 of Mara, Ole")).toBeInTheDocument();
    expect(within(section).getByText("Mon Tue Wed Thu Fri 09:00–17:00 Europe/Berlin")).toBeInTheDocument();
    expect(within(section).getByText("2 targets: web1, web2")).toBeInTheDocument();
  });

  it("are added, changed, removed and saved", async () => {
    const { host } = renderScreen(<Checks projectId="p-tidewater" environment="dev" />, new FakeHost("ready"));
    const change = await screen.findByRole("button", { name: "Change the checks of dev" });
    await waitFor(() => expect(change).toBeEnabled());
    await userEvent.click(change);
    const dialog = await screen.findByRole("dialog", { name: "Checks of dev" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Add approvals" }));
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Approvers" }), "Ada, Bob");
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "Whoever starts a run may approve it" }));
    await userEvent.click(within(dialog).getByRole("button", { name: "Add exclusive lock" }));
    await userEvent.click(within(dialog).getByRole("button", { name: "Add branch control" }));
    await userEvent.click(within(dialog).getByRole("button", { name: "Remove Branch control (3)" }));
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Targets" }), "web1 frontend");
    expect(await axeProblems(dialog)).toEqual([]);
    await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() => {
      const saved = host.calls.find((made) => made.name === "check_save")?.request;
      expect(saved).toMatchObject({ environment: "dev", checks: [{ type: "approval", approvers: ["Ada", "Bob"], requesterMayApprove: false }, { type: "exclusiveLock" }], targets: [{ name: "web1", tags: ["frontend"] }] });
    });
  });
});

describe("drafts", () => {
  it("keep targets as they are typed", () => {
    expect(targetText(targetsOf("web1 a, b\n\n web2"))).toBe("web1 a b\nweb2");
  });
  it("say how long a timeout is", () => {
    expect([43_200, 60, 90, 1440].map(spanOf)).toEqual(["30 days", "1 hour", "90 minutes", "1 day"]);
  });
  it.each(["approval", "exclusiveLock", "businessHours", "branchControl"] as const)("%s has a summary", (type) => expect(summaryOf(newCheck(type))).not.toBe(""));
});
