import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { tokenizeYamlLine } from "#ui/components/yaml";
import { PIPELINE } from "#ui/ipc/fake/rooms";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { PipelineScreen } from "./PipelineScreen";

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

describe("the pipeline", () => {
  it("shows a diagnostic at its line", async () => {
    const { container } = renderScreen(<PipelineScreen projectId="p" />);
    await screen.findByText(/Did you mean tags/);
    const line = container.querySelector('[data-line="37"]');
    expect(line?.nextElementSibling, "under the line it is about").toHaveTextContent("no input called tag");
  });

  it("says why there is no plan", async () => {
    renderScreen(<PipelineScreen projectId="p" />, "partial");
    expect(await screen.findByText(/There is no plan while the file has an error/)).toBeInTheDocument();
  });

  it("saves with the text it read, so that a change on disk is not lost", async () => {
    const { host } = renderScreen(<PipelineScreen projectId="p" />);
    await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
    await userEvent.type(screen.getByRole("textbox", { name: "azure-pipelines.yml" }), "# end");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(host.calls.find((made) => made.name === "pipeline_save")?.request).toEqual({ projectId: "p", text: `${PIPELINE.text}# end`, baseText: PIPELINE.text }));
    expect(await screen.findByRole("button", { name: "Edit" }), "back to reading").toBeInTheDocument();
  });

  it("keeps the text when the save is refused", async () => {
    const host = new FakeHost("ready", {
      pipeline_save: () => {
        throw { kind: "refused", code: "pipeline_changed", message: "The file has changed on disk.", hint: null, corr: "" };
      },
    });
    renderScreen(<PipelineScreen projectId="p" />, host);
    await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
    await userEvent.type(screen.getByRole("textbox", { name: "azure-pipelines.yml" }), "# mine");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("The file has changed on disk.")).toBeInTheDocument();
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "azure-pipelines.yml" }).value, "what was typed is still there").toContain("# mine");
  });

  it.each(["ready", "partial", "empty", "failed"])("%s passes axe", async (mode) => {
    const { container } = renderScreen(<PipelineScreen projectId="p" />, mode);
    await waitFor(() => expect(screen.queryByText("Loading")).toBeNull());
    expect(await axeProblems(container)).toEqual([]);
  });
});
