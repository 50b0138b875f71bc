// The cheapest pair on a grid where more of either cannot hurt: walks along the edge between what seems enough and what
// does not, so that a grid of a times b takes at most a + b - 1 probes. Knows places in two orders and what a pair
// costs.
import type { Probe, ProbeAt } from "./probe.js";

export type Pair = readonly [number, number];

export interface StairPoint {
  readonly pair: Pair;
  readonly probe: Probe;
}

export interface Staircase {
  readonly answer: Pair | null;
  readonly points: readonly StairPoint[];
  /** A pair that seemed enough, and one with no less of either that failed. */
  readonly contradictions: readonly { readonly passes: Pair; readonly fails: Pair }[];
  readonly finished: boolean;
}

export interface StaircaseOptions {
  readonly counts: Pair;
  /** Must grow with each place. */
  readonly cost: (pair: Pair) => number;
}

export async function searchCheapest(probe: ProbeAt<Pair>, options: StaircaseOptions): Promise<Staircase> {
  const { counts, cost } = options;
  const points: StairPoint[] = [];
  let answer: Pair | null = null;
  let [first, second] = [0, counts[1] - 1];
  while (first < counts[0] && second >= 0) {
    const pair: Pair = [first, second];
    // What costs more than a pair that seems enough need not be tried, only what is less of it.
    if (answer !== null && cost(pair) >= cost(answer)) {
      second--;
      continue;
    }
    const found = await probe(pair);
    if (found === undefined)
      return { answer, points, contradictions: contradictionsOf(points), finished: false };
    points.push({ pair, probe: found });
    if (found.seemsEnough) {
      answer = pair;
      second--;
    } else first++;
  }
  return { answer, points, contradictions: contradictionsOf(points), finished: true };
}

function contradictionsOf(points: readonly StairPoint[]): Staircase["contradictions"] {
  const passed = points.filter(({ probe }) => probe.seemsEnough);
  const failed = points.filter(({ probe }) => probe.verdict === "fail");
  return passed.flatMap(({ pair: passes }) => {
    const above = failed.find(({ pair }) => pair[0] >= passes[0] && pair[1] >= passes[1]);
    return above === undefined ? [] : [{ passes, fails: above.pair }];
  });
}
