import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Source {
  path: string;
  text: string;
}
const sources: Source[] = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(tsx?|css)$/.test(path))
  .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(`src/${path}`, "utf8") }));
const code = sources.filter((source) => /\.tsx?$/.test(source.path) && !source.path.includes("generated/"));
const isTest = (source: Source): boolean => source.path.includes(".test.") || source.path.startsWith("testing/");
const imports = (source: Source): string[] => [...source.text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((match) => match[1] ?? "");

describe("the house rules", () => {
  it("features do not import each other", () => {
    const broken = code.flatMap((source) => {
      const own = /^features\/(\w+)\//.exec(source.path)?.[1];
      if (own === undefined) return [];
      return imports(source)
        .filter((name) => (/(?:#ui\/features\/|\.\.\/)(insights|environments|cluster|library|registry|backlog|thread|loop|changes|pipeline|runs|tasks|welcome|gallery)\//.exec(name)?.[1] ?? own) !== own)
        .map((name) => `${source.path} imports ${name}`);
    });
    expect(broken).toEqual([]);
  });

  it("only ipc/tauri.ts knows the window", () => {
    expect(code.filter((source) => source.path !== "ipc/tauri.ts" && imports(source).some((name) => name.startsWith("@tauri-apps/"))).map((source) => source.path)).toEqual([]);
  });

  it("components take no server state and no feature", () => {
    const broken = code.filter((source) => source.path.startsWith("components/") && !isTest(source)).flatMap((source) => imports(source).filter((name) => name.includes("features/") || (name.includes("ipc") && !name.endsWith("generated/contract"))).map((name) => `${source.path} imports ${name}`));
    expect(broken).toEqual([]);
  });

  it("raw colours stand in tokens.css only", () => {
    const broken = sources.filter((source) => source.path.endsWith(".css") && source.path !== "styles/tokens.css" && /#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/i.test(source.text)).map((source) => source.path);
    expect(broken).toEqual([]);
  });

  it("nothing is blurred: WebKitGTK paints in software", () => {
    const broken = sources.filter((source) => source.path.endsWith(".css") && /(^|[\s;{])(-webkit-)?((backdrop-)?filter\s*:|box-shadow\s*:(?!\s*(?:none|-?\d+\w* -?\d+\w* 0 )))/m.test(source.text)).map((source) => source.path);
    expect(broken).toEqual([]);
  });

  it("files stay within 400 lines", () => {
    expect(code.filter((source) => !isTest(source) && source.text.split("\n").length > 400).map((source) => source.path)).toEqual([]);
  });
});
