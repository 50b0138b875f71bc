// Made-up samples of a rare rate whose events come in clusters, and more of them at high demand; the truth is known.
// For judging intervals by themselves, without a simulation behind them.
import { createDistribution } from "../../src/core/random/distribution.js";
import { openStream } from "../../src/core/random/stream.js";
import {
  evenRisks,
  intervalAround,
  ratioEstimate,
  ratioOf,
  standardError,
} from "../../src/core/stats/ratio.js";
import { criticalT } from "../../src/core/stats/student.js";

export interface ClusteredRate {
  /** Bursts of events in a sample, on average. */
  readonly clusters: number;
  /** Standard deviation of log demand: attempts go with demand, bursts with its cube. */
  readonly sigma: number;
  readonly samples: number;
}

/** Shares of experiments whose interval covered the truth. */
export interface ClusteredCoverage {
  readonly symmetrical: number;
  readonly used: number;
}

const ATTEMPTS = 100_000;
const SIZE = 20;

export function clusteredCoverage(rate: ClusteredRate, experiments: number, seed: string): ClusteredCoverage {
  const { clusters, sigma, samples } = rate;
  const stream = openStream(seed, "clusters");
  const demand = createDistribution(
    { dist: "lognormal", mean: 1, sigma: Math.max(sigma, 1e-6) },
    openStream(seed, "demand"),
  );
  // A burst has a geometric number of events; demand's cube has mean exp(3 sigma²).
  const meanSize = 1 / (1 - Math.exp(-1 / SIZE));
  const truth = (clusters * Math.exp(3 * sigma ** 2) * meanSize) / ATTEMPTS;
  const sample = () => {
    const factor = demand.sample();
    let events = 0;
    for (let left = poisson(clusters * factor ** 3, stream); left > 0; left--) {
      events += 1 + Math.floor(-SIZE * Math.log(1 - stream.uniform()));
    }
    const weight = ATTEMPTS * factor;
    return { value: events / weight, weight };
  };
  let [symmetrical, used, known] = [0, 0, 0];
  for (let experiment = 0; experiment < experiments; experiment++) {
    const drawn = Array.from({ length: samples }, sample);
    const { value, pulls } = ratioOf(drawn);
    if (value === 0) continue;
    known++;
    const { low, high } = intervalAround(ratioEstimate(drawn), "share", evenRisks(0.95));
    if (low <= truth && truth <= high) used++;
    const half = criticalT(0.95, samples - 1) * standardError(pulls);
    if (Math.abs(value - truth) <= half) symmetrical++;
  }
  return { symmetrical: symmetrical / known, used: used / known };
}

function poisson(mean: number, stream: { uniform(): number }): number {
  let count = 0;
  for (let product = stream.uniform(); product > Math.exp(-mean); product *= stream.uniform()) count++;
  return count;
}
