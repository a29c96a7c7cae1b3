// A shell in a container: a terminal on this side, a session of the host on the other.
import { useEffect, useState, type RefObject } from "react";
import { call, onAppEvent, toApiError, type ApiError, type KubeStreamState } from "#ui/ipc";
import { bytesOf, textToBase64 } from "../model/base64";
import type { Screen } from "./terminal";

/** An event may be lost with the line to the host. */
const LOOK_MS = 2_000;

/** How the session stands. */
export interface Shell {
  state: KubeStreamState;
  exitCode: number | null;
  problem: string | null;
  error: ApiError | null;
}

const BEGIN: Shell = { state: "starting", exitCode: null, problem: null, error: null };

export interface ShellWish {
  context: string;
  namespace: string;
  pod: string;
  container: string;
  command: readonly string[];
}

/** Runs a command in a container and joins it to a terminal in `place`, once for each time it is mounted. */
export function useShell(place: RefObject<HTMLDivElement | null>, wish: ShellWish): Shell {
  const [shell, setShell] = useState(BEGIN);
  const key = JSON.stringify(wish);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const { context, namespace, pod, container, command } = JSON.parse(key) as ShellWish;
    let isOver = false;
    let sessionId: string | undefined;
    let screen: Screen | undefined;
    let after = 0;
    let isReading = false;
    let isBehind = false;
    let hasEnded = false;
    const fail = (thrown: unknown): void => {
      if (!isOver) setShell((old) => ({ ...old, error: toApiError(thrown) }));
    };
    const read = async (): Promise<void> => {
      isBehind = true;
      if (isReading || sessionId === undefined) return;
      isReading = true;
      while (isBehind && !isOver) {
        isBehind = false;
        try {
          // In the order in which it was written.
          // oxlint-disable-next-line no-await-in-loop
          const page = await call("kube_exec_page", { sessionId, after });
          if (isOver) break;
          if (page.next > after) isBehind = true;
          after = page.next;
          if (page.base64 !== "") screen?.write(bytesOf(page.base64));
          hasEnded = page.state === "ended" || page.state === "failed";
          setShell((old) => (old.state === page.state && old.problem === page.problem && old.exitCode === page.exitCode ? old : { state: page.state, exitCode: page.exitCode, problem: page.problem, error: null }));
        } catch (thrown) {
          fail(thrown);
        }
      }
      isReading = false;
    };
    // What is typed goes in its order, one after the other.
    let sent: Promise<void> = Promise.resolve();
    const send = (text: string): void => {
      sent = sent.then(async () => {
        if (sessionId === undefined || hasEnded || isOver) return;
        await call("kube_exec_send", { sessionId, base64: textToBase64(text) }).catch(fail);
        void read();
      });
    };
    const resize = (columns: number, rows: number): void => {
      if (sessionId !== undefined && !hasEnded) void call("kube_exec_resize", { sessionId, columns, rows }).catch(() => undefined);
    };
    const start = async (): Promise<void> => {
      const { openTerminal } = await import("./terminal");
      if (isOver) return;
      screen = openTerminal(element, `Shell in ${pod}`, send, resize);
      const started = await call("kube_exec_start", { context, namespace, pod, container: container === "" ? null : container, command: [...command], columns: screen.columns, rows: screen.rows });
      if (isOver) {
        void call("kube_exec_stop", started).catch(() => undefined);
        return;
      }
      sessionId = started.sessionId;
      screen.focus();
      void read();
    };
    start().catch(fail);
    const stopListening = onAppEvent((event) => {
      if (event.type === "kubeChanged" && event.id === sessionId) void read();
    });
    const timer = setInterval(() => {
      if (!hasEnded) void read();
    }, LOOK_MS);
    const observer = new ResizeObserver(() => screen?.fit());
    observer.observe(element);
    return () => {
      isOver = true;
      stopListening();
      clearInterval(timer);
      observer.disconnect();
      screen?.close();
      if (sessionId !== undefined) void call("kube_exec_stop", { sessionId }).catch(() => undefined);
    };
  }, [place, key]);
  return shell;
}
