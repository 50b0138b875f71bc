// Whether a zone has spot capacity: all or nothing for one kind of machine. Up and down spells take turns, both heavy
// in the tail. A zone is stationary from the start: it is up with the probability of its availability, in the middle
// of a spell.
//
// Source: skypilot-org/spot-traces @221da1a, V100 on AWS, 1.5 months (elastic.md 2.8; derived): availability 17 to 91
// % by zone, up spells with a mean 2 to 8 times the median, 16 of 16 nodes or none. The log-normal shape was not
// tested there: ours, from mean and median. Warning before capacity goes: 30 s on GCP, 2 min on AWS (excerpt).
import { assert } from "../../../../base/assert.js";
import { after, type Duration, type Instant, START } from "../../../../base/units.js";
import { createDistribution, type Distribution } from "../../../../random/distribution.js";
import type { TimeSpec } from "../../../../random/distribution-spec.js";
import { residual } from "../../../../random/residual.js";
import type { Stream } from "../../../../random/stream.js";
import { drawnTime } from "../../../../random/time-distribution.js";

/** In seconds. */
export interface SpotSpells {
  readonly up: TimeSpec;
  readonly down: TimeSpec;
}

export class SpotZone {
  /** Whether there is capacity. */
  isUp: boolean;
  /** When that changes. */
  changesAt: Instant;
  readonly #up: Distribution;
  readonly #down: Distribution;

  constructor({ up, down }: SpotSpells, stream: Stream) {
    this.#up = createDistribution(up, stream);
    this.#down = createDistribution(down, stream);
    this.isUp = stream.uniform() < this.availability;
    this.changesAt = after(START, drawnTime(residual(this.isUp ? up : down, stream)));
  }

  /** The share of time that it has capacity, in the long run. */
  get availability(): number {
    return this.#up.mean / (this.#up.mean + this.#down.mean);
  }

  /** When it is about to lose its capacity, instances are told so long before, or, in a short spell, at its start. */
  warnsAt(warning: Duration, now: Instant): Instant {
    assert(this.isUp, "only what is up can go down");
    return Math.max(now, this.changesAt - warning) as Instant;
  }

  /** It changes: call at the instant at which it does. */
  change(now: Instant): void {
    assert(now === this.changesAt, "a zone changes when it said it would");
    this.isUp = !this.isUp;
    this.changesAt = after(now, drawnTime((this.isUp ? this.#up : this.#down).sample()));
  }
}
