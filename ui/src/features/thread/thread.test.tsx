import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { layoutBraid, threadText } from "./braid";
import { ThreadScreen } from "./ThreadScreen";

const show = (objectKey: string, fake: string | FakeHost = "ready") => renderScreen(<ThreadScreen projectId="p-tidewater" objectKey={objectKey} />, fake);
const view = () => new FakeHost("ready").send("thread_get", { projectId: null, key: "AB#42" });

describe("ThreadScreen", () => {
  it("draws every object, with its room one click and its own thread another", async () => {
    const { container } = show("AB#42");
    const thread = await screen.findByRole("region", { name: "Thread" });
    expect(within(thread).getByRole("link", { name: "Run 20261122.7" })).toHaveAttribute("href", "#/runs/run-7");
    expect(within(thread).getByRole("link", { name: "Centre the thread on run 20261122.7" })).toHaveAttribute("href", "#/thread?key=run-7");
    const subject = within(thread).getByText("You followed this").closest("li");
    expect(subject, "the subject is marked").toHaveAttribute("aria-current", "true");
    expect(subject).toHaveTextContent("AB#42");
    expect(within(screen.getByRole("list", { name: "How they hang together" })).getAllByRole("listitem")[0], "edges are told in words").toHaveTextContent(/started Run 20261122\.7/);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("follows what is typed", async () => {
    show("");
    await userEvent.type(screen.getByRole("searchbox", { name: "Follow" }), "sha256:70 b{Enter}");
    expect(window.location.hash).toBe("#/thread?key=sha256%3A70%20b");
  });

  it("offers places to begin", async () => {
    const { container } = show("");
    expect(await screen.findByRole("link", { name: "AB#42" })).toHaveAttribute("href", "#/thread?key=AB%2342");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("copies the thread as text", async () => {
    const user = userEvent.setup();
    show("AB#42");
    await user.click(await screen.findByRole("button", { name: "Copy thread" }));
    expect(await screen.findByRole("button", { name: "Copied" })).toBeVisible();
    expect(await navigator.clipboard.readText()).toMatch(/^Commit: .*\n[\s\S]*Run: 20261122\.7 \(succeeded\)/);
  });

  it("says when there is nothing by that name, and when there is nothing at all", async () => {
    show("nothing");
    expect(await screen.findByText(/There is no object nothing/)).toBeVisible();
  });

  it("says how a thread begins", async () => {
    show("", "empty");
    expect(await screen.findByText("There is no thread yet")).toBeVisible();
  });

  it.each([
    ["loading", "status", /Loading/],
    ["refused", "status", /being opened by another Slipway/],
    ["failed", "alert", /does not answer/],
  ])("when %s it says so", async (mode, role, words) => {
    const { container } = show("AB#42", mode);
    const [told] = await screen.findAllByText(words);
    expect(told?.closest(`[role=${role}]`), `it is said as ${role}`).not.toBeNull();
    expect(await axeProblems(container)).toEqual([]);
  });
});

describe("layoutBraid", () => {
  it("keeps the loop's order from top to bottom and no card over another", async () => {
    const braid = layoutBraid(await view(), 960);
    const kinds = braid.rows.map((row) => row.kind);
    expect(kinds).toEqual(["commit", "run", "image", "environment", "deployment", "pod", "telemetry", "exception", "workItem"]);
    const overlaps = braid.rows.filter((row, index) => row.y + row.height >= (braid.rows[index + 1]?.y ?? Infinity));
    expect(overlaps.map((row) => row.kind), "every row ends above the next").toEqual([]);
  });

  it("breaks a row that is too wide, and routes long edges round the side", async () => {
    const thread = await view();
    const [commit] = thread.nodes;
    if (commit === undefined) throw new Error("BUG: the fixture has a commit");
    const many = Array.from({ length: 7 }, (_, index) => ({ ...commit, object: { kind: "commit" as const, id: `c${index}` } }));
    const braid = layoutBraid({ ...thread, nodes: [...many, ...thread.nodes], edges: thread.edges }, 960);
    const commits = braid.rows.filter((row) => row.kind === "commit");
    expect(commits.length, "eight cards do not fit beside each other").toBeGreaterThan(1);
    expect(commits.map((row) => row.isFirst), "only the first has the word").toEqual([true, ...commits.slice(1).map(() => false)]);
    for (const box of braid.rows.flatMap((row) => row.nodes)) expect(box.x + box.width, "every card is inside").toBeLessThanOrEqual(960);
    const long = braid.edges.find(({ edge }) => edge.label === "mentions");
    expect(long?.labelX, "its label is right of every card").toBeGreaterThan(Math.max(...braid.rows.flatMap((row) => row.nodes.map((box) => box.x + box.width))));
  });

  it("leaves out an edge whose end is not there", async () => {
    const thread = await view();
    const braid = layoutBraid({ ...thread, edges: [{ from: thread.subject, to: { kind: "run", id: "gone" }, label: "started" }] }, 960);
    expect(braid.edges).toEqual([]);
  });

  it("tells the thread as text", async () => {
    expect(threadText(await view())).toMatch(/20261122\.7 pushed /);
  });
});
