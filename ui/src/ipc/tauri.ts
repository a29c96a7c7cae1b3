// The desktop host: one command `rpc`, one event `slipway://event`. Only this file may import @tauri-apps.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { AppEvent, CommandName, Commands } from "./generated/contract";
import { ApiFailure, toApiError, type Host } from "./host";

/** Whether the page runs inside the Tauri window. */
export function isTauri(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

/** The host inside the Tauri window. */
export class TauriHost implements Host {
  readonly kind = "desktop";

  async send<N extends CommandName>(name: N, request: Commands[N]["request"]): Promise<Commands[N]["response"]> {
    try {
      return await invoke<Commands[N]["response"]>("rpc", { name, payload: request });
    } catch (thrown) {
      throw new ApiFailure(toApiError(thrown));
    }
  }

  listen(onEvent: (event: AppEvent) => void): () => void {
    let isStopped = false;
    let stop: (() => void) | undefined;
    void listen<AppEvent>("slipway://event", (message) => onEvent(message.payload)).then((unlisten) => {
      // The caller may be gone before the window answers.
      if (isStopped) unlisten();
      else stop = unlisten;
    });
    return () => {
      isStopped = true;
      stop?.();
    };
  }
}
