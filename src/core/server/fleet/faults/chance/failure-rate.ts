// How often a node fails, of nodes that are not alike: most fail a little less often than the mean of the fleet, and a
// few far more often ("lemons"). The factors have mean 1, so that the fleet as a whole fails as often as it is said
// to.
//
// Why skewed: Meta found lemon nodes behind a large part of failed jobs of an A100 cluster (arXiv 2410.21680;
// excerpt). What skew does and does not do: over a long time, nodes fail as often as their rates add up to, skewed or
// not. But a job on n nodes drawn at random has a shorter time to failure than the n-th part of what jobs on one node
// have on average, since nearly every single node is better than the mean (Jensen: the mean of n / (sum of n rates)
// falls with n).
import { createDistribution } from "../../../../random/distribution.js";
import { LEAST_CV } from "../../../../random/distribution-problems.js";
import type { Stream } from "../../../../random/stream.js";

export interface RateSkew {
  /** Share of the nodes that are lemons. */
  readonly lemons: number;
  /** How many times as often as others a lemon fails. */
  readonly times: number;
  /** Coefficient of variation of a gamma law by which nodes differ besides; below the least of a gamma: not at all. */
  readonly spread: number;
}

/** The rate of one node as a factor of the fleet's mean; its expected value is 1. */
export function rateFactor({ lemons, times, spread }: RateSkew, stream: Stream): number {
  const isLemon = stream.uniform() < lemons;
  const mixed =
    spread < LEAST_CV ? 1 : createDistribution({ dist: "gamma", mean: 1, cv: spread }, stream).sample();
  return (mixed * (isLemon ? times : 1)) / (1 + lemons * (times - 1));
}
