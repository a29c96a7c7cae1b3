// The width of an element, kept in step with the window.
import { useCallback, useRef, useState } from "react";

/** A ref for the element, and its width; `assumed` until it is known. */
export function useWidth(assumed: number): [(element: HTMLElement | null) => void, number] {
  const [width, setWidth] = useState(assumed);
  const observer = useRef<ResizeObserver>(undefined);
  const ref = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect();
    if (element === null) return;
    if (element.clientWidth > 0) setWidth(element.clientWidth);
    observer.current = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    observer.current.observe(element);
  }, []);
  return [ref, width];
}
