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

/**
 * Opens the stream `name` of the run with this seed, at its beginning. The same pair always gives the same
 * draws, and two streams of different names are independent for every practical purpose.
 */
export function openStream(seed: string, name: string): Stream {
  const generator = alea(`${seed}/${name}`);
  return {
    uniform: () => generator.double(),
    below: (n) => {
      assert(Number.isSafeInteger(n) && n > 0, "a draw below n needs a whole n of at least 1");
      // The largest uniform is 1 - 2^-53, and its product with a whole n rounds to something below n.
      return Math.floor(generator.double() * n);
    },
  };
}
