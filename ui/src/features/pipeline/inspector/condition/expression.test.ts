import { describe, expect, it } from "vitest";
import { choiceOf, conditionOf, type ChoiceWord } from "./choices";
import { literal, operand, print, read } from "./expression";

const ROUND = [
  "succeeded()",
  "always()",
  "failed('Build')",
  "and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))",
  "and(succeeded(),ne(variables['Build.Reason'],'PullRequest'))",
  "or(and(failed('A'), not(canceled())), in(dependencies.A.result, 'Succeeded', 'Skipped'))",
  "AND(Succeeded(), Eq(variables.os, 'a, b (c)'))",
  "not(startsWith(variables['Build.SourceBranch'], 'refs/tags/it''s'))",
  "contains(lower(variables['Build.SourceVersionMessage']), format('{0}, {1}', 'a', 'b'))",
  "eq(dependencies.Build.outputs['set.version'], '1.2')",
  "variables.isMain",
  "xor(eq(a.b, 1), ne(c.d, 2))",
  "and(succeeded(), not(${{ parameters.only }}))",
  "and(succeeded(), eq('${{ parameters.a }}', 'x'), ne(${{ variables['b, c'] }}, false))",
  "eq('${{ variables['a'] }}', 'b')",
];

describe("an expression", () => {
  it.each(ROUND)("is printed as it was read: %s", (text) => {
    const found = read(text);
    expect(found, "it can be read").toBeDefined();
    expect(found && print(found.expr, found.separator)).toBe(text);
  });

  it.each(["and(succeeded(),  eq(a.b, 1))", "and(succeeded(), eq(a.b,1))", "eq(a.b, 'open", "and(a.b, (c.d)", "eq(a.b, 1))", "and(succeeded(),\n  eq(a.b, 1))", "${{ eq(a.b, 1) }}", "eq(${{ a, 1)", "", "a, b"])("is left to the text when it would not come out the same: %s", (text) => {
    expect(read(text)).toBeUndefined();
  });

  it("is read into groups, comparisons and states", () => {
    expect(read("and(failed(), in(x.y, 'a', 'b'), counter())")?.expr).toEqual({
      kind: "group",
      fn: "and",
      items: [
        { kind: "status", fn: "failed", args: [] },
        { kind: "compare", fn: "in", args: ["x.y", "'a'", "'b'"] },
        { kind: "raw", text: "counter()" },
      ],
    });
    expect(read("not(a.b, c.d)")?.expr.kind, "a call with too many arguments is not a group").toBe("raw");
    expect(read("eq(a.b)")?.expr.kind, "a comparison of one thing is none").toBe("raw");
  });

  it("puts typed words in quotes and leaves what is an expression", () => {
    expect(["main", "refs/heads/main", "it's", "'done'", "true", "1.2", "variables['a b']", "dependencies.A.result", "lower(x.y)", "build.tool", "a b.c", "${{ parameters.a }}", "'${{ x['a'] }}'", "''", "'"].map(operand)).toEqual(["'main'", "'refs/heads/main'", "'it''s'", "'done'", "true", "1.2", "variables['a b']", "dependencies.A.result", "lower(x.y)", "build.tool", "'a b.c'", "${{ parameters.a }}", "'${{ x['a'] }}'", "''", "''''"]);
    expect(literal("'it''s'")).toBe("it's");
    expect(literal("x.y")).toBeUndefined();
  });
});

describe("a sentence", () => {
  const words: [ChoiceWord, string, string | null][] = [
    ["default", "", null],
    ["always", "", "always()"],
    ["failed", "", "failed()"],
    ["notCanceled", "", "succeededOrFailed()"],
    ["canceled", "", "canceled()"],
    ["branch", "release/1", "and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/release/1'))"],
    ["noPullRequest", "", "and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))"],
    ["failedOf", "Build", "failed('Build')"],
  ];
  it.each(words)("%s %s is a condition, and the condition is the sentence", (word, of, text) => {
    expect(conditionOf({ word, of })).toBe(text);
    expect(choiceOf(text ?? "")).toEqual({ word, of });
  });

  it.each(["eq(variables.a, 'b')", "succeeded('A')", "and(succeeded(), eq(variables['Build.SourceBranch'], variables.main))", "garbage("])("is custom for anything else: %s", (text) => {
    expect(choiceOf(text).word).toBe("custom");
  });
});
