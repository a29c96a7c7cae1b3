import { describe, expect, it } from "vitest";
import type { KubeKindView, KubeMap, KubeRights, KubeRow } from "#ui/ipc";
import { joined } from "../logs/use-stream";
import { coloursOf, marked, plainOf } from "../logs/words";
import { deedsOf } from "../object/deeds";
import { eventsOf } from "../views/events";
import { bytesOf, textToBase64 } from "./base64";
import { findKind, sectionsOf, wordOf } from "./kinds";
import { NODE, placesOf } from "./map-layout";
import { may } from "./rights";
import { ageOf, keepRows, timeOf, tracksOf } from "./rows";
import { portsOf, selectorOf } from "./selector";
import { cpuWord } from "./usage";
import { askedRows, drawnRows, ROW, rowOfSlot, scrollTo, slotsOf } from "./window";

describe("the window of a list", () => {
  it("draws what is in sight and a little more, whatever the length", () => {
    const drawn = drawnRows(25_000 * ROW, 600, 50_000);
    expect(drawn.first).toBeLessThanOrEqual(25_000 - 5);
    expect(drawn.end).toBeGreaterThanOrEqual(25_020);
    expect(drawn.end - drawn.first, "fifty thousand rows cost no more than fifty").toBeLessThan(60);
  });
  it("draws the same rows while a scroll is small", () => {
    expect(drawnRows(1_000 * ROW + 4, 600, 50_000)).toEqual(drawnRows(1_000 * ROW + ROW, 600, 50_000));
  });
  it("uses its elements again: a scroll by ten rows changes ten of them", () => {
    const slots = slotsOf(600);
    const shown = (top: number) => Array.from({ length: slots }, (_, slot) => rowOfSlot(slot, slots, drawnRows(top, 600, 50_000)));
    const [before, after] = [shown(1_000 * ROW), shown(1_010 * ROW)];
    expect(before.filter((row, slot) => row !== after[slot]).length).toBeLessThanOrEqual(10);
    const { first, end } = drawnRows(1_000 * ROW, 600, 50_000);
    expect(before.filter((row) => row !== undefined).toSorted((one, other) => one - other), "every drawn row, once").toEqual(Array.from({ length: end - first }, (_, at) => first + at));
  });
  it("ends with the list", () => {
    expect(drawnRows(0, 600, 3)).toEqual({ first: 0, end: 3 });
    expect(drawnRows(9_999_999, 600, 3), "a list that became short under the eye").toEqual({ first: 3, end: 3 });
  });
  it("asks for whole blocks on either side, and never before the first", () => {
    expect(askedRows({ first: 0, end: 40 })).toEqual({ offset: 0, limit: 200 });
    const { offset, limit } = askedRows({ first: 25_010, end: 25_060 });
    expect([offset, offset + limit]).toEqual([24_900, 25_200]);
    expect(askedRows({ first: 25_020, end: 25_070 }), "a scroll within a block asks for nothing").toEqual({ offset, limit });
  });
  it("scrolls only as far as a row needs", () => {
    expect(scrollTo(5, 0, 600, ROW), "it is in sight").toBeUndefined();
    expect(scrollTo(2, 300, 600, ROW)).toBe(60);
    expect(scrollTo(40, 0, 600, ROW), "its end is at the lower edge").toBe(40 * ROW + ROW + ROW - 600);
  });
});

describe("rows that come again", () => {
  const row = (uid: string, cell: string): KubeRow => ({ uid, name: uid, namespace: "n", cells: [cell], state: "good", createdAt: 1 });
  it("stay the same object where nothing differs, so that they are not drawn again", () => {
    const old = [row("a", "1"), row("b", "1")];
    const fresh = keepRows(old, [row("a", "1"), row("b", "2"), row("c", "1")]);
    expect(fresh[0]).toBe(old[0]);
    expect(fresh[1]).not.toBe(old[1]);
    expect(fresh.map(({ uid }) => uid)).toEqual(["a", "b", "c"]);
  });
  it("tell ages and widths in little room", () => {
    expect([5_000, 125_000, 7_300_000, 172_800_000].map((ms) => ageOf(0, ms))).toEqual(["5 s", "2 min", "2 h", "2 d"]);
    expect(timeOf("1700000000000")).toBe(1_700_000_000_000);
    expect(timeOf("2026-11-22T10:00:00Z")).toBe(Date.UTC(2026, 10, 22, 10));
    expect(timeOf("<none>")).toBeUndefined();
    const { tracks, least } = tracksOf([{ name: "Age", isNumber: false, isTime: true }], true, 1);
    expect(tracks.match(/px(?:,|\s|$)/g)).toHaveLength(5);
    expect(least).toBe(26 + 200 + 104 + 68 + 76);
    expect([cpuWord(12), cpuWord(1250)]).toEqual(["12 m", "1.25"]);
  });
});

const kind = (group: string, name: string, plural: string, shortNames: string[] = []): KubeKindView => ({ group, version: "v1", kind: name, plural, isNamespaced: true, verbs: ["get", "list", "watch"], subresources: [], shortNames, isCustom: false, section: "workloads" });

describe("kinds", () => {
  const kinds = [kind("apps", "ReplicaSet", "replicasets", ["rs"]), kind("", "Pod", "pods", ["po"]), kind("apps", "Deployment", "deployments", ["deploy"]), kind("", "Event", "events"), kind("events.k8s.io", "Event", "events")];
  it("are found as kubectl finds them", () => {
    expect(["po", "Pod", "pods", "deploy", "Deployment.apps", "events.events.k8s.io"].map((word) => findKind(kinds, word)).map((one) => (one === undefined ? "" : wordOf(one)))).toEqual(["pods", "pods", "pods", "deployments.apps", "deployments.apps", "events.events.k8s.io"]);
    expect(findKind(kinds, "deployments.extensions"), "of another group is another kind").toBeUndefined();
  });
  it("stand by use, not by letter, and are narrowed by typing", () => {
    expect(sectionsOf(kinds, "")[0]?.kinds.map((one) => one.kind).slice(0, 3)).toEqual(["Pod", "Deployment", "ReplicaSet"]);
    expect(sectionsOf(kinds, "rs").flatMap((one) => one.kinds.map(({ plural }) => plural)), "by its short name").toEqual(["replicasets"]);
    expect(sectionsOf([{ ...kind("", "TokenReview", "tokenreviews"), verbs: ["create"] }], ""), "what cannot be listed is not offered").toEqual([]);
  });
});

describe("rights", () => {
  const rights = (isIncomplete: boolean): KubeRights => ({
    isIncomplete,
    rules: [
      { verbs: ["get", "list"], groups: [""], resources: ["pods", "pods/log"], names: [] },
      { verbs: ["patch"], groups: ["apps"], resources: ["deployments"], names: ["web"] },
      { verbs: ["*"], groups: ["*"], resources: ["*/scale"], names: [] },
    ],
  });
  it("offer only what a rule allows", () => {
    const pod = { ...kind("", "Pod", "pods"), subresources: ["log", "exec"] };
    expect(deedsOf(pod, "pods", "web-1", rights(false))).toEqual({ logs: true, shell: false, forward: false, scale: false, restart: false, remove: false, edit: false });
    const deployment = { ...kind("apps", "Deployment", "deployments"), subresources: ["scale"] };
    expect(deedsOf(deployment, "deployments.apps", "web", rights(false))).toMatchObject({ scale: true, restart: true, remove: false, edit: true });
    expect(deedsOf(deployment, "deployments.apps", "other", rights(false)).restart, "the rule names another object").toBe(false);
  });
  it("leave the last word to the server where it could not tell all", () => {
    expect(may(rights(true), { verb: "delete", group: "", resource: "pods" })).toBe(true);
    expect(may(undefined, { verb: "get", group: "", resource: "pods" }), "what is not known yet is not offered").toBe(false);
  });
});

describe("what YAML tells", () => {
  const yaml = "kind: Deployment\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: web\n      'tier': \"front\"\n  template:\n    spec:\n      containers:\n      - name: web\n        ports:\n        - containerPort: 8080\n";
  it("the selector of a workload and of a service", () => {
    expect(selectorOf(yaml)).toBe("app=web,tier=front");
    expect(selectorOf("kind: Service\nspec:\n  ports:\n  - port: 80\n  selector:\n    app: web\n")).toBe("app=web");
    expect(selectorOf(yaml.replace("  template:", "    matchExpressions:\n    - key: a\n  template:")), "an expression narrows further").toBeUndefined();
    expect(selectorOf("kind: ConfigMap\ndata:\n  selector: x\n")).toBeUndefined();
  });
  it("its ports", () => {
    expect(portsOf(yaml)).toEqual([8080]);
  });
});

describe("the map", () => {
  it("puts what leads to something left of it, and survives a circle", () => {
    const node = (id: string) => ({ id, kind: "Pod", name: id, state: "good" as const, detail: "" });
    const map: KubeMap = {
      nodes: ["dep", "rs", "p1", "p2", "alone", "x", "y"].map(node),
      edges: [
        { from: "dep", to: "rs", kind: "owns" },
        { from: "rs", to: "p1", kind: "owns" },
        { from: "rs", to: "p2", kind: "owns" },
        { from: "x", to: "y", kind: "owns" },
        { from: "y", to: "x", kind: "owns" },
      ],
    };
    const places = placesOf(map);
    const x = (id: string): number => places.get(id)?.x ?? Number.NaN;
    expect(x("dep")).toBeLessThan(x("rs"));
    expect(x("rs")).toBeLessThan(x("p1"));
    expect(x("p1")).toBe(x("p2"));
    expect(Math.abs((places.get("p1")?.y ?? 0) - (places.get("p2")?.y ?? 0)), "none lies on another").toBeGreaterThanOrEqual(NODE.height);
    const wider: KubeMap = { nodes: [...map.nodes, node("svc"), node("ing"), node("cm")], edges: [...map.edges, { from: "ing", to: "svc", kind: "routes" }, { from: "svc", to: "p1", kind: "selects" }, { from: "dep", to: "cm", kind: "mounts" }] };
    const at = placesOf(wider);
    expect(at.get("svc")?.x, "a service stands beside its pods' owners, so that no line runs behind them").toBe(at.get("rs")?.x);
    expect(at.get("cm")?.x ?? 0, "what is mounted stands last").toBeGreaterThan(at.get("p1")?.x ?? 0);
    expect(new Set([...places.values()].map((place) => `${place.x} ${place.y}`)).size, "each has a place of its own").toBe(7);
  });
});

describe("logs", () => {
  it("keep the newest lines", () => {
    const line = (number: number) => ({ number, pod: "p", container: "c", at: null, text: "" });
    const { lines, dropped } = joined([line(1), line(2)], [line(3)], 2);
    expect(lines.map(({ number }) => number)).toEqual([2, 3]);
    expect(dropped).toBe(1);
  });
  it("mark what is searched for and show no control sequence", () => {
    expect(plainOf("\u001b[31mred\u001b[0m")).toBe("red");
    const pieces = marked("an Error, an error", "error");
    expect(pieces.filter(({ isMarked }) => isMarked).map(({ text }) => text)).toEqual(["Error", "error"]);
    expect(pieces.map(({ text }) => text).join("")).toBe("an Error, an error");
  });
  it("give each pod a colour that it keeps", () => {
    const first = coloursOf(new Map(), ["a", "b"]);
    expect(coloursOf(first, ["b", "a"]), "nothing new, nothing drawn again").toBe(first);
    expect([...coloursOf(first, ["c"]).entries()]).toEqual([["a", 0], ["b", 1], ["c", 2]]);
  });
  it("carry bytes over the wire", () => {
    expect(new TextDecoder().decode(bytesOf(textToBase64("grün ✓")))).toBe("grün ✓");
  });
});

describe("events", () => {
  it("are narrowed by words and by their kind", () => {
    const event = (type: string, reason: string) => ({ at: 1, type, reason, message: "m", object: { apiVersion: "v1", kind: "Pod", name: "web", namespace: "n" }, count: 1, source: "" });
    const events = [event("Normal", "Pulled"), event("Warning", "BackOff")];
    expect(eventsOf(events, "", true).map(({ reason }) => reason)).toEqual(["BackOff"]);
    expect(eventsOf(events, "pull", false).map(({ reason }) => reason)).toEqual(["Pulled"]);
  });
});
