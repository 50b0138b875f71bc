// Account limits of all kinds in whole runs, worked out by hand.
import { describe, expect, it, test } from "vitest";
import type { ScenarioInput } from "../../../src/core/index.js";
import { lives, play, waiting } from "./tiny.js";

type Limits = NonNullable<ScenarioInput["limits"]>;

const calls = (...times: readonly number[]) => times.map((at) => ({ at, output: 1 }));
const POOL = { admission: waiting(50), replica: { engine: "slots", slots: 50, tokensPerSecond: 1 } } as const;
const run = (limits: Limits, times: readonly number[]) =>
  lives(play(calls(...times), { more: { limits }, pool: POOL }));
/** Of each request what became of it. */
const ends = (all: readonly string[]) => all.map((one) => /: (?:rate_limited )?(\w+)/.exec(one)![1]);

describe("a window of an account", () => {
  const requests = "2/min";

  it("of fixed minutes begins anew with each", () => {
    expect(ends(run({ requests, window: "fixed" }, [0, 58, 59, 60, 61, 62]))).toEqual([
      ...["completed", "completed", "requests"],
      ...["completed", "completed", "requests"],
    ]);
  });

  it("that slides has back what it used a minute ago", () => {
    expect(ends(run({ requests, window: "sliding" }, [0, 58, 59, 60, 61.9, 62, 63]))).toEqual([
      ...["completed", "completed", "requests", "requests", "requests"],
      ...["completed", "requests"],
    ]);
  });

  it("has back what a request was charged that the fleet shed, in the same minute alone", () => {
    const shedding = { admission: waiting(9, "5s") };
    // That of 56 s is shed at 61 s, when its minute is over.
    const times = [{ at: 0, output: 100 }, ...calls(50, 56, 57), ...calls(60.2, 60.5, 61.5)];
    const limits = { requests: "2/min", window: "fixed" } as const;
    expect(ends(lives(play(times, { more: { limits }, pool: shedding })))).toEqual([
      ...["completed", "overloaded", "overloaded", "requests"],
      ...["overloaded", "overloaded", "requests"],
    ]);
  });
});

test("as many attempts of an account are under way as it may have, waiting ones included", () => {
  const limits = { concurrency: 2 };
  const all = lives(play(calls(0, 0, 0.5, 1, 2.5), { more: { limits }, pool: { admission: waiting(5) } }));
  expect(all).toEqual([
    "1: completed, 0 (0) to 1",
    "2: completed, 0 (1) to 2",
    "3: rate_limited concurrency, 0.5 to 0.5",
    "4: completed, 1 (2) to 3",
    "5: completed, 2.5 (3) to 4",
  ]);
});

test("an attempt that its caller cancels, or that breaks, is under way no longer", () => {
  const more = { limits: { concurrency: 1 } };
  const two = [
    { at: 0, output: 100 },
    { at: 5, output: 1 },
  ];
  // A prompt of ten tokens takes five seconds.
  const slow = { engine: "slots", slots: 1, tokensPerSecond: 1, prefillTokensPerSecond: 2 } as const;
  const traffic = { client: { preset: "none", timeout: "3s" } } as const;
  const cancelled = play(two, { more, traffic, pool: { replica: slow } });
  const outages = [{ pool: "shared", from: "1s", for: "1s" }];
  const broken = play(two, { more: { ...more, outages } });
  const outcomes = [cancelled, broken].map(({ result }) => result.all.outcomes);
  expect(outcomes.map((one) => one.rate_limited)).toEqual([0, 0]);
  expect([outcomes[0]!.timed_out, outcomes[1]!.unavailable]).toEqual([2, 1]);
});

test("prompt tokens that grow too fast are refused with a reason of their own", () => {
  const limits = { ramp: { from: "30/min", growth: 0.5, per: "1m" } } as const;
  // Prompts of ten tokens: three in the first minute, and four once that is a minute ago.
  const times = [0, 1, 2, 3, 60, 61, 62, 63, 64, 120, 121, 122, 123, 124, 125, 126];
  const all = ends(run(limits, times));
  expect(
    [all.slice(0, 4), all.slice(4, 9), all.slice(9)].map((one) => one.filter((end) => end === "ramp").length),
  ).toEqual([1, 1, 1]);
});

test("a path has limits of its own beside those of the account", () => {
  const limits = {
    requests: { rate: "1/h", burst: 3 },
    paths: { priority: { requests: { rate: "1/h", burst: 1 } } },
  };
  const tiers = ["priority", "priority", "", "", ""];
  const all = tiers.map((tier, index) => ({ at: index, output: 1, tier }));
  expect(ends(lives(play(all, { more: { limits }, pool: POOL })))).toEqual([
    ...["completed", "requests", "completed", "completed", "requests"],
  ]);
});

describe("an account over a soft limit", () => {
  const limits = (more: Partial<Limits> = {}): Limits => ({
    requests: { rate: "1/h", burst: 4, soft: 0.5 },
    ...more,
  });
  const paths: ScenarioInput["paths"] = {
    standard: { model: "kimi", pool: "shared", rank: 1 },
    priority: {
      model: "kimi",
      serviceTier: "priority",
      pool: "shared",
      rank: 0,
      instead: [{ demote: "standard", on: ["soft-limit"] }],
    },
    fast: { model: "kimi-fast", pool: "fast", rank: 0 },
  };
  const priority = [0, 1, 2, 3, 4].map((at) => ({ at, output: 1, tier: "priority" }));
  const served = (given: Limits) =>
    [...play(priority, { more: { limits: given, paths }, pool: POOL }).attempts]
      .sort((one, other) => one.request - other.request)
      .map(({ servedTier, reason }) => servedTier ?? reason);

  it("is served as its path says instead, and refused over the hard one", () => {
    const expected = ["priority", "priority", "standard", "standard", "requests"];
    expect(served(limits())).toEqual(expected);
    // A request that is moved is charged once, also where shed ones are charged.
    expect(served(limits({ chargeShed: true }))).toEqual(expected);
  });

  it("that grows is moved between its two factors", () => {
    const growing = limits({
      requests: { rate: "2/min", window: "fixed" },
      adaptive: { softFactor: 1, hardFactor: 2 },
    });
    expect(served(growing)).toEqual(["priority", "priority", "standard", "standard", "requests"]);
  });

  it("is served as ever where its path says nothing", () => {
    const all = [0, 1, 2, 3, 4].map((at) => ({ at, output: 1 }));
    expect(ends(lives(play(all, { more: { limits: limits(), paths }, pool: POOL })))).toEqual([
      ...["completed", "completed", "completed", "completed", "requests"],
    ]);
  });
});
