import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems } from "#ui/testing/render";
import { declaredOf } from "./fields/use-declared";
import { variablesAsList } from "./forms/variables-list";
import { editBelow } from "./fields/Within";
import { showInspector, writtenOf } from "./inspector.test-parts";
import type { Edit, Json } from "./wire";
import { listEdits, yamlOf } from "./written";

type Root = { [key: string]: Json };
const edit = (one: Edit): object => ({ gesture: "edit", edit: one });
const open = async (title: string): Promise<void> => {
  const summary = await screen.findByText(title, { selector: "summary" });
  if (!(summary.parentElement as HTMLDetailsElement).open) await userEvent.click(summary);
};

describe("triggers", () => {
  it("are all, none or some, and each pattern is one edit", async () => {
    const { sent, show, field, container } = await showInspector({ steps: [] });
    const ways = await screen.findByRole("radiogroup", { name: "Pushes that start a run" });
    expect(within(ways).getByRole("radio", { name: "All" })).toBeChecked();
    await userEvent.click(within(ways).getByRole("radio", { name: "None" }));
    expect(sent).toEqual([edit({ edit: "setTrigger", trigger: "trigger", value: "none" })]);
    show({ trigger: ["main", "release/*"], steps: [] });
    await userEvent.click(await screen.findByRole("button", { name: "Paths that count" }));
    expect(await field("Paths that count"), "whoever asks for a list wants to write into it").toHaveFocus();
    await userEvent.type(await field("Paths that count"), "src/*{Enter}");
    await userEvent.click(await screen.findByRole("button", { name: "Remove main from Branches that count" }));
    await userEvent.click(within(await screen.findByRole("radiogroup", { name: "Batch" })).getByRole("radio", { name: "True" }));
    expect(sent.slice(1), "the language makes the long form").toEqual([
      edit({ edit: "addFilter", trigger: "trigger", on: "paths", list: "include", pattern: "src/*" }),
      edit({ edit: "removeFilter", trigger: "trigger", on: "branches", list: "include", pattern: "main" }),
      { gesture: "set", node: "", keys: ["trigger", "batch"], value: true },
    ]);
    show({ trigger: { batch: true, branches: { include: ["main"], exclude: ["wip/*"] }, tags: ["v*"] }, pr: "none", steps: [] });
    expect(await screen.findByRole("list", { name: "Tags that count: written" })).toHaveTextContent("v*");
    expect(screen.getByRole("list", { name: "Branches that do not count: written" })).toHaveTextContent("wip/*");
    expect(await axeProblems(container)).toEqual([]);
  });

  it("keep a pattern that was refused, with the reason", async () => {
    const { refuse, field } = await showInspector({ trigger: ["main"], steps: [] });
    refuse("main is there already.");
    const branches = await field("Branches that count");
    await userEvent.type(branches, "main{Enter}");
    expect(await screen.findByText(/main is there already/)).toBeVisible();
    expect(branches).toHaveValue("main");
  });

  it("answer whether a branch would start it, and again for another text", async () => {
    const asked: unknown[] = [];
    const { show, field } = await showInspector({ trigger: ["main"], steps: [] }, [], {
      pipeline_trigger: (request: { branch: string; text: string }) => {
        asked.push({ ...request, text: "" });
        return request.text.includes("main") ? { starts: true, reason: "The branch main is included." } : { starts: false, reason: "No branch is." };
      },
    });
    await open("Would this branch start it?");
    const form = await screen.findByRole("form", { name: "Would this branch start it?" });
    await userEvent.click(within(form).getByRole("radio", { name: "Pull request" }));
    await userEvent.type(await field("Changed files"), "src/a.ts{Enter}{Enter}b");
    await userEvent.click(within(form).getByRole("button", { name: "Ask" }));
    expect(await within(form).findByText("Yes.")).toBeVisible();
    expect(within(form).getByRole("status")).toHaveTextContent("Yes. The branch main is included.");
    expect(asked).toEqual([{ projectId: "p", text: "", branch: "main", event: "pullRequest", paths: ["src/a.ts", "b"] }]);
    show({ trigger: ["other"], steps: [] });
    expect(await within(form).findByText("No.")).toBeVisible();
  });
});

describe("schedules", () => {
  const root: Root = { schedules: [{ cron: "0 3 * * Mon-Fri", displayName: "Nightly", branches: { include: ["main"], exclude: ["wip"] } }], steps: [] };

  it("are said in words, and edited at their place", async () => {
    const { sent, field, container } = await showInspector(root);
    expect(await screen.findByText("Runs at 03:00 on Monday to Friday (UTC).")).toBeVisible();
    expect(screen.getByText(/^Next: .* · .* · .* UTC$/)).toBeVisible();
    const cron = await field("Cron");
    await userEvent.clear(cron);
    await userEvent.type(cron, "0 4 * * *{Enter}");
    const not = await field("Branches that are not");
    await userEvent.clear(not);
    await userEvent.tab();
    await userEvent.click(within(screen.getByRole("radiogroup", { name: "Always" })).getByRole("radio", { name: "True" }));
    await userEvent.click(screen.getByRole("button", { name: "Add schedule" }));
    await userEvent.click(screen.getByRole("button", { name: "Remove the schedule Nightly" }));
    expect(sent).toEqual([
      edit({ edit: "set", path: "/schedules/0/cron", value: "0 4 * * *" }),
      edit({ edit: "remove", path: "/schedules/0/branches/exclude" }),
      edit({ edit: "insertEntry", path: "/schedules/0", key: "always", value: true }),
      edit({ edit: "insertItem", path: "/schedules", value: { $yaml: 'cron: "0 3 * * *"\ndisplayName: Nightly\nbranches:\n  include:\n    - main\n' } }),
      edit({ edit: "remove", path: "/schedules/0" }),
    ]);
    expect(await axeProblems(container)).toEqual([]);
  });
});

describe("parameters", () => {
  it("are cards with fields of their type", async () => {
    const { sent, container } = await showInspector({ parameters: [{ name: "env", type: "string", default: "dev", values: ["dev", "prod"] }, { name: "fast", type: "boolean", default: true }, { name: "matrix", type: "object", default: { a: 1 } }], steps: [] });
    const card = await screen.findByRole("listitem", { name: "Parameter env" });
    const opened = async (name: string): Promise<void> => userEvent.click(screen.getByRole("button", { name, expanded: false }));
    await opened("env string");
    await opened("fast boolean");
    await opened("matrix object");
    await userEvent.selectOptions(within(card).getByLabelText("Default"), "prod");
    await userEvent.type(within(card).getByLabelText("Display name"), "Where{Enter}");
    const name = within(card).getByLabelText("Name");
    await userEvent.clear(name);
    await userEvent.type(name, "fast{Enter}");
    expect(name).toHaveAccessibleDescription("fast is there already.");
    await userEvent.type(name, "er{Enter}");
    await userEvent.type(within(card).getByLabelText("Allowed values"), "\ntest");
    await userEvent.tab();
    await userEvent.click(within(card).getByRole("button", { name: "Move env down" }));
    const flag = await screen.findByRole("listitem", { name: "Parameter fast" });
    await userEvent.click(within(within(flag).getByRole("radiogroup", { name: "Default" })).getByRole("radio", { name: "False" }));
    await userEvent.click(within(flag).getByRole("button", { name: "Remove the parameter fast" }));
    expect(screen.queryByLabelText("Run number"), "closed sections draw nothing").toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Add parameter" }));
    expect(screen.getByRole("button", { name: /Show default in the text/ }), "a structure is left to the text").toBeVisible();
    expect(sent).toEqual([
      edit({ edit: "setParameter", name: "env", key: "default", value: "prod" }),
      edit({ edit: "setParameter", name: "env", key: "displayName", value: "Where" }),
      edit({ edit: "renameParameter", name: "env", to: "faster" }),
      edit({ edit: "insertItem", path: "/parameters/0/values", index: 2, value: "test" }),
      edit({ edit: "move", path: "/parameters/0", index: 1 }),
      edit({ edit: "setParameter", name: "fast", key: "default", value: false }),
      edit({ edit: "removeParameter", name: "fast" }),
      edit({ edit: "insertItem", path: "/parameters", value: { $yaml: 'name: parameter1\ntype: string\ndefault: ""\n' } }),
    ]);
    expect(await axeProblems(container)).toEqual([]);
  });
});

describe("the pipeline", () => {
  it("has its variables, resources and run number, and of one job also its parts", async () => {
    const { sent, field, container } = await showInspector({ name: "$(Rev:r)", variables: { a: "1" }, resources: { repositories: [{ repository: "tools", type: "git", name: "Tools/tools" }], webhooks: [] }, pool: { vmImage: "ubuntu-latest" }, timeoutInMinutes: 5, odd: "x", steps: [{ bash: "ls" }] });
    await userEvent.type(await field("Run number"), "x{Enter}");
    await userEvent.type(await field("Value of variable a"), "2{Enter}");
    const tools = await screen.findByRole("listitem", { name: "repository tools" });
    await userEvent.click(within(tools).getByRole("button", { name: "tools Tools/tools", expanded: false }));
    await userEvent.type(within(tools).getByLabelText("Branch or tag"), "refs/heads/dev{Enter}");
    await userEvent.click(screen.getByRole("button", { name: "Add container" }));
    await userEvent.type(await field("Timeout in minutes"), "0{Enter}");
    expect(sent).toEqual([
      { gesture: "set", node: "", keys: ["name"], value: "$(Rev:r)x" },
      edit({ edit: "setVariable", at: {}, name: "a", value: 12 }),
      edit({ edit: "insertEntry", path: "/resources/repositories/0", key: "ref", value: "refs/heads/dev" }),
      { gesture: "set", node: "", keys: ["resources", "containers"], value: { $yaml: "- container: container1\n  image: ubuntu:24.04\n" } },
      { gesture: "set", node: "", keys: ["timeoutInMinutes"], value: 50 },
    ]);
    const rests = screen.getAllByRole("list", { name: "Also written here" }).map((rest) => rest.textContent);
    expect(rests.join(" "), "what has no field is named").toMatch(/webhooks.*odd/s);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("keeps the form of the last text while a text cannot be read", async () => {
    const root: Root = { trigger: ["main"], steps: [] };
    let isBroken = false;
    const { show } = await showInspector(root, [], { pipeline_node: ({ path }: { path: string }) => (isBroken ? { written: null, problem: "Line 2 is no YAML." } : { written: path === "" ? writtenOf(root) : null, problem: null }) });
    isBroken = true;
    show(root);
    expect(await screen.findByText("Line 2 is no YAML.")).toBeVisible();
    expect(screen.getByText("The form shows the last text that could be read")).toBeVisible();
    expect(screen.getByRole("radiogroup", { name: "Pushes that start a run" })).toBeVisible();
  });
});

describe("templates and directives", () => {
  const call: Root = { steps: [{ template: "build.yml", parameters: { image: "api", extra: 1 } }] };
  const library: Record<string, (request: never) => unknown> = {
    pipeline_definition: () => ({ definition: { file: "build.yml", start: 0, end: 0, text: "TEMPLATE" } }),
    pipeline_node: ({ text, path }: { text: string; path: string }) => ({
      written: text === "TEMPLATE" ? writtenOf([{ name: "image", displayName: "Image", type: "string" }, { name: "push", type: "boolean", default: true }, { name: "level", values: ["low", "high"], default: "low" }, { name: "steps", type: "stepList", default: [] }]) : path === "/steps/0" ? (writtenOf(call).entries[0]?.value.entries[0]?.value ?? null) : null,
      problem: null,
    }),
  };

  it("take arguments by the types that the template declares", async () => {
    const { sent, field, container } = await showInspector(call, ["/steps/0"], library);
    await userEvent.selectOptions(await field("Level"), "high");
    expect(await field("Image")).toHaveValue("api");
    await userEvent.click(within(screen.getByRole("radiogroup", { name: "Push" })).getByRole("radio", { name: "False" }));
    expect(await field("Value of parameter extra"), "what it does not declare").toHaveValue("1");
    await userEvent.type(await field("Template"), "@tools{Enter}");
    expect(screen.getByText(/stepList, left out/)).toBeVisible();
    const value = (key: string, of: Json): object => ({ gesture: "set", node: "/steps/0", keys: ["parameters", key], value: of });
    expect(sent).toEqual([value("level", "high"), value("push", false), { gesture: "set", node: "/steps/0", keys: ["template"], value: "build.yml@tools" }]);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("have plain arguments when the template is not found", async () => {
    const { sent, field } = await showInspector({ extends: { template: "base.yml@x", parameters: { a: "b" } } }, ["/extends"], { pipeline_definition: () => ({ definition: null }) });
    expect(await screen.findByText(/What it declares is not known here/)).toBeVisible();
    await userEvent.type(await field("Value of parameter a"), "c{Enter}");
    expect(sent).toEqual([{ gesture: "set", node: "/extends", keys: ["parameters", "a"], value: "bc" }]);
  });

  it("an if has its expression, and can be unwrapped", async () => {
    const path = "/steps/0/${{ if eq(parameters.env, 'prod') }}";
    const { sent, field, container } = await showInspector({ parameters: [{ name: "env", type: "string" }], steps: [{ "${{ if eq(parameters.env, 'prod') }}": [{ bash: "ls" }] }] }, [path]);
    const left = await field("Left side");
    await userEvent.click(left);
    expect(await screen.findByRole("option", { name: "parameters.env" })).toBeVisible();
    await userEvent.clear(left);
    await userEvent.type(left, "variables.x{Enter}");
    await userEvent.click(screen.getByRole("button", { name: "Unwrap: keep what it holds" }));
    expect(sent).toEqual([
      { gesture: "rename", node: path, to: "if eq(variables.x, 'prod')" },
      { gesture: "unwrap", node: path },
    ]);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("an each has its name and list", async () => {
    const path = "/steps/0/${{ each job in parameters.jobs }}";
    const { sent, field } = await showInspector({ steps: [{ "${{ each job in parameters.jobs }}": [] }] }, [path]);
    const of = await field("Out of");
    await userEvent.clear(of);
    await userEvent.type(of, "parameters.more{Enter}");
    expect(sent).toEqual([{ gesture: "rename", node: path, to: "each job in parameters.more" }]);
  });
});

describe("several nodes", () => {
  it("are removed, duplicated or wrapped together", async () => {
    const { sent, field, container } = await showInspector({ steps: [{ bash: "a" }, { bash: "b" }, { bash: "c" }] }, ["/steps/0", "/steps/1"]);
    expect(await screen.findByRole("heading", { name: "2 nodes" })).toBeVisible();
    const nodes = ["/steps/0", "/steps/1"];
    await userEvent.click(screen.getByRole("button", { name: "Duplicate" }));
    const expression = await field("Expression");
    await userEvent.clear(expression);
    await userEvent.type(expression, "parameters.fast{Enter}");
    await userEvent.click(screen.getByRole("button", { name: "Remove" }));
    expect(sent).toEqual([
      { gesture: "duplicate", nodes },
      { gesture: "wrap", nodes, directive: "if parameters.fast" },
      { gesture: "remove", nodes },
    ]);
    expect(await axeProblems(container)).toEqual([]);
  });

  it("that are gone are said so", async () => {
    const { show } = await showInspector({ steps: [{ bash: "a" }] }, ["/steps/0"]);
    show({ steps: [] }, ["/steps/0"]);
    await waitFor(() => expect(screen.getByText("What was selected is not in the text any more.")).toBeVisible());
  });
});

describe("variables in the list form", () => {
  const asked = (text: string, root: Root): Json | undefined => {
    const written = writtenOf(root).entries[0]?.value;
    return written === undefined ? undefined : variablesAsList(text, { ...written, start: 0, end: text.length });
  };
  it("keep their comments and quotes", () => {
    expect(asked("variables:  # all\n  # the mode\n  mode: 'fast' # really\n\n  \"a.b\": $(x)\n  none:", { variables: { mode: "fast", "a.b": "$(x)", none: null } })).toEqual({ $yaml: "# the mode\n- name: mode\n  value: 'fast' # really\n\n- name: \"a.b\"\n  value: $(x)\n- name: none\n  value: \"\"\n" });
  });
  it.each(["variables: { a: 1 }", "variables:\n  a: |\n    x", "variables:\n  ${{ if x }}:\n    a: 1", "variables:\n  a:\n    b: 1"])("are left alone where a value has more than its line: %j", (text) => {
    expect(asked(text, { variables: { a: 1 } })).toBeUndefined();
  });
});

describe("edits below an item", () => {
  const item = writtenOf({ cron: "x", branches: { include: ["a"] } }, "/schedules/0");
  it.each<[string[], Json, Edit | undefined]>([
    [["cron"], "y", { edit: "set", path: "/schedules/0/cron", value: "y" }],
    [["always"], true, { edit: "insertEntry", path: "/schedules/0", key: "always", value: true }],
    [["branches", "exclude"], ["b"], { edit: "insertEntry", path: "/schedules/0/branches", key: "exclude", value: ["b"] }],
    [["a", "b"], 1, { edit: "insertEntry", path: "/schedules/0", key: "a", value: { b: 1 } }],
    [["branches", "include"], null, { edit: "remove", path: "/schedules/0/branches" }],
    [["gone"], null, undefined],
  ])("%j to %j", (keys, value, made) => {
    expect(editBelow(item, keys, value)).toEqual(made);
  });

  it.each<[string[], string[], Edit[]]>([
    [["a", "b"], ["a", "b", "c"], [{ edit: "insertItem", path: "/l", index: 2, value: "c" }]],
    [["a", "b", "c"], ["c"], [{ edit: "remove", path: "/l/1" }, { edit: "remove", path: "/l/0" }]],
    [["a", "b"], ["a", "x"], [{ edit: "set", path: "/l/1", value: "x" }]],
    [["a"], ["a"], []],
  ])("a list %j becomes %j", (before, after, edits) => {
    expect(listEdits("/l", before, after)).toEqual(edits);
  });

  it("a piece of YAML keeps the order of its keys and quotes what would be read as something else", () => {
    expect(yamlOf([["b", "1.0"], ["a", "ubuntu:24.04"], ["c", "yes"], ["d", "x y: z"]], { below: "list" })).toEqual({ $yaml: 'list:\n  - b: "1.0"\n    a: ubuntu:24.04\n    c: "yes"\n    d: "x y: z"\n' });
  });

  it("declared parameters are read in both forms", () => {
    expect(declaredOf(writtenOf({ image: "x", list: [1] })).map(({ name, type }) => `${name} ${type}`)).toEqual(["image string", "list object"]);
    expect(declaredOf(null)).toEqual([]);
  });
});
