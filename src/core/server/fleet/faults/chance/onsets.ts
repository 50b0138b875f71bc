// When something begins that comes again and again: independent gaps between beginnings. It has always been going on,
// so that the first one comes in the middle of a gap, and a run's start is a time like any other.
import { after, type Instant, START } from "../../../../base/units.js";
import { createDistribution, type Distribution } from "../../../../random/distribution.js";
import type { TimeSpec } from "../../../../random/distribution-spec.js";
import { residual } from "../../../../random/residual.js";
import type { Stream } from "../../../../random/stream.js";
import { drawnTime } from "../../../../random/time-distribution.js";

export class Onsets {
  /** When the next one begins: after the start of the run. */
  next: Instant;
  readonly #gaps: Distribution;

  /** Gaps in seconds. */
  constructor(gaps: TimeSpec, stream: Stream) {
    this.#gaps = createDistribution(gaps, stream);
    this.next = after(START, drawnTime(residual(gaps, stream)));
  }

  advance(): void {
    this.next = after(this.next, drawnTime(this.#gaps.sample()));
  }
}
