import { describe, expect, it } from "vitest";
import { formatInstant, formatValue, indexAfterKey, instantOfX, instantsOf, nearestIndex, xOfInstant, yOfValue, type PlotFrame } from "./plot-geometry";

const frame: PlotFrame = { width: 720, height: 240, plotLeft: 60, plotRight: 660, plotTop: 10, plotBottom: 210, yMax: 10, from: 1000, to: 7000 };

describe("plot geometry", () => {
  it("maps instants to the plot and back", () => {
    expect(xOfInstant(frame, 1000), "the span begins at the plot's left edge").toBe(60);
    expect(xOfInstant(frame, 7000), "and ends at its right edge").toBe(660);
    expect(instantOfX(frame, xOfInstant(frame, 2500)), "the way back gives the same instant").toBe(2500);
    expect(xOfInstant(frame, 99_999), "outside the span it stays at the edge").toBe(660);
    expect(instantOfX(frame, -50), "left of the plot is its beginning").toBe(1000);
    expect(xOfInstant({ ...frame, to: 1000 }, 1000), "a span of nothing divides by nothing").toBe(60);
  });

  it("snaps to the closest instant", () => {
    const instants = [1000, 2000, 4000];
    expect(nearestIndex(instants, 1499), "closer to the first").toBe(0);
    expect(nearestIndex(instants, 1501), "closer to the second").toBe(1);
    expect(nearestIndex(instants, 9999), "after the last").toBe(2);
    expect(nearestIndex([], 5), "nothing to snap to").toBe(-1);
  });

  it("moves by key and stops at the ends", () => {
    expect(indexAfterKey("ArrowRight", 9, 10), "the last stays the last").toBe(9);
    expect(indexAfterKey("ArrowLeft", 5, 10), "one back").toBe(4);
    expect(indexAfterKey("Home", 5, 10), "to the first").toBe(0);
    expect(indexAfterKey("PageUp", 0, 60), "a tenth onwards").toBe(6);
    expect(indexAfterKey("x", 5, 10), "another key is not ours").toBeNull();
    expect(indexAfterKey("Home", 0, 0), "an empty chart does not move").toBeNull();
  });

  it("joins the instants of all series, each once", () => {
    expect(instantsOf([{ name: "a", color: "teal", points: [{ at: 2, value: 1 }, { at: 1, value: 1 }] }, { name: "b", color: "blue", points: [{ at: 2, value: 5 }] }])).toEqual([1, 2]);
  });

  it("maps values to the plot", () => {
    expect(yOfValue(frame, 0), "zero lies at the bottom").toBe(210);
    expect(yOfValue(frame, 10), "the highest value at the top").toBe(10);
    expect(yOfValue(frame, 9), "9 of 10 stand 180 of 200 units high").toBe(30);
    expect(yOfValue(frame, 99), "nothing leaves the plot").toBe(10);
    expect(yOfValue({ ...frame, yMax: 0 }, 1), "a chart of nothing has no place for a value").toBeNull();
  });

  it("writes values and times exactly", () => {
    expect(formatValue(41.76, "ms")).toBe("41.8 ms");
    expect(formatValue(0.16, "%")).toBe("0.16 %");
    expect(formatValue(1284, ""), "counts have no decimals").toBe("1,284");
    expect(formatValue(null, "ms")).toBe("no value");
    const day = 86_400_000;
    expect(formatInstant(day * 2, { from: 0, to: day * 3 }), "over several days the day is told").toMatch(/Jan/);
  });
});
