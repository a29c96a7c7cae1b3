// Dragging columns of the board by their handle, and moving them by arrow keys.
import { useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { useMutationCommand, type ProjectId } from "#ui/ipc";
import { moved, placeAt, shownOrder } from "./order";

/** What a column's handle needs. */
export interface Handle {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

export interface Ordering {
  names: readonly string[];
  dragged: string | undefined;
  /** Said aloud after a move. */
  said: string;
  move: (name: string, to: number) => void;
  handleOf: (name: string) => Handle;
}

/** The order of the columns inside of `list`. */
export function useOrder(projectId: ProjectId, kept: readonly string[], list: RefObject<HTMLElement | null>): Ordering {
  const [wished, setWished] = useState<readonly string[]>();
  const [dragged, setDragged] = useState<string>();
  const [said, setSaid] = useState("");
  const latest = useRef<readonly string[]>(kept);
  const save = useMutationCommand("environment_order", { failureTitle: "The order was not kept" });
  const names = shownOrder(kept, wished);
  const keep = (next: readonly string[]): void => {
    setWished(next);
    if (next.join("\n") === kept.join("\n")) return;
    save.mutate({ projectId, names: [...next] }, { onSettled: () => setWished(undefined) });
  };
  const move = (name: string, to: number): void => {
    const next = moved(names, name, to);
    if (next === names) return;
    setSaid(`${name} is now ${next.indexOf(name) + 1} of ${next.length}`);
    keep(next);
  };
  const handleOf = (name: string): Handle => ({
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      latest.current = names;
      setDragged(name);
    },
    onPointerMove: (event) => {
      if (dragged !== name || list.current === null) return;
      const columns = [...list.current.querySelectorAll<HTMLElement>("[data-column]")].map((column) => column.getBoundingClientRect());
      const next = moved(latest.current, name, placeAt(event.clientX, columns));
      if (next === latest.current) return;
      latest.current = next;
      setWished(next);
    },
    onPointerUp: () => {
      if (dragged !== name) return;
      setDragged(undefined);
      keep(latest.current);
    },
    onKeyDown: (event) => {
      const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
      if (step === 0) return;
      event.preventDefault();
      move(name, names.indexOf(name) + step);
    },
  });
  return { names, dragged, said, move, handleOf };
}
