// A text while it is typed. It is sent when it is left, and only if it changed; a refusal stays beside what was typed.
import { useEffect, useRef, useState } from "react";

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

export interface Chosen<V> {
  /** What was chosen, until it is written or refused; then what is written. */
  shown: V;
  problem: string | undefined;
  choose: (next: V) => void;
}

/**
 * One of some values, sent at once. The choice is shown before the text has it: an arrow key that follows goes on from
 * where the last one went.
 */
export function useChosen<V>(value: V, save: (next: V) => Promise<string | null>): Chosen<V> {
  const sent = useSent();
  // `since` is what was written when the choice had been sent; another value than that has come after it.
  const [chosen, setChosen] = useState<{ next: V; since?: V } | null>(null);
  const now = useRef(value);
  useEffect(() => {
    now.current = value;
  }, [value]);
  if (chosen !== null && (value === chosen.next || ("since" in chosen && value !== chosen.since))) setChosen(null);
  return {
    shown: chosen === null ? value : chosen.next,
    problem: sent.problem,
    choose: (next) => {
      setChosen({ next });
      const saved = save(next);
      sent.run(saved);
      const settle = (refusal: string | null): void => setChosen((last) => (last?.next !== next ? last : refusal === null ? { next, since: now.current } : null));
      void saved.then(settle);
    },
  };
}
