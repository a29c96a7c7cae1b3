import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { HISTORY } from "#ui/ipc/fake/history";
import { PROJECT, RUNS } from "#ui/ipc/fake/thread";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { NodeRunBadge } from "./NodeRunBadge";
import type { NodeRun } from "./record-map";
import { RunButton } from "./RunButton";
import { RunCost } from "./RunCost";
import { useRunParts, type Commit } from "./use-run-parts";

const JOB: NodeRun = { kind: "job", target: "Build/image", label: "image", state: "completed", result: "failed", startedAt: 1000, finishedAt: 42_000, recordId: "r", isKept: false, issue: "Test failed.", durations: [40_000, 50_000, 41_000], failureRate: 0.25, runs: 8, estimateMs: 41_000 };

const refuse: Commit = () => Promise.resolve(null);

function Toolbar({ text = "a", commit = refuse, newest = RUNS[1] ?? null }: { text?: string; commit?: Commit; newest?: (typeof RUNS)[number] | null }): ReactNode {
  const parts = useRunParts({ isReady: true, projectId: PROJECT.id, text: () => text, commit });
  return (
    <>
      <RunButton parts={parts} selected={JOB} newest={newest} />
      {parts.dialogs}
    </>
  );
}

const host = (): FakeHost => new FakeHost("ready", { pipeline_committed: () => ({ text: "a" }) });
const asked = (of: FakeHost, name: string) => of.calls.filter((made) => made.name === name).map((made) => made.request);
const choose = async (words: string): Promise<void> => {
  await userEvent.click(screen.getByRole("button", { name: "More ways to run" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: words }));
};
const known = async (of: FakeHost): Promise<void> => {
  await waitFor(() => expect(asked(of, "pipeline_committed"), "it is known what is committed").toHaveLength(1));
};

describe("running from the canvas", () => {
  it("runs the chosen job alone, or with what it depends on", async () => {
    const made = renderScreen(<Toolbar />, host()).host;
    await known(made);
    await choose("Run only job image");
    await waitFor(() => expect(asked(made, "run_start")[0]).toMatchObject({ only: ["Build/image"], isWithNeeded: false }));
    expect(asked(made, "run_check")[0], "what cannot run is looked for in that part alone").toMatchObject({ only: ["Build/image"] });
    await choose("Run job image with what it depends on");
    await waitFor(() => expect(asked(made, "run_start")[1]).toMatchObject({ only: ["Build/image"], isWithNeeded: true }));
  });

  it("reruns what failed of the newest run", async () => {
    const made = renderScreen(<Toolbar />, host()).host;
    await choose("Rerun failed jobs of run 20261122.6");
    await waitFor(() => expect(asked(made, "run_rerun")).toEqual([{ runId: RUNS[1]?.id, failedOnly: true }]));
  });

  it("asks first when the text is not committed, and runs the commit that it makes", async () => {
    const messages: string[] = [];
    const commit: Commit = (message) => {
      messages.push(message);
      return Promise.resolve({ commit: { sha: "c".repeat(40) }, runId: null });
    };
    const { host: made, container } = renderScreen(<Toolbar text="b" commit={commit} />, host());
    await known(made);
    await userEvent.click(screen.getByRole("button", { name: "Run" }));
    const dialog = await screen.findByRole("dialog", { name: "The pipeline is not committed" });
    expect(asked(made, "run_start"), "nothing runs yet").toEqual([]);
    await waitFor(() => expect(within(dialog).getByRole("textbox", { name: "Commit message" }), "proposed from the edits").toHaveValue("pipeline: add job Test to stage Build"));
    expect(asked(made, "pipeline_message")).toEqual([{ projectId: PROJECT.id, before: "a", after: "b" }]);
    expect(await axeProblems(container)).toEqual([]);
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Commit message" }), "!");
    await userEvent.click(within(dialog).getByRole("button", { name: "Save, commit and run" }));
    await waitFor(() => expect(asked(made, "run_start")[0]).toMatchObject({ commit: "c".repeat(40) }));
    expect(messages).toEqual(["pipeline: add job Test to stage Build!"]);
  });

  it("runs the last commit when that is wanted", async () => {
    const made = renderScreen(<Toolbar text="b" />, host()).host;
    await known(made);
    await userEvent.click(screen.getByRole("button", { name: "Run" }));
    await userEvent.click(await screen.findByRole("button", { name: "Run the last commit" }));
    await waitFor(() => expect(asked(made, "run_start")[0]).toMatchObject({ commit: null }));
  });
});

describe("what a node says of its runs", () => {
  it("is its state, its duration and its history, in words too", async () => {
    const { container } = renderScreen(<NodeRunBadge run={JOB} isWide />, host());
    expect(screen.getByText("Failed")).toBeInTheDocument();
    expect(screen.getByText("25 % fail")).toBeInTheDocument();
    expect(screen.getByRole("img", { name: "The last 3 runs took 40.0 s to 50.0 s, the newest 41.0 s" })).toBeInTheDocument();
    expect(screen.getByTitle(/2 of 8 failed/)).toBeInTheDocument();
    expect(await axeProblems(container)).toEqual([]);
  });

  it("is what it usually takes before it ran", () => {
    renderScreen(<NodeRunBadge run={{ ...JOB, state: null, result: null, startedAt: null, finishedAt: null }} />, host());
    expect(screen.getByText("≈ 41.0 s")).toBeInTheDocument();
  });

  it("is the cost in minutes, of all or of a stage alone", () => {
    renderScreen(
      <>
        <RunCost cost={HISTORY.cost} />
        <RunCost cost={HISTORY.cost} stage="Build" />
      </>,
      host(),
    );
    expect(screen.getByText("Next run: ≈ 2 min billed, 1 m 12 s")).toBeInTheDocument();
    expect(screen.getByText("Last run: 2 min billed, 1 m 14 s")).toBeInTheDocument();
    expect(screen.getByText("Stage Build alone: ≈ 1 min billed, 41.0 s")).toBeInTheDocument();
  });
});
