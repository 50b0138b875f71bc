// What a replica can do at most, and how often its luck holds, against closed forms: tokens a second, tokens a step
// with drafts, hits of the prefix cache, and the tokens of those who lost their memory.
import { describe, expect, test } from "vitest";
import { simulate } from "../../src/core/index.js";
import { profileFileByName } from "../../src/core/internal.js";
import { profileByName } from "../../src/core/server/profile/registry.js";
import { expectedTokens } from "../../src/core/server/profile/speculative.js";
import { STEP_BY_STEP } from "../support/mode.js";
import { batchingSystem, expectCovers, measured, SLOW } from "../support/oracle.js";

describe("no replica generates more than its steps allow", () => {
  const names = [
    "llama-3.1-8b-h100",
    "llama-3.1-70b-tp8-h100",
    "llama-3.1-8b-fast-h100",
    "glm-5.1-h200x8",
  ] as const;

  /** Tokens a second of the best batch, with no context but the prompts, and the next step always full. */
  function mostPerSecond(name: (typeof names)[number], maxSequences: number, input: number): number {
    const profile = profileByName(name);
    const { tokensPerSequence, acceptance } = profile;
    const perStep = expectedTokens(tokensPerSequence - 1, acceptance);
    const rates = Array.from({ length: maxSequences }, (_, index) => {
      const n = index + 1;
      return (n * perStep * 1e6) / (profile.base(n, 0) + profile.slope(n) * n * input);
    });
    return Math.max(...rates);
  }

  test.each(names)("%s, drowned in requests", (name) => {
    const [maxSequences, input] = [24, 50];
    const scenario = batchingSystem(
      { profile: name, maxSequences, maxBatchedTokens: 1024, kvTokens: 1e6 },
      { arrivals: { process: "poisson", rate: 40 }, input, output: 400 },
      { duration: "60s", warmup: "20s" },
    );
    const { throughput } = simulate(scenario, { stepByStep: STEP_BY_STEP }).all;
    const most = mostPerSecond(name, maxSequences, input);
    // Drafts are luck: over some 50,000 steps it does not hold for a hundredth more.
    expect(throughput).toBeLessThanOrEqual(most * (profileByName(name).tokensPerSequence > 1 ? 1.01 : 1));
    // And it was drowned: prefills and growing contexts take the rest.
    expect(throughput).toBeGreaterThan(0.75 * most);
  });
});

describe("speculative decoding: tokens a step", () => {
  const TOKENS = 1000;
  const {
    node: _,
    speculative: __,
    ...plain
  } = profileFileByName("llama-3.1-8b-fast-h100") as never as Record<string, unknown>;

  test.each([
    [1, 0.5, 1.5],
    [3, 0.7, 2.533],
    [5, 0.9, 4.68559],
    [4, 0, 1],
    [4, 1, 5],
  ])("%i drafted, %d accepted: %d", (tokens, acceptance, mean) => {
    expect(expectedTokens(tokens, acceptance)).toBeCloseTo(mean, 6);
    const draft = { base: 0.5, perSequence: 0, perContextToken: 0, perPrefillToken: 0 };
    const profile = { ...plain, speculative: { tokens, acceptance, draft } } as never;
    const scenario = batchingSystem(
      { profile, maxSequences: 1, kvTokens: 10_000, maxBatchedTokens: 64 },
      { arrivals: { process: "poisson", rate: 1 }, input: 1, output: TOKENS + 1 },
      { duration: "60s", drain: true },
    );
    const { steps } = measured(scenario, {
      // One of them prefills and yields the first token.
      steps: ({ work, all }) => work.steps / all.outcomes.completed - 1,
    });
    // The last step may draft more than is wanted.
    expectCovers(steps, TOKENS / mean, (SLOW * TOKENS) / mean, tokens / mean);
  });
});

describe("prefix cache: least recently used, independent requests", () => {
  /** King, "Analysis of demand paging algorithms", 1971: over all contents of the cache in the order of use. */
  function hitRate(shares: readonly number[], places: number): number {
    const visit = (cached: readonly number[], weight: number): number => {
      const held = cached.reduce((sum, item) => sum + shares[item]!, 0);
      if (cached.length === places) return weight * held;
      return shares.reduce((sum, share, item) => {
        return cached.includes(item) ? sum : sum + visit([...cached, item], (weight * share) / (1 - held));
      }, 0);
    };
    return visit([], 1);
  }

  test.each([
    [3, 2, 0],
    [3, 2, 1],
    [6, 3, 1],
    [8, 4, 0.7],
  ])("%i applications, room for %i, skew %d", (applications, places, skew) => {
    const weights = Array.from({ length: applications }, (_, index) => (index + 1) ** -skew);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const golden = hitRate(
      weights.map((weight) => weight / total),
      places,
    );
    if (skew === 0) expect(golden).toBeCloseTo(places / applications, 12);
    // Ten blocks a prefix, and one block for the rest of the one request that is inside.
    const tokens = 160;
    const scenario = batchingSystem(
      {
        profile: { base: "1ms", perSequence: 0, perContextToken: 0, perPrefillToken: 0 },
        maxSequences: 1,
        kvTokens: 16 * (10 * places + 1),
      },
      {
        arrivals: { process: "poisson", rate: 100 },
        prefix: { tokens, applications, skew },
        input: 1,
        output: 2,
      },
      { duration: "60s", warmup: "5s" },
    );
    const { hits } = measured(scenario, {
      hits: ({ all }) => all.cachedTokens / tokens / all.outcomes.completed,
    });
    expectCovers(hits, golden);
  });
});

test("preemption loses nothing: everybody gets every token, once", () => {
  const output = 300;
  const scenario = batchingSystem(
    { profile: "llama-3.1-8b-h100", maxSequences: 32, kvTokens: 3000 },
    { arrivals: { process: "gamma", rate: 2, cv: 3 }, input: 40, output },
    { duration: "120s", drain: true },
  );
  const { all, pools } = simulate(scenario, { stepByStep: STEP_BY_STEP });
  const [engine] = pools;
  expect(engine!.preemptions).toBeGreaterThan(50);
  expect(engine!.lostTokens).toBeGreaterThan(50 * 40);
  expect(engine!.kvPeak).toBeLessThanOrEqual(engine!.kvTokens!);
  expect(engine!.kvPeak).toBeGreaterThan(0.95 * engine!.kvTokens!);
  expect(all.requests).toMatchObject({
    offered: all.attempts,
    completed: all.attempts,
    failed: 0,
    givenUp: 0,
    open: 0,
  });
  expect(all.outputTokens).toBe(output * all.attempts);
  expect(all.ttft.count).toBe(all.attempts);
});
