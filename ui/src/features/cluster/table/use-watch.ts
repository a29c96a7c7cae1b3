// A list that the host watches for as long as it is on screen.
import { useEffect, useState } from "react";
import { call, toApiError, type ApiError, type KubeWatchStart } from "#ui/ipc";

/** A watch, on its way, there, or refused. */
export interface Watch {
  watchId: string | undefined;
  error: ApiError | null;
  retry: () => void;
}

const NONE = { watchId: undefined, error: null };

/** Starts a watch, and stops it when something else is looked at. */
export function useWatch({ context, namespace, group, version, plural }: KubeWatchStart): Watch {
  const [tries, setTries] = useState(0);
  const key = [context, namespace, group, version, plural, tries].join("\n");
  const [watch, setWatch] = useState<{ key: string; watchId: string | undefined; error: ApiError | null }>({ key: "", ...NONE });
  useEffect(() => {
    let isOver = false;
    let started: string | undefined;
    const stop = (watchId: string): void => {
      // Whoever has left does not care whether it could still be stopped.
      void call("kube_watch_stop", { watchId }).catch(() => undefined);
    };
    call("kube_watch_start", { context, namespace, group, version, plural }).then(
      ({ watchId }) => {
        started = watchId;
        if (isOver) stop(watchId);
        else setWatch({ key, watchId, error: null });
      },
      (thrown: unknown) => {
        if (!isOver) setWatch({ key, watchId: undefined, error: toApiError(thrown) });
      },
    );
    return () => {
      isOver = true;
      if (started !== undefined) stop(started);
    };
  }, [context, namespace, group, version, plural, key]);
  const { watchId, error } = watch.key === key ? watch : NONE;
  return { watchId, error, retry: () => setTries(tries + 1) };
}
