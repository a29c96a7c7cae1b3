// A text while it is typed. It is sent when it is left, and only if it changed; a refusal stays beside what was typed.
import { useState } from "react";

export interface Typed {
  draft: string;
  problem: string | undefined;
  type: (draft: string) => void;
  /** Sends what was typed, or what is given. */
  send: (draft?: string) => void;
  /** Back to what is written. */
  restore: () => void;
}

/**
 * `value` is what is written. When it becomes what was sent, whatever was typed since stays; when it changes elsewhere, what
 * was typed gives way.
 */
export function useTyped(value: string, save: (draft: string) => Promise<string | null>): Typed {
  const [state, setState] = useState({ base: value, draft: value, sent: value, problem: undefined as string | undefined });
  if (state.base !== value) setState({ base: value, draft: value === state.sent ? state.draft : value, sent: value, problem: undefined });
  return {
    draft: state.draft,
    problem: state.problem,
    type: (draft) => setState((now) => ({ ...now, draft })),
    send: (given) => {
      const draft = given ?? state.draft;
      // Leaving the field after Enter must not send the same again.
      if (draft === state.sent) return;
      setState((now) => ({ ...now, draft, sent: draft, problem: undefined }));
      void save(draft).then((problem) => {
        if (problem !== null) setState((now) => ({ ...now, problem, sent: now.base }));
      });
    },
    restore: () => setState((now) => ({ ...now, draft: now.base, sent: now.base, problem: undefined })),
  };
}

/** A choice that is sent at once. */
export function useSent(): { problem: string | undefined; run: (change: Promise<string | null>) => void } {
  const [problem, setProblem] = useState<string>();
  return {
    problem,
    run: (change) => {
      setProblem(undefined);
      void change.then((refusal) => setProblem(refusal ?? undefined));
    },
  };
}
