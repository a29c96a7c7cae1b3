// Asks about the newest text only: waits for a pause, keeps one question under way, and drops answers that are late.

/** What came of a question. */
export type Outcome<Q, A> = { question: Q; answer: A } | { question: Q; failure: unknown };

/** Takes questions as they come; says the outcome of the newest. */
export class Latest<Q, A> {
  readonly #ask: (question: Q) => Promise<A>;
  readonly #say: (outcome: Outcome<Q, A>) => void;
  readonly #pauseMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #next: { question: Q } | undefined;
  #isAsking = false;
  #isStopped = false;

  constructor(ask: (question: Q) => Promise<A>, say: (outcome: Outcome<Q, A>) => void, pauseMs: number) {
    this.#ask = ask;
    this.#say = say;
    this.#pauseMs = pauseMs;
  }

  /** Puts a question in place of whichever waits. */
  put(question: Q): void {
    if (this.#isStopped) return;
    this.#next = { question };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#go();
    }, this.#pauseMs);
  }

  /** Says nothing any more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #go(): Promise<void> {
    if (this.#isAsking || this.#next === undefined) return;
    const { question } = this.#next;
    this.#next = undefined;
    this.#isAsking = true;
    let outcome: Outcome<Q, A>;
    try {
      outcome = { question, answer: await this.#ask(question) };
    } catch (failure) {
      outcome = { question, failure };
    }
    this.#isAsking = false;
    if (this.#isStopped) return;
    // A newer text is waiting: this answer would only flicker.
    if (this.#next === undefined) this.#say(outcome);
    else if (this.#timer === undefined) void this.#go();
  }
}
