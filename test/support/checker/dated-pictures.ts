// LAW-7 for copies of one pool, by pictures that the checker takes itself: a picture at every multiple of the period, as of
// before what happens then. Which copies get lost it does not know beforehand; it learns that from what is seen, and what
// once was lost or was passed over must not turn up later.
import type { SignalTiming } from "../../../src/core/server/gateway/signal-timing.js";

interface Dated {
  readonly asOf: number;
}

export class DatedPictures<Picture extends Dated> {
  readonly #timing: SignalTiming;
  readonly #pictureAt: (asOf: number) => Picture;
  /** By date, from the one that was seen last. */
  readonly #pictures = new Map<number, Picture>();
  #taken = -1;
  #seen = 0;
  /** When one was seen last: all later ones that should have been there by then are lost. */
  #lookedAt = 0;

  constructor(timing: SignalTiming, pictureAt: (asOf: number) => Picture) {
    this.#timing = timing;
    this.#pictureAt = pictureAt;
  }

  /** Before whatever happens at `next`. */
  before(next: number): void {
    const { period } = this.#timing;
    if (period === 0) return;
    while ((this.#taken + 1) * period <= next) {
      this.#taken++;
      this.#pictures.set(this.#taken * period, this.#pictureAt(this.#taken * period));
    }
  }

  /** What is wrong with a copy of that date being seen at `now`; undefined if nothing is. */
  faultOf(asOf: number, now: number): string | undefined {
    const { period, age, loss } = this.#timing;
    if (period === 0) return asOf === now ? undefined : "are not live";
    if (asOf % period !== 0) return "are of no multiple of the period";
    if (asOf > 0 && asOf + age > now) return "have not arrived yet";
    if (asOf < this.#seen) return "are older than what was seen before";
    if (asOf > this.#seen && asOf + age <= this.#lookedAt) return "were lost before";
    const isNewest = (asOf / period + 1) * period + age > now;
    if (loss === 0 && !isNewest) return "are not the newest that have arrived";
    return undefined;
  }

  /** What it was at the date of a copy without a fault, which is seen. */
  seen(asOf: number, now: number): Picture {
    if (this.#timing.period === 0) return this.#pictureAt(now);
    for (const date of this.#pictures.keys()) if (date < asOf) this.#pictures.delete(date);
    this.#seen = asOf;
    this.#lookedAt = now;
    return this.#pictures.get(asOf)!;
  }
}
