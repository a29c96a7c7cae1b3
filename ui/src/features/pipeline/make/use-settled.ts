// A value once it has stopped changing, for requests that follow what is typed.
import { useEffect, useState } from "react";

/** The newest value that has stood for so many ms. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
