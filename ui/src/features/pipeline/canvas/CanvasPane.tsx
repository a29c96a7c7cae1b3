import "@xyflow/react/dist/base.css";
import { ReactFlowProvider, useReactFlow, type Viewport } from "@xyflow/react";
import clsx from "clsx";
import { Keyboard, Maximize, Plus, Search, Workflow, X, ZoomIn, ZoomOut } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ClipboardEvent, type FocusEvent, type ReactNode } from "react";
import { Button, EmptyState, IconButton, Note, plural, TextInput } from "#ui/components";
import type { ApiError, Gesture } from "#ui/ipc";
import { AddPalette } from "./AddPalette";
import styles from "./canvas.module.css";
import { KeyHelp, Rename } from "./CanvasDialogs";
import type { AddLevel, Choice } from "./choices";
import type { Dress, FlowNode } from "./flow";
import { FlowField } from "./FlowField";
import { addAim, rootLevel, type Aim } from "./model/aim";
import { layoutOf } from "./model/layout";
import type { NodeMark } from "./model/marks";
import { outermost, pathOf, siblingsOf, type Scene } from "./model/scene";
import { firstSight, MARGIN, sightOf, type Size } from "./model/sight";
import { find } from "./model/walk";
import { titleOf } from "./model/words";
import type { NodeActions } from "./nodes";
import { useCanvasKeys } from "./use-canvas-keys";

const NONE: ReadonlySet<string> = new Set();
/** A node that was double clicked is shown at most so large. */
const CLOSE = 1.2;

export interface CanvasPaneProps {
  scene: Scene;
  failure: ApiError | null;
  selected: readonly string[];
  onSelect: (ids: readonly string[]) => void;
  marks: ReadonlyMap<string, NodeMark>;
  /** What is shown of the newest run, by node. */
  runs: ReadonlyMap<string, ReactNode>;
  canEdit: boolean;
  /** Why it was refused, if it was. */
  perform: (gesture: Gesture) => Promise<ApiError | null>;
  copy: (nodes: readonly string[]) => Promise<string>;
  undo: () => void;
  redo: () => void;
  /** Goes to the properties. */
  inspect: () => void;
  /** Runs what is selected; false where that cannot run alone. */
  run: () => boolean;
  /** The first nodes are painted. */
  onDrawn: () => void;
  /** Further controls of the bar. */
  children?: ReactNode;
  /** Stands between the bar and the nodes. */
  panel?: ReactNode;
  /** What to say while there is nothing. */
  empty: string;
}

/** What was copied last, for a system whose clipboard cannot be read. */
let lastCopied = "";

/** Focuses a node, which may only be drawn in one of the next frames. */
function focusNode(field: HTMLElement | null, id: string, attempts = 12): void {
  const element = field?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
  if (element) element.focus({ preventScroll: true });
  else if (attempts > 0) requestAnimationFrame(() => focusNode(field, id, attempts - 1));
}

/** True while the focus may be moved to a node: it is on the canvas, or nowhere, and nothing stands above the page. */
function mayFocus(field: HTMLElement | null): boolean {
  const { activeElement, body } = document;
  return (field?.contains(activeElement) === true || activeElement === body) && document.querySelector("[role=dialog], [role=menu]") === null;
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement): Size => ({ width: clientWidth, height: clientHeight });

function Pane({ scene, failure, selected, onSelect, marks, runs, canEdit, perform, copy, undo, redo, inspect, run, onDrawn, children, panel, empty }: CanvasPaneProps): ReactNode {
  const flow = useReactFlow<FlowNode>();
  const field = useRef<HTMLDivElement>(null);
  const edge = useRef<string | null>(null);
  const searchBox = useRef<HTMLInputElement>(null);
  const [closed, setClosed] = useState(NONE);
  const [current, setCurrent] = useState<string | null>(null);
  const [linking, setLinking] = useState<string | null>(null);
  const [query, setQuery] = useState("");
  const [isFar, setFar] = useState(false);
  const [adding, setAdding] = useState<{ levels: readonly AddLevel[]; into: string | null } | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [start, setStart] = useState<Viewport | null>(null);
  const [refusal, setRefusal] = useState<ApiError | null>(null);

  // Who may take the place of what is removed: what moves up into it, then those before it, then what is around it.
  const heirs = useRef<readonly string[]>([]);
  const make = useCallback(
    async (gesture: Gesture) => {
      const [gone] = gesture.gesture === "remove" ? gesture.nodes : [];
      const siblings = gone === undefined ? [] : siblingsOf(scene, gone);
      heirs.current = gone === undefined ? [] : [gone, ...siblings.slice(0, siblings.indexOf(gone)).toReversed(), scene.byId.get(gone)?.parent ?? ""];
      const refused = await perform(gesture);
      setRefusal(refused);
      if (refused !== null) heirs.current = [];
      return refused === null;
    },
    [perform, scene],
  );

  const layout = useMemo(() => layoutOf(scene, closed, canEdit), [scene, closed, canEdit]);
  const hits = useMemo(() => find(scene, query), [scene, query]);
  const held = current !== null && scene.byId.has(current) ? current : (selected[0] ?? scene.roots[0] ?? null);
  const dress = useMemo<Dress>(() => ({ selected: new Set(selected), current: held, closed, found: hits.length === 0 ? NONE : new Set(hits), linking, marks, runs, canEdit }), [selected, held, closed, hits, linking, marks, runs, canEdit]);

  useLayoutEffect(() => {
    if (field.current !== null && layout.width > 0) setStart((now) => now ?? firstSight(layout, sizeOf(field.current as HTMLElement)));
  }, [layout]);
  useEffect(() => {
    const holder = field.current?.querySelector(".react-flow__nodes");
    holder?.setAttribute("role", "tree");
    holder?.setAttribute("aria-label", "Pipeline");
    holder?.setAttribute("aria-multiselectable", "true");
  }, [start]);

  const hasNodes = scene.nodes.length > 0;
  useEffect(() => {
    // One frame for what is drawn, one for what is painted.
    const frame = start !== null || !hasNodes ? requestAnimationFrame(() => requestAnimationFrame(onDrawn)) : undefined;
    return () => (frame === undefined ? undefined : cancelAnimationFrame(frame));
  }, [start, hasNodes, onDrawn]);

  /** Brings a node into sight; moves as little as it can. */
  const reveal = useCallback(
    (id: string) => {
      const box = layout.places.get(id);
      const element = field.current;
      if (box === undefined || element === null) return;
      const { x, y, zoom } = flow.getViewport();
      const left = box.x * zoom + x;
      const top = box.y * zoom + y;
      const [width, height] = [Math.min(box.width * zoom, element.clientWidth - 2 * MARGIN), Math.min(box.height * zoom, element.clientHeight - 2 * MARGIN)];
      const byX = left < MARGIN ? MARGIN - left : Math.min(0, element.clientWidth - MARGIN - left - width);
      const byY = top < MARGIN ? MARGIN - top : Math.min(0, element.clientHeight - MARGIN - top - height);
      if (byX !== 0 || byY !== 0) void flow.setViewport({ x: x + byX, y: y + byY, zoom });
    },
    [layout, flow],
  );
  const focusOn = useCallback((id: string) => focusNode(field.current, id), []);
  const go = useCallback(
    (id: string) => {
      setCurrent(id);
      reveal(id);
      focusOn(id);
    },
    [reveal, focusOn],
  );
  useEffect(() => {
    const heir = heirs.current.find((id) => scene.byId.has(id));
    heirs.current = [];
    if (heir === undefined) return;
    onSelect([heir]);
    if (mayFocus(field.current)) go(heir);
  }, [scene, onSelect, go]);
  const [first] = selected;
  const [seen, setSeen] = useState(first);
  if (seen !== first) {
    setSeen(first);
    if (first !== undefined) setCurrent(first);
  }
  useEffect(() => {
    if (first === undefined) return;
    reveal(first);
    // A gesture takes the focused node away; its successor gets the focus.
    if (mayFocus(field.current)) focusOn(first);
  }, [first, reveal, focusOn]);

  const toggle = useCallback((id: string, isClosed?: boolean) => {
    setClosed((now) => {
      const next = new Set(now);
      if (isClosed ?? !now.has(id)) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  const actions = useMemo<NodeActions>(() => ({ toggle, addInto: (id, level) => setAdding({ levels: [level], into: id }) }), [toggle]);
  const add = useCallback(() => {
    const levels = (["stages", "jobs", "steps"] as const).filter((level) => addAim(scene, held, level) !== null);
    setAdding({ levels, into: null });
  }, [scene, held]);
  const aimFor = (choice: Choice): Aim | null => {
    if (adding !== null && adding.into !== null) return { into: pathOf(scene, adding.into), before: null };
    const isFree = choice.what === "if" || choice.what === "each" || choice.what === "template";
    const level = isFree ? (held === null ? undefined : scene.byId.get(held)?.level) : choice.level;
    if (level === "hooks") return null;
    return addAim(scene, selected.length === 0 && !isFree ? null : held, level ?? (rootLevel(scene) as AddLevel));
  };
  const pick = (choice: Choice): void => {
    const found = aimFor(choice);
    setAdding(null);
    if (found !== null) void make({ gesture: "add", ...found, what: choice.what, name: null, value: choice.value });
  };
  const copySelected = (isCut: boolean): void => {
    const ids = outermost(scene, selected);
    void copy(ids).then(async (yaml) => {
      lastCopied = yaml;
      await navigator.clipboard?.writeText(yaml).catch(() => undefined);
      if (isCut) void make({ gesture: "remove", nodes: ids });
    });
  };
  const paste = (event: ClipboardEvent): void => {
    if ((event.target as HTMLElement).closest("input, textarea, [contenteditable=true]") !== null || !canEdit) return;
    const yaml = event.clipboardData.getData("text/plain") || lastCopied;
    if (yaml.trim() === "") return;
    event.preventDefault();
    const one = held === null ? undefined : scene.byId.get(held);
    const into = one === undefined || selected.length === 0 ? "" : one.holds !== null && one.holds !== "hooks" ? one.node.path : pathOf(scene, one.parent);
    void make({ gesture: "paste", into, before: null, yaml });
  };
  const fit = useCallback(() => {
    if (field.current !== null) void flow.setViewport(sightOf({ x: 0, y: 0, width: layout.width, height: layout.height }, sizeOf(field.current), 1));
  }, [flow, layout]);
  const fitNode = useCallback(
    (id: string) => {
      const box = layout.places.get(id);
      if (box !== undefined && field.current !== null) void flow.setViewport(sightOf(box, sizeOf(field.current), CLOSE));
    },
    [flow, layout],
  );
  const onKeyDown = useCanvasKeys({
    scene,
    layout,
    canEdit,
    current: held,
    selected,
    selectedEdge: () => edge.current,
    linking,
    setLinking,
    go,
    onSelect,
    perform: make,
    copy: copySelected,
    toggle,
    add,
    rename: setRenaming,
    inspect,
    run,
    undo,
    redo,
    fit,
    search: () => searchBox.current?.focus(),
    help: () => setHelpOpen(true),
  });
  const onFocus = (event: FocusEvent<HTMLElement>): void => {
    const id = event.target.closest<HTMLElement>(".react-flow__node")?.dataset["id"];
    if (id !== undefined) setCurrent(id);
  };
  const step = (by: 1 | -1): void => {
    if (hits.length === 0) return;
    const at = hits.indexOf(held ?? "");
    const next = hits[(at + by + hits.length) % hits.length];
    if (next === undefined) return;
    setCurrent(next);
    reveal(next);
    onSelect([next]);
  };
  const whereNode = scene.byId.get(adding?.into ?? (selected.length === 0 ? "" : (held ?? "")));
  const linked = linking === null ? undefined : scene.byId.get(linking);
  const renamed = renaming === null ? undefined : scene.byId.get(renaming);
  return (
    // The keys belong to the nodes, which take the focus themselves.
    // oxlint-disable-next-line no-noninteractive-element-interactions
    <section className={styles.pane} aria-label="Canvas" onPaste={paste}>
      <div className={styles.bar}>
        {canEdit && (
          <Button size="small" variant="primary" icon={Plus} onClick={add}>
            Add
          </Button>
        )}
        <div className={styles.search}>
          <Search size={14} aria-hidden="true" />
          <TextInput
            ref={searchBox}
            type="search"
            aria-label="Search the canvas"
            placeholder="Search"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
              else if (event.key === "Escape") setQuery("");
              else return;
              event.preventDefault();
              event.stopPropagation();
            }}
          />
        </div>
        {query.trim() !== "" && (
          // oxlint-disable-next-line prefer-tag-over-role -- an <output> belongs to a form
          <span className={styles.count} role="status">
            {hits.length === 0 ? "not found" : `${plural(hits.length, "hit")}, Enter`}
          </span>
        )}
        {children}
        <span className={styles.barEnd}>
          <IconButton size="small" icon={ZoomOut} label="Zoom out" onClick={() => void flow.zoomOut()} />
          <IconButton size="small" icon={ZoomIn} label="Zoom in" onClick={() => void flow.zoomIn()} />
          <IconButton size="small" icon={Maximize} label="Fit everything (F)" onClick={fit} />
          <IconButton size="small" icon={Keyboard} label="Keys of the canvas (?)" onClick={() => setHelpOpen(true)} />
        </span>
      </div>
      {panel}
      {/* oxlint-disable-next-line no-static-element-interactions -- the nodes inside take the focus */}
      <div ref={field} tabIndex={-1} className={clsx(styles.field, isFar && styles.far)} onKeyDown={onKeyDown} onFocusCapture={onFocus}>
        {scene.nodes.length === 0 && (
          <div className={styles.empty}>
            <EmptyState
              icon={Workflow}
              title="Nothing in the pipeline yet"
              body={empty}
              action={
                canEdit && (
                  <Button variant="primary" icon={Plus} onClick={add}>
                    Add the first stage, job or step
                  </Button>
                )
              }
            />
          </div>
        )}
        {start !== null && <FlowField scene={scene} layout={layout} dress={dress} start={start} actions={actions} onSelect={onSelect} perform={make} onFar={setFar} onOpen={fitNode} edge={edge} />}
        {linked !== undefined && (
          <div className={styles.told}>
            <Note tone="info" title={`Link from ${titleOf(linked.node)}`}>
              Go to what shall wait for it with the arrow keys, then press Enter. Esc leaves it as it is.
            </Note>
          </div>
        )}
        {(refusal ?? failure) !== null && (
          <div className={styles.told}>
            <Note tone="warning" title={(refusal ?? failure)?.message} action={refusal !== null && <IconButton size="small" icon={X} label="Close" onClick={() => setRefusal(null)} />}>
              {(refusal ?? failure)?.hint}
            </Note>
          </div>
        )}
      </div>
      <AddPalette levels={adding?.levels ?? null} where={whereNode === undefined ? "Add to the pipeline" : adding?.into === null ? `Add beside ${titleOf(whereNode.node)}` : `Add to ${titleOf(whereNode.node)}`} onPick={pick} onClose={() => setAdding(null)} />
      {renaming !== null && renamed !== undefined && (
        <Rename
          name={renamed.node.name}
          title={titleOf(renamed.node)}
          onRename={(to) => perform({ gesture: "rename", node: renamed.node.path, to })}
          onClose={() => {
            setRenaming(null);
            focusOn(renaming);
          }}
        />
      )}
      {isHelpOpen && <KeyHelp onClose={() => setHelpOpen(false)} />}
    </section>
  );
}

/** The pipeline as a picture that can be worked on. */
export function CanvasPane(props: CanvasPaneProps): ReactNode {
  return (
    <ReactFlowProvider>
      <Pane {...props} />
    </ReactFlowProvider>
  );
}
