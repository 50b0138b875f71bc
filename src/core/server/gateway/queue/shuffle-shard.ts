// Shuffle sharding: each account is dealt a hand of the queues that there are, by a hash of its number, so that two
// accounts seldom have many of them in common, and hardly ever all. With Q queues and hands of H, one account's hand is
// another's with a chance of 1 in Q over H.
import { assert } from "../../../base/assert.js";
import { mixed } from "../../../base/mixed.js";
import { NONE } from "../../../base/none.js";

const TO_SHARE = 2 ** -32;

/** Hands that are remembered, a power of two: of accounts whose numbers fall on one place, the last. */
const REMEMBERED = 2 ** 10;

/** Hands of `size` different queues out of `queues`, each as likely as any other; 1 <= size <= queues. */
export class ShuffleShard {
  /** In a row for each place, in the order of queues. */
  readonly hands: Int32Array;
  readonly #queues: number;
  readonly #size: number;
  /** By place, whose hand it is. */
  readonly #accounts: Int32Array = new Int32Array(REMEMBERED).fill(NONE);

  constructor(queues: number, size: number) {
    assert(size >= 1 && size <= queues, "a hand is not larger than the deck");
    this.#queues = queues;
    this.#size = size;
    this.hands = new Int32Array(REMEMBERED * size);
  }

  /** Where the hand of an account begins in `hands`; valid until the next. */
  deal(account: number): number {
    const place = account & (REMEMBERED - 1);
    const from = place * this.#size;
    if (this.#accounts[place] !== account) {
      this.#accounts[place] = account;
      this.#dealInto(from, account);
    }
    return from;
  }

  #dealInto(from: number, account: number): void {
    const { hands } = this;
    let hash = mixed(Math.imul(account + 1, 0x9e3779b1));
    for (let dealt = 0; dealt < this.#size; dealt++) {
      hash = mixed(hash ^ Math.imul(dealt + 1, 0x85ebca77));
      // Of the queues that are left, and then past those that have been dealt before it.
      let queue = Math.floor((hash >>> 0) * TO_SHARE * (this.#queues - dealt));
      let place = from;
      for (; place < from + dealt && hands[place]! <= queue; place++) queue++;
      for (let other = from + dealt; other > place; other--) hands[other] = hands[other - 1]!;
      hands[place] = queue;
    }
  }
}
