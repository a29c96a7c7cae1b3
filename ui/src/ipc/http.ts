// The host of `slipway serve`: commands by POST, events by SSE, both with the token that the start-up address carried.
import type { AppEvent, CommandName, Commands } from "./generated/contract";
import { ApiFailure, isApiError, toApiError, unavailable, type Host } from "./host";

const TOKEN_KEY = "slipway.token";

/**
 * Takes the token from the address once (`#token=…` or `?token=…`), keeps it for this browser session and removes it
 * from the address bar, so that it is neither bookmarked nor shared by copying the address.
 */
export function takeToken(location: Location, history: History, storage: Storage): string {
  const url = new URL(location.href);
  const hash = new URLSearchParams(url.hash.replace(/^#\/?/, ""));
  const token = url.searchParams.get("token") ?? hash.get("token");
  if (token === null) return storage.getItem(TOKEN_KEY) ?? "";
  storage.setItem(TOKEN_KEY, token);
  url.searchParams.delete("token");
  if (hash.has("token")) url.hash = "";
  history.replaceState(null, "", url.toString());
  return token;
}

/** Talks to `slipway serve` on the address the page came from. */
export class HttpHost implements Host {
  readonly kind = "serve";
  readonly #token: string;
  readonly #base: string;

  constructor(token: string, base = "") {
    this.#token = token;
    this.#base = base;
  }

  async send<N extends CommandName>(name: N, request: Commands[N]["request"]): Promise<Commands[N]["response"]> {
    let response: Response;
    try {
      response = await fetch(`${this.#base}/rpc/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Slipway-Token": this.#token },
        body: JSON.stringify(request),
      });
    } catch {
      throw unavailable("host_gone", "Slipway does not answer on this address.", "Check that `slipway serve` still runs, then retry.");
    }
    const body: unknown = await response.json().catch(() => null);
    if (response.ok) return body as Commands[N]["response"];
    if (isApiError(body)) throw new ApiFailure(body);
    if (response.status === 401 || response.status === 403) {
      throw new ApiFailure({
        kind: "refused",
        code: "token_refused",
        message: "This page's token was refused.",
        hint: "Open the address that `slipway serve` printed when it started.",
        corr: "",
      });
    }
    throw new ApiFailure(toApiError(`The host answered ${response.status} without a reason.`));
  }

  listen(onEvent: (event: AppEvent) => void): () => void {
    if (typeof EventSource === "undefined") return () => undefined;
    const source = new EventSource(`${this.#base}/events?token=${encodeURIComponent(this.#token)}`);
    let wasLost = false;
    source.addEventListener("message", (message: MessageEvent<string>) => onEvent(JSON.parse(message.data) as AppEvent));
    source.addEventListener("error", () => {
      wasLost = true;
    });
    source.addEventListener("open", () => {
      // Whatever was said while the line was down is unknown: ask for everything again.
      if (wasLost) onEvent({ type: "changed", tags: ["app", "project", "change", "commit", "pipeline", "run", "log", "image", "environment", "deployment", "telemetry", "workItem", "thread", "approval"] });
      wasLost = false;
    });
    return () => source.close();
  }
}
