import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it } from "vitest";
import { runView } from "#ui/ipc/fake/thread";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { LogView } from "./LogView";
import { RunScreen } from "./RunScreen";
import { RunsScreen } from "./RunsScreen";

// jsdom lays nothing out: without a height no line would be in sight.
beforeAll(() => {
  Object.defineProperties(HTMLElement.prototype, { clientHeight: { configurable: true, get: () => 400 }, clientWidth: { configurable: true, get: () => 800 }, scrollHeight: { configurable: true, get: () => 120_000 } });
  Element.prototype.scrollTo = function scrollTo(this: Element, options?: number | ScrollToOptions): void {
    this.scrollTop = (typeof options === "object" ? options.top : undefined) ?? 0;
    this.dispatchEvent(new Event("scroll"));
  } as typeof Element.prototype.scrollTo;
});

const step = (runId: string, name: string) => {
  const record = runView(runId)?.records.find((candidate) => candidate.id === `${runId}/${name}`);
  if (record === undefined) throw new Error(`fixture ${runId}/${name}`);
  return record;
};

describe("the log", () => {
  it("draws and reads only what is in sight of 5,200 lines", async () => {
    const { host, container } = renderScreen(<LogView runId="run-7" record={step("run-7", "build")} />);
    expect(await screen.findByText("5,200 lines")).toBeInTheDocument();
    await screen.findByText("Starting: run-7/build");
    expect(container.querySelectorAll("[class*=row]").length, "a long log costs no more than a short one").toBeLessThan(120);
    expect(host.calls.filter((made) => made.name === "log_get"), "one page").toHaveLength(1);
  });

  it("draws a terminal's colours", async () => {
    const { container } = renderScreen(<LogView runId="run-7" record={step("run-7", "checkout")} />);
    await screen.findByText("Starting: run-7/checkout");
    expect(container.textContent, "no control sequence is left").not.toContain("\u001b");
    expect(container.querySelector(".fg2"), "a green word is green").not.toBeNull();
  });

  it("opens the log of a failed step at its end, and goes from error to error", async () => {
    const { host } = renderScreen(<LogView runId="run-6" record={step("run-6", "test")} />);
    expect(await screen.findByText("Error: Bash exited with code '1'."), "what went wrong is in sight at once").toBeInTheDocument();
    expect(host.calls.filter((made) => made.name === "log_get"), "without reading the beginning").toHaveLength(1);
    await userEvent.click(screen.getByRole("button", { name: "2 errors" }));
    expect(await screen.findByText("1 of 2"), "the first from where one reads").toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Next match" }));
    expect(await screen.findByText("2 of 2")).toBeInTheDocument();
  });

  it("shows a very long line in part, and whole when asked", async () => {
    const long = `begin ${"x".repeat(9000)} end`;
    const host = new FakeHost("ready", { log_get: ({ from }) => ({ total: 1, from, lines: [{ at: 0, stream: "stdout", text: long }] }) });
    renderScreen(<LogView runId="run-7" record={{ ...step("run-7", "checkout"), logLines: 1 }} />, host);
    await userEvent.click(await screen.findByRole("button", { name: "5,010 more characters" }));
    expect(await screen.findByRole("textbox", { name: "Line 1" }), "not one character is lost").toHaveValue(long);
  });

  it("finds a word in lines that were not in sight, and goes from one to the next", async () => {
    const { host } = renderScreen(<LogView runId="run-7" record={step("run-7", "build")} />);
    await userEvent.type(await screen.findByRole("textbox", { name: "Search the log" }), "(4321)");
    expect(await screen.findByText("1 of 1")).toBeInTheDocument();
    expect(host.calls.filter((made) => made.name === "log_get"), "the page reads no line to search").toHaveLength(1);
  });

  it("goes to a line by its number, and says what is wrong with an expression", async () => {
    const { host } = renderScreen(<LogView runId="run-7" record={step("run-7", "build")} />);
    await userEvent.type(await screen.findByRole("textbox", { name: "Go to line" }), "4,000{Enter}");
    await waitFor(() => expect(host.calls.some((made) => made.name === "log_get" && (made.request as { from: number }).from === 3500), "the page around it is read").toBe(true));
    await userEvent.click(screen.getByRole("button", { name: "Search with a regular expression" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Search the log" }), "(a");
    expect(await screen.findByText(/cannot be searched for/)).toBeInTheDocument();
  });

  it("reads on when the log grew", async () => {
    let lines = 10;
    const grown = new FakeHost("ready", {
      log_get: ({ from }) => ({ total: lines, from, lines: Array.from({ length: lines }, (_, index) => ({ at: 0, stream: "stdout" as const, text: `grown ${index + 1}` })) }),
    });
    renderScreen(<LogView runId="run-7" record={{ ...step("run-7", "checkout"), logLines: 10, state: "inProgress", result: null }} />, grown);
    await screen.findByText("grown 10");
    lines = 14;
    act(() => grown.emit({ type: "logGrew", runId: "run-7", recordId: "run-7/checkout", lines: 14 }));
    expect(await screen.findByText("grown 14"), "the new lines came without a reload").toBeInTheDocument();
  });

  it("folds a group by mouse and keyboard, and unfolds it for what is found", async () => {
    renderScreen(<LogView runId="run-7" record={step("run-7", "build")} />);
    const head = await screen.findByRole("button", { name: "Restore packages, group of 11 lines" });
    expect(head, "groups begin unfolded, as in Azure").toHaveAttribute("aria-expanded", "true");
    const inside = (): HTMLElement | null => screen.queryByText(/\(18\)$/);
    expect(inside()).toBeInTheDocument();
    expect(screen.queryByText("##[endgroup]"), "its end is no line").toBeNull();
    await userEvent.click(head);
    expect(inside(), "folded").toBeNull();
    expect(screen.getByText("26"), "the numbers stay those of the log").toBeInTheDocument();
    head.focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(inside(), "unfolded by an arrow").toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Fold all groups" }));
    expect(inside()).toBeNull();
    await userEvent.type(screen.getByRole("textbox", { name: "Search the log" }), "(18)");
    await screen.findByText("1 of 1");
    await userEvent.keyboard("{Enter}");
    expect(inside(), "what is found is in sight").toBeInTheDocument();
    expect(screen.getByRole("button", { name: /^Restore packages/ })).toHaveAttribute("aria-expanded", "true");
  });

  it("goes through ten million lines, more than a browser can place", async () => {
    const lines = 10_000_000;
    const host = new FakeHost("ready", { log_get: ({ from, limit }) => ({ total: lines, from, lines: Array.from({ length: Math.min(limit, lines - from) }, (_, at) => ({ at: 0, stream: "stdout" as const, text: `huge ${from + at + 1}` })) }) });
    const { container } = renderScreen(<LogView runId="run-7" record={{ ...step("run-7", "checkout"), logLines: lines }} />, host);
    await screen.findByText("huge 1");
    expect(Number.parseInt(container.querySelector<HTMLElement>("[class*=lines]")?.style.height ?? "", 10), "browsers place nothing beyond 33,554,428 px").toBeLessThan(33_554_428);
    await userEvent.type(screen.getByRole("textbox", { name: "Go to line" }), "10000000{Enter}");
    expect(await screen.findByText("huge 10000000"), "the last line is reached").toBeInTheDocument();
    await userEvent.clear(screen.getByRole("textbox", { name: "Go to line" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Go to line" }), "7654321{Enter}");
    expect(await screen.findByText("huge 7654321"), "and any other").toBeInTheDocument();
  });

  it("shows times when asked", async () => {
    const { container } = renderScreen(<LogView runId="run-7" record={step("run-7", "checkout")} />);
    await userEvent.click(await screen.findByRole("button", { name: "Show timestamps" }));
    expect(container.textContent).toMatch(/\d\d:\d\d:\d\d\.\d{3}/);
  });
});

describe("the run", () => {
  it("opens at the step that failed", async () => {
    renderScreen(<RunScreen projectId="p" runId="run-6" />);
    expect(await screen.findByRole("button", { name: /^Failed ?Test/ })).toHaveAttribute("aria-pressed", "true");
    expect(screen.getByRole("region", { name: "Log of Test" })).toBeInTheDocument();
  });

  it("folds a stage and a job, and goes along them by arrow keys", async () => {
    renderScreen(<RunScreen projectId="p" runId="run-6" />);
    const job = await screen.findByRole("button", { name: /Build the image/, expanded: true });
    await userEvent.click(job);
    expect(screen.queryByRole("button", { name: /Publish test results/ }), "folded").toBeNull();
    await userEvent.keyboard("{ArrowDown}");
    expect(screen.getByRole("button", { name: /Deploy to dev/ }), "the next line").toHaveFocus();
  });

  it("explains an interrupted run", async () => {
    renderScreen(<RunScreen projectId="p" runId="run-4" />);
    expect(await screen.findByRole("note")).toHaveTextContent("This run was interrupted");
  });

  it("can be cancelled while it goes on, and run again after", async () => {
    const { host } = renderScreen(<RunScreen projectId="p" runId="run-7" />, "running");
    await userEvent.click(await screen.findByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(host.calls.some((made) => made.name === "run_cancel")).toBe(true));
    expect(screen.queryByRole("button", { name: "Run again" }), "not while it goes on").toBeNull();
  });

  it("offers to rerun only what failed, beside all of it", async () => {
    const { host } = renderScreen(<RunScreen projectId="p" runId="run-6" />);
    await userEvent.click(await screen.findByRole("button", { name: "Rerun failed jobs" }));
    const asked = () => host.calls.filter((made) => made.name === "run_rerun").map((made) => made.request);
    await waitFor(() => expect(asked()).toEqual([{ runId: "run-6", failedOnly: true }]));
  });

  it("says what a run was asked for, which attempt it is, and what it kept", async () => {
    const whole = runView("run-5");
    if (whole === undefined) throw new Error("fixture run-5");
    const kept = { ...whole, run: { ...whole.run, choice: "only stage Build", attempt: 2, earlier: "run-4" }, records: whole.records.map((record) => (record.name === "image" ? { ...record, keptFrom: "old" } : record)) };
    renderScreen(<RunScreen projectId="p" runId="run-5" />, new FakeHost("ready", { run_get: () => kept }));
    expect(await screen.findByText("only stage Build")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "attempt 1" })).toHaveAttribute("href", "#/runs/run-4");
    expect(screen.getByText("kept")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Rerun failed jobs" }), "nothing failed").toBeNull();
  });

  it("lists failed tests first", async () => {
    renderScreen(<RunScreen projectId="p" runId="run-6" tab="tests" />);
    const table = await screen.findByRole("table", { name: "Tests" });
    expect(within(table).getAllByRole("row")[1]).toHaveTextContent("list_is_cached");
  });

  it("searches the tests, and shows what a failed one says", async () => {
    renderScreen(<RunScreen projectId="p" runId="run-6" tab="tests" />);
    await userEvent.type(await screen.findByRole("textbox", { name: "Search the tests" }), "list_is_c");
    const table = await screen.findByRole("table", { name: "Tests" });
    expect(within(table).getAllByRole("row"), "the head and one test").toHaveLength(2);
    expect(within(table).getByText(/expected 1 upstream request/)).toBeVisible();
    expect(within(table).getByText(/cache.rs:118/), "its stack").toBeInTheDocument();
  });

  it("lists files with most lines that were not run first, or by name", async () => {
    renderScreen(<RunScreen projectId="p" runId="run-7" tab="coverage" />);
    expect(await screen.findByRole("heading", { name: /80\.0 % of 370 lines run, 72\.9 % of branches/ })).toBeInTheDocument();
    const first = (): HTMLElement | undefined => screen.getAllByRole("row")[1];
    expect(first()).toHaveTextContent("src/harbours.rs");
    await userEvent.type(screen.getByRole("textbox", { name: "Search the files" }), "main");
    expect(first()).toHaveTextContent("src/main.rs");
  });

  it.each(["steps", "tests", "coverage", "outputs"])("passes axe on %s", async (tab) => {
    const { container } = renderScreen(<RunScreen projectId="p" runId="run-7" tab={tab} />);
    await screen.findByRole("tab", { name: /Steps/ });
    await waitFor(() => expect(screen.queryByText("Loading")).toBeNull());
    expect(await axeProblems(container)).toEqual([]);
  });
});

describe("the list of runs", () => {
  it("opens a run by Enter", async () => {
    const { container } = renderScreen(<RunsScreen projectId="p" />);
    const row = (await screen.findByText("20261122.6")).closest("tr");
    row?.focus();
    await userEvent.keyboard("{Enter}");
    expect(window.location.hash).toBe("#/runs/run-6");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("shows which runs wait for somebody, and only those that failed when asked", async () => {
    renderScreen(<RunsScreen projectId="p" />, "running");
    expect(await screen.findByText("Approval for environment staging")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("radio", { name: "Failed" }));
    expect(screen.queryByText("20261122.7"), "it goes on").toBeNull();
    await userEvent.type(screen.getByRole("textbox", { name: "Search the runs" }), "harbour");
    expect(screen.getAllByRole("row"), "the head and one run").toHaveLength(2);
  });

  it("says what a run is when there is none", async () => {
    const { container } = renderScreen(<RunsScreen projectId="p" />, "empty");
    expect(await screen.findByText("No run yet")).toBeInTheDocument();
    expect(await axeProblems(container)).toEqual([]);
  });
});
