import { mean } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { CENTURY } from "../../../../../../src/core/base/units.js";
import { openStream } from "../../../../../../src/core/random/stream.js";
import {
  NodeFailures,
  type NodeFailuresOptions,
} from "../../../../../../src/core/server/fleet/faults/chance/node-failures.js";
import { kolmogorovSmirnov } from "../../../../../support/goodness-of-fit.js";

const SECOND = 1e6;
const OPTIONS: NodeFailuresOptions = {
  mtbf: 100,
  skew: { lemons: 0.2, times: 5, spread: 0 },
  repair: {
    dist: "mixture",
    of: [
      { weight: 3, dist: "constant", value: 2 },
      { weight: 1, dist: "constant", value: 10 },
    ],
  },
};
const life = (node: number, seed = "1") => new NodeFailures(OPTIONS, openStream(seed, `node/${node}`));

describe("the life of a node", () => {
  it("is up for exponential times of its own rate", () => {
    // By hand: 0.8 f + 0.2 x 5 f = 1, so f is 1 / 1.8.
    const nodes = Array.from({ length: 40 }, (_, number) => life(number));
    expect(new Set(nodes.map(({ rate }) => Math.round(rate * 1e6)))).toEqual(
      new Set([Math.round(1e4 / 1.8), Math.round(5e4 / 1.8)]),
    );
    for (const node of nodes.slice(0, 8)) {
      const times = Float64Array.from({ length: 2000 }, () => node.up() / SECOND);
      const { statistic, limit } = kolmogorovSmirnov(times, (time) => 1 - Math.exp(-time * node.rate));
      expect(statistic).toBeLessThan(limit);
    }
  });

  it("is out as long as its kind of repair takes", () => {
    const node = life(0);
    const times = Array.from({ length: 8000 }, () => node.out() / SECOND);
    expect(new Set(times)).toEqual(new Set([2, 10]));
    // 4 on average, with a standard deviation of 3.46.
    expect(Math.abs(mean(times) - 4)).toBeLessThan((3.29 * 3.47) / Math.sqrt(times.length));
  });

  it("may never fail, in a fleet of which a few nodes have all failures", () => {
    const skew = { lemons: 0, times: 1, spread: 100 };
    const nodes = Array.from(
      { length: 50 },
      (_, node) => new NodeFailures({ ...OPTIONS, skew }, openStream("1", `node/${node}`)),
    );
    expect(nodes.some(({ rate }) => rate === 0)).toBe(true);
    for (const node of nodes) if (node.rate === 0) expect(node.up()).toBe(CENTURY);
  });

  it("comes from its own stream alone", () => {
    const [one, again, other] = [life(3), life(3), life(4)];
    const draws = (node: NodeFailures) => Array.from({ length: 5 }, () => [node.up(), node.out()]);
    const first = draws(one);
    expect(draws(again)).toEqual(first);
    expect(draws(other)).not.toEqual(first);
  });
});
