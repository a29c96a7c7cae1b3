import { describe, expect, it } from "vitest";
import { markSpans, plainOf, readLine } from "./log-line";

describe("a line of a log", () => {
  it.each([
    ["\u001b[32mok\u001b[0m", "ok"],
    ["\u001b]0;title\u0007text", "text"],
    ["10%\r50%\r100%", "100%"],
    ["done\r", "done"],
    ["plain [1m]", "plain [1m]"],
    ["##[error]broken", "broken"],
    ["see ##[error]", "see ##[error]"],
  ])("%j reads %j", (raw, plain) => {
    expect(plainOf(raw), "as it is searched and copied").toBe(plain);
    expect(
      readLine(raw)
        .spans.map((span) => span.text)
        .join(""),
      "as it is drawn",
    ).toBe(plain);
  });

  it.each([
    ["\u001b[1;31mred", ["bold", "fg1"]],
    ["\u001b[94mblue", ["fg12"]],
    ["\u001b[38;5;196mred", ["fg9"]],
    ["\u001b[38;5;244mgrey", ["fg8"]],
    ["\u001b[38;2;20;160;40mgreen", ["fg2"]],
    ["\u001b[38:2:20:160:40mgreen", ["fg2"]],
    ["\u001b[37;41mwhite on red", ["bg1"]],
    ["\u001b[7mturned", ["bgText"]],
    ["\u001b[1m\u001b[22mplain", []],
    ["\u001b[31m\u001b[39mplain", []],
    ["\u001b[31m\u001b[mplain", []],
    ["\u001b[2Kplain", []],
  ])("%j looks %j", (raw, looks) => expect(readLine(raw).spans[0]?.looks).toEqual(looks));

  it.each([
    ["##[error]a", "error"],
    ["##[warning]a", "warning"],
    ["##[section]Starting: a", "section"],
    ["##[command]a", "command"],
    ["[command]a", "command"],
    ["##[debug]a", "debug"],
    ["##[group]a", "group"],
    ["\u001b[31m##[error]a", "error"],
    ["a", "text"],
  ])("%j is of kind %s", (raw, kind) => expect(readLine(raw).kind).toBe(kind));

  it("marks what was searched for across colours", () => {
    const pieces = markSpans(readLine("one \u001b[31mtwo\u001b[0m three").spans, /e two t/g);
    expect(pieces.map((piece) => [piece.text, piece.isMarked, piece.looks])).toEqual([
      ["on", false, []],
      ["e ", true, []],
      ["two", true, ["fg1"]],
      [" t", true, []],
      ["hree", false, []],
    ]);
  });
});
