// How the room is divided: canvas or text, and what stands beside the canvas. Kept for the next time.
import { useCallback, useState } from "react";

export type RoomView = "canvas" | "text";
export type SideView = "properties" | "text";

const KEY = "slipway.pipeline.view";

interface Kept {
  view: RoomView;
  side: SideView;
}

function read(): Kept {
  const [view, side] = (window.localStorage.getItem(KEY) ?? "").split(" ");
  return { view: view === "text" ? "text" : "canvas", side: side === "text" ? "text" : "properties" };
}

/** The division of the room, and how to choose another. */
export function useView(): Kept & { show: (next: Partial<Kept>) => void } {
  const [kept, setKept] = useState(read);
  const show = useCallback((next: Partial<Kept>) => {
    setKept((now) => {
      const chosen = { ...now, ...next };
      window.localStorage.setItem(KEY, `${chosen.view} ${chosen.side}`);
      return chosen;
    });
  }, []);
  return { ...kept, show };
}
