// The largest of the values that came within a window of time, or their sum, kept up as they come: each value goes in
// and out once, however many there are in the window. The extremum is that of a monotone queue, which holds only values
// that may still be the largest (textbook).
import type { Duration, Instant } from "../../../../base/units.js";

interface Dated {
  readonly at: Instant;
  readonly value: number;
}

/** Values in the order of time; the oldest go first. */
class Dates {
  #values: Dated[] = [];
  /** Where the oldest is that is still there. */
  #head = 0;

  get first(): Dated | undefined {
    return this.#values[this.#head];
  }

  get last(): Dated | undefined {
    return this.#values.length === this.#head ? undefined : this.#values.at(-1);
  }

  push(one: Dated): void {
    this.#values.push(one);
  }

  dropLast(): void {
    this.#values.pop();
  }

  /** The oldest that is no younger than that, taken out. */
  takeUntil(at: number): Dated | undefined {
    const { first } = this;
    if (first === undefined || first.at > at) return undefined;
    this.#head++;
    // Moved together once half of them have gone, not at each.
    if (2 * this.#head >= this.#values.length) {
      this.#values = this.#values.slice(this.#head);
      this.#head = 0;
    }
    return first;
  }
}

/** Of values younger than the window. */
export class SlidingMost {
  readonly #window: Duration;
  readonly #dates = new Dates();

  constructor(window: Duration) {
    this.#window = window;
  }

  /** The largest of the window that ends with this value, which counts in any window; in the order of time. */
  add(value: number, at: Instant): number {
    const dates = this.#dates;
    while (dates.takeUntil(at - this.#window) !== undefined);
    while (dates.last !== undefined && dates.last.value <= value) dates.dropLast();
    dates.push({ at, value });
    return dates.first!.value;
  }
}

/** Of whole numbers younger than the window. */
export class SlidingSum {
  readonly #window: Duration;
  readonly #dates = new Dates();
  #sum = 0;

  constructor(window: Duration) {
    this.#window = window;
  }

  /** In the order of time. */
  add(value: number, at: Instant): void {
    this.at(at);
    if (value === 0) return;
    this.#dates.push({ at, value });
    this.#sum += value;
  }

  /** Of the window that ends then: not before the last that came. */
  at(now: Instant): number {
    const until = now - this.#window;
    for (let one = this.#dates.takeUntil(until); one !== undefined; one = this.#dates.takeUntil(until))
      this.#sum -= one.value;
    return this.#sum;
  }
}
