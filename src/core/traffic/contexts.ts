// What prompts have in common, as small integers: the applications whose prompts begin alike and the sessions that go
// on with what they had. One numbering for a whole run, so that two sources never share by accident.

export class Contexts {
  #prefixes = 0;
  #sessions = 0;

  /** Numbers for that many applications; returns the first of them. */
  openPrefixes(count: number): number {
    const first = this.#prefixes;
    this.#prefixes += count;
    return first;
  }

  openSession(): number {
    return this.#sessions++;
  }
}

/** The sessions of a trace by name, with the context that each has had so far. */
export class NamedSessions {
  readonly #contexts: Contexts;
  readonly #sessions = new Map<string, { number: number; input: number; context: number }>();
  /** Of the last `next`: the session's number, and how many tokens of the prompt it has had before. */
  session = 0;
  sharedTokens = 0;

  constructor(contexts: Contexts) {
    this.#contexts = contexts;
  }

  /**
   * A request of a session, with its whole prompt. What the session sent and got before begins this prompt too, unless
   * the prompt is shorter than the one before it: then the session has thrown its context away and begun a new one.
   */
  next(name: string, inputTokens: number, outputTokens: number): void {
    let known = this.#sessions.get(name);
    if (known === undefined) {
      known = { number: this.#contexts.openSession(), input: 0, context: 0 };
      this.#sessions.set(name, known);
    }
    if (inputTokens < known.input) {
      // Under a new number, or what it threw away could be taken for what it has now.
      known.number = this.#contexts.openSession();
      known.context = 0;
    }
    this.session = known.number;
    this.sharedTokens = Math.min(known.context, inputTokens);
    known.input = inputTokens;
    known.context = inputTokens + outputTokens;
  }
}
