import { mean, sampleCorrelation, standardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { MICROS_PER_SECOND, seconds } from "../../../../src/core/base/units.js";
import { AccountNames } from "../../../../src/core/demand/traffic/accounts.js";
import { Contexts } from "../../../../src/core/demand/traffic/contexts.js";
import { type OpenLoopOptions, OpenLoopSource } from "../../../../src/core/demand/traffic/open-loop.js";
import { createDistribution } from "../../../../src/core/random/distribution.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { chiSquare, kolmogorovSmirnov } from "../../../support/goodness-of-fit.js";
import { type TimedArrival, take } from "./arrival.js";

const ARRIVALS = 20_000;

const OPTIONS: OpenLoopOptions = {
  name: "agents",
  process: "poisson",
  rate: 50,
  cv: 1,
  accounts: { count: 1, skew: 0 },
  input: { dist: "lognormal", median: 800, sigma: 1 },
  output: { dist: "exponential", mean: 200 },
  cached: 0,
  maxInput: 2000,
  maxOutput: 300,
  mix: [
    { model: "kimi", share: 0.9 },
    { model: "kimi", serviceTier: "priority", share: 0.1 },
  ],
};

function arrivals(changes: Partial<OpenLoopOptions> = {}, count = ARRIVALS, seed = "1"): TimedArrival[] {
  return take(
    new OpenLoopSource({ ...OPTIONS, ...changes }, seed, new AccountNames(), new Contexts()),
    count,
  );
}

const gapsOf = (all: readonly TimedArrival[]) =>
  all.map(({ at }, index) => (at - (all[index - 1]?.at ?? 0)) / MICROS_PER_SECOND);

describe("arrivals of an open loop", () => {
  it("are Poisson at their rate", () => {
    const fit = kolmogorovSmirnov(Float64Array.from(gapsOf(arrivals())), (gap) => 1 - Math.exp(-50 * gap));
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it.each([0.5, 1, 3])("have gamma gaps of the rate and of coefficient of variation %d", (cv) => {
    const gaps = gapsOf(arrivals({ process: "gamma", cv }));
    // Four standard errors of the mean, and a wide margin for the spread of the spread.
    expect(Math.abs(mean(gaps) * 50 - 1)).toBeLessThan((4 * cv) / Math.sqrt(ARRIVALS));
    expect(standardDeviation(gaps) / mean(gaps) / cv).toBeCloseTo(1, 1);
  });

  it("are rounded from the exact time, not gap by gap: nothing drifts, and ties are real", () => {
    // A million a second: rounding each gap of a microsecond by itself would bias the rate by several percent.
    const rate = 1e6;
    const all = arrivals({ rate });
    const gaps = createDistribution(
      { dist: "exponential", mean: 1 / rate },
      openStream("1", "traffic/agents/arrivals"),
    );
    let clock = 0;
    const exact = all.map(() => {
      clock += gaps.sample();
      return Math.round(clock * MICROS_PER_SECOND);
    });
    expect(all.findIndex(({ at }, index) => at !== exact[index])).toBe(-1);
    expect(gapsOf(all).filter((gap) => gap === 0).length / ARRIVALS).toBeGreaterThan(0.3);
  });
});

describe("arrivals of an open loop whose rate varies", () => {
  const countIn = (all: readonly TimedArrival[], from: number, until: number) =>
    all.filter(({ at }) => at >= seconds(from) && at < seconds(until)).length;
  const expectCount = (count: number, expected: number) =>
    expect(Math.abs(count - expected)).toBeLessThanOrEqual(4 * Math.sqrt(expected));

  it("are those of the plain process, to the bit, if its shape is flat", () => {
    const flat = arrivals({ shape: { daily: "flat", startHour: 5 } }, 500);
    expect(flat).toEqual(arrivals({}, 500));
  });

  it("follow the hours of the day", () => {
    // 50 a second for 300 s before nine, at 1.3 of the mean, then at 1.9.
    const all = arrivals({ shape: { daily: "office", startHour: 9 - 300 / 3600 } }, 60_000);
    expectCount(countIn(all, 0, 300), 50 * 300 * 1.3);
    expectCount(countIn(all, 300, 600), 50 * 300 * 1.9);
  });

  it("follow phases, at their own rates, and end with them", () => {
    const phases = [
      { duration: seconds(60), rate: 20 },
      { duration: seconds(60), rate: 20, rampTo: 100 },
      { duration: seconds(60), rate: 0 },
      { duration: seconds(10), rate: 200 },
    ];
    const all = arrivals({ shape: { phases } });
    expectCount(countIn(all, 0, 60), 1200);
    expectCount(countIn(all, 60, 90), 30 * 40);
    expectCount(countIn(all, 90, 120), 30 * 80);
    expect(countIn(all, 120, 180)).toBe(0);
    expectCount(countIn(all, 180, 190), 2000);
    expect(all.length).toBe(countIn(all, 0, 190));
    expect(arrivals({ shape: { phases, repeat: true } }).at(-1)!.at).toBeGreaterThan(seconds(380));
  });

  it("move nothing else", () => {
    const changed = arrivals({ shape: { daily: "office" } }, 500);
    const still = arrivals({}, 500);
    expect(changed.map(({ at: _, ...rest }) => rest)).toEqual(still.map(({ at: _, ...rest }) => rest));
    expect(changed[499]!.at).not.toBe(still[499]!.at);
  });
});

describe("what arrives", () => {
  const all = arrivals({ cached: 0.25 });

  it("has whole lengths within bounds that are met", () => {
    const isWhole = ({ inputTokens, outputTokens }: TimedArrival) =>
      Number.isInteger(inputTokens) && Number.isInteger(outputTokens);
    expect(all.every(isWhole)).toBe(true);
    const range = (lengths: number[]) => [Math.min(...lengths) >= 1, Math.max(...lengths)];
    expect([range(all.map((each) => each.inputTokens)), range(all.map((each) => each.outputTokens))]).toEqual(
      [
        [true, 2000],
        [true, 300],
      ],
    );
  });

  it("states the longest output as its max_tokens, and caches the share of its prompt", () => {
    expect(
      all.every((each) => each.maxTokens === 300 && each.cachedTokens === Math.floor(each.inputTokens / 4)),
    ).toBe(true);
  });

  it("is mixed as told", () => {
    const priority = all.filter((each) => each.serviceTier === "priority").length;
    const fit = chiSquare([priority, ARRIVALS - priority], [ARRIVALS / 10, (ARRIVALS * 9) / 10]);
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("comes from accounts by Zipf's law, named after the source and the rank", () => {
    const names = new AccountNames();
    names.indexOf("someone else");
    const accounts = { count: 5, skew: 1.2 };
    const sent = take(new OpenLoopSource({ ...OPTIONS, accounts }, "1", names, new Contexts()), ARRIVALS);
    const shares = [1, 2, 3, 4, 5].map((rank) => rank ** -1.2);
    const whole = shares.reduce((sum, share) => sum + share, 0);
    const counts = shares.map(
      (_, rank) => sent.filter(({ account }) => names.nameOf(account) === `agents-${rank + 1}`).length,
    );
    const fit = chiSquare(
      counts,
      shares.map((share) => (share / whole) * ARRIVALS),
    );
    expect(fit.statistic).toBeLessThan(fit.limit);
    expect(names.count).toBe(6);
  });
});

describe("streams of an open loop", () => {
  const column = <Key extends keyof TimedArrival>(all: readonly TimedArrival[], key: Key) =>
    all.map((each) => each[key]);
  const base = arrivals({}, 500);

  it.each([
    ["input", { input: { dist: "constant", value: 7 } }, "inputTokens"],
    ["output", { output: { dist: "gamma", mean: 30, cv: 2 } }, "outputTokens"],
    ["accounts", { accounts: { count: 100, skew: 1 } }, "account"],
    [
      "mix",
      {
        mix: [
          { model: "other", share: 0.5 },
          { model: "kimi", share: 0.5 },
        ],
      },
      "model",
    ],
    ["rate", { rate: 70 }, "at"],
  ] as const)("are separate: a changed %s moves nothing else", (_, changes, moved) => {
    const changed = arrivals(changes, 500);
    const keys = ["at", "inputTokens", "outputTokens", "account", "model"] as const;
    const differing = keys.filter((key) => column(changed, key).join() !== column(base, key).join());
    expect(differing).toEqual([moved]);
  });

  it("of input and output are not the same: long prompts do not go with long answers", () => {
    const uniform = {
      dist: "empirical",
      values: Array.from({ length: 100 }, (_, index) => index + 1),
    } as const;
    const all = arrivals({ input: uniform, output: uniform }, 5000);
    const correlation = sampleCorrelation(
      all.map(({ inputTokens }) => inputTokens),
      all.map(({ outputTokens }) => outputTokens),
    );
    expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(all.length));
  });

  it("begin anew with the same seed, and differ by seed and by source name", () => {
    expect(arrivals({}, 500)).toEqual(base);
    expect(column(arrivals({}, 500, "2"), "at")).not.toEqual(column(base, "at"));
    expect(column(arrivals({ name: "others" }, 500), "at")).not.toEqual(column(base, "at"));
  });
});

describe("arrivals at equal gaps", () => {
  const constant = (changes: Partial<OpenLoopOptions>, count: number) =>
    arrivals({ process: "constant", ...changes }, count).map(({ at }) => at);

  it("come at every whole gap from the start on, however many there are", () => {
    const all = constant({ rate: 3 }, ARRIVALS);
    expect(all.slice(0, 4)).toEqual([0, 333_333, 666_667, 1_000_000]);
    expect(all.every((at, index) => at === Math.round((index / 3) * 1e6))).toBe(true);
  });

  it("come later by a share of a gap, so that two sources take turns", () => {
    expect(constant({ rate: 4, phase: 0.5 }, 3)).toEqual([125_000, 375_000, 625_000]);
  });

  it("follow a rate that varies: as many as are under its line, counted out", () => {
    const phases = [
      { duration: seconds(2), rate: 0 },
      { duration: seconds(10), rate: 0, rampTo: 4 },
      { duration: seconds(5), rate: 2 },
    ];
    const all = constant({ shape: { phases } }, 100);
    // 20 under the ramp, 10 beside it; number k of the ramp comes where t^2 / 5 is k.
    expect(all).toHaveLength(31);
    for (let k = 0; k < 20; k++) expect(all[k]).toBe(Math.round((2 + Math.sqrt(5 * k)) * 1e6));
    expect(all.slice(20, 23)).toEqual([12_000_000, 12_500_000, 13_000_000]);
  });

  it("draw the same lengths as at random times", () => {
    const lengths = (process: OpenLoopOptions["process"]) =>
      arrivals({ process }, 50).map(({ inputTokens, outputTokens, model }) => [
        inputTokens,
        outputTokens,
        model,
      ]);
    expect(lengths("constant")).toEqual(lengths("poisson"));
  });
});
