import { describe, expect, it } from "vitest";
import { START } from "../../../../../src/core/base/units.js";
import type { PathOfPool } from "../../../../../src/core/server/gateway/policies/policy.js";
import { Ramp, ramp } from "../../../../../src/core/server/gateway/policies/ramp.js";
import { policy } from "../../../../../src/core/server/gateway/policies/registry.js";
import { OVERLOADED_CAPACITY, WAIT } from "../../../../../src/core/server/gateway/verdict.js";
import { facts, policyContext, signals } from "../../../../support/gateway-views.js";

const pathsOf = (ranks: readonly number[]): PathOfPool[] =>
  ranks.map((rank) => ({ name: `p${rank}`, isServed: true, rank }));

const make = (ranks: readonly number[], given: object = {}, chance = () => 0.5) => {
  const { policy: _, ...options } = policy.parse({ policy: "ramp", ...given });
  return ramp.create(options as never, policyContext(pathsOf(ranks), chance));
};
const full = (saturation: number) => signals({ kvTokens: 100_000, kvUsed: saturation * 80_000 });

/** That an arrival of each path is refused. */
function shares(made: ReturnType<typeof make>, ranks: readonly number[], saturation: number): number[] {
  if (!(made instanceof Ramp)) throw new Error("it is a ramp");
  return ranks.map((rank) => Number(made.probability(rank, full(saturation)).toFixed(6)));
}

describe("ramp", () => {
  it("rises with the cube of the way from a path's threshold to full", () => {
    const from = { p0: 0.6, p1: 0.2 };
    const made = make([0, 1], { from });
    expect([0.2, 0.6, 0.8, 1, 2].map((saturation) => shares(made, [0, 1], saturation))).toEqual([
      [0, 0],
      [0, 0.125],
      [0.125, 0.421875],
      [1, 1],
      [1, 1],
    ]);
  });

  it("is where Netflix's curve is: 35 % over leaves scores in the mid nineties, 80 % about 50, 95 % about 10", () => {
    const made = make([0], { from: { p0: 0 } });
    const threshold = [0.35, 0.8, 0.95].map((over) => 100 * (1 - shares(made, [0], over)[0]!));
    expect(threshold.map(Math.round)).toEqual([96, 49, 14]);
  });

  it("begins half way to full for the lowest rank, and evenly later above it, unless told", () => {
    const starts = (ranks: readonly number[]) => {
      const made = make(ranks);
      return ranks.map((rank) =>
        [0.5, 2 / 3, 0.75, 5 / 6].filter((from) => shares(made, [rank], from)[0] === 0).at(-1),
      );
    };
    expect([starts([0]), starts([0, 1]), starts([0, 1, 2])]).toEqual([
      [0.5],
      [0.75, 0.5],
      [5 / 6, 2 / 3, 0.5],
    ]);
  });

  it("refuses when the draw falls below that, and draws once for every arrival", () => {
    const draws = [0.124, 0.126, 0];
    const made = make([0, 1], { from: { p0: 0.9, p1: 0.2 } }, () => draws.shift()!);
    const seen = Object.assign(full(0.6), { openings: 0 });
    const verdicts = [1, 1, 0].map((rank) => made.decide(facts({ path: rank, rank }), seen, START));
    expect(verdicts).toEqual([OVERLOADED_CAPACITY, WAIT, WAIT]);
  });

  it("refuses none without any replica: there is nothing to be full", () => {
    expect(make([0], {}, () => 0).decide(facts(), signals({ replicas: 0, openings: 0 }), START)).toBe(WAIT);
  });
});
