// One door for every command: picks the host once, limits how long a call may take, fans events out.
import type { AppEvent, CommandName, Commands } from "./generated/contract";
import { unavailable, type Host } from "./host";
import { HttpHost, takeToken } from "./http";
import { isTauri, TauriHost } from "./tauri";

/** A call that has not answered by then is reported as unavailable: a pending promise helps nobody. */
export const CALL_TIMEOUT_MS = 30_000;

let current: Host | undefined;
const listeners = new Set<(event: AppEvent) => void>();
let stopListening: (() => void) | undefined;

/** Chooses the host: `?fake=…` (or a dev server) the fake one, inside Tauri the window, else `slipway serve`. */
export async function openHost(): Promise<Host> {
  const fake = new URLSearchParams(window.location.search).get("fake");
  if (isTauri()) return setHost(new TauriHost());
  const token = takeToken(window.location, window.history, window.sessionStorage);
  if (fake !== null || (import.meta.env.DEV && token === "")) {
    const { FakeHost } = await import("./fake/host");
    return setHost(new FakeHost(fake ?? "ready"));
  }
  return setHost(new HttpHost(token));
}

/** Puts a host in place (tests do it too) and moves the event line to it. */
export function setHost(host: Host): Host {
  stopListening?.();
  current = host;
  stopListening = host.listen((event) => {
    for (const listener of listeners) listener(event);
  });
  return host;
}

/** The host in place. */
export function host(): Host {
  if (current === undefined) throw new Error("BUG: openHost() runs before anything is drawn");
  return current;
}

/** Sends one command, typed both ways. */
export async function call<N extends CommandName>(name: N, request: Commands[N]["request"], timeoutMs = CALL_TIMEOUT_MS): Promise<Commands[N]["response"]> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(unavailable("call_timeout", `Slipway did not answer ${name} within ${Math.round(timeoutMs / 1000)} seconds.`, "Retry; if it stays silent, restart Slipway."));
    }, timeoutMs);
  });
  try {
    return await Promise.race([host().send(name, request), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls back for every event of the host until the returned function is called. */
export function onAppEvent(listener: (event: AppEvent) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
