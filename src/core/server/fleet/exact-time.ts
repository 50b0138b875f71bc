// A sum of stretches of time, each taken as often as something was there: exact, whatever the fleet and however long
// the run. In whole seconds, and microseconds below one: a large fleet over weeks is more microseconds than a double
// counts.
import { MICROS_PER_SECOND } from "../../base/units.js";

export class ExactTime {
  #seconds = 0;
  #micros = 0;

  /** So many microseconds, that often. */
  add(count: number, elapsed: number): void {
    const rest = elapsed % MICROS_PER_SECOND;
    const micros = this.#micros + count * rest;
    this.#micros = micros % MICROS_PER_SECOND;
    this.#seconds +=
      count * ((elapsed - rest) / MICROS_PER_SECOND) + (micros - this.#micros) / MICROS_PER_SECOND;
  }

  reset(): void {
    this.#seconds = 0;
    this.#micros = 0;
  }

  /** In seconds, that many times; rounded once. */
  seconds(times = 1): number {
    return this.#seconds * times + (this.#micros * times) / MICROS_PER_SECOND;
  }
}
