// How the nodes are drawn: stages and jobs as boxes with a head, hooks and directives as blocks, steps as rows.
import { Handle, Position, type NodeProps } from "@xyflow/react";
import clsx from "clsx";
import { ChevronDown, ChevronRight, CircleAlert, GitFork, Plus, TriangleAlert } from "lucide-react";
import { createContext, memo, useContext, type ReactNode } from "react";
import { plural } from "#ui/components";
import styles from "./canvas.module.css";
import type { FlowNode, NodeData } from "./flow";
import { NodeIcon } from "./icons";
import { isLinkable, type SceneNode } from "./model/scene";
import { subtitleOf, titleOf } from "./model/words";

/** What a node may ask of the canvas. */
export interface NodeActions {
  toggle: (id: string) => void;
  /** Opens the list of what can be added at the end of a group. */
  addInto: (id: string, level: "stages" | "jobs" | "steps") => void;
}

export const NodeActionsContext = createContext<NodeActions>({ toggle: () => undefined, addInto: () => undefined });

function Mark({ data }: { data: NodeData }): ReactNode {
  const { mark } = data;
  if (mark === undefined) return null;
  const Icon = mark.severity === "error" ? CircleAlert : TriangleAlert;
  return (
    <span className={clsx(styles.mark, styles[mark.severity])} title={mark.messages.join("\n")}>
      <Icon size={16} aria-hidden="true" />
      <span className="visuallyHidden">{mark.messages.join(" ")}</span>
    </span>
  );
}

function Handles({ one }: { one: SceneNode }): ReactNode {
  if (!isLinkable(one)) return null;
  return (
    <>
      <Handle type="target" position={Position.Left} className={styles.handle} />
      <Handle type="source" position={Position.Right} className={styles.handle} />
    </>
  );
}

/** What is read aloud stands first, in one piece; what is seen is for the eye. */
function Words({ data: { one, name } }: { data: NodeData }): ReactNode {
  const title = titleOf(one.node);
  const sub = subtitleOf(one.node);
  return (
    <>
      <span className="visuallyHidden">{name}</span>
      <span className={styles.words} aria-hidden="true" title={sub === "" ? title : `${title}\n${sub}`}>
        <span className={styles.title}>{title}</span>
        {sub !== "" && <span className={styles.sub}>{sub}</span>}
      </span>
    </>
  );
}

function Fold({ data }: { data: NodeData }): ReactNode {
  const actions = useContext(NodeActionsContext);
  const Icon = data.isClosed ? ChevronRight : ChevronDown;
  return (
    // Keys fold with + and −; a second stop for Tab in every node would be one too many.
    <button type="button" tabIndex={-1} aria-hidden="true" className={clsx(styles.fold, "nodrag")} title={data.isClosed ? "Unfold (+)" : "Fold (−)"} onClick={() => actions.toggle(data.one.id)}>
      <Icon size={16} />
    </button>
  );
}

function Add({ one, level, label }: { one: SceneNode; level: "jobs" | "steps"; label: string }): ReactNode {
  const actions = useContext(NodeActionsContext);
  return (
    <button type="button" tabIndex={-1} aria-hidden="true" className={clsx(styles.add, "nodrag")} onClick={() => actions.addInto(one.id, level)}>
      <Plus size={14} /> {label}
    </button>
  );
}

const Step = memo(function Step({ data, selected }: NodeProps<FlowNode>): ReactNode {
  const { one } = data;
  return (
    <div className={clsx(styles.step, one.node.kind === "template" && styles.template, selected && styles.selected, data.isFound && styles.found, !one.node.isEnabled && styles.off)}>
      <NodeIcon node={one.node} size={16} className={styles.icon} />
      <Words data={data} />
      {one.node.condition !== "" && <GitFork size={14} className={styles.conditional} aria-hidden="true" />}
      <Mark data={data} />
      {data.run}
    </div>
  );
});

const Card = memo(function Card({ data, selected }: NodeProps<FlowNode>): ReactNode {
  const { one } = data;
  return (
    <div className={clsx(styles.card, styles.template, selected && styles.selected, data.isFound && styles.found)}>
      <NodeIcon node={one.node} size={18} className={styles.icon} />
      <Words data={data} />
      <Mark data={data} />
      {data.run}
    </div>
  );
});

const KIND_CLASS: Record<string, string | undefined> = { stage: styles.stage, job: styles.job, deployment: styles.job };

const Group = memo(function Group({ data, selected }: NodeProps<FlowNode>): ReactNode {
  const { one, canEdit, isClosed } = data;
  const { kind, legs, keyword } = one.node;
  const isStage = kind === "stage";
  return (
    <div className={clsx(styles.group, KIND_CLASS[kind], legs.length > 0 && styles.stacked, selected && styles.selected, data.isFound && styles.found, data.isLinking && styles.linking)}>
      <Handles one={one} />
      <div className={styles.head}>
        <Fold data={data} />
        <NodeIcon node={one.node} size={18} className={clsx(styles.icon, kind === "deployment" && styles.ship)} />
        <Words data={data} />
        {legs.length > 0 && (
          <span className={styles.chip} aria-hidden="true" title={legs.join("\n")}>
            {legs.length === 1 && /^\d+$/.test(legs[0] ?? "") ? `× ${legs[0]}` : plural(legs.length, "leg")}
          </span>
        )}
        {keyword !== "" && <span className={styles.chip} aria-hidden="true">{keyword}</span>}
        {isClosed && <span className={styles.chip} aria-hidden="true">{plural(one.children.length, isStage ? "job" : "step")}</span>}
        {one.node.condition !== "" && <GitFork size={14} className={styles.conditional} aria-hidden="true" />}
        <Mark data={data} />
        {data.run}
      </div>
      {!isClosed && one.children.length === 0 && <p className={styles.hollow} aria-hidden="true">{isStage ? "No jobs yet" : kind === "deployment" ? "No hooks yet" : "No steps yet"}</p>}
      {!isClosed && canEdit && kind !== "deployment" && <Add one={one} level={isStage ? "jobs" : "steps"} label={isStage ? "Add a job" : "Add a step"} />}
    </div>
  );
});

const Block = memo(function Block({ data, selected }: NodeProps<FlowNode>): ReactNode {
  const { one, canEdit, isClosed } = data;
  return (
    <div className={clsx(styles.group, one.node.kind === "hook" ? styles.hook : styles.directive, selected && styles.selected, data.isFound && styles.found)}>
      <div className={clsx(styles.head, styles.small)}>
        <Fold data={data} />
        <NodeIcon node={one.node} size={14} className={styles.icon} />
        <Words data={data} />
        <Mark data={data} />
        {data.run}
      </div>
      {!isClosed && one.children.length === 0 && <p className={styles.hollow} aria-hidden="true">Nothing inside yet</p>}
      {!isClosed && canEdit && one.node.kind === "hook" && <Add one={one} level="steps" label="Add a step" />}
    </div>
  );
});

/** React Flow's table of nodes; outside of any component, so that it stays the same. */
export const NODE_TYPES = { step: Step, card: Card, box: Group, block: Block };
