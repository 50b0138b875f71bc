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

/** Assumption: no cache of KV holds more sessions than this. About 20 MB. */
const MOST_SESSIONS = 100_000;

interface Known {
  number: number;
  input: number;
  context: number;
}

/**
 * The sessions of a trace by name, with the context that each has had so far. Of more than `most`, the one whose last
 * row is furthest back is forgotten.
 */
export class NamedSessions {
  readonly #contexts: Contexts;
  readonly #most: number;
  /** Least recently used first. */
  readonly #sessions = new Map<string, Known>();
  /** Of the last `next`: the session's number, and how many tokens of the prompt it has had before. */
  session = 0;
  sharedTokens = 0;

  constructor(contexts: Contexts, most: number = MOST_SESSIONS) {
    this.#contexts = contexts;
    this.#most = most;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /**
   * A request of a session, with its whole prompt. What the session sent and got before begins this prompt too, unless
   * the prompt is shorter than the one before it: then the session has thrown its context away and begun a new one.
   */
  next(name: string, inputTokens: number, outputTokens: number): void {
    const known = this.#recall(name);
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

  /** The session is over. */
  forget(name: string): void {
    this.#sessions.delete(name);
  }

  #recall(name: string): Known {
    let known = this.#sessions.get(name);
    if (known === undefined) {
      known = { number: this.#contexts.openSession(), input: 0, context: 0 };
      if (this.#sessions.size >= this.#most) this.forget(this.#sessions.keys().next().value!);
    } else {
      this.#sessions.delete(name);
    }
    this.#sessions.set(name, known);
    return known;
  }
}
