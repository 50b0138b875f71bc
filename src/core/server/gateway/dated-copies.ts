// Dated copies of something that changes: taken at whole multiples of a period, seen once they have travelled, some
// never (LAW-7). They cost no event: all that changes the thing has to renew them first, and until then it is what it
// was at the instants that have gone by. Copies that nothing can see any more are not taken, and whether one is lost
// is a hash of its number, so that it does not depend on which others were asked for.
import { mixed } from "../../base/mixed.js";
import { after, type Instant, START } from "../../base/units.js";
import type { SignalTiming } from "./signal-timing.js";

const WORDS = 2 ** 32;

export interface DatedCopiesOptions<Copy> {
  /** With a period. */
  readonly timing: SignalTiming;
  /** Uniform draws from 0 to below 1: two at the beginning, if copies get lost, and none later. */
  readonly chance: () => number;
  /** One to be filled in. */
  readonly make: () => Copy;
  /** Must fill it in with what is, which is the same as it was at `asOf`. */
  readonly take: (copy: Copy, asOf: Instant) => void;
}

export class DatedCopies<Copy> {
  /** When the next copy falls due. */
  dueAt: Instant = START;
  readonly #options: DatedCopiesOptions<Copy>;
  /** Copies under way, and before them the one that is seen: a ring, and the number of each. */
  readonly #copies: Copy[] = [];
  readonly #numbers: number[] = [];
  /** Counted on and on: where in the ring the one is that is seen, and how many have been put there. */
  #seen = 0;
  #end = 0;
  /** The copy that falls due next. */
  #next = 0;
  /** Out of 2^32 copies so many get lost; which, these say. */
  readonly #lost: number;
  readonly #key: number;
  readonly #otherKey: number;

  constructor(options: DatedCopiesOptions<Copy>) {
    const { timing, chance, make } = options;
    this.#options = options;
    // Those under way at any instant, and the one that is seen.
    const most = Math.ceil(timing.age / timing.period) + 1;
    for (let count = 0; count < most; count++) {
      this.#copies.push(make());
      this.#numbers.push(0);
    }
    this.#lost = Math.round(timing.loss * WORDS);
    this.#key = this.#lost > 0 ? Math.floor(chance() * WORDS) : 0;
    this.#otherKey = this.#lost > 0 ? Math.floor(chance() * WORDS) : 0;
  }

  /** Call before anything changes at `now`: takes what has fallen due. */
  renew(now: Instant): void {
    if (now < this.dueAt) return;
    const { period, age } = this.#options.timing;
    const newest = Math.floor(now / period);
    // The last that has arrived by now: those before it nothing will see.
    let first = Math.max(0, Math.floor((now - age) / period));
    while (first >= this.#next && this.isLost(first)) first--;
    const isNewer = first >= this.#next;
    if (isNewer) this.#end = this.#seen;
    else this.#look(now);
    for (let number = isNewer ? first : this.#next; number <= newest; number++) {
      if (!this.isLost(number)) this.#put(number);
    }
    this.#next = newest + 1;
    this.dueAt = ((newest + 1) * period) as Instant;
  }

  /** What is seen at `now`; valid until the next question. */
  at(now: Instant): Copy {
    this.renew(now);
    this.#look(now);
    return this.#copies[this.#seen % this.#copies.length]!;
  }

  /** When the copy was taken that `at` gave last. */
  get asOf(): Instant {
    return (this.#numbers[this.#seen % this.#copies.length]! * this.#options.timing.period) as Instant;
  }

  /** Whether that copy never arrives. The first one always does: there is no other before it. */
  isLost(number: number): boolean {
    if (this.#lost === 0 || number === 0) return false;
    const high = Math.floor(number / WORDS);
    const hash = mixed(mixed((number | 0) ^ this.#key) + Math.imul(high + 1, 0x9e3779b1) + this.#otherKey);
    return hash >>> 0 < this.#lost;
  }

  #look(now: Instant): void {
    const { period, age } = this.#options.timing;
    while (this.#seen + 1 < this.#end) {
      const number = this.#numbers[(this.#seen + 1) % this.#numbers.length]!;
      if (after((number * period) as Instant, age) > now) return;
      this.#seen++;
    }
  }

  #put(number: number): void {
    const place = this.#end % this.#copies.length;
    this.#options.take(this.#copies[place]!, (number * this.#options.timing.period) as Instant);
    this.#numbers[place] = number;
    this.#end++;
  }
}
