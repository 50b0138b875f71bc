// Records that may be looked at before they are read, in bounded memory. It does not know what a record means.
import type { Line } from "../../text/lines.js";

/** Most that is held: enough to tell fractions and rates by. */
const MOST_RECORDS = 256;
const MOST_CHARACTERS = 1024 * 1024;

/** Yields records as they come, and shows those behind the one at hand where that is asked for. */
export class LookAhead implements Iterable<Line> {
  readonly #records: Iterator<Line>;
  readonly #held: Line[] = [];
  #atHand = "";
  /** What went wrong while it looked: told where the reading comes to it. */
  #failure: { readonly error: unknown } | undefined;

  constructor(records: Iterable<Line>) {
    this.#records = records[Symbol.iterator]();
  }

  /** The texts of the record at hand and of those behind it, as far as the bounds reach. */
  peek(): readonly string[] {
    let characters = this.#held.reduce((sum, { text }) => sum + text.length, this.#atHand.length);
    while (this.#held.length < MOST_RECORDS && characters < MOST_CHARACTERS && this.#failure === undefined) {
      const next = this.#pull();
      if (next === undefined) break;
      this.#held.push({ ...next });
      characters += next.text.length;
    }
    return [this.#atHand, ...this.#held.map(({ text }) => text)];
  }

  *[Symbol.iterator](): Generator<Line, void, undefined> {
    for (;;) {
      const next = this.#held.shift() ?? this.#next();
      if (next === undefined) return;
      this.#atHand = next.text;
      yield next;
    }
  }

  #next(): Line | undefined {
    const next = this.#failure === undefined ? this.#pull() : undefined;
    if (this.#failure !== undefined) throw this.#failure.error;
    return next;
  }

  #pull(): Line | undefined {
    try {
      const { done, value } = this.#records.next();
      return done === true ? undefined : value;
    } catch (error) {
      this.#failure = { error };
      return undefined;
    }
  }
}
