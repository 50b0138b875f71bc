// What a fault will do, in the order of time, and of what falls on one instant in the order in which it was planned: what
// happens once, as the end of something that lasts, and what comes again and again. There are few such things at once.
import { type Instant, NEVER } from "../../../base/units.js";
import type { Onsets } from "./chance/onsets.js";
import type { Fault, Toll } from "./fault.js";

/** May plan more, later than now. */
export type Step = (now: Instant, toll: Toll) => void;

interface Planned {
  readonly at: Instant;
  readonly step: Step;
  readonly recurs: boolean;
}

export class Agenda implements Fault {
  readonly #planned: Planned[] = [];
  /** Of what is planned, how much happens once. */
  #once = 0;

  once(at: Instant, step: Step): void {
    if (at === NEVER) return;
    this.#once++;
    this.#plan({ at, step, recurs: false });
  }

  /** As one of those times at which the like happens without end. */
  again(at: Instant, step: Step): void {
    this.#plan({ at, step, recurs: true });
  }

  /** Again and again, at each time for the next. */
  each(onsets: Onsets, step: Step): void {
    this.again(onsets.next, (now, toll) => {
      step(now, toll);
      onsets.advance();
      this.each(onsets, step);
    });
  }

  get onlyRecurs(): boolean {
    return this.#planned.length > 0 && this.#once === 0;
  }

  act(now: Instant, toll: Toll): Instant {
    for (let next = this.#planned[0]; next !== undefined && next.at <= now; next = this.#planned[0]) {
      this.#planned.shift();
      if (!next.recurs) this.#once--;
      next.step(now, toll);
    }
    return this.#planned[0]?.at ?? NEVER;
  }

  #plan(planned: Planned): void {
    const list = this.#planned;
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]!.at <= planned.at) low = middle + 1;
      else high = middle;
    }
    list.splice(low, 0, planned);
  }
}
