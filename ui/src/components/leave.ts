// Keeps somebody from losing what is not saved: a screen puts a guard up, and whoever goes elsewhere asks it first.
// Links, `openHref`, the way back, another project and closing the page are covered; the question is the screen's to draw.
import { useCallback, useEffect, useRef, useState } from "react";

interface Guard {
  /** Whether the address still is the guarded place. */
  isHere: (address: string) => boolean;
  /** Asks; `go` is called if the answer is to leave. */
  ask: (go: () => void) => void;
}

let guard: Guard | undefined;

/** Goes now, or once the guard of unsaved work lets it. `address` is where to, if it is an address. */
export function leaveThen(go: () => void, address?: string): void {
  if (guard === undefined || (address !== undefined && guard.isHere(address))) go();
  else guard.ask(go);
}

/** What a guarded screen draws its question from. */
export interface LeaveGuard {
  isAsking: boolean;
  /** Goes where it was meant to go. */
  leave: () => void;
  stay: () => void;
}

function useWindowGuards(isUnsaved: boolean, isHere: (address: string) => boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const { hash } = window.location;
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest("a[href^='#/']") : null;
      const address = link?.getAttribute("href");
      if (address === null || address === undefined || isHere(address) || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      leaveThen(() => {
        window.location.hash = address.slice(1);
      });
    };
    // The way back has no question before it: go, return, then ask. Before the router hears of it.
    const onMoved = (event: PopStateEvent): void => {
      const address = window.location.hash;
      if (isHere(address) || guard === undefined) return;
      event.stopImmediatePropagation();
      window.history.pushState(event.state, "", hash);
      leaveThen(() => {
        window.location.hash = address.slice(1);
      });
    };
    const onClose = (event: BeforeUnloadEvent): void => event.preventDefault();
    document.addEventListener("click", onClick, true);
    window.addEventListener("popstate", onMoved, true);
    window.addEventListener("beforeunload", onClose);
    return () => {
      document.removeEventListener("click", onClick, true);
      window.removeEventListener("popstate", onMoved, true);
      window.removeEventListener("beforeunload", onClose);
    };
  }, [isUnsaved, isHere]);
}

/** Guards the screen while something is unsaved. `isHere` must be the same function each time. */
export function useLeaveGuard(isUnsaved: boolean, isHere: (address: string) => boolean): LeaveGuard {
  const [isAsking, setAsking] = useState(false);
  const wanted = useRef<(() => void) | undefined>(undefined);
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const own: Guard = {
      isHere,
      ask: (go) => {
        wanted.current = go;
        setAsking(true);
      },
    };
    guard = own;
    return () => {
      if (guard === own) guard = undefined;
    };
  }, [isUnsaved, isHere]);
  useWindowGuards(isUnsaved, isHere);
  const leave = useCallback(() => {
    guard = undefined;
    setAsking(false);
    wanted.current?.();
  }, []);
  const stay = useCallback(() => setAsking(false), []);
  return { isAsking, leave, stay };
}
