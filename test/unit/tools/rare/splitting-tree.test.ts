import { describe, expect, it } from "vitest";
import { Outcome } from "../../../../src/core/base/outcome.js";
import { rateOf } from "../../../../src/core/tools/rare/rare-result.js";
import {
  type Splitting,
  SplittingTree,
  type TrialSums,
} from "../../../../src/core/tools/rare/splitting-tree.js";
import { Trajectory } from "../../../../src/core/tools/rare/trajectory.js";
import { trunkReservation } from "../../../support/closed-forms.js";
import { gear } from "../../../support/mode.js";
import { smallPool } from "./small-pool.js";

const experiment = { scenario: smallPool(), tier: 0, outcome: Outcome.overloaded };
const STEEP: Splitting = {
  levels: [
    { crowding: 9, factor: 3 },
    { crowding: 10, factor: 3 },
  ],
  floor: 7,
};
const TRIALS = gear(200, 300);
/** Few of these see the event. */
const PLAIN_TRIALS = gear(400, 1200);

function trial(splitting: Splitting, seed: string): TrialSums {
  const tree = new SplittingTree(experiment, splitting, seed);
  while (tree.advance()) {
    // To the last copy.
  }
  return tree.sums;
}

const trials = (splitting: Splitting, seed: string, count: number) =>
  Array.from({ length: count }, (_, index) => trial(splitting, `${seed}/${index}`));

describe("a splitting tree", () => {
  const split = trials(STEEP, "split", TRIALS);

  it("without levels is one plain run", () => {
    const sums = trial({ levels: [], floor: 0 }, "1");
    const plain = new Trajectory(experiment, "1", []);
    let measured = 0;
    while (plain.step()) if (plain.isMeasured) measured++;
    expect(sums).toMatchObject({
      trajectories: 1,
      attempts: plain.attempts,
      hits: plain.hits,
      plainHits: plain.hits,
    });
    expect(sums.hitsByAttempts).toBe(plain.hits * plain.attempts);
    expect([sums.events, sums.plainEvents]).toEqual([plain.events, plain.events]);
    expect(Math.abs(sums.plainMeasuredEvents - measured)).toBeLessThanOrEqual(1);
  });

  it("gives the same sums for the same seed, and counts what it repeats", () => {
    const [one, again] = [trial(STEEP, "3"), trial(STEEP, "3")];
    expect(one).toEqual(again);
    expect(one.trajectories).toBeGreaterThan(1);
    expect(one.events).toBeGreaterThan(one.plainEvents * 1.5);
  });

  // Wrong weights fail here: repeat with the seed in the message.
  it("has the expectation of plain runs: rate, attempts, second moments, levels", () => {
    const unsplit = STEEP.levels.map((level) => ({ ...level, factor: 1 }));
    const plain = trials({ ...STEEP, levels: unsplit }, "plain", PLAIN_TRIALS);
    const measures: Readonly<Record<string, (sums: TrialSums) => number>> = {
      hits: (sums) => sums.hits,
      attempts: (sums) => sums.attempts,
      hitsSquared: (sums) => sums.hitsSquared,
      hitsByAttempts: (sums) => sums.hitsByAttempts,
      attemptsSquared: (sums) => sums.attemptsSquared,
      reachedFirst: (sums) => sums.reached[0]!,
      reachedLast: (sums) => sums.reached[1]!,
    };
    for (const [name, of] of Object.entries(measures)) {
      const [one, other] = [moments(split.map(of)), moments(plain.map(of))];
      const apart = Math.abs(one.mean - other.mean) / Math.hypot(one.error, other.error);
      expect(apart, `${name}: ${one.mean} against ${other.mean}, seeds split/ and plain/`).toBeLessThan(3.9);
    }
  });

  it("covers the closed form at 99.9 %, and would not even at 98 % with another weight", () => {
    const golden = trunkReservation(10, 3, 2, 8).priority;
    const { low, high } = rateOf(split, 0.999);
    expect(low!).toBeLessThan(golden);
    expect(high!).toBeGreaterThan(golden);
    const { low: likely, value } = rateOf(split, 0.98);
    // As if every copy weighed as if there were one less of them.
    const wrong = (3 / 2) * (3 / 2);
    expect(likely! * wrong, `value ${value}, seeds split/`).toBeGreaterThan(golden);
  });
});

function moments(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}
