// Keys that work in the whole room, not only in the text.
import { useEffect } from "react";

export interface RoomKeys {
  onSave: () => void;
  onStep: (direction: 1 | -1) => void;
  onFind: () => void;
}

/** Ctrl+S saves, F8 and Shift+F8 go through the problems, Ctrl+F finds in the text. */
export function useRoomKeys({ onSave, onStep, onFind }: RoomKeys): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isControl = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (event.defaultPrevented || event.altKey) return;
      if (isControl && !event.shiftKey && key === "s") onSave();
      else if (isControl && !event.shiftKey && key === "f") onFind();
      else if (!isControl && event.key === "F8") onStep(event.shiftKey ? -1 : 1);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [onSave, onStep, onFind]);
}
