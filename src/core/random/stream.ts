// Named streams of chance. Each source of chance in a run draws from its own stream, so that a changed policy
// cannot shift the demand it is compared on. Knows seeds and uniform numbers, nothing about distributions.
import alea from "seedrandom/lib/alea.js";
import { assert } from "../base/assert.js";

/** A reproducible sequence of uniform draws. */
export interface Stream {
  /** The next number in [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /** The next whole number in [0, n), each equally likely. `n` is a whole number from 1 up. */
  below(n: number): number;
}

/** Opens streams by name, and may keep hold of them. */
export interface StreamSource {
  open(name: string): Stream;
}

/** What a run draws all its chance from: the text of a seed, or what stands for one. */
export type Seed = string | StreamSource;

/**
 * Opens the stream `name` of the run with this seed, at its beginning. The same pair always gives the same
 * draws, and two streams of different names are independent for every practical purpose.
 */
export function openStream(seed: Seed, name: string): Stream {
  return typeof seed === "string" ? openReseedable(seed, name) : seed.open(name);
}

/** A stream that can be made to go on as another one. */
export interface ReseedableStream extends Stream {
  /** From here on the draws are those of the stream `name` of that seed, from its beginning. */
  reseed(seed: string, name: string): void;
}

/** As `openStream`. */
export function openReseedable(seed: string, name: string): ReseedableStream {
  return new AleaStream(`${seed}/${name}`);
}

/** How many numbers are drawn at once, so that the generator's state stays in registers from one to the next. */
const BLOCK = 64;
const MULTIPLIER = 2_091_639;
const TO_32_BITS = 2 ** -32;
const TO_53_BITS = 2 ** -53;

/** Copied for each stream: an array of numbers is made much faster than one that is typed, and read as fast. */
const UNDRAWN: number[] = [];
while (UNDRAWN.length < BLOCK) UNDRAWN.push(0.5);

/** Alea as seedrandom has it, number for number. The library does the seeding. */
class AleaStream implements ReseedableStream {
  readonly #block: number[] = UNDRAWN.slice();
  #next = BLOCK;
  /** Three lags, the oldest first, and the carry. */
  readonly #state: Float64Array = new Float64Array(4);

  constructor(seed: string) {
    this.#begin(seed);
  }

  reseed(seed: string, name: string): void {
    this.#begin(`${seed}/${name}`);
  }

  uniform(): number {
    if (this.#next === BLOCK) this.#draw();
    return this.#block[this.#next++]!;
  }

  below(n: number): number {
    assert(Number.isSafeInteger(n) && n > 0, "a draw below n needs a whole n of at least 1");
    // The largest uniform is 1 - 2^-53, and its product with a whole n rounds to something below n.
    return Math.floor(this.uniform() * n);
  }

  #begin(seed: string): void {
    const { s0, s1, s2, c } = alea(seed, { state: true }).state();
    const state = this.#state;
    state[0] = s0;
    state[1] = s1;
    state[2] = s2;
    state[3] = c;
    // What was drawn ahead belongs to the stream that was.
    this.#next = BLOCK;
  }

  /** Each number takes two turns of the generator: its first 32 bits and, below them, 21 more. */
  #draw(): void {
    const block = this.#block;
    const state = this.#state;
    let oldest = state[0]!;
    let middle = state[1]!;
    let newest = state[2]!;
    let carry = state[3]!;
    for (let index = 0; index < BLOCK; index++) {
      const first = MULTIPLIER * oldest + carry * TO_32_BITS;
      carry = Math.floor(first);
      const high = first - carry;
      const second = MULTIPLIER * middle + carry * TO_32_BITS;
      carry = Math.floor(second);
      const low = second - carry;
      oldest = newest;
      middle = high;
      newest = low;
      block[index] = high + Math.floor(low * 2 ** 21) * TO_53_BITS;
    }
    state[0] = oldest;
    state[1] = middle;
    state[2] = newest;
    state[3] = carry;
    this.#next = 0;
  }
}
