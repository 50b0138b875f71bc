import { mean, standardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { type Instant, NEVER, seconds } from "../../../../../src/core/base/units.js";
import { createAccountArrivals } from "../../../../../src/core/demand/traffic/rate/account-arrivals.js";
import {
  flashOf,
  ON_OFF,
  type RateSpec,
  SWINGS,
} from "../../../../../src/core/demand/traffic/rate/rate-spec.js";
import { openStream, type Stream } from "../../../../../src/core/random/stream.js";
import { kolmogorovSmirnov } from "../../../../support/goodness-of-fit.js";
import { gear } from "../../../../support/mode.js";
import { arrivalsOf, STEADY, seeds } from "./fleet.js";

const DAY = seconds(24 * 3600);
const ALL: RateSpec = {
  shape: { daily: "alibaba", startHour: 9 },
  swings: SWINGS,
  onOff: ON_OFF,
  cv: 1.2,
  flash: flashOf(1),
};

describe("arrivals of an account", () => {
  it.each<readonly [string, RateSpec]>([
    ["nothing varies", STEADY],
    ["gaps are irregular", { ...STEADY, cv: 5 }],
    ["gaps are regular", { ...STEADY, cv: 0.3 }],
    ["the day has a shape", { ...STEADY, shape: { daily: "office", startHour: 8 } }],
    ["the rate swings", { ...STEADY, swings: SWINGS }],
    ["it is on and off", { ...STEADY, onOff: ON_OFF }],
    ["all of that", { ...ALL, flash: undefined }],
  ])("have the mean rate over a day when %s", (_, spec) => {
    const counts = seeds(gear(70, 200)).map((seed) => arrivalsOf(spec, 0.02, seed, DAY).length);
    const error = standardDeviation(counts) / Math.sqrt(counts.length);
    expect(error).toBeLessThan(gear(0.08, 0.05) * 0.02 * 86_400);
    expect(Math.abs(mean(counts) - 0.02 * 86_400)).toBeLessThan(4 * error);
  });

  it("have it from the start on: they are not all in step with a first arrival", () => {
    const runs = gear(1500, 4000);
    const counts = seeds(runs).map((seed) => arrivalsOf({ ...STEADY, cv: 3 }, 1, seed, seconds(2)).length);
    // Begun with an arrival, so irregular a process would have sent several times as much.
    expect(Math.abs(mean(counts) - 2)).toBeLessThan((4 * standardDeviation(counts)) / Math.sqrt(runs));
  });

  it("are Poisson where nothing varies and the cv is 1", () => {
    const instants = arrivalsOf(STEADY, 2, "1", seconds(5000));
    const gaps = Float64Array.from(instants, (at, index) => (at - (instants[index - 1] ?? 0)) / 1e6);
    const fit = kolmogorovSmirnov(gaps, (gap) => 1 - Math.exp(-2 * gap));
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("follow phases, of which the account has its share", () => {
    const phases = [
      { duration: seconds(100), rate: 400 },
      { duration: seconds(100), rate: 0 },
      { duration: seconds(100), rate: 0, rampTo: 800 },
    ];
    const instants = arrivalsOf({ ...STEADY, shape: { phases } }, 0.1, "1", DAY);
    const between = (from: number, until: number) =>
      instants.filter((at) => at >= seconds(from) && at < seconds(until)).length;
    expect(between(100, 200) + between(300, 86_400)).toBe(0);
    const counts = [between(0, 50), between(50, 100), between(200, 250), between(250, 300)];
    [2000, 2000, 1000, 3000].forEach((expected, index) => {
      expect(Math.abs(counts[index]! - expected)).toBeLessThan(4 * Math.sqrt(expected));
    });
  });

  it("are more while a flash event lasts", () => {
    const flash = { every: seconds(3600), factorFrom: 5, factorTo: 5, median: seconds(3600), sigma: 0.001 };
    const counts = seeds(100).map((seed) => arrivalsOf({ ...STEADY, flash }, 0.02, seed, DAY).length);
    // About half of the time five times the rate, a little less because a run begins without.
    const ratio = mean(counts) / (0.02 * 86_400);
    expect(ratio).toBeGreaterThan(2.8);
    expect(ratio).toBeLessThan(3.05);
  });

  it("are rounded from the exact time, not gap by gap: nothing drifts, and ties are real", () => {
    const instants = arrivalsOf(STEADY, 1e6, "1", seconds(0.05));
    expect(instants.every((at) => Number.isInteger(at))).toBe(true);
    expect(Math.abs(instants.length - 50_000)).toBeLessThan(4 * Math.sqrt(50_000));
    const ties = instants.filter((at, index) => at === instants[index - 1]).length;
    expect(ties / instants.length).toBeGreaterThan(0.3);
  });

  it("never come of a rate of 0, and need not be looked for beyond the end of the run", () => {
    const open = (rate: number, until?: Instant) =>
      createAccountArrivals(ALL, rate, (purpose) => openStream("1", purpose), until);
    expect(open(0).nextAt).toBe(NEVER);
    const rare = open(1e-12, DAY as number as Instant);
    expect(rare.nextAt).toBe(NEVER);
    rare.advance();
    expect(rare.nextAt).toBe(NEVER);
    const [whole, cut] = [open(0.01), open(0.01, DAY as number as Instant)];
    for (; whole.nextAt < DAY; whole.advance(), cut.advance()) expect(cut.nextAt).toBe(whole.nextAt);
  });
});

describe("streams of an account", () => {
  /** How much each stream was asked for chance up to a time at which no piece begins, and the arrivals by then. */
  function asked(spec: RateSpec): Record<string, number> {
    const counts: Record<string, number> = {};
    const counted = (purpose: string): Stream => {
      const stream = openStream("1", purpose);
      counts[purpose] = 0;
      return {
        uniform: () => {
          counts[purpose]!++;
          return stream.uniform();
        },
        below: () => expect.unreachable(),
      };
    };
    const process = createAccountArrivals(spec, 5, counted);
    const until = seconds(7 * 3600 + 30);
    while (process.nextAt < until) process.advance();
    return counts;
  }

  const base = asked(ALL);

  it("are one for each mechanism", () => {
    expect(Object.keys(base).sort()).toEqual(["arrivals", "flash", "on-off", "swings/0", "swings/1"]);
    expect(Object.keys(asked(STEADY))).toEqual(["arrivals"]);
  });

  it.each<readonly [string, RateSpec, readonly string[]]>([
    ["cv", { ...ALL, cv: 3 }, ["arrivals"]],
    ["shape", { ...ALL, shape: { daily: "office" } }, ["arrivals"]],
    [
      "slow swing",
      { ...ALL, swings: [{ sigma: 1, tau: seconds(300) }, SWINGS[1]!] },
      ["arrivals", "swings/0"],
    ],
    [
      "fast swing",
      { ...ALL, swings: [SWINGS[0]!, { sigma: 1, tau: seconds(90) }] },
      ["arrivals", "swings/1"],
    ],
    ["on-off", { ...ALL, onOff: { on: seconds(5), off: seconds(5) } }, ["arrivals", "on-off"]],
    ["flash", { ...ALL, flash: flashOf(0.1) }, ["arrivals", "flash"]],
  ])("are separate: a changed %s takes no other's chance", (_, spec, moved) => {
    const changed = asked(spec);
    expect(
      Object.keys(base)
        .filter((purpose) => changed[purpose] !== base[purpose])
        .sort(),
    ).toEqual(moved);
  });

  it("leave on and off where they are when gaps and swings change", () => {
    const silent = (spec: RateSpec) => {
      const busy = new Array<boolean>(3600).fill(false);
      for (const at of arrivalsOf(spec, 100, "1", seconds(3600))) busy[Math.floor(at / 1e6)] = true;
      return busy;
    };
    const plain = silent({ ...STEADY, onOff: ON_OFF });
    const changed = silent({
      ...STEADY,
      onOff: ON_OFF,
      cv: 0.5,
      swings: [{ sigma: 0.3, tau: seconds(900) }],
    });
    // The edges of a burst may fall into the next second.
    expect(changed.filter((busy, second) => busy !== plain[second]).length).toBeLessThan(10);
  });

  it("begin anew with the same seed, and differ by seed", () => {
    const some = (seed: string) => arrivalsOf(ALL, 0.05, seed, seconds(3600));
    expect(some("1")).toEqual(some("1"));
    expect(some("1")).not.toEqual(some("2"));
  });
});
