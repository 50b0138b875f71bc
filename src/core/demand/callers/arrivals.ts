// All sources of a run as one sorted stream. With equal times, the source that stands first in the scenario goes first.
import { type Instant, NEVER } from "../../base/units.js";
import type { Arrival, Source } from "../traffic/source.js";

export class Arrivals {
  readonly #sources: readonly Source[];
  /** Index of the source of the next arrival. */
  next = 0;
  nextAt: Instant = NEVER;

  constructor(sources: readonly Source[]) {
    this.#sources = sources;
    this.#findNext();
  }

  /** Describes the arrival at `nextAt` of source `next`, then moves on. */
  take(arrival: Arrival): void {
    this.#sources[this.next]!.take(arrival);
    this.#findNext();
  }

  /** Call after a source has been told of an answer. */
  changed(source: number): void {
    const at = this.#sources[source]!.nextAt;
    if (source === this.next) this.#findNext();
    else if (at < this.nextAt || (at === this.nextAt && at < NEVER && source < this.next)) {
      this.nextAt = at;
      this.next = source;
    }
  }

  #findNext(): void {
    this.nextAt = NEVER;
    for (let index = 0; index < this.#sources.length; index++) {
      const at = this.#sources[index]!.nextAt;
      if (at < this.nextAt) {
        this.nextAt = at;
        this.next = index;
      }
    }
  }
}
