// Rows of one height, of which only those in sight are drawn. For the log: millions of rows must cost no more than fifty,
// so nothing here is kept by row.
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";

/** The height of a row. */
export const ROW = 20;
/** Browsers place nothing beyond 33,554,428 px; longer lists scroll in larger steps. */
const HIGHEST = 30_000_000;

/** Rows in sight, and how to go to one. */
export interface Rows {
  first: number;
  /** Behind the last. */
  end: number;
  /** Of the whole list, as the browser scrolls it. */
  height: number;
  /** How far above the sight the first row begins. */
  offset: number;
  /** Puts a row in the middle. */
  show: (index: number) => void;
  showEnd: () => void;
  onScroll: () => void;
}

/** Follows the scrolling of `count` rows, from their end if that is wanted first; tells when a person scrolled, and whether to the end. */
export function useRows(scroller: RefObject<HTMLElement | null>, count: number, isEndFirst: boolean, onPerson: (isAtEnd: boolean) => void): Rows {
  const [asPlaced, setTop] = useState(isEndFirst ? Number.POSITIVE_INFINITY : 0);
  const [view, setView] = useState(0);
  // The place that was asked for by row: finer than the browser's own place in a list that scrolls in larger steps.
  const asked = useRef<{ at: number; top: number }>(undefined);
  const full = count * ROW;
  const height = Math.min(full, HIGHEST);
  const isEmpty = count === 0;
  const top = Math.min(asPlaced, Math.max(0, full - view));
  const place = useCallback(
    (element: HTMLElement, wanted: number): void => {
      const room = element.clientHeight;
      const most = Math.max(0, full - room);
      const next = Math.min(Math.max(0, wanted), most);
      const span = Math.max(1, height - room);
      element.scrollTop = full > height ? (next / Math.max(1, most)) * span : next;
      asked.current = { at: element.scrollTop, top: next };
      setTop(next);
    },
    [full, height],
  );
  const onScroll = useCallback((): void => {
    const element = scroller.current;
    if (element === null) return;
    setView(element.clientHeight);
    if (asked.current !== undefined && Math.abs(asked.current.at - element.scrollTop) < 1) {
      setTop(asked.current.top);
      return;
    }
    asked.current = undefined;
    const next = full > height ? (element.scrollTop / Math.max(1, height - element.clientHeight)) * Math.max(0, full - element.clientHeight) : element.scrollTop;
    setTop(next);
    onPerson(full - next - element.clientHeight < ROW * 2);
  }, [scroller, full, height, onPerson]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => setView(element.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, isEmpty]);

  // A list that scrolls in larger steps still moves by lines under the wheel.
  useEffect(() => {
    const element = scroller.current;
    if (element === null || full <= height) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.deltaY === 0 || event.shiftKey) return;
      event.preventDefault();
      const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? element.clientHeight : 1;
      const next = top + event.deltaY * step;
      place(element, next);
      onPerson(full - next - element.clientHeight < ROW * 2);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [scroller, full, height, onPerson, place, top]);

  const show = useCallback(
    (index: number): void => {
      const element = scroller.current;
      if (element !== null) place(element, index * ROW - (element.clientHeight - ROW) / 2);
    },
    [scroller, place],
  );
  const showEnd = useCallback((): void => {
    const element = scroller.current;
    if (element !== null) place(element, full);
  }, [scroller, place, full]);

  const first = Math.min(Math.max(0, Math.floor(top / ROW)), Math.max(0, count - 1));
  return {
    first,
    end: Math.min(count, first + Math.ceil(view / ROW) + 2),
    height,
    offset: top - first * ROW,
    show,
    showEnd,
    onScroll,
  };
}
