import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { TaskInputView, TaskView } from "#ui/ipc";
import { axeProblems } from "#ui/testing/render";
import { connectionKeys, connectionsOf } from "./fields/connections";
import { showInspector } from "./inspector.test-parts";

const input = (name: string, more: Partial<TaskInputView> = {}): TaskInputView => ({ name, aliases: [], kind: "text", options: [], isRequired: false, default: null, group: "", help: `Help of ${name}.`, isOpen: false, shownWhen: [], ...more });
const DOCKER: TaskView = {
  name: "Docker",
  version: 2,
  fullVersion: "2",
  friendlyName: "Docker",
  help: "Builds or pushes images.",
  folder: null,
  fullName: null,
  handlers: [],
  hasOwn: true,
  isUsed: true,
  whyNot: null,
  outputs: [],
  inputs: [
    input("containerRegistry", { kind: "connection" }),
    input("command", { kind: "pick", options: ["build", "push", "login"], default: "buildAndPush", isRequired: true, isOpen: false }),
    input("repository", { isRequired: true, shownWhen: [{ input: "command", is: ["login"], isNot: true }] }),
    input("Dockerfile", { aliases: ["dockerfile"], kind: "path", default: "**/Dockerfile", shownWhen: [{ input: "command", is: ["build"], isNot: false }] }),
    input("tags", { kind: "lines" }),
    input("addPipelineData", { kind: "boolean", default: "true", group: "Advanced" }),
    input("retries", { kind: "number", group: "Advanced" }),
    input("keyFile", { kind: "secureFile" }),
  ],
};
const tasks = { task_list: () => [DOCKER] };
const step = (of: Record<string, never> | object): { steps: [never] } => ({ steps: [of as never] });
const docker = (inputs: object): { steps: [never] } => step({ task: "Docker@2", displayName: "Image", inputs });

describe("the form of a task", () => {
  it("is made of the inputs that it declares, in words, and shows what is written", async () => {
    const { container, field } = await showInspector(docker({ command: "build", repository: "tides", tags: "a\nb\n" }), ["/steps/0"], tasks);
    expect(await field("Command")).toHaveValue("build");
    expect(await field("Repository")).toHaveValue("tides");
    expect(await field("Tags"), "a block without its last line end").toHaveValue("a\nb");
    expect(await field("Dockerfile"), "the default is a placeholder, not a value").toHaveAttribute("placeholder", "**/Dockerfile");
    expect(screen.getByText("Help of repository."), "help is the field's description").toBeVisible();
    expect(await field("Repository")).toHaveAccessibleDescription("Help of repository.");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("offers the service connections that the file names already, and the registry that runs here", async () => {
    const text = "steps:\n- task: Docker@2\n  inputs:\n    containerRegistry: harbour-acr # ours\n- task: Docker@2\n  inputs: { command: build }\n- task: Docker@2\n  inputs:\n    containerRegistry: $(registry)\n    repository: tides\nresources:\n  repositories:\n  - repository: x\n    endpoint: 'GitHub of Mara'\n";
    expect(connectionsOf(text, connectionKeys([DOCKER]))).toEqual(["harbour-acr", "GitHub of Mara"]);
    expect(connectionsOf("a: b\nendpoint: >-\n  x\nendpoint: ${{ x }}\n", connectionKeys([])), "nothing that is not a name").toEqual([]);
    const { sent, field } = await showInspector(docker({ command: "build" }), ["/steps/0"], tasks);
    await userEvent.click(await field("Container registry"));
    await userEvent.click(await screen.findByRole("option", { name: /^local/ }));
    expect(sent).toEqual([{ gesture: "set", node: "/steps/0", keys: ["inputs", "containerRegistry"], value: "local" }]);
  });

  it("sends one gesture when a field is left, and none for what did not change", async () => {
    const { sent, field } = await showInspector(docker({ command: "build", repository: "tides" }), ["/steps/0"], tasks);
    const repository = await field("Repository");
    await userEvent.click(repository);
    await userEvent.tab();
    expect(sent, "nothing was typed").toEqual([]);
    await userEvent.clear(repository);
    await userEvent.type(repository, "harbour{Enter}");
    await userEvent.tab();
    expect(sent, "Enter and leaving are one change").toEqual([{ gesture: "set", node: "/steps/0", keys: ["inputs", "repository"], value: "harbour" }]);
    await userEvent.type(await field("Tags"), "one{Enter}two");
    await userEvent.tab();
    expect(sent[1], "several lines end with a line end").toEqual({ gesture: "set", node: "/steps/0", keys: ["inputs", "tags"], value: "one\ntwo\n" });
    await userEvent.type(await field("Dockerfile"), "src/Dockerfile");
    await userEvent.tab();
    expect(sent[2], "what is not written gets the name that the vendor writes").toEqual({ gesture: "set", node: "/steps/0", keys: ["inputs", "dockerfile"], value: "src/Dockerfile" });
  });

  it("takes Escape back and shows a refusal beside what was typed", async () => {
    const { sent, field, refuse } = await showInspector(docker({ repository: "tides" }), ["/steps/0"], tasks);
    const repository = await field("Repository");
    await userEvent.type(repository, "x{Escape}");
    await userEvent.tab();
    expect(sent).toEqual([]);
    refuse("The text has an error in line 3.");
    await userEvent.type(repository, "x{Enter}");
    expect(await screen.findByText("The text has an error in line 3. Do otherwise.")).toBeVisible();
    expect(repository).toHaveValue("tidesx");
    expect(repository).toBeInvalid();
    refuse(undefined);
    await userEvent.type(repository, "{Enter}");
    expect(sent, "the same can be sent again").toHaveLength(2);
    await waitFor(() => expect(repository).toBeValid());
  });

  it("sends what is typed before Ctrl+S saves, and keeps what is typed while it is on its way", async () => {
    const order: string[] = [];
    const { sent, field, show } = await showInspector(docker({ command: "build", repository: "tides" }), ["/steps/0"], tasks);
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "s" && event.ctrlKey && !event.defaultPrevented) order.push(`save after ${sent.length}`);
    };
    window.addEventListener("keydown", onKey);
    const repository = await field("Repository");
    await userEvent.type(repository, "x{Control>}s{/Control}");
    await waitFor(() => expect(order).toEqual(["save after 1"]));
    expect(repository).toHaveFocus();
    await userEvent.type(repository, "yz");
    show(docker({ command: "build", repository: "tidesx" }));
    await waitFor(() => expect(repository, "the answer takes nothing away").toHaveValue("tidesxyz"));
    await userEvent.tab();
    expect(sent[1]).toEqual({ gesture: "set", node: "/steps/0", keys: ["inputs", "repository"], value: "tidesxyz" });
    await userEvent.keyboard("{Control>}s{/Control}");
    window.removeEventListener("keydown", onKey);
    show(docker({ command: "build", repository: "elsewhere" }));
    await waitFor(() => expect(repository, "what changes elsewhere is shown").toHaveValue("elsewhere"));
  });

  it("says what is required and missing, and sends a pick, flag or number as such", async () => {
    const { sent, field } = await showInspector(docker({ command: "build" }), ["/steps/0"], tasks);
    expect(await field("Repository")).toHaveAccessibleDescription("It has to be given.");
    expect(screen.getByText("1 missing")).toBeVisible();
    await userEvent.selectOptions(await field("Command"), "push");
    await userEvent.click(screen.getByText("Advanced"));
    await userEvent.click(within(await screen.findByRole("radiogroup", { name: "Add pipeline data" })).getByRole("radio", { name: "False" }));
    const retries = await field("Retries");
    await userEvent.type(retries, "three{Enter}");
    expect(retries).toHaveAccessibleDescription(/whole number/);
    await userEvent.clear(retries);
    await userEvent.type(retries, "3{Enter}");
    expect(sent).toEqual([
      { gesture: "set", node: "/steps/0", keys: ["inputs", "command"], value: "push" },
      { gesture: "set", node: "/steps/0", keys: ["inputs", "addPipelineData"], value: false },
      { gesture: "set", node: "/steps/0", keys: ["inputs", "retries"], value: 3 },
    ]);
  });

  it("shows only inputs that matter, and names those that are written without effect", async () => {
    const shown = await showInspector(docker({ command: "login", repository: "tides" }), ["/steps/0"], tasks);
    expect(await screen.findByText("Without effect")).toBeVisible();
    expect(screen.queryByLabelText("Dockerfile")).toBeNull();
    shown.show(docker({ command: "$(what)", repository: "tides" }));
    expect(await shown.field("Dockerfile"), "what only a run knows may matter").toBeInTheDocument();
    expect(screen.queryByText("Without effect")).toBeNull();
  });

  it("shows an expression in a pick as text, with a switch", async () => {
    const { sent, field } = await showInspector(docker({ command: "${{ parameters.what }}", addPipelineData: "$(data)" }), ["/steps/0"], tasks);
    expect(await field("Command")).toHaveValue("${{ parameters.what }}");
    expect(await field("Add pipeline data")).toHaveValue("$(data)");
    await userEvent.click(screen.getByRole("button", { name: "Command as an expression", pressed: true }));
    expect(sent, "the switch alone changes nothing").toEqual([]);
    await userEvent.selectOptions(await field("Command"), "build");
    expect(sent).toEqual([{ gesture: "set", node: "/steps/0", keys: ["inputs", "command"], value: "build" }]);
  });

  it("offers secure files and takes any other text", async () => {
    const { sent, field } = await showInspector(docker({ command: "build", repository: "r" }), ["/steps/0"], tasks);
    const file = await field("Key file");
    await userEvent.click(file);
    await userEvent.click(await screen.findByRole("option", { name: "release.pfx" }));
    expect(sent).toEqual([{ gesture: "set", node: "/steps/0", keys: ["inputs", "keyFile"], value: "release.pfx" }]);
    await userEvent.clear(file);
    await userEvent.type(file, "other.pem{Enter}");
    await userEvent.tab();
    expect(sent[1]).toEqual({ gesture: "set", node: "/steps/0", keys: ["inputs", "keyFile"], value: "other.pem" });
    expect(sent).toHaveLength(2);
  });

  it("has plain names and values for a task that nobody knows, and for inputs it does not declare", async () => {
    const { sent, field, show } = await showInspector(step({ task: "Acme@1", inputs: { size: "3" } }), ["/steps/0"], tasks);
    expect(await screen.findByText(/Nobody here knows Acme@1/)).toBeVisible();
    await userEvent.type(await field("Value of input size"), "5{Enter}");
    await userEvent.click(screen.getByRole("button", { name: "Add input" }));
    await userEvent.type(await field("Name of the input to add"), "mode");
    await userEvent.type(await field("Value of the input to add"), "fast{Enter}");
    await userEvent.click(screen.getByRole("button", { name: "Remove input size" }));
    expect(sent).toEqual([
      { gesture: "set", node: "/steps/0", keys: ["inputs", "size"], value: 35 },
      { gesture: "set", node: "/steps/0", keys: ["inputs", "mode"], value: "fast" },
      { gesture: "set", node: "/steps/0", keys: ["inputs", "size"], value: null },
    ]);
    show(docker({ command: "build", repository: "r", colour: "red" }));
    expect(await field("Value of input colour")).toHaveValue("red");
  });
});

describe("the form of a step", () => {
  it("has a field for the script and for what every step has", async () => {
    const { sent, field, container } = await showInspector(step({ bash: "make\nmake test\n", displayName: "Build", name: "build", env: { TOKEN: "$(token)" }, timeoutInMinutes: 5, weird: { a: 1 } }), ["/steps/0"]);
    const script = await field("Script");
    expect(script).toHaveValue("make\nmake test");
    await userEvent.type(script, "\nls");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    const name = await field("Name");
    await userEvent.clear(name);
    await userEvent.type(name, "made{Enter}");
    await userEvent.type(await field("Value of variable TOKEN"), "x{Enter}");
    await userEvent.type(await field("Name of variable TOKEN"), "S{Enter}");
    await userEvent.clear(await field("Timeout in minutes"));
    await userEvent.tab();
    await userEvent.click(within(screen.getByRole("radiogroup", { name: "Enabled" })).getByRole("radio", { name: "False" }));
    expect(sent).toEqual([
      { gesture: "set", node: "/steps/0", keys: ["bash"], value: "make\nmake test\nls\n" },
      { gesture: "rename", node: "/steps/0", to: "made" },
      { gesture: "set", node: "/steps/0", keys: ["env", "TOKEN"], value: "$(token)x" },
      { gesture: "edit", edit: { edit: "renameKey", path: "/steps/0/env/TOKEN", to: "TOKENS" } },
      { gesture: "set", node: "/steps/0", keys: ["timeoutInMinutes"], value: null },
      { gesture: "set", node: "/steps/0", keys: ["enabled"], value: false },
    ]);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("names what no field shows, with the way to its line", async () => {
    const { went } = await showInspector(step({ bash: "ls", weird: { a: 1 } }), ["/steps/0"]);
    const rest = await screen.findByRole("list", { name: "Also written here" });
    expect(rest).toHaveTextContent("weird: a mapping");
    await userEvent.click(within(rest).getByRole("button", { name: /Show weird in the text/ }));
    expect(went).toHaveLength(1);
  });

  it("checks out, downloads and publishes", async () => {
    const { sent, field, show } = await showInspector({ resources: { repositories: [{ repository: "tools", name: "acme/tools" }] }, steps: [{ checkout: "self", submodules: true, sparseCheckoutPatterns: ["a", "b", "c"] }] }, ["/steps/0"]);
    await userEvent.click(await field("What"));
    await userEvent.click(await screen.findByRole("option", { name: /^tools/ }));
    expect(await field("Submodules")).toHaveValue("true");
    await userEvent.selectOptions(await field("Submodules"), "recursive");
    const patterns = await field("Only what matches");
    await userEvent.clear(patterns);
    await userEvent.type(patterns, "a{Enter}d{Enter}c{Enter}e");
    await userEvent.tab();
    expect(sent).toEqual([
      { gesture: "set", node: "/steps/0", keys: ["checkout"], value: "tools" },
      { gesture: "set", node: "/steps/0", keys: ["submodules"], value: "recursive" },
      { gesture: "edit", edit: { edit: "all", edits: [{ edit: "set", path: "/steps/0/sparseCheckoutPatterns/1", value: "d" }, { edit: "insertItem", path: "/steps/0/sparseCheckoutPatterns", index: 3, value: "e" }] } },
    ]);
    show({ steps: [{ publish: "dist", artifact: "web" }] });
    expect(await field("File or folder")).toHaveValue("dist");
    show({ steps: [{ download: "current", patterns: "**" }] });
    expect(await field("Patterns"), "one text is a list of one").toHaveValue("**");
  });

  it("makes a mapping out of a short target with its second key", async () => {
    const { sent, field } = await showInspector(step({ bash: "ls", target: "host" }), ["/steps/0"]);
    expect(await field("Target")).toHaveValue("host");
    await userEvent.selectOptions(await field("Logging commands"), "restricted");
    expect(sent).toEqual([{ gesture: "edit", edit: { edit: "all", edits: [{ edit: "set", path: "/steps/0/target", value: { container: "host" } }, { edit: "insertEntry", path: "/steps/0/target", key: "commands", value: "restricted" }] } }]);
  });
});
