// The narrow line between the page and whatever it runs in. Three hosts implement it: tauri.ts, http.ts and
// fake/host.ts. Nothing above this folder knows which one answers.
import type { ApiError, AppEvent, CommandName, Commands } from "./generated/contract";

/** Answers commands and says what happened. */
export interface Host {
  /** `desktop`, `serve` or `fake`. */
  readonly kind: "desktop" | "serve" | "fake";
  /** Sends one command; rejects with an `ApiFailure` and nothing else. */
  send<N extends CommandName>(name: N, request: Commands[N]["request"]): Promise<Commands[N]["response"]>;
  /** Calls back for every event until the returned function is called. */
  listen(onEvent: (event: AppEvent) => void): () => void;
}

/** An `ApiError` that can be thrown. Everything that goes wrong in a call arrives as one of these. */
export class ApiFailure extends Error {
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(error.message);
    this.name = "ApiFailure";
    this.error = error;
  }
}

/** Whether a thrown or received value is an `ApiError`. */
export function isApiError(value: unknown): value is ApiError {
  return typeof value === "object" && value !== null && "kind" in value && "message" in value && "code" in value;
}

/** Makes an `ApiError` of whatever was thrown, so that a screen has one shape to show. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiFailure) return thrown.error;
  if (isApiError(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: "bug", code: "ui_unexpected", message, hint: "Reload the window; if it happens again, report it.", corr: "" };
}

/** A host that could not be reached, said so that a person knows what to do. */
export function unavailable(code: string, message: string, hint: string): ApiFailure {
  return new ApiFailure({ kind: "unavailable", code, message, hint, corr: "" });
}
