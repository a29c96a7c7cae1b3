import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { loopView } from "#ui/ipc/fake/loop";
import { axeProblems, FakeHost, renderScreen } from "#ui/testing/render";
import { alongLeg, legInto, pointAt, STATION_WAYS, TRACK_LENGTH, VIEW } from "./geometry";
import { LoopScreen } from "./LoopScreen";
import { evidenceOf, stepInFocus } from "./steps";

const stations = async (): Promise<HTMLElement[]> => within(await screen.findByRole("list", { name: "The ten steps" })).getAllByRole("button");

describe("the track", () => {
  it("is closed and holds ten stations in order", () => {
    expect(STATION_WAYS).toHaveLength(10);
    expect(STATION_WAYS.toSorted((left, right) => left - right), "each station is further along than the one before").toEqual(STATION_WAYS);
    const [start, end] = [pointAt(0), pointAt(TRACK_LENGTH - 0.01)];
    expect(Math.hypot(start.x - end.x, start.y - end.y), "it ends where it starts").toBeLessThan(1);
  });

  it("keeps stations far enough apart for their words, and inside the drawing", () => {
    const places = STATION_WAYS.map((way) => pointAt(way % TRACK_LENGTH));
    for (const [index, place] of places.entries()) {
      const next = places[(index + 1) % 10] ?? place;
      expect(Math.hypot(place.x - next.x, place.y - next.y), `station ${index + 1} stands clear of the next`).toBeGreaterThan(120);
      expect(place.y > 60 && place.y < VIEW.height - 60, `station ${index + 1} leaves room for words`).toBe(true);
    }
  });

  it("lights legs that join", () => {
    for (let index = 1; index < 10; index += 1) expect(legInto(index).from, `leg ${index + 1} starts at station ${index}`).toBe(STATION_WAYS[index - 1]);
    expect(alongLeg(0, 10, 4)).toHaveLength(5);
  });
});

describe("the picture", () => {
  it("names each station with number, title, state and headline", async () => {
    renderScreen(<LoopScreen projectId="p" />, "running");
    const names = (await stations()).map((station) => station.getAttribute("aria-label"));
    expect(names).toHaveLength(10);
    expect(names[2]).toBe("Step 3 of 10, CI: succeeded. 12 of 12 tests");
    expect(names[5]).toBe("Step 6 of 10, Deploy: running. Rolling out to dev");
    expect(names[9], "a step that has not come yet says so").toBe("Step 10 of 10, Backlog: not yet. not yet");
  });

  it("carries the evidence of finished steps only", () => {
    expect(evidenceOf(loopView(6)).map((item) => item.kind)).toEqual(["Commit", "Run", "Image"]);
    expect(evidenceOf(loopView(11)).map((item) => item.kind)).toEqual(["Commit", "Run", "Image", "Pod", "Health", "Work item"]);
    expect(evidenceOf(loopView(0))).toEqual([]);
  });

  it("speaks of the step that matters", () => {
    expect(stepInFocus(loopView(6))).toBe("deploy");
    expect(stepInFocus(loopView(11, 3)), "a failure comes before what succeeded").toBe("ci");
    expect(stepInFocus(loopView(11))).toBe("backlog");
  });

  it("shows a station's detail and the way to its room when it is pressed", async () => {
    renderScreen(<LoopScreen projectId="p" />);
    const push = (await stations())[3];
    await userEvent.click(push ?? document.body);
    expect(push).toHaveAttribute("aria-pressed", "true");
    const detail = screen.getByRole("region", { name: "4 · Push" });
    expect(within(detail).getByRole("link", { name: "Open the image" }).getAttribute("href"), "leads to the registry").toMatch(/^#\/registry\/sha256/);
  });
});

describe("the big button", () => {
  it("commits with the message that was written", async () => {
    const { host } = renderScreen(<LoopScreen projectId="p" />);
    const message = await screen.findByRole("textbox", { name: "Commit message" });
    await userEvent.clear(message);
    await userEvent.type(message, "Mine AB#1{Enter}");
    await waitFor(() => expect(host.calls.find((made) => made.name === "loop_run")?.request).toEqual({ projectId: "p-tidewater", message: "Mine AB#1" }));
  });

  it("leaves the proposed message to the backend when it was not touched", async () => {
    const { host } = renderScreen(<LoopScreen projectId="p" />);
    await userEvent.click(await screen.findByRole("button", { name: "Commit and run" }));
    await waitFor(() => expect(host.calls.find((made) => made.name === "loop_run")?.request).toMatchObject({ message: null }));
  });

  it("cancels the run that goes on", async () => {
    const { host } = renderScreen(<LoopScreen projectId="p" />, "running");
    await userEvent.click(await screen.findByRole("button", { name: "Cancel run" }));
    await waitFor(() => expect(host.calls.find((made) => made.name === "run_cancel")?.request).toEqual({ runId: "run-7" }));
  });

  it("is off and says why when the machine lacks something", async () => {
    renderScreen(<LoopScreen projectId="p" />, "partial");
    expect(await screen.findByRole("button", { name: "Run" })).toBeDisabled();
    expect(screen.getByText(/Start Docker/)).toBeInTheDocument();
  });
});

describe("every state", () => {
  it("failed offers a retry that asks again", async () => {
    let isDown = true;
    const host = new FakeHost("ready", {
      loop_get: () => {
        if (isDown) throw { kind: "unavailable", code: "x", message: "The database does not answer.", hint: null, corr: "" };
        return loopView(11);
      },
    });
    renderScreen(<LoopScreen projectId="p" />, host);
    expect(await screen.findByRole("alert")).toHaveTextContent("The database does not answer.");
    isDown = false;
    await userEvent.click(screen.getByRole("button", { name: "Retry" }));
    expect(await stations()).toHaveLength(10);
  });

  it("refused is said without alarm", async () => {
    renderScreen(<LoopScreen projectId="p" />, "refused");
    expect(await screen.findByText("The project is being opened by another Slipway.")).toBeInTheDocument();
    expect(screen.queryByRole("alert"), "a refusal is not an emergency").toBeNull();
  });

  it.each(["ready", "running", "redrun", "empty", "partial"])("%s passes axe", async (mode) => {
    const { container } = renderScreen(<LoopScreen projectId="p" />, mode);
    await stations();
    expect(await axeProblems(container)).toEqual([]);
  });
});
