import { mean, standardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { seconds } from "../../../../../src/core/base/units.js";
import { OnOffTerm, onOffMembers } from "../../../../../src/core/demand/traffic/rate/on-off.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { chiSquare, kolmogorovSmirnov } from "../../../../support/goodness-of-fit.js";
import { seeds } from "./fleet.js";

const SPEC = { on: seconds(25), off: seconds(55) };

describe("a rate that is on and off", () => {
  const term = new OnOffTerm(SPEC, openStream("1", "on-off"));
  const sojourns = Array.from({ length: 10_000 }, () => {
    const sojourn = { value: term.value, length: term.until - term.from, end: term.until };
    term.next();
    return { ...sojourn, next: term.from };
  });

  it("alternates between 0 and what makes its mean 1", () => {
    expect(new Set(sojourns.map(({ value }) => value))).toEqual(new Set([0, 80 / 25]));
    expect(sojourns.every(({ value }, index) => index === 0 || value !== sojourns[index - 1]!.value)).toBe(
      true,
    );
    expect(sojourns.every(({ end, next }) => end === next)).toBe(true);
  });

  it.each([
    ["on", 80 / 25, 25],
    ["off", 0, 55],
  ])("is %s for exponential times of the mean", (_, value, length) => {
    const lengths = sojourns.filter((sojourn) => sojourn.value === value).map((sojourn) => sojourn.length);
    const fit = kolmogorovSmirnov(Float64Array.from(lengths), (time) => 1 - Math.exp(-time / length));
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it.each([0, 10, 200])(
    "is on for a share of on / (on + off) of the runs after %d s: it starts stationary",
    (time) => {
      const runs = 5000;
      const on = seeds(runs).filter((seed) => {
        const each = new OnOffTerm(SPEC, openStream(seed, "on-off"));
        while (each.until <= time) each.next();
        return each.value > 0;
      }).length;
      const fit = chiSquare([on, runs - on], [(runs * 25) / 80, (runs * 55) / 80]);
      expect(fit.statistic).toBeLessThan(fit.limit);
    },
  );
});

describe("which accounts send on and off", () => {
  const members = (count: number, share: number, seed = "1") =>
    onOffMembers(count, share, openStream(seed, "members"));
  const ones = (flags: readonly boolean[]) => flags.filter(Boolean).length;

  it("three of every ten ranks for a share of .3, by chance within 3, 3 and 4", () => {
    const all = seeds(3000).map((seed) => members(60, 0.3, seed));
    for (const flags of all) {
      for (let ten = 0; ten < 60; ten += 10) {
        expect([3, 6, 10].map((until) => ones(flags.slice(ten, ten + until)))).toEqual([1, 2, 3]);
      }
    }
    const first = [0, 1, 2].map((rank) => all.filter((flags) => flags[rank]).length);
    const fit = chiSquare(first, [1000, 1000, 1000]);
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("none, all, or the share as nearly as whole accounts allow", () => {
    expect([ones(members(50, 0)), ones(members(50, 1)), members(0, 0.5)]).toEqual([0, 50, []]);
    for (const share of [0.1, 0.25, 1 / 3, 0.5, 0.7, 0.99]) {
      for (const count of [7, 64, 1000]) {
        expect(Math.abs(ones(members(count, share)) - share * count)).toBeLessThanOrEqual(1);
      }
    }
  });

  it("on average the share, even of fewer accounts than a stratum has", () => {
    const counts = seeds(4000).map((seed) => ones(members(2, 0.3, seed)));
    expect(Math.abs(mean(counts) - 2 / 3)).toBeLessThan((4 * standardDeviation(counts)) / Math.sqrt(4000));
  });

  it("others with another seed, the same with the same", () => {
    expect(members(100, 0.3)).toEqual(members(100, 0.3));
    expect(members(100, 0.3)).not.toEqual(members(100, 0.3, "2"));
  });
});
