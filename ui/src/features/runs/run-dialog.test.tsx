import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { runForm } from "#ui/ipc/fake/library";
import { axeProblems, renderScreen } from "#ui/testing/render";
import { controlOf } from "#ui/start/parameter-control";
import { defaultsOf, parametersOf, problemsOf, variablesOf } from "./run-form";
import { RunsScreen } from "./RunsScreen";

describe("RunDialog", () => {
  it("asks for branch, parameters and variables, and starts the run with them", async () => {
    const { host } = renderScreen(<RunsScreen projectId="p-tidewater" />, "ready");
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Run pipeline" }));
    const dialog = await screen.findByRole("dialog", { name: "Run pipeline" });
    await user.click(await within(dialog).findByRole("button", { name: "Add variable" }));
    await user.click(within(dialog).getByRole("button", { name: "Run" }));
    expect(within(dialog).getByText("A value for the 'replicas' parameter must be provided."), "in Azure's words").toBeVisible();
    await user.type(within(dialog).getByLabelText("Replicas"), "5");
    await user.selectOptions(within(dialog).getByLabelText("Deploy to"), "prod");
    await user.click(within(dialog).getByLabelText("Run the tests"));
    await user.clear(within(dialog).getByLabelText("logLevel"));
    await user.type(within(dialog).getByLabelText("logLevel"), "debug");
    expect(within(dialog).getByLabelText("apiKey"), "the Library does not allow another value").toHaveAttribute("readonly");
    await user.type(within(dialog).getByLabelText("Variable 1 name"), "token");
    await user.click(within(dialog).getByRole("button", { name: "Make token secret" }));
    await user.type(within(dialog).getByLabelText("Variable 1 value"), "s3cret");
    expect(await axeProblems(dialog)).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Run" }));
    await waitFor(() => expect(host.calls.some(({ name }) => name === "run_start")).toBe(true));
    expect(host.calls.find(({ name }) => name === "run_start")?.request).toEqual({
      projectId: "p-tidewater",
      commit: null,
      branch: null,
      file: null,
      isWorkingTree: false,
      parameters: [
        { name: "environment", value: "prod" },
        { name: "runTests", value: "false" },
        { name: "replicas", value: "5" },
      ],
      variables: [
        { name: "logLevel", value: "debug", isSecret: false },
        { name: "token", value: "s3cret", isSecret: true },
      ],
    });
  });
});

describe("what a run is asked for", () => {
  const form = runForm(null);

  it("sends only what differs from the file", () => {
    const values = { ...defaultsOf(form), replicas: "2" };
    expect(parametersOf(form, values)).toEqual([{ name: "replicas", value: "2" }]);
    expect(problemsOf(form, { ...values, replicas: "many" })).toEqual({ replicas: "Write a number." });
    expect(variablesOf(form, { logLevel: "info", apiKey: "x" }, []), "neither the same value nor one that must stay").toEqual([]);
  });

  it("gives each type its control", () => {
    const control = (kind: string, values: string[] = []) => controlOf({ name: "p", displayName: "", kind, default: null, values });
    expect([control("string", ["a"]), control("boolean"), control("number"), control("object"), control("stepList"), control("environment")]).toEqual(["choice", "boolean", "number", "lines", "lines", "text"]);
  });
});
