import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState, type ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { PIPELINE } from "#ui/ipc/fake/rooms";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import type { EditorHandle } from "../editor/editor";
import { useDraft } from "../use-draft";
import type { Propose } from "./use-message";
import { SaveMenu } from "./SaveMenu";

const MINE = `${PIPELINE.text}# mine\n`;

/** An editor in which somebody has typed. */
function handle(): EditorHandle {
  return { body: () => MINE, isBody: (text: string) => text === MINE, replace: () => undefined } as unknown as EditorHandle;
}

function Room({ propose }: { propose?: Propose }): ReactNode {
  const draft = useDraft("p", PIPELINE, () => undefined);
  const [editor] = useState(handle);
  return (
    <>
      <button
        onClick={() => {
          draft.opened(editor);
          draft.changed(editor);
        }}
      >
        Type
      </button>
      <p>{draft.draft.isDirty ? "Unsaved" : "Saved"}</p>
      <SaveMenu projectId="p" path="azure-pipelines.yml" draft={draft} {...(propose === undefined ? {} : { propose })} />
    </>
  );
}

async function choose(item: string): Promise<HTMLElement> {
  await userEvent.click(screen.getByRole("button", { name: "Type" }));
  await userEvent.click(screen.getByRole("button", { name: "More ways to save" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: item }));
  return screen.findByRole("dialog");
}

const commits = (host: FakeHost): unknown[] => host.calls.filter((made) => made.name === "pipeline_commit").map((made) => made.request);

describe("Save and commit", () => {
  it("shows what would be committed, with the proposed message, and commits it", async () => {
    const asked: string[][] = [];
    const propose: Propose = (before, after) => {
      asked.push([before, after]);
      return Promise.resolve({ summary: "pipeline: add a note", body: "Because." });
    };
    const { host } = renderScreen(<Room propose={propose} />);
    const dialog = await choose("Save and commit…");
    const message = within(dialog).getByLabelText("Commit message");
    await waitFor(() => expect(message).toHaveValue("pipeline: add a note\n\nBecause."));
    expect(asked, "asked with the newest commit's text and mine").toEqual([[PIPELINE.text, MINE]]);
    const difference = within(dialog).getByRole("region", { name: "What would be committed" });
    expect(within(difference).getByText("# mine").closest("tr")).toHaveClass("added");
    expect(await axeProblems(dialog)).toEqual([]);
    await userEvent.click(within(dialog).getByRole("button", { name: "Save and commit" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(commits(host)).toEqual([{ projectId: "p", text: MINE, baseText: PIPELINE.text, message: "pipeline: add a note\n\nBecause.", branch: null }]);
    expect(screen.getByText("Saved")).toBeInTheDocument();
  });

  it("proposes the usual message where none can be thought of, and keeps what was typed", async () => {
    const { host } = renderScreen(<Room propose={() => Promise.reject(new Error("no"))} />);
    const dialog = await choose("Save and commit…");
    const message = within(dialog).getByLabelText("Commit message");
    await waitFor(() => expect(message).toHaveValue("pipeline: change azure-pipelines.yml"));
    await userEvent.clear(message);
    await userEvent.type(message, "Mine AB#4{Control>}{Enter}{/Control}");
    await waitFor(() => expect(commits(host)).toHaveLength(1));
    expect(commits(host)[0]).toMatchObject({ message: "Mine AB#4" });
  });

  it("says why it was refused and keeps everything", async () => {
    renderScreen(<Room />);
    const dialog = await choose("Save to a branch…");
    await userEvent.type(within(dialog).getByLabelText("New branch"), "main");
    await userEvent.click(within(dialog).getByRole("button", { name: "Save to the branch" }));
    expect(await within(dialog).findByText(/already has a branch main/)).toBeInTheDocument();
    expect(within(dialog).getByLabelText("New branch"), "to be mended").toHaveValue("main");
    await userEvent.type(within(dialog).getByLabelText("New branch"), "-2");
    await userEvent.click(within(dialog).getByRole("button", { name: "Save to the branch" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.getByText("Saved")).toBeInTheDocument();
  });

  it("says that there is nothing to commit", async () => {
    const host = new FakeHost("ready", { pipeline_committed: () => ({ text: MINE }) });
    renderScreen(<Room />, host);
    const dialog = await choose("Save and commit…");
    expect(await within(dialog).findByText(/there is nothing to commit/)).toBeInTheDocument();
  });
});
