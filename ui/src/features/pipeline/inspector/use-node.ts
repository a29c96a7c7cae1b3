// What is written at a place of the text, asked again whenever the board is another.
import { useEffect, useRef, useState } from "react";
import { call, toApiError } from "#ui/ipc";
import type { BoardView, WrittenView } from "./wire";

export interface NodeAnswer {
  /** The path that this is the answer for. */
  path: string | undefined;
  written: WrittenView | null;
  problem: string | null;
}

const NOTHING: NodeAnswer = { path: undefined, written: null, problem: null };
/** A burst of changes asks once. */
const PAUSE_MS = 60;
/** The tree of a whole large file waits until the canvas has had its turn. */
const LARGE_PAUSE_MS = 400;
const LARGE = 300;

const sizeOf = (nodes: BoardView["nodes"]): number => nodes.reduce((sum, node) => sum + 1 + sizeOf(node.children), 0);

/**
 * `path` undefined asks nothing. The last answer stays while the next is on its way; with `keeps` also beside a problem,
 * such as that of a text that is being typed.
 */
export function useNode(projectId: string, text: () => string, path: string | undefined, board: BoardView, keeps = false): NodeAnswer {
  const [answer, setAnswer] = useState(NOTHING);
  const ask = useRef(text);
  const asked = useRef<string | undefined>(undefined);
  useEffect(() => {
    ask.current = text;
  });
  useEffect(() => {
    if (path === undefined) return undefined;
    let isLate = false;
    const kept = (last: NodeAnswer): WrittenView | null => (keeps && last.path === path ? last.written : null);
    const go = async (): Promise<void> => {
      try {
        const { written, problem } = await call("pipeline_node", { projectId, text: ask.current(), path });
        if (!isLate) setAnswer((last) => ({ path, written: written ?? kept(last), problem }));
      } catch (thrown) {
        if (!isLate) setAnswer((last) => ({ path, written: kept(last), problem: toApiError(thrown).message }));
      }
    };
    // Another node is shown at once; another text of the same node after a pause.
    const isWholeAndLarge = path === "" && sizeOf(board.nodes) > LARGE;
    const timer = setTimeout(() => void go(), isWholeAndLarge ? LARGE_PAUSE_MS : asked.current === path ? PAUSE_MS : 0);
    asked.current = path;
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [projectId, path, board, keeps]);
  return path === undefined ? NOTHING : answer;
}
