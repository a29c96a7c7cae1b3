import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, renderScreen } from "#ui/testing/render";
import { TasksScreen } from "./TasksScreen";

describe("the tasks", () => {
  it("are listed with where they come from, and show what they take", async () => {
    const { container } = renderScreen(<TasksScreen />);
    const table = await screen.findByRole("table", { name: "Tasks" });
    expect(within(table).getByText("cannot run here")).toBeInTheDocument();
    expect(await screen.findByText(/`version` is missing/), "a task that cannot be read is told").toBeInTheDocument();
    await userEvent.type(screen.getByRole("textbox", { name: "Search the tasks" }), "notes");
    expect(within(table).getAllByRole("row"), "the header and one task").toHaveLength(2);
    await userEvent.click(within(table).getByText("ReleaseNotes@4"));
    const dialog = await screen.findByRole("dialog", { name: "ReleaseNotes@4" });
    expect(within(dialog).getByText("outputfile")).toBeInTheDocument();
    expect(within(dialog).getByText("acme.release-notes.notes-task.ReleaseNotes")).toBeInTheDocument();
    expect(await axeProblems(container)).toEqual([]);
  });

  it("of a folder may stand in for Slipway's own", async () => {
    const { host } = renderScreen(<TasksScreen />);
    const table = await screen.findByRole("table", { name: "Tasks" });
    await userEvent.click(within(table).getByText("2.250.1"));
    await userEvent.click(await screen.findByRole("button", { name: "Use this instead of Slipway’s own" }));
    await waitFor(() => expect(host.calls.find((made) => made.name === "task_replace")?.request).toEqual({ name: "CmdLine", version: 2, replaces: true }));
  });

  it("come from folders that are added and removed", async () => {
    const { host } = renderScreen(<TasksScreen />);
    await userEvent.click(await screen.findByRole("button", { name: "Add a folder of tasks" }));
    const dialog = await screen.findByRole("dialog", { name: "Add a folder of tasks" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(await within(dialog).findByText("Write the folder’s path.")).toBeInTheDocument();
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Folder" }), "tasks");
    await userEvent.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(await within(dialog).findByText(/is not absolute/)).toBeInTheDocument();
    await userEvent.clear(within(dialog).getByRole("textbox", { name: "Folder" }));
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Folder" }), "/tasks");
    await userEvent.click(within(dialog).getByRole("button", { name: "Add" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await userEvent.click(screen.getByRole("button", { name: "Remove /home/mara/tasks" }));
    await waitFor(() => expect(host.calls.find((made) => made.name === "task_folder_remove")?.request).toEqual({ path: "/home/mara/tasks" }));
  });
});
