import { describe, expect, it } from "vitest";
import { foldedAround, groupsOf, rowsOf } from "./log-rows";

const groups = groupsOf([2, 4, 20], [6, 10], 30, true);

describe("groups of a log", () => {
  it("are nested, and the last one may be open", () => {
    expect(groups).toEqual([
      { start: 2, end: 10, isClosed: true },
      { start: 4, end: 6, isClosed: true },
      { start: 20, end: 29, isClosed: false },
    ]);
  });

  it("leave out an open one if not all marks are known, and an end without a beginning", () => {
    expect(groupsOf([2, 8], [1, 5], 20, false)).toEqual([{ start: 2, end: 5, isClosed: true }]);
  });
});

describe("rows of a log", () => {
  it("are its lines without the ends of groups", () => {
    const rows = rowsOf(30, groups, new Set());
    expect(rows.count).toBe(28);
    expect([5, 6, 8, 9].map((row) => rows.lineOf(row))).toEqual([5, 7, 9, 11]);
    expect([5, 6, 7, 10, 11].map((line) => rows.rowOf(line)), "a hidden line is at the one before it").toEqual([5, 5, 6, 8, 9]);
  });

  it("leave out what is folded, also inside of what is folded", () => {
    const rows = rowsOf(30, groups, new Set([2, 4, 20]));
    expect(rows.count, "0 1 2, 11 to 20").toBe(13);
    expect([2, 3, 12].map((row) => rows.lineOf(row))).toEqual([2, 11, 20]);
    expect([3, 10, 29].map((line) => rows.rowOf(line))).toEqual([2, 2, 12]);
  });

  it("are all lines where there is no group, and none of an empty log", () => {
    expect(rowsOf(5, [], new Set()).lineOf(4)).toBe(4);
    expect(rowsOf(0, [], new Set()).count).toBe(0);
  });

  it("know which groups to unfold for a line", () => {
    expect(foldedAround(5, groups, new Set([2, 4, 20]))).toEqual([2, 4]);
    expect(foldedAround(2, groups, new Set([2])), "the head of a group is in sight").toEqual([]);
  });
});
