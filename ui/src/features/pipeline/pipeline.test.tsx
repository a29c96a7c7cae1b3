import { acceptCompletion, startCompletion } from "@codemirror/autocomplete";
import { EditorView } from "@codemirror/view";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { openHref } from "#ui/components";
import { tokenizeYamlLine } from "#ui/components/yaml";
import { PIPELINE } from "#ui/ipc/fake/rooms";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { PipelineScreen } from "./PipelineScreen";

/** The editor, once its code has come. */
async function editor(): Promise<EditorView> {
  const content = await screen.findByRole("textbox", { name: "azure-pipelines.yml" });
  const view = EditorView.findFromDOM(content);
  if (view === null) throw new Error("the text is an editor");
  return view;
}

/** Types at a place, at the end if none is given. */
function typeIn(view: EditorView, insert: string, from = view.state.doc.length, to = from): void {
  act(() => view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.type" }));
}

// These are about the text; the canvas is tested in a browser.
beforeEach(() => window.localStorage.setItem("slipway.pipeline.view", "text text"));

const problems = (): HTMLElement => screen.getByRole("region", { name: "Problems" });
const saves = (host: FakeHost): unknown[] => host.calls.filter((made) => made.name === "pipeline_save").map((made) => made.request);

describe("tokenizeYamlLine", () => {
  it("loses no character", () => {
    const lines = PIPELINE.text.split("\n").filter((text) => text !== "");
    const again = lines.map((line) => tokenizeYamlLine(line).map((token) => token.text).join(""));
    expect(again).toEqual(lines);
  });

  it("knows expressions inside values", () => {
    expect(tokenizeYamlLine("  tag: $(Build.BuildNumber)").at(-1)).toEqual({ kind: "expression", text: "$(Build.BuildNumber)" });
  });
});

describe("the text", () => {
  it("colours expressions, macros and commands over YAML", async () => {
    const { container } = renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    typeIn(view, '- bash: echo "##vso[task.setvariable variable=a]b"\n', 0);
    await waitFor(() => expect(container.querySelector(".tok-command")).toHaveTextContent("##vso[task.setvariable variable=a]"));
    expect([...container.querySelectorAll(".tok-expression")].map((word) => word.textContent)).toContain("$(Build.BuildNumber)");
    await waitFor(() => expect(container.querySelector(".tok-key"), "YAML's own grammar").toHaveTextContent("bash"));
  });

  it("saves with the text it read, so that a change on disk is not lost", async () => {
    const { host } = renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    expect(screen.getByRole("button", { name: "Save" }), "nothing to save yet").toBeDisabled();
    typeIn(view, "# end");
    expect(await screen.findByText("Unsaved")).toBeInTheDocument();
    await userEvent.keyboard("{Control>}s{/Control}");
    await waitFor(() => expect(saves(host)).toEqual([{ projectId: "p", text: `${PIPELINE.text}# end`, baseText: PIPELINE.text }]));
    await waitFor(() => expect(screen.queryByText("Unsaved")).toBeNull());
    typeIn(view, "\n");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(saves(host)[1], "the next save starts from the last").toEqual({ projectId: "p", text: `${PIPELINE.text}# end\n`, baseText: `${PIPELINE.text}# end` }));
  });

  it("keeps byte order mark and line ends of the file", async () => {
    const text = "\uFEFFsteps:\r\n  - bash: ls\r\n";
    const { host } = renderScreen(<PipelineScreen projectId="p" />, new FakeHost("ready", { pipeline_get: () => ({ ...PIPELINE, text, diagnostics: [] }), pipeline_save: (request) => ({ ...PIPELINE, text: request.text }) }));
    const view = await editor();
    typeIn(view, "# end\n");
    await userEvent.keyboard("{Control>}s{/Control}");
    await waitFor(() => expect(saves(host)).toEqual([{ projectId: "p", text: `${text}# end\r\n`, baseText: text }]));
  });

  it("undoes and redoes by the buttons", async () => {
    renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    typeIn(view, "# end");
    await userEvent.click(screen.getByRole("button", { name: /^Undo/ }));
    expect(view.state.doc.toString()).toBe(PIPELINE.text);
    expect(screen.queryByText("Unsaved"), "as on disk again").toBeNull();
    await userEvent.click(screen.getByRole("button", { name: /^Redo/ }));
    expect(view.state.doc.toString()).toContain("# end");
  });

  it("finds by Ctrl+F from anywhere in the room", async () => {
    const { container } = renderScreen(<PipelineScreen projectId="p" />);
    await editor();
    await userEvent.keyboard("{Control>}f{/Control}");
    expect(container.querySelector(".cm-search input[name=search]")).toBeInTheDocument();
    expect(await axeProblems(container), "with the find panel open").toEqual([]);
  });
});

describe("problems", () => {
  it("are listed with place and hint, and lead there", async () => {
    renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    const row = within(problems()).getByRole("button", { name: /^Warning The task Docker@2 has no input 'tag'.*37:15/ });
    expect(row).toHaveTextContent("Did you mean 'tags'?");
    await userEvent.click(row);
    expect(view.state.doc.lineAt(view.state.selection.main.head).number).toBe(37);
    expect(view.hasFocus, "the text has the focus").toBe(true);
  });

  it("come while typing, mark the text, and are mended by the hint", async () => {
    const { container } = renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    const from = PIPELINE.text.indexOf("displayName: Test");
    typeIn(view, "dispalyName", from, from + "displayName".length);
    const fix = await screen.findByRole("button", { name: "Fix: replace dispalyName by displayName" });
    // The list is there before the text is drawn again.
    await waitFor(() => expect(container.querySelector(".cm-lintRange-error")).toHaveTextContent("dispalyName"));
    await waitFor(() => expect(container.querySelector(".cm-lint-marker-error"), "a mark in the gutter").toBeInTheDocument());
    expect(screen.getByText("1 error, 1 warning"), "counted in the header").toBeInTheDocument();
    await userEvent.click(fix);
    expect(view.state.doc.toString()).toBe(PIPELINE.text);
    await waitFor(() => expect(container.querySelector(".cm-lintRange-error")).toBeNull());
  });

  it("are walked by F8 and Shift+F8 and read out", async () => {
    const { container } = renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    const line = (): number => view.state.doc.lineAt(view.state.selection.main.head).number;
    await userEvent.keyboard("{F8}");
    expect(line()).toBe(16);
    await waitFor(() => expect(container.querySelector(".cm-announced")).toHaveTextContent("Information: The pool is not used: every job runs on this machine. Line 16."));
    await userEvent.keyboard("{F8}");
    expect(line()).toBe(37);
    await userEvent.keyboard("{Shift>}{F8}{/Shift}");
    expect(line()).toBe(16);
  });

  it("say that the text could not be checked", async () => {
    const host = new FakeHost("ready", {
      pipeline_check: () => {
        throw { kind: "unavailable", code: "call_timeout", message: "Slipway did not answer.", hint: null, corr: "" };
      },
    });
    renderScreen(<PipelineScreen projectId="p" />, host);
    typeIn(await editor(), "# end");
    expect(await screen.findByText("Slipway did not answer.")).toBeInTheDocument();
    expect(within(problems()).getByText(/1 warning, 1 note/), "what was known stays").toBeInTheDocument();
  });
});

describe("the plan beside the text", () => {
  it("follows what is typed, and a step selects its line", async () => {
    renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    const from = PIPELINE.text.indexOf("          - task: PublishTestResults@2");
    typeIn(view, "          - bash: ./ci/lint.sh\n", from);
    const step = await screen.findByRole("button", { name: /^\.\/ci\/lint\.sh/ });
    await userEvent.click(step);
    expect(view.state.sliceDoc(view.state.selection.main.from, view.state.selection.main.to)).toBe("- bash: ./ci/lint.sh");
    await waitFor(() => expect(step, "the cursor is in this step").toHaveAttribute("aria-current", "location"));
  });

  it("keeps the last good plan while the text is broken, and says so", async () => {
    renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    typeIn(view, "\t", 0);
    expect(await screen.findByText(/This is the plan of the last good text/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: /^Apply manifests/ })).toBeInTheDocument();
    typeIn(view, "", 0, 1);
    await waitFor(() => expect(screen.queryByText(/This is the plan of the last good text/)).toBeNull());
  });

  it("says why there is none", async () => {
    renderScreen(<PipelineScreen projectId="p" />, "partial");
    expect(await screen.findByText(/There is no plan while the file has an error/)).toBeInTheDocument();
  });
});

describe("assistance", () => {
  it("completes from the language crate", async () => {
    renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    typeIn(view, "cond");
    act(() => void startCompletion(view));
    expect(await screen.findByRole("option", { name: /condition/ })).toBeInTheDocument();
    // The list takes no key for a moment after it has opened, lest one meant for the text goes there.
    await waitFor(() => {
      act(() => void acceptCompletion(view));
      expect(view.state.doc.line(view.state.doc.lines).text).toBe("condition: ");
    });
  });

  it("opens a definition in another file beside the text", async () => {
    const { container } = renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    typeIn(view, "# steps.yml", 0);
    act(() => view.focus());
    await userEvent.keyboard("{F12}");
    const peek = await screen.findByRole("region", { name: "Definition in steps.yml" });
    expect(peek).toHaveTextContent("parameters.image");
    expect(await axeProblems(container)).toEqual([]);
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("region", { name: "Definition in steps.yml" })).toBeNull();
    expect(view.hasFocus, "back in the text").toBe(true);
  });

  it("goes to a definition in the same file", async () => {
    renderScreen(<PipelineScreen projectId="p" />);
    const view = await editor();
    act(() => view.dispatch({ selection: { anchor: PIPELINE.text.indexOf("$(image)") + 3 } }));
    act(() => view.focus());
    await userEvent.keyboard("{F12}");
    await waitFor(() => expect(view.state.doc.lineAt(view.state.selection.main.head).text).toBe("  image: tidewater-api"));
  });
});

describe("the file on disk", () => {
  /** A host whose file can be changed behind the page's back. */
  function withDisk(): { host: FakeHost; change: (text: string) => void } {
    let disk = PIPELINE.text;
    const host = new FakeHost("ready", {
      pipeline_get: () => ({ ...PIPELINE, text: disk }),
      pipeline_save: ({ text, baseText }) => {
        if (baseText !== disk) throw { kind: "refused", code: "file_changed", message: "The file has changed on disk.", hint: null, corr: "" };
        disk = text;
        return { ...PIPELINE, text };
      },
    });
    return { host, change: (text) => (disk = text) };
  }

  it("is followed while nothing was typed", async () => {
    const { host, change } = withDisk();
    renderScreen(<PipelineScreen projectId="p" />, host);
    const view = await editor();
    change(`# new\n${PIPELINE.text}`);
    act(() => host.emit({ type: "changed", tags: ["change"] }));
    await waitFor(() => expect(view.state.doc.line(1).text).toBe("# new"));
    expect(screen.queryByText("Unsaved")).toBeNull();
  });

  it("is compared with mine when a save is refused, and mine is kept", async () => {
    const { host, change } = withDisk();
    const { container } = renderScreen(<PipelineScreen projectId="p" />, host);
    typeIn(await editor(), "# mine");
    change(`# theirs\n${PIPELINE.text}`);
    await userEvent.keyboard("{Control>}s{/Control}");
    expect(await screen.findByText("azure-pipelines.yml has changed on disk")).toBeInTheDocument();
    expect(await axeProblems(container)).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Keep mine…" }));
    const difference = await screen.findByRole("region", { name: "Difference between the disk and mine" });
    expect(within(difference).getByText("# theirs").closest("tr")).toHaveClass("removed");
    expect(within(difference).getByText("# mine").closest("tr")).toHaveClass("added");
    await userEvent.click(screen.getByRole("button", { name: "Save mine over it" }));
    await waitFor(() => expect(saves(host).at(-1)).toEqual({ projectId: "p", text: `${PIPELINE.text}# mine`, baseText: `# theirs\n${PIPELINE.text}` }));
    await waitFor(() => expect(screen.queryByText("azure-pipelines.yml has changed on disk")).toBeNull());
    expect(screen.queryByText("Unsaved")).toBeNull();
  });

  it("is taken by Reload, and undo brings mine back", async () => {
    const { host, change } = withDisk();
    renderScreen(<PipelineScreen projectId="p" />, host);
    const view = await editor();
    typeIn(view, "# mine");
    change(`# theirs\n${PIPELINE.text}`);
    act(() => host.emit({ type: "changed", tags: ["change"] }));
    await userEvent.click(await screen.findByRole("button", { name: "Reload" }));
    expect(view.state.doc.toString()).toBe(`# theirs\n${PIPELINE.text}`);
    expect(screen.queryByText("Unsaved")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: /^Undo/ }));
    expect(view.state.doc.toString()).toBe(`${PIPELINE.text}# mine`);
  });

  it("keeps the text when the save fails", async () => {
    const host = new FakeHost("ready", {
      pipeline_save: () => {
        throw { kind: "unavailable", code: "disk_full", message: "The disk is full.", hint: null, corr: "" };
      },
    });
    renderScreen(<PipelineScreen projectId="p" />, host);
    const view = await editor();
    typeIn(view, "# mine");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("The disk is full.")).toBeInTheDocument();
    expect(view.state.doc.toString(), "what was typed is still there").toContain("# mine");
    expect(screen.getByText("Unsaved")).toBeInTheDocument();
  });
});

describe("leaving with unsaved text", () => {
  it("asks first, stays, and leaves when told to", async () => {
    renderScreen(
      <>
        <a href="#/runs">Runs</a>
        <PipelineScreen projectId="p" />
      </>,
    );
    window.location.hash = "/pipeline";
    typeIn(await editor(), "# mine");
    await userEvent.click(screen.getByRole("link", { name: "Runs" }));
    await screen.findByRole("dialog", { name: "azure-pipelines.yml is not saved" });
    await userEvent.click(screen.getByRole("button", { name: "Stay" }));
    expect(window.location.hash).toBe("#/pipeline");
    act(() => openHref("#/runs"));
    await userEvent.click(await screen.findByRole("button", { name: "Leave without saving" }));
    expect(window.location.hash).toBe("#/runs");
  });

  it("saves and leaves", async () => {
    const { host } = renderScreen(<PipelineScreen projectId="p" />);
    window.location.hash = "/pipeline";
    typeIn(await editor(), "# mine");
    act(() => openHref("#/loop"));
    await userEvent.click(await screen.findByRole("button", { name: "Save and leave" }));
    await waitFor(() => expect(window.location.hash).toBe("#/loop"));
    expect(saves(host)).toHaveLength(1);
  });

  it("does not ask when all is saved", async () => {
    renderScreen(<PipelineScreen projectId="p" />);
    await editor();
    act(() => openHref("#/runs"));
    expect(window.location.hash).toBe("#/runs");
  });
});

describe("states", () => {
  it.each(["ready", "partial", "empty", "refused", "failed"])("%s passes axe", async (mode) => {
    const { container } = renderScreen(<PipelineScreen projectId="p" />, mode);
    await waitFor(() => expect(screen.queryByText("Loading")).toBeNull());
    if (mode === "ready" || mode === "partial") await editor();
    expect(await axeProblems(container)).toEqual([]);
  });

  it("goes to the line of the address", async () => {
    renderScreen(<PipelineScreen projectId="p" line={24} />);
    const view = await editor();
    await waitFor(() => expect(view.state.doc.lineAt(view.state.selection.main.head).number).toBe(24));
  });
});
