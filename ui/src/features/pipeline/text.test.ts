// The pure parts beside the editor: form of a file, places, fixes, differences, and asking about the newest text.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DiagnosticView } from "#ui/ipc";
import { columnBelow } from "./editor/indent";
import { templateOf } from "./editor/snippet";
import { Latest, type Outcome } from "./latest";
import { diffLines } from "./line-diff";
import { fixOf, lineAt, linesOf, offsetAt, rangeOf } from "./positions";
import { readForm, writeForm } from "./text-form";
import { draftOf, readAgain } from "./use-draft";

const problem = (line: number, column: number, length: number, message: string, hint: string | null = null): DiagnosticView => ({ severity: "error", code: "x", message, hint, line, column, endLine: line, endColumn: column + length });

describe("the form of a file", () => {
  it.each(["a: 1\nb: 2\n", "a: 1\r\nb: 2\r\n", "\uFEFFa: 1\r\nb", "a: 1\r\nb: 2\n", "a\rb\r\n", "", "\r\n"])("%j comes back byte for byte", (text) => {
    const { form, body } = readForm(text);
    expect(writeForm(form, body)).toBe(text);
  });

  it("edits lines without their \\r where all have one", () => {
    expect(readForm("a\r\nb\r\n").body, "offsets count one unit a line end").toBe("a\nb\n");
    expect(readForm("a\r\nb\n").body, "a mixed file keeps its own").toBe("a\r\nb\n");
  });
});

describe("places", () => {
  it("counts a character outside of the basic plane as one column", () => {
    const lines = linesOf("ab\n# 🚢 here\n");
    expect(offsetAt(lines, 2, 4), "behind the ship, which is two code units").toBe(7);
  });

  it("says the line of an offset", () => {
    const lines = linesOf("ab\n\nc\n");
    expect([0, 2, 3, 4, 5, 6, 99].map((offset) => lineAt(lines, offset))).toEqual([1, 1, 2, 3, 3, 4, 4]);
  });

  it("moves a place outside of the text inside", () => {
    const lines = linesOf("ab\nc");
    expect(offsetAt(lines, 9, 9), "past the last line").toBe(4);
    expect(offsetAt(lines, 1, 99), "past the line's end").toBe(2);
    expect(rangeOf(lines, problem(1, 3, 0, "")), "an empty span marks the character before").toEqual({ from: 1, to: 2 });
  });
});

describe("a fix", () => {
  const fix = (body: string, found: DiagnosticView): string | null => {
    const made = fixOf(found, body, rangeOf(linesOf(body), found));
    return made === null ? null : body.slice(0, made.from) + made.insert + body.slice(made.to);
  };

  it("puts the meant word in place of the span", () => {
    expect(fix("dispalyName: x", problem(1, 1, 11, "Unexpected value 'dispalyName'", "Did you mean 'displayName'?"))).toBe("displayName: x");
  });

  it("leaves quotes and versions alone", () => {
    expect(fix('task: "Dokcer@2"', problem(1, 7, 10, "A task called 'Dokcer@2' is missing.", "Did you mean 'Docker'? Supported: Bash@3."))).toBe('task: "Docker@2"');
  });

  it("finds the word that the message quotes inside of a longer span", () => {
    expect(fix("condition: and(suceeded(), true)", problem(1, 12, 21, "Unrecognized value: 'suceeded'.", "Did you mean 'succeeded'?"))).toBe("condition: and(succeeded(), true)");
  });

  it("is not offered without a meant word or a place for it", () => {
    expect(fix("a: b c", problem(1, 4, 3, "No such thing.", "Did you mean 'd'?")), "two words, none quoted").toBeNull();
    expect(fix("a: b", problem(1, 4, 1, "No such thing.", "Write another.")), "no meant word").toBeNull();
  });
});

describe("a snippet", () => {
  it.each([
    ["condition: $0", "condition: ${0}"],
    ["and(${1:a}, $2)$0", "and(${1:a}, ${2})${0}"],
    ["\\${{ if ${1:condition} }}:\n  $0", "$\\{\\{ if ${1:condition} \\}\\}:\n  ${0}"],
    ["$(tag)", "$(tag)"],
    ["tool: ${1}", "tool: ${1}"],
  ])("%j is %j to CodeMirror", (snippet, template) => {
    expect(templateOf(snippet)).toBe(template);
  });
});

describe("a new line", () => {
  it.each([
    ["    - publish: manifests", 6],
    ["  displayName: x", 2],
    ["  steps:", 4],
    ["- script: |", 4],
    ["- task: Docker@2 # the image: built", 2],
    ["  # a note:", 2],
    ["", 0],
  ])("below %j begins at column %i", (line, column) => {
    expect(columnBelow(line)).toBe(column);
  });
});

describe("the difference", () => {
  it("shows changed lines with three around them, far ones apart", () => {
    const one = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
    const other = one.with(4, "five").toSpliced(20, 1);
    const hunks = diffLines(one.join("\n"), other.join("\n"));
    expect(hunks.map((rows) => rows.filter((row) => row.kind !== "context").map((row) => `${row.kind} ${row.text}`))).toEqual([["removed line 5", "added five"], ["removed line 21"]]);
    expect(hunks[0]?.map((row) => row.oldLine), "three above and below, each once").toEqual([2, 3, 4, 5, null, 6, 7, 8]);
  });

  it("rebuilds both sides", () => {
    const [one, other] = ["a\nb\nc\nd", "b\nx\nd\ne"];
    const rows = diffLines(one, other).flat();
    expect(rows.filter((row) => row.kind !== "added").map((row) => row.text).join("\n")).toBe(one);
    expect(rows.filter((row) => row.kind !== "removed").map((row) => row.text).join("\n")).toBe(other);
  });

  it("says nothing of equal texts", () => {
    expect(diffLines("a\nb", "a\nb")).toEqual([]);
    expect(diffLines("", "a\n\nb").flat().map((row) => row.kind), "nothing is not an empty line").toEqual(["added", "added", "added"]);
  });
});

describe("the draft", () => {
  it("follows the disk while nothing is typed", () => {
    expect(readAgain(draftOf("one"), "two", "one", null)).toEqual(draftOf("two"));
  });

  it("is contested when the disk changes under unsaved work, until the disk is as it was", () => {
    const contested = readAgain({ ...draftOf("one"), isDirty: true }, "two", "mine", null);
    expect(contested).toEqual({ base: "one", disk: "two", isDirty: true, isContested: true });
    expect(readAgain(contested, "one", "mine", null).isContested, "the change was taken back").toBe(false);
  });

  it("knows its own save on the disk, also when more was typed meanwhile", () => {
    expect(readAgain({ ...draftOf("one"), isDirty: true }, "mine", "mine and more", "mine")).toEqual({ base: "mine", disk: "mine", isDirty: true, isContested: false });
  });
});

describe("asking about the newest", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks once after a pause, one at a time, and drops what is late", async () => {
    const answers: ((text: string) => void)[] = [];
    const asked: string[] = [];
    const said: Outcome<string, string>[] = [];
    const latest = new Latest<string, string>(
      (question) => {
        asked.push(question);
        return new Promise((resolve) => answers.push(resolve));
      },
      (outcome) => said.push(outcome),
      120,
    );
    latest.put("a");
    await vi.advanceTimersByTimeAsync(100);
    latest.put("ab");
    await vi.advanceTimersByTimeAsync(119);
    expect(asked, "still typing").toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual(["ab"]);
    latest.put("abc");
    await vi.advanceTimersByTimeAsync(500);
    expect(asked, "one at a time").toEqual(["ab"]);
    answers[0]?.("late");
    await vi.advanceTimersByTimeAsync(0);
    expect(said, "an answer about an old text is not shown").toEqual([]);
    expect(asked).toEqual(["ab", "abc"]);
    answers[1]?.("fresh");
    await vi.advanceTimersByTimeAsync(0);
    expect(said).toEqual([{ question: "abc", answer: "fresh" }]);
  });

  it("says that a question failed, and goes on", async () => {
    const said: Outcome<string, string>[] = [];
    const latest = new Latest<string, string>(() => Promise.reject(new Error("gone")), (outcome) => said.push(outcome), 120);
    latest.put("a");
    await vi.advanceTimersByTimeAsync(120);
    expect(said).toMatchObject([{ question: "a", failure: { message: "gone" } }]);
    latest.stop();
    latest.put("b");
    await vi.advanceTimersByTimeAsync(500);
    expect(said, "stopped").toHaveLength(1);
  });
});
