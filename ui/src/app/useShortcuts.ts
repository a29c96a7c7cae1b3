import { useEffect } from "react";
import { openHref } from "#ui/components";
import { ROOMS } from "./rooms";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

/** Ctrl+K opens the palette, `g` then a letter goes to a room, `?` shows the keys. */
export function useShortcuts(onPalette: () => void, onHelp: () => void): void {
  useEffect(() => {
    let pressedGAt = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") {
        onHelp();
        return;
      }
      if (event.timeStamp - pressedGAt < 1200) {
        pressedGAt = 0;
        const room = ROOMS.find((candidate) => candidate.key === event.key);
        if (room !== undefined) {
          event.preventDefault();
          openHref(room.href);
        }
        return;
      }
      if (event.key === "g") pressedGAt = event.timeStamp;
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [onPalette, onHelp]);
}
