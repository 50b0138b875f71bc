// When the sessions of a trace start, for formats in which each session has a clock of its own. It knows sessions
// by their order only, and nothing of formats.
import * as z from "zod";
import { assert } from "../../base/assert.js";
import { MICROS_PER_SECOND } from "../../base/units.js";
import { count, LEAST_ARRIVALS_PER_SECOND, rate } from "../../document/units.js";
import { expected } from "../../document/words.js";
import { createDistribution } from "../../random/distribution.js";
import type { Stream } from "../../random/stream.js";

const MOST_AT_ONCE = 1_000_000;

const spec = z.union(
  [
    z.strictObject({
      rate: rate({ from: LEAST_ARRIVALS_PER_SECOND }).describe(
        "Sessions that start per second, independently of each other.",
      ),
    }),
    z.strictObject({ concurrency: count(1, MOST_AT_ONCE).describe("Sessions that are always under way.") }),
  ],
  { error: expected("{concurrency: 16}, or {rate: 0.5/s}") },
);

/** How sessions start: at random with a rate, or so that a number of them is always under way. */
export type SessionStartSpec = z.output<typeof spec>;

/** The option of formats whose sessions have clocks of their own. */
export const SESSION_STARTS = {
  // Assumption: enough sessions side by side to load a small pool, and the same for every seed.
  sessionStarts: spec
    .prefault({ concurrency: 16 })
    .describe("When sessions start, which the trace does not say."),
};

export interface SessionStarts {
  /** Start of the next session in microseconds, never before the one asked for last. The first starts at 0. */
  next(): number;
  /** Tells when the session asked for last ends, on the trace's clock. */
  endsAt(micros: number): void;
  /** No session asked for later starts before this. */
  readonly earliestNext: number;
}

/** `stream` is drawn from by a Poisson process only. */
export function sessionStarts(wanted: SessionStartSpec, stream?: Stream): SessionStarts {
  if ("concurrency" in wanted) return new ConcurrentStarts(wanted.concurrency);
  assert(stream !== undefined, "Poisson session starts need a stream");
  return new PoissonStarts(wanted.rate, stream);
}

class PoissonStarts implements SessionStarts {
  readonly #gap: { sample(): number };
  #seconds = 0;
  #first = true;

  constructor(perSecond: number, stream: Stream) {
    assert(perSecond > 0 && Number.isFinite(perSecond), "sessions start at a rate above 0");
    this.#gap = createDistribution({ dist: "exponential", mean: 1 / perSecond }, stream);
  }

  get earliestNext(): number {
    return Math.round(this.#seconds * MICROS_PER_SECOND);
  }

  next(): number {
    if (!this.#first) this.#seconds += this.#gap.sample();
    this.#first = false;
    return Math.round(this.#seconds * MICROS_PER_SECOND);
  }

  endsAt(): void {}
}

class ConcurrentStarts implements SessionStarts {
  readonly #most: number;
  /** When the sessions under way end, at most `#most` of them. */
  readonly #ends: number[] = [];

  constructor(most: number) {
    assert(Number.isSafeInteger(most) && most >= 1, "a whole number of sessions is under way");
    this.#most = most;
  }

  get earliestNext(): number {
    return this.#ends.length < this.#most ? 0 : this.#ends[this.#firstEnd()]!;
  }

  next(): number {
    return this.#ends.length < this.#most ? 0 : this.#ends.splice(this.#firstEnd(), 1)[0]!;
  }

  endsAt(micros: number): void {
    this.#ends.push(micros);
  }

  #firstEnd(): number {
    let first = 0;
    for (let index = 1; index < this.#ends.length; index++) {
      if (this.#ends[index]! < this.#ends[first]!) first = index;
    }
    return first;
  }
}
