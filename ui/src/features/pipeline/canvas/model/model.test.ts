import { describe, expect, it } from "vitest";
import type { BoardNodeView, BoardView, DiagnosticView } from "#ui/ipc";
import { rank } from "../choices";
import { NodeMaker } from "../flow";
import { addAim, carryAim, dropAim, shiftAim } from "./aim";
import { columns, layoutOf, SIZE, type Box } from "./layout";
import { marksOf } from "./marks";
import { IMPLICIT_JOB, nodeAt, outermost, sceneOf, type Scene } from "./scene";
import { firstSight, leastZoom, MARGIN, sightOf, type Sight } from "./sight";
import { find, nameOf, neighbour } from "./walk";
import { titleOf } from "./words";

type Given = Partial<BoardNodeView> & Pick<BoardNodeView, "kind" | "path">;

function made({ kind, path, ...rest }: Given): BoardNodeView {
  return { kind, path, name: "", displayName: "", detail: "", keyword: "", condition: "", dependsOn: null, legs: [], isEnabled: true, start: 0, end: 0, line: 1, file: null, children: [], ...rest };
}

const step = (path: string, detail: string): BoardNodeView => made({ kind: "step", path, keyword: "script", detail });

const BOARD: BoardView = {
  level: "stages",
  nodes: [
    made({
      kind: "stage",
      path: "/stages/0",
      name: "Build",
      start: 10,
      end: 100,
      line: 2,
      children: [
        made({ kind: "job", path: "/stages/0/jobs/0", name: "Test", start: 20, end: 60, line: 4, children: [step("/stages/0/jobs/0/steps/0", "one"), step("/stages/0/jobs/0/steps/1", "two")] }),
        made({ kind: "job", path: "/stages/0/jobs/1", name: "Image", dependsOn: ["test", "gone"], start: 61, end: 100, line: 9 }),
      ],
    }),
    made({
      kind: "directive",
      path: "/stages/1/0",
      name: "if",
      detail: "eq(a, b)",
      children: [made({ kind: "stage", path: "/stages/1/0/0", name: "Dev" })],
    }),
    made({ kind: "directive", path: "/stages/1/1", name: "else", children: [made({ kind: "stage", path: "/stages/1/1/0", name: "Prod" })] }),
    made({ kind: "stage", path: "/stages/2", name: "Last", dependsOn: ["Build", "Prod"] }),
  ],
};

const laid = (scene: Scene) => layoutOf(scene, new Set(), true);
const middle = (scene: Scene, id: string): { x: number; y: number } => {
  const box = laid(scene).places.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

describe("a scene", () => {
  it("knows what waits for what, written or not", () => {
    const scene = sceneOf(BOARD);
    expect(scene.edges).toEqual([
      { id: "/stages/0>/stages/1/0/0", from: "/stages/0", to: "/stages/1/0/0", isWritten: false },
      { id: "/stages/0>/stages/1/1/0", from: "/stages/0", to: "/stages/1/1/0", isWritten: false },
      { id: "/stages/0>/stages/2", from: "/stages/0", to: "/stages/2", isWritten: true },
      { id: "/stages/1/1/0>/stages/2", from: "/stages/1/1/0", to: "/stages/2", isWritten: true },
      { id: "/stages/0/jobs/0>/stages/0/jobs/1", from: "/stages/0/jobs/0", to: "/stages/0/jobs/1", isWritten: true },
    ]);
  });
  it("shows the job that a file of steps does not write", () => {
    const scene = sceneOf({ level: "steps", nodes: [step("/steps/0", "a")] });
    expect(scene.roots).toEqual([IMPLICIT_JOB]);
    expect(scene.byId.get("/steps/0")?.parent).toBe(IMPLICIT_JOB);
    expect(addAim(scene, "/steps/0", "steps")).toEqual({ into: "", before: null });
  });
  it("gives ids to what only a plan has", () => {
    const scene = sceneOf({ level: "stages", nodes: [made({ kind: "stage", path: "", children: [made({ kind: "job", path: "" })] })] });
    expect(scene.nodes.map((one) => one.id)).toEqual(["#0", "#0#0"]);
  });
  it("takes the innermost node of a place, and the outermost of a choice", () => {
    const scene = sceneOf(BOARD);
    expect(nodeAt(scene, 30)?.node.name).toBe("Test");
    expect(nodeAt(scene, 5)).toBeUndefined();
    expect(outermost(scene, ["/stages/0/jobs/0/steps/0", "/stages/0/jobs/0", "/stages/2"])).toEqual(["/stages/0/jobs/0", "/stages/2"]);
  });
});

describe("the layout", () => {
  it("puts each behind what it waits for, and ends in a circle", () => {
    const size = { width: 10, height: 5 };
    const { corners, extent } = columns([{ id: "a", ...size, waitsFor: [] }, { id: "b", ...size, waitsFor: [0] }, { id: "c", ...size, waitsFor: [0] }, { id: "d", ...size, waitsFor: [1, 2] }], 2, 1);
    expect(corners).toEqual([{ x: 0, y: 0 }, { x: 12, y: 0 }, { x: 12, y: 6 }, { x: 24, y: 0 }]);
    expect(extent).toEqual({ width: 34, height: 11 });
    expect(() => columns([{ id: "a", ...size, waitsFor: [1] }, { id: "b", ...size, waitsFor: [0] }], 1, 1)).not.toThrow();
  });
  it("keeps children inside of their parents and siblings apart", () => {
    const scene = sceneOf(BOARD);
    const { places } = laid(scene);
    for (const one of scene.nodes) {
      const box = places.get(one.id);
      const above = places.get(one.parent ?? "");
      if (box === undefined) throw new Error(`${one.id} has no place`);
      if (above === undefined) continue;
      const isInside = box.x >= above.x && box.y >= above.y && box.x + box.width <= above.x + above.width && box.y + box.height <= above.y + above.height;
      if (!isInside) throw new Error(`${one.id} is not inside`);
    }
    const [dev, prod] = [places.get("/stages/1/0"), places.get("/stages/1/1")];
    // The branches of one if stand in one column.
    expect(dev?.x).toBe(prod?.x);
  });
  it("shows the head alone of what is folded", () => {
    const { boxes } = layoutOf(sceneOf(BOARD), new Set(["/stages/0"]), true);
    expect(boxes.get("/stages/0")?.height).toBe(SIZE.head.stage);
    expect(boxes.has("/stages/0/jobs/0")).toBe(false);
  });
});

describe("what is in sight", () => {
  const pane = { width: 1000, height: 700 };
  const shown = ({ x, y, zoom }: Sight, box: Box) => ({ left: box.x * zoom + x, top: box.y * zoom + y, right: (box.x + box.width) * zoom + x, bottom: (box.y + box.height) * zoom + y });

  it("begins with all of a small pipeline, and with the beginning of a large one", () => {
    expect(firstSight({ width: 400, height: 300 }, pane)).toEqual({ zoom: 1, x: 300, y: MARGIN });
    expect(firstSight({ width: 9000, height: 12_000 }, pane)).toEqual({ zoom: 0.7, x: MARGIN, y: MARGIN });
  });

  it("goes as far away as all of it needs, also of nodes that were never drawn", () => {
    for (const box of [{ x: 0, y: 0, width: 9000, height: 12_000 }, { x: 700, y: 90, width: 2600, height: 40 }]) {
      const { left, top, right, bottom } = shown(sightOf(box, pane, 1), box);
      expect(left, "the left side").toBeGreaterThanOrEqual(MARGIN - 0.01);
      expect(top, "the upper side").toBeGreaterThanOrEqual(MARGIN - 0.01);
      expect(right, "the right side").toBeLessThanOrEqual(pane.width - MARGIN + 0.01);
      expect(bottom, "the lower side").toBeLessThanOrEqual(pane.height - MARGIN + 0.01);
    }
    expect(sightOf({ x: 0, y: 0, width: 10, height: 10 }, pane, 1.2).zoom).toBe(1.2);
    expect(leastZoom({ width: 9000, height: 12_000 })).toBeLessThan(sightOf({ x: 0, y: 0, width: 9000, height: 12_000 }, pane, 1).zoom);
    expect(leastZoom({ width: 400, height: 300 })).toBe(0.08);
  });
});

describe("where something goes", () => {
  const scene = sceneOf(BOARD);
  it("drops a step between two others, and into an empty job", () => {
    const { x, y } = middle(scene, "/stages/0/jobs/0/steps/1");
    expect(dropAim(scene, laid(scene), "steps", ["x"], x, y - 10)).toMatchObject({ into: "/stages/0/jobs/0", before: "/stages/0/jobs/0/steps/1" });
    expect(dropAim(scene, laid(scene), "steps", ["x"], x, y + 10)).toMatchObject({ into: "/stages/0/jobs/0", before: null });
    const empty = middle(scene, "/stages/0/jobs/1");
    expect(dropAim(scene, laid(scene), "steps", ["x"], empty.x, empty.y)).toMatchObject({ into: "/stages/0/jobs/1", before: null });
  });
  it("has no place for a step on the open canvas, and one for a stage", () => {
    expect(dropAim(scene, laid(scene), "steps", [], -500, -500)).toBeNull();
    expect(dropAim(scene, laid(scene), "stages", ["/stages/0"], 99_999, 0)).toMatchObject({ into: "", before: null });
  });
  it("puts a stage into an if, and a job never into itself", () => {
    const { x, y } = middle(scene, "/stages/1/0");
    expect(dropAim(scene, laid(scene), "stages", ["/stages/2"], x - 5, y)).toMatchObject({ into: "/stages/1/0" });
    const own = middle(scene, "/stages/0/jobs/0");
    expect(dropAim(scene, laid(scene), "jobs", ["/stages/0/jobs/0"], own.x, own.y)).toMatchObject({ into: "/stages/0" });
  });
  it("adds beside what is selected", () => {
    expect(addAim(scene, "/stages/0/jobs/0/steps/0", "steps")).toEqual({ into: "/stages/0/jobs/0", before: "/stages/0/jobs/0/steps/1" });
    expect(addAim(scene, "/stages/0/jobs/0/steps/0", "jobs")).toEqual({ into: "/stages/0", before: "/stages/0/jobs/1" });
    expect(addAim(scene, "/stages/0/jobs/0", "stages")).toEqual({ into: "", before: "/stages/1/0" });
    expect(addAim(scene, "/stages/0", "jobs")).toEqual({ into: "/stages/0", before: null });
    // Into the first job of the stage.
    expect(addAim(scene, "/stages/0", "steps")).toEqual({ into: "/stages/0/jobs/0", before: null });
    expect(addAim(scene, null, "stages")).toEqual({ into: "", before: null });
    expect(addAim(sceneOf({ level: "empty", nodes: [] }), null, "steps")).toEqual({ into: "", before: null });
  });
  it("moves by one, and over to the next job", () => {
    expect(shiftAim(scene, "/stages/0/jobs/0/steps/1", -1)).toEqual({ into: "/stages/0/jobs/0", before: "/stages/0/jobs/0/steps/0" });
    expect(shiftAim(scene, "/stages/0/jobs/0/steps/1", 1)).toBeNull();
    expect(carryAim(scene, "/stages/0/jobs/0/steps/1", 1)).toEqual({ into: "/stages/0/jobs/1", before: null });
    expect(carryAim(scene, "/stages/0/jobs/0/steps/1", -1)).toBeNull();
  });
});

describe("going round", () => {
  const scene = sceneOf(BOARD);
  it("finds the neighbour of the same kind", () => {
    const go = (id: string, direction: "left" | "right" | "up" | "down"): string | null => neighbour(scene, laid(scene), id, direction);
    expect(go("/stages/0/jobs/0/steps/0", "down")).toBe("/stages/0/jobs/0/steps/1");
    expect(go("/stages/0/jobs/0/steps/0", "up")).toBeNull();
    expect(go("/stages/0/jobs/0", "right")).toBe("/stages/0/jobs/1");
    expect(go("/stages/2", "left")).toMatch(/^\/stages\/1/);
  });
  it("finds words in any order, and says what a node is", () => {
    expect(find(scene, "script two")).toEqual(["/stages/0/jobs/0/steps/1"]);
    expect(find(scene, " ")).toEqual([]);
    const image = scene.byId.get("/stages/0/jobs/1");
    expect(image === undefined ? "" : nameOf(scene, image)).toBe("Job Image, after Test, empty");
    expect(titleOf(made({ kind: "step", path: "", keyword: "checkout", detail: "self" }))).toBe("Check out self");
  });
  it("puts problems on the innermost node of their line", () => {
    const problem = (line: number, severity: DiagnosticView["severity"]): DiagnosticView => ({ severity, code: "c", message: `m${line}`, hint: null, line, column: 1, endLine: line, endColumn: 2 });
    const marks = marksOf(scene, [problem(4, "warning"), problem(5, "error"), problem(2, "information"), problem(99, "error")], (offset) => Math.floor(offset / 10));
    expect([...marks]).toEqual([["/stages/0/jobs/0", { severity: "error", messages: ["m4", "m5"] }]]);
  });
});

describe("the list of what can be added", () => {
  it("puts what is called so before what only speaks of it", () => {
    const all = ["Deployment job", "Bash bash", "Docker Docker@2", "DockerInstaller DockerInstaller@0", "PublishTestResults PublishTestResults@2", "Publish an artifact publish"];
    const best = (query: string): string | undefined => all.toSorted((one, other) => rank(other, query) - rank(one, query))[0];
    expect(best("bash")).toBe("Bash bash");
    expect(best("docker")).toBe("Docker Docker@2");
    expect(best("publish test")).toBe("PublishTestResults PublishTestResults@2");
    expect(rank("Deployment job", "bash", ["Deploys to an environment"])).toBe(0);
    expect(rank("Template", "another file", ["Steps from another file"])).toBe(0.3);
  });
});

describe("React Flow's nodes", () => {
  it("say how large they are and where they are linked, so that none is drawn to be measured", () => {
    const scene = sceneOf(BOARD);
    const none = new Set<string>();
    const made = new NodeMaker().make(scene, layoutOf(scene, none, true), { selected: none, current: null, closed: none, found: none, linking: null, marks: new Map(), runs: new Map(), canEdit: true });
    expect(made.size).toBe(scene.nodes.length);
    for (const node of made.values()) {
      expect(node.width, `width of ${node.id}`).toBeGreaterThan(0);
      // A list that is lacking lets React Flow draw the node once, wherever it is.
      expect(node.handles, `handles of ${node.id}`).toBeDefined();
    }
  });
});
