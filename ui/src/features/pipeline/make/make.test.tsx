import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { proposal } from "#ui/ipc/fake/proposal";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { PipelineScreen } from "../PipelineScreen";

const NO_WISHES = { tests: null, image: null, deploy: null, branch: null, port: null, imageName: null, environment: null, registry: null };
const requests = (host: FakeHost, name: string): unknown[] => host.calls.filter((made) => made.name === name).map((made) => made.request);

async function open(): Promise<{ host: FakeHost; container: HTMLElement }> {
  const drawn = renderScreen(<PipelineScreen projectId="p" />, "empty");
  await screen.findByRole("tab", { name: /azure-pipelines\.yml/ });
  return drawn;
}

describe("a repository without a pipeline", () => {
  it("says what was found, from which file, and why each file is like it is", async () => {
    const { container } = await open();
    expect(screen.getByText("Go 1.23").closest("li")).toHaveTextContent("go.mod");
    const text = screen.getByRole("region", { name: "Text of azure-pipelines.yml" });
    expect(text).toHaveTextContent("vmImage: ubuntu-latest");
    expect(within(screen.getByRole("list", { name: "Why azure-pipelines.yml is like this" })).getByText(/Starts on every push to main/)).toBeInTheDocument();
    expect(await axeProblems(container)).toEqual([]);
    await userEvent.click(screen.getByRole("tab", { name: /\.dockerignore/ }));
    expect(screen.getByRole("note")).toHaveTextContent(".dockerignore is there already and stays as it is");
  });

  it("creates the files that are new, and opens the pipeline", async () => {
    const { host } = await open();
    await userEvent.click(screen.getByRole("button", { name: "Create these files" }));
    expect(await screen.findByRole("textbox", { name: "azure-pipelines.yml" }), "the pipeline's own room").toBeInTheDocument();
    const files = proposal(NO_WISHES).files.filter((file) => file.isNew);
    expect(requests(host, "pipeline_propose_apply")).toEqual([{ projectId: "p", files: files.map(({ path, text }) => ({ path, text })), branch: null, message: null }]);
  });

  it("takes edits, and leaves files out", async () => {
    const { host } = await open();
    await userEvent.click(screen.getByRole("button", { name: "Edit" }));
    const text = screen.getByRole("textbox", { name: "Text of azure-pipelines.yml" });
    await userEvent.type(text, "# mine");
    expect(screen.getByRole("tab", { name: /azure-pipelines\.yml/ })).toHaveTextContent("edited");
    await userEvent.click(screen.getByRole("tab", { name: "Dockerfile" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Create Dockerfile" }));
    await userEvent.click(screen.getByRole("button", { name: "Create these files" }));
    await waitFor(() => expect(requests(host, "pipeline_propose_apply")).toHaveLength(1));
    const [made] = requests(host, "pipeline_propose_apply") as { files: { path: string; text: string }[] }[];
    expect(made?.files.map((file) => file.path)).toEqual(["azure-pipelines.yml", "manifests/deployment.yml", "manifests/service.yml"]);
    expect(made?.files[0]?.text).toMatch(/# mine$/);
  });

  it("proposes again by the choices", async () => {
    const { host } = await open();
    await userEvent.click(screen.getByRole("checkbox", { name: "build and push an image" }));
    expect(screen.getByRole("button", { name: "Create these files" }), "what is seen is not what was chosen").toBeDisabled();
    await waitFor(() => expect(screen.queryByRole("tab", { name: "Dockerfile" })).toBeNull());
    const branch = screen.getByRole("textbox", { name: "Branch" });
    await userEvent.clear(branch);
    await userEvent.type(branch, "trunk");
    await waitFor(() => expect(screen.getByRole("region", { name: "Text of azure-pipelines.yml" })).toHaveTextContent("- trunk"));
    expect(requests(host, "pipeline_propose").at(-1)).toEqual({ projectId: "p", options: { ...NO_WISHES, image: false, branch: "trunk" } });
  });

  it("creates them on a branch, with a commit", async () => {
    const { host } = await open();
    await userEvent.click(screen.getByRole("button", { name: "Create on a branch…" }));
    const dialog = await screen.findByRole("dialog", { name: "Create on a branch" });
    expect(await axeProblems(dialog)).toEqual([]);
    await userEvent.click(within(dialog).getByRole("button", { name: "Create and commit" }));
    await waitFor(() => expect(requests(host, "pipeline_propose_apply")[0]).toMatchObject({ branch: "add-pipeline", message: "pipeline: add azure-pipelines.yml" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("starts with an empty pipeline", async () => {
    const { host } = await open();
    await userEvent.click(screen.getByRole("button", { name: "Start with an empty pipeline" }));
    expect(await screen.findByRole("textbox", { name: "azure-pipelines.yml" })).toHaveTextContent("trigger:");
    expect(requests(host, "pipeline_propose_apply")).toEqual([{ projectId: "p", files: [{ path: "azure-pipelines.yml", text: "trigger:\n- main\n" }], branch: null, message: null }]);
  });

  it("says why nothing was created", async () => {
    const host = new FakeHost("empty", {
      pipeline_propose_apply: () => {
        throw { kind: "refused", code: "file_exists", message: "Dockerfile is there already.", hint: "Leave it out.", corr: "" };
      },
    });
    renderScreen(<PipelineScreen projectId="p" />, host);
    await userEvent.click(await screen.findByRole("button", { name: "Create these files" }));
    expect(await screen.findByText("Dockerfile is there already.")).toBeInTheDocument();
  });
});
