import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { WorkItemView } from "#ui/ipc";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { BacklogScreen } from "./BacklogScreen";
import { filterItems, focusAfterKey, neighbour } from "./lanes";
import { strandsOf } from "./strands";
import { WorkItemScreen } from "./WorkItemScreen";

const show = (fake: string | FakeHost = "ready") => renderScreen(<BacklogScreen projectId="p-tidewater" />, fake);
const showItem = (id: number, fake: string | FakeHost = "ready") => renderScreen(<WorkItemScreen projectId="p-tidewater" id={id} />, fake);

/** A host whose items really move. */
async function movingHost(): Promise<FakeHost> {
  let items = await new FakeHost("ready").send("work_item_list", { projectId: "p-tidewater" });
  return new FakeHost("ready", {
    work_item_list: () => items,
    work_item_update: ({ id, state }) => {
      items = items.map((item) => (item.id === id ? { ...item, state: state ?? item.state } : item));
      return items.find((item) => item.id === id) as WorkItemView;
    },
  });
}

const states: [string, string, RegExp][] = [
  ["loading", "status", /Loading/],
  ["refused", "status", /being opened by another Slipway/],
  ["failed", "alert", /does not answer/],
];

describe("BacklogScreen", () => {
  it("shows three columns of cards", async () => {
    const { container } = show();
    expect(within(await screen.findByRole("region", { name: /^Doing/ })).getAllByRole("listitem")).toHaveLength(3);
    expect(within(screen.getByRole("region", { name: /^To Do/ })).getByRole("link", { name: /TideTableMissing/ })).toHaveAttribute("href", "#/backlog/44");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("moves a card by keyboard, keeps the focus on it and says so", async () => {
    const host = await movingHost();
    show(host);
    const card = await screen.findByRole("link", { name: /TideTableMissing/ });
    card.focus();
    await userEvent.keyboard("{Alt>}{ArrowRight}{/Alt}");
    await waitFor(() => expect(within(screen.getByRole("region", { name: /^Doing/ })).getByRole("link", { name: /TideTableMissing/ })).toHaveFocus());
    expect(await screen.findByText("AB#44 is now in Doing.")).toBeInTheDocument();
    expect(host.calls.find(({ name }) => name === "work_item_update")?.request, "only the state is sent").toEqual({ projectId: "p-tidewater", id: 44, title: null, description: null, state: "doing" });
  });

  it("goes from card to card with arrows", async () => {
    show();
    (await screen.findByRole("link", { name: /TideTableMissing/ })).focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(screen.getByRole("link", { name: "Answer HEAD on /tides" })).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}");
    expect(screen.getByRole("link", { name: "Cache the harbour list" })).toHaveFocus();
  });

  it("filters by words and type", async () => {
    show();
    await screen.findByRole("region", { name: /^Doing/ });
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Type" }), "bug");
    expect(screen.getAllByRole("link"), "one bug").toHaveLength(1);
    await userEvent.type(screen.getByRole("searchbox", { name: "Filter work items" }), "no such thing");
    expect(screen.getByText("No work item matches")).toBeVisible();
  });

  it("makes an item", async () => {
    const { host } = show();
    await userEvent.click(await screen.findByRole("button", { name: "New item" }));
    const dialog = await screen.findByRole("dialog", { name: "New work item" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Create" }));
    expect(within(dialog).getByText("Give it a title.")).toBeVisible();
    await userEvent.type(within(dialog).getByLabelText("Title"), "Warn before low tide");
    await userEvent.click(within(dialog).getByRole("button", { name: "Create" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(host.calls.find(({ name }) => name === "work_item_create")?.request).toEqual({ projectId: "p-tidewater", itemType: "task", title: "Warn before low tide", description: "" });
  });

  it("says what to do when it is empty", async () => {
    show("empty");
    expect(await screen.findByText("The backlog is empty")).toBeVisible();
  });

  it.each(states)("when %s it says so", async (mode, role, words) => {
    const { container } = show(mode);
    const [told] = await screen.findAllByText(words);
    expect(told?.closest(`[role=${role}]`), `it is said as ${role}`).not.toBeNull();
    expect(await axeProblems(container)).toEqual([]);
  });
});

describe("WorkItemScreen", () => {
  it("shows the thread from commit to health", async () => {
    const { container } = showItem(42);
    const table = await screen.findByRole("table", { name: /From each commit/ });
    const [, strand] = within(table).getAllByRole("row");
    expect(strand).toHaveTextContent(/20261122\.7.*Succeeded.*dev.*Proven.*Healthy/);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("sends only what was changed", async () => {
    const { host } = showItem(42);
    const title = await screen.findByLabelText("Title");
    expect(screen.getByRole("button", { name: "Save" }), "nothing to save yet").toBeDisabled();
    await userEvent.type(title, "!");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(host.calls.find(({ name }) => name === "work_item_update")?.request).toEqual({ projectId: "p-tidewater", id: 42, title: "Say when to come back while the tide table loads!", description: null, state: null }));
  });

  it("leads to the exception it was made from, and says how a thread begins", async () => {
    showItem(44);
    expect(await screen.findByRole("link", { name: "TideTableMissing" })).toHaveAttribute("href", `#/insights?problemId=${encodeURIComponent("TideTableMissing at tides::load")}`);
    expect(screen.getByText("No commit mentions it yet.")).toBeVisible();
  });

  it("says when there is no such item", async () => {
    showItem(999);
    expect(await screen.findByText(/There is no work item AB#999/)).toBeVisible();
  });

  it.each(states)("when %s it says so", async (mode, role, words) => {
    showItem(42, mode);
    const [told] = await screen.findAllByText(words);
    expect(told?.closest(`[role=${role}]`), `it is said as ${role}`).not.toBeNull();
  });
});

describe("lanes and strands", () => {
  const item = (id: number, state: WorkItemView["state"]): WorkItemView => ({ id, projectId: "p", itemType: "task", title: `Item ${id}`, description: "", state, createdAt: 0, changedAt: id, stateReason: "", threadSummary: "", problemId: null });

  it("knows neighbours and edges", () => {
    expect(neighbour("toDo", -1), "nothing left of To Do").toBeNull();
    expect(neighbour("doing", 1)).toBe("done");
  });

  it("skips an empty column with arrows", () => {
    const lanes = [[item(1, "toDo"), item(2, "toDo")], [], [item(3, "done")]];
    expect(focusAfterKey(lanes, 2, "ArrowRight"), "over the empty column to the last card there is").toBe(3);
    expect(focusAfterKey(lanes, 2, "ArrowDown"), "the column ends").toBeNull();
  });

  it("finds by number", () => {
    expect(filterItems([item(1, "toDo"), item(12, "toDo")], "AB#1", "all").map(({ id }) => id), "AB#1 is not AB#12").toEqual([1]);
  });

  it("keeps runs and deployments whose commit is not known", async () => {
    const detail = await new FakeHost("ready").send("work_item_get", { projectId: "p", id: 42 });
    expect(strandsOf({ ...detail, commits: [] }), "one strand without a commit").toMatchObject([{ commit: null, run: { number: "20261122.7" }, deployment: { environment: "dev" } }]);
  });
});
