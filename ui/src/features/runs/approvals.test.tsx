import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { APPROVALS } from "#ui/ipc/fake/approvals";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { Approvals } from "./Approvals";

const asked = (host: FakeHost) => host.calls.filter((made) => made.name === "approval_answer").map((made) => made.request);

describe("questions of a run", () => {
  it("say what is asked, of whom, and take an answer with its comment by keyboard", async () => {
    const { host, container } = renderScreen(<Approvals runId="run-7" />, new FakeHost("running"));
    const question = await screen.findByRole("region", { name: "Approval for environment staging" });
    expect(within(question).getByText("asked of 1 of Mara, Ole")).toBeInTheDocument();
    expect(within(question).getByText("Look at the tide tables first.")).toBeInTheDocument();
    await userEvent.selectOptions(within(question).getByRole("combobox", { name: "Answer as" }), "Ole");
    within(question).getByRole("textbox", { name: "Comment" }).focus();
    await userEvent.keyboard("Fine by me{Tab}{Tab}{Enter}");
    await waitFor(() => expect(asked(host), "the second button approves").toEqual([{ approvalId: "approval-1", isApproved: true, comment: "Fine by me", approver: "Ole" }]));
    expect(await axeProblems(container)).toEqual([]);
  });

  it("reject with the mouse, and show what was answered before", async () => {
    const { host } = renderScreen(<Approvals runId="run-7" />, new FakeHost("running"));
    const question = await screen.findByRole("region", { name: "Approval for environment staging" });
    await userEvent.click(within(question).getByRole("button", { name: "Reject" }));
    await waitFor(() => expect(asked(host)[0]).toMatchObject({ isApproved: false, approver: "Mara" }));
    expect(screen.getByText("1 question answered")).toBeInTheDocument();
  });

  it("say whose turn it is when approvers are asked in order", async () => {
    const found = APPROVALS.find((approval) => approval.kind === "approval");
    if (found === undefined) throw new Error("fixture");
    const inOrder = { ...found, inOrder: true, minimumApprovers: 0, askedNow: ["Ole"], answers: [{ approver: "Mara", isApproved: true, comment: "", at: 0 }] };
    const { host } = renderScreen(<Approvals runId="run-7" />, new FakeHost("running", { approval_list: () => [inOrder] }));
    const question = await screen.findByRole("region", { name: "Approval for environment staging" });
    expect(within(question).getByText("asked of Mara, then Ole")).toBeInTheDocument();
    expect(within(question).getByText("it is the turn of Ole")).toBeInTheDocument();
    await userEvent.click(within(question).getByRole("button", { name: "Approve" }));
    await waitFor(() => expect(asked(host)[0]).toMatchObject({ isApproved: true, approver: "Ole" }));
  });

  it("offer to start a manual stage, or to leave it out only if it may be", async () => {
    const stage = APPROVALS.find((approval) => approval.kind === "stage");
    if (stage === undefined) throw new Error("fixture");
    const { host } = renderScreen(<Approvals runId="run-7" />, new FakeHost("running", { approval_list: () => [{ ...stage, isSkippable: false }] }));
    const question = await screen.findByRole("region", { name: "Stage Publish waits to be started" });
    expect(within(question).queryByRole("button", { name: "Leave out" }), "isSkippable: false").toBeNull();
    await userEvent.click(within(question).getByRole("button", { name: "Start stage" }));
    await waitFor(() => expect(asked(host)[0]).toMatchObject({ approvalId: stage.id, isApproved: true, approver: null }));
  });

  it("are not there when a run never asked", async () => {
    const { host, container } = renderScreen(<Approvals runId="run-6" />, new FakeHost("ready"));
    await waitFor(() => expect(host.calls.some((made) => made.name === "approval_list")).toBe(true));
    expect(container.querySelector("section")).toBeNull();
  });
});
