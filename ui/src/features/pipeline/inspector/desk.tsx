// What every form of the inspector shares: the node at hand, what is written there, and the way out for a change.
import { createContext, useContext, type ReactNode } from "react";
import type { BoardNodeView, BoardView, Gesture, Json, WrittenView } from "./wire";
import { find } from "./written";

/** Sends a change; answers why it was refused, or null. */
export type Send = (gesture: Gesture) => Promise<string | null>;

export interface Desk {
  projectId: string;
  text: () => string;
  board: BoardView;
  /** None for the pipeline itself. */
  node: BoardNodeView | undefined;
  /** Empty for the pipeline itself. */
  path: string;
  written: WrittenView;
  send: Send;
  onGo: (line: number) => void;
}

const DeskContext = createContext<Desk | undefined>(undefined);

export function DeskOf({ desk, children }: { desk: Desk; children: ReactNode }): ReactNode {
  return <DeskContext.Provider value={desk}>{children}</DeskContext.Provider>;
}

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error("a form of the inspector stands in an Inspector");
  return desk;
}

/** One key of the node: what is written, and how it is set. */
export function useKey(...keys: string[]): { written: WrittenView | undefined; set: (value: Json) => Promise<string | null> } {
  const desk = useDesk();
  return { written: find(desk.written, ...keys), set: (value) => desk.send({ gesture: "set", node: desk.path, keys, value }) };
}
