import { describe, expect, it } from "vitest";
import { formatInstant, formatValue, indexAfterKey, inkColors, instantOfX, instantsOf, nearestIndex, parseVertices, valueAtTop, xOfInstant, yOfValue, type PlotFrame } from "./plot-geometry";

const frame: PlotFrame = { width: 720, height: 240, plotLeft: 60, plotRight: 660, plotTop: 10, plotBottom: 210, from: 1000, to: 7000 };

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
    expect(instantsOf([{ name: "a", points: [{ at: 2, value: 1 }, { at: 1, value: 1 }] }, { name: "b", points: [{ at: 2, value: 5 }] }])).toEqual([1, 2]);
  });

  it("reads the scale and the colours off the drawing", () => {
    const low = { name: "low", points: [{ at: 1000, value: 1 }, { at: 4000, value: 2 }] };
    const high = { name: "high", points: [{ at: 1000, value: 9 }, { at: 4000, value: 3 }] };
    const grid = { color: "grey", vertices: parseVertices("60,10 660,10") };
    const pole = { color: "amber", vertices: parseVertices("360,210 360,4") };
    const lowLine = { color: "teal", vertices: parseVertices("240,760 1440,680", 0.25) };
    const highLine = { color: "blue", vertices: parseVertices("60,30 360,150") };
    const inks = [grid, pole, lowLine, highLine];
    const top = valueAtTop(frame, [low, high], inks);
    expect(top, "9 stands 180 of 200 units high, so the top is 10").toBeCloseTo(10);
    expect(yOfValue(frame, 10, 2), "a dot stands on the drawn vertex").toBe(170);
    expect(inkColors(frame, 10, [low, high], inks), "each line has its colour").toEqual(["teal", "blue"]);
    expect(valueAtTop(frame, [{ name: "other", points: [{ at: 2222, value: 1 }] }], inks), "no dot rather than a wrong one").toBeNull();
    expect(valueAtTop(frame, [{ name: "bent", points: [{ at: 1000, value: 9 }, { at: 4000, value: 8 }] }], [highLine]), "a drawing of other values is not trusted").toBeNull();
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
