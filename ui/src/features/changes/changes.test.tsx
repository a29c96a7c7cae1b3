import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, renderScreen } from "#ui/testing/render";
import { ChangesScreen } from "./ChangesScreen";
import { mentionsIn } from "./mentions";

describe("mentionsIn", () => {
  it.each([
    ["Fix it AB#12, ab#7 and AB#12 again", [12, 7]],
    ["no mention: #12, CAB#3, AB#", []],
    ["AB#0", []],
  ])("%j", (message, ids) => expect(mentionsIn(message)).toEqual(ids));
});

describe("changes", () => {
  it("stages a file and shows it on the other side", async () => {
    renderScreen(<ChangesScreen projectId="p" />);
    await userEvent.click(await screen.findByRole("button", { name: "Stage azure-pipelines.yml" }));
    const staged = screen.getByRole("region", { name: "Staged" });
    expect(await within(staged).findByText("azure-pipelines.yml")).toBeInTheDocument();
  });

  it("shows which work items the message mentions while it is typed, and commits it", async () => {
    const { host } = renderScreen(<ChangesScreen projectId="p" />);
    const message = await screen.findByRole("textbox", { name: "Commit message" });
    await userEvent.clear(message);
    await userEvent.type(message, "Also AB#77");
    expect(screen.getByRole("link", { name: "AB#77" })).toHaveAttribute("href", "#/backlog/77");
    await userEvent.click(screen.getByRole("button", { name: "Commit 2 files" }));
    await waitFor(() => expect(host.calls.find((made) => made.name === "commit_create")?.request).toEqual({ projectId: "p", message: "Also AB#77" }));
  });

  it("says that a binary file has no lines", async () => {
    renderScreen(<ChangesScreen projectId="p" path="assets/harbour.png" />);
    expect(await screen.findByText("A binary file")).toBeInTheDocument();
  });

  it.each(["ready", "empty", "refused", "failed"])("%s passes axe", async (mode) => {
    const { container } = renderScreen(<ChangesScreen projectId="p" />, mode);
    await waitFor(() => expect(screen.queryByText("Loading")).toBeNull());
    expect(await axeProblems(container)).toEqual([]);
  });
});
