// What a fault will do, in the order of time, and of what falls on one instant in the order in which it was planned.
// There is little of it at once: the end of each thing that lasts, and the next time of each that comes again.
import { type Instant, NEVER } from "../../../base/units.js";
import type { Onsets } from "./chance/onsets.js";
import type { Fault, Toll } from "./fault.js";

/** May plan more, not before now. */
export type Step = (now: Instant, toll: Toll) => void;

export class Agenda implements Fault {
  readonly #planned: { readonly at: Instant; readonly step: Step }[] = [];

  plan(at: Instant, step: Step): void {
    const list = this.#planned;
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]!.at <= at) low = middle + 1;
      else high = middle;
    }
    list.splice(low, 0, { at, step });
  }

  /** Again and again, at each time for the next. */
  planEach(onsets: Onsets, step: Step): void {
    this.plan(onsets.next, (now, toll) => {
      step(now, toll);
      onsets.advance();
      this.planEach(onsets, step);
    });
  }

  act(now: Instant, toll: Toll): Instant {
    for (let next = this.#planned[0]; next !== undefined && next.at <= now; next = this.#planned[0]) {
      this.#planned.shift();
      next.step(now, toll);
    }
    return this.#planned[0]?.at ?? NEVER;
  }
}
