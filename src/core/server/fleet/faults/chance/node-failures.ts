// The failures of one node: exponential times to the next at a rate of its own, which comes from the skewed law of its
// fleet, and how long it is out each time. A node draws from a stream of its own and in an order of its own, so that it
// fails at the same times whatever the other nodes do and whatever runs on it.
import type { Duration } from "../../../../base/units.js";
import {
  createDistribution,
  type Distribution,
  type DistributionSpec,
} from "../../../../random/distribution.js";
import { LARGEST } from "../../../../random/distribution-problems.js";
import type { Stream } from "../../../../random/stream.js";
import { drawnTime } from "../../../../random/time-distribution.js";
import { type RateSkew, rateFactor } from "./failure-rate.js";

export interface NodeFailuresOptions {
  /** Mean time between failures of a node, in seconds that it is up; over the fleet one over the mean rate. */
  readonly mtbf: number;
  readonly skew: RateSkew;
  /** In seconds. */
  readonly repair: DistributionSpec;
}

export class NodeFailures {
  /** Failures per second that it is up. */
  readonly rate: number;
  readonly #gap: Distribution;
  readonly #repair: Distribution;

  constructor({ mtbf, skew, repair }: NodeFailuresOptions, stream: Stream) {
    this.rate = rateFactor(skew, stream) / mtbf;
    // A wide law has nodes whose rate is as good as none, or none.
    const mean = Math.min(LARGEST, 1 / this.rate);
    this.#gap = createDistribution({ dist: "exponential", mean }, stream);
    this.#repair = createDistribution(repair, stream);
  }

  /** How long it is up from now on. */
  up(): Duration {
    return drawnTime(this.#gap.sample());
  }

  /** How long it is out this time. */
  out(): Duration {
    return drawnTime(this.#repair.sample());
  }
}
