// Shuffle sharding: each account is dealt a hand of the queues that there are, by a hash of its number, so that two
// accounts seldom have many of them in common, and hardly ever all. With Q queues and hands of H, one account's hand is
// another's with a chance of 1 in Q over H.
import { assert } from "../../../base/assert.js";
import { mixed } from "../../../base/mixed.js";
import { NONE } from "../../../base/none.js";

const TO_SHARE = 2 ** -32;

/** Hands of `size` different queues out of `queues`, each as likely as any other; 1 <= size <= queues. */
export class ShuffleShard {
  readonly #queues: number;
  readonly #hand: Int32Array;
  /** Whose hand that is: asked for a place, and then for a queue, it is dealt once. */
  #account = NONE;

  constructor(queues: number, size: number) {
    assert(size >= 1 && size <= queues, "a hand is not larger than the deck");
    this.#queues = queues;
    this.#hand = new Int32Array(size);
  }

  /** The hand of an account, in the order of queues; valid until the next. */
  deal(account: number): Int32Array {
    const hand = this.#hand;
    if (account === this.#account) return hand;
    this.#account = account;
    let hash = mixed(Math.imul(account + 1, 0x9e3779b1));
    for (let dealt = 0; dealt < hand.length; dealt++) {
      hash = mixed(hash ^ Math.imul(dealt + 1, 0x85ebca77));
      // Of the queues that are left, and then past those that have been dealt before it.
      let queue = Math.floor((hash >>> 0) * TO_SHARE * (this.#queues - dealt));
      let place = 0;
      for (; place < dealt && hand[place]! <= queue; place++) queue++;
      for (let other = dealt; other > place; other--) hand[other] = hand[other - 1]!;
      hand[place] = queue;
    }
    return hand;
  }
}
