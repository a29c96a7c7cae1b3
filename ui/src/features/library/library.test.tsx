import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { toBase64 } from "./base64";
import { draftOf, draftVariable, inputsOf, problemsOf } from "./group-draft";
import { LibraryScreen } from "./LibraryScreen";

const show = (fake: string | FakeHost = "ready") => renderScreen(<LibraryScreen projectId="p-tidewater" />, fake);
const requestOf = (host: FakeHost, name: string): unknown => host.calls.find((call) => call.name === name)?.request;

describe("LibraryScreen", () => {
  it("lists groups with what is left to do, and where secrets lie", async () => {
    const { container } = show();
    const table = await screen.findByRole("table", { name: "Variable groups" });
    expect(within(table).getByRole("button", { name: "harbour" })).toBeVisible();
    expect(within(table).getAllByText("1 secret without value"), "both groups of Azure DevOps").toHaveLength(2);
    expect(within(table).getByText(/key vault contoso-tides/)).toBeVisible();
    expect(screen.getByText(/kept in the keychain/)).toBeVisible();
    expect(await axeProblems(container)).toEqual([]);
  });

  it("adds a group with a secret whose value is never shown", async () => {
    const { host } = show();
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "New variable group" }));
    const dialog = await screen.findByRole("dialog", { name: "New variable group" });
    await user.click(within(dialog).getByRole("button", { name: "Create group" }));
    expect(within(dialog).getByText("Give the group a name."), "what is missing is said at the field").toBeVisible();
    await user.type(within(dialog).getByLabelText("Name"), "shop");
    await user.click(within(dialog).getByRole("button", { name: "Add variable" }));
    await user.type(within(dialog).getByLabelText("Variable 1 name"), "token");
    await user.click(within(dialog).getByRole("button", { name: "Make token secret" }));
    const value = within(dialog).getByLabelText("Variable 1 value");
    expect(value, "typed letters are dots").toHaveAttribute("type", "password");
    await user.type(value, "s3cret");
    expect(await axeProblems(dialog)).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Create group" }));
    expect(requestOf(host, "variable_group_save")).toEqual({ projectId: "p-tidewater", name: "shop", previousName: null, description: "", variables: [{ name: "token", value: "s3cret", isSecret: true }] });
  });

  it("leaves a secret as it is when nothing is typed", async () => {
    const { host } = show();
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "harbour" }));
    const dialog = await screen.findByRole("dialog", { name: "harbour" });
    const secret = within(dialog).getByLabelText("Variable 3 value");
    expect(secret, "its value is not there").toHaveValue("");
    expect(secret).toHaveAttribute("placeholder", "Set; type to replace");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(requestOf(host, "variable_group_save")).toMatchObject({ variables: [{}, {}, { name: "registryToken", value: null, isSecret: true }] });
  });

  it("reads groups from Azure DevOps and says which secrets have no value", async () => {
    const { host } = show();
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Read from Azure DevOps" }));
    const dialog = await screen.findByRole("dialog", { name: "Read groups from Azure DevOps" });
    expect(await within(dialog).findByLabelText("Organization")).toHaveValue("https://dev.azure.com/contoso");
    await user.click(within(dialog).getByRole("button", { name: "Read groups" }));
    expect(await within(dialog).findByText(/release\/signingPassword, vault\/storage-key/)).toBeVisible();
    expect(within(dialog).getByText(/same names: harbour/)).toBeVisible();
    expect(requestOf(host, "variable_group_read"), "the token that is kept").toMatchObject({ token: null, signIn: "personalAccessToken" });
    expect(await axeProblems(dialog)).toEqual([]);
  });

  it("gives only secrets of a group that was read a value", async () => {
    show();
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "release" }));
    const dialog = await screen.findByRole("dialog", { name: "release" });
    expect(within(dialog).getByLabelText("Variable 1 value"), "a plain one is changed there").toHaveAttribute("readonly");
    expect(within(dialog).getByLabelText("Variable 2 value"), "a secret is set here").not.toHaveAttribute("readonly");
    expect(within(dialog).queryByRole("button", { name: "Add variable" })).toBeNull();
  });

  it("asks before a group goes", async () => {
    const { host } = show();
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Remove harbour" }));
    const dialog = await screen.findByRole("dialog", { name: "Remove harbour?" });
    expect(requestOf(host, "variable_group_remove"), "nothing has gone yet").toBeUndefined();
    await user.click(within(dialog).getByRole("button", { name: "Remove" }));
    expect(requestOf(host, "variable_group_remove")).toEqual({ projectId: "p-tidewater", name: "harbour" });
  });

  it("keeps variables of the pipeline and secure files", async () => {
    const { host, container } = show();
    const user = userEvent.setup();
    await user.click(await screen.findByRole("tab", { name: "Pipeline variables" }));
    const table = await screen.findByRole("table", { name: "Pipeline variables" });
    expect(within(table).getByText("Secret, set")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "New variable" }));
    const dialog = await screen.findByRole("dialog", { name: "New variable" });
    await user.type(within(dialog).getByLabelText("Name"), "token");
    await user.click(within(dialog).getByLabelText("Keep this value secret"));
    await user.type(within(dialog).getByLabelText("Value"), "s3cret");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(requestOf(host, "pipeline_variable_save")).toEqual({ projectId: "p-tidewater", name: "token", value: "s3cret", isSecret: true, isSettable: false });
    await user.click(await screen.findByRole("tab", { name: "Secure files" }));
    expect(within(await screen.findByRole("table", { name: "Secure files" })).getByText("release.pfx")).toBeVisible();
    await user.upload(screen.getByLabelText("Secure file"), new File(["abc"], "key.pem"));
    await expect.poll(() => requestOf(host, "secure_file_add")).toEqual({ projectId: "p-tidewater", name: "key.pem", content: "YWJj" });
    expect(await axeProblems(container)).toEqual([]);
  });

  it.each([
    ["loading", /Loading/],
    ["refused", /being opened by another Slipway/],
    ["failed", /does not answer/],
  ])("says when it is %s", async (mode, words) => {
    show(mode);
    expect((await screen.findAllByText(words)).length, "it is said").toBeGreaterThan(0);
  });

  it("says what to do when there is nothing", async () => {
    show("empty");
    expect(await screen.findByText("No variable group yet")).toBeVisible();
  });
});

describe("a group while it is typed", () => {
  it("says what is wrong", () => {
    const draft = { ...draftOf(undefined), name: "Shop", variables: [draftVariable({ name: "a" }), draftVariable({ name: "A" })] };
    expect(problemsOf(draft, ["shop"])).toEqual({ name: "There is a group Shop already.", variables: "a is there twice." });
    expect(problemsOf({ ...draft, variables: [draftVariable({ value: "x" })] }, []), "a value without a name").toEqual({ variables: "A value needs a name." });
  });

  it("sends no value for a secret that stays", () => {
    const variables = [draftVariable({ name: "a", isSecret: true, isSet: true }), draftVariable({ name: "b" }), draftVariable()];
    expect(inputsOf({ name: "g", description: "", variables })).toEqual([
      { name: "a", value: null, isSecret: true },
      { name: "b", value: "", isSecret: false },
    ]);
  });

  it("codes bytes of any length", () => {
    const bytes = new Uint8Array(100_000).fill(255);
    expect(toBase64(bytes)).toBe(`${"/".repeat(133_333)}w==`);
    expect(toBase64(new Uint8Array([97])), "padded").toBe("YQ==");
  });
});
