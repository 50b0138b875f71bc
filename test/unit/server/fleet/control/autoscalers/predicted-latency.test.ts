import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PredictedLatency } from "../../../../../../src/core/server/fleet/control/autoscalers/predicted-latency.js";
import { linearProfile } from "../../../../../../src/core/server/profile/linear.js";
import { PROFILE_NAMES, profileByName } from "../../../../../../src/core/server/profile/registry.js";
import { erlangC } from "../../../../../support/closed-forms.js";

/** Steps of 20 ms and 0.4 ms a sequence; in microseconds. */
const steps = linearProfile({ base: 20_000, perSequence: 400, perContextToken: 0, perPrefillToken: 0 });
const perSecond = (rate: number) => rate / 1e6;

const predicted = (rate: number, given: object = {}, profile = steps, slots = 64) =>
  new PredictedLatency(
    { slots, kvTokens: Number.POSITIVE_INFINITY, profile },
    { rate: perSecond(rate), promptTokens: 1, cachedTokens: 0, outputTokens: 200, ...given },
  );

describe("predicted latency", () => {
  it("is Little's law at the fixed point of the batch, worked by hand", () => {
    // n sequences leave at n / (200 x (20 + 0.4 n) ms): 3.2 a second are 3.2 x 200 x 0.02 / (1 - 3.2 x 200 x 0.0004) =
    // 12.8 / 0.744 = 17.2, so 18 in the batch, and 27.2 ms a token.
    const { ttft, tpot } = predicted(3.2).with(1)!;
    expect(tpot).toBeCloseTo(27_200, 6);
    // Half a step, and the one that prefills; at 46 % of what it can take 64 are seldom there.
    expect(ttft / 1000).toBeCloseTo(13.6 + 27.2, 0);
  });

  it("says what a replica takes at most, and nothing beyond that", () => {
    // 64 / (200 x 45.6 ms) = 7.0175 a second.
    expect(predicted(1).capacity).toBeCloseTo(perSecond(7.017_543_86), 12);
    expect(predicted(7.02).with(1)).toBeUndefined();
    expect(predicted(7.02).with(2)).toBeDefined();
  });

  it("prefills what the cache has not, in the steps of those that run", () => {
    const prefills = linearProfile({ base: 10_000, perSequence: 0, perContextToken: 0, perPrefillToken: 20 });
    const given = { promptTokens: 1000, outputTokens: 100 };
    // A step of n sequences prefills n / 100 prompts of 20 ms each: 10 + 0.2 n ms; 10 a second are n / (100 (10 + 0.2 n)
    // ms) = 10: n = 10 / (1 - 0.2) = 12.5, so 13 of 12.6 ms.
    expect(predicted(10, given, prefills).with(1)!.tpot).toBeCloseTo(12_600, 6);
    const { ttft } = predicted(10, { ...given, cachedTokens: 500 }, prefills).with(1)!;
    // With half of that cached: 10 / (1 - 0.1) = 11.1, so 12 of 11.2 ms, and 10 + 500 x 0.02 ms for the prompt itself.
    expect(ttft / 1000).toBeCloseTo(5.6 + 20, 1);
  });

  it("reads the context, in prompts after what is cached, and gains what drafts yield", () => {
    const drafts = {
      ...linearProfile({ base: 10_000, perSequence: 0, perContextToken: 10, perPrefillToken: 0 }),
      tokensPerSequence: 2,
      acceptance: 0.5,
      prefill: (area: number, prior: number) => area / 10 + prior,
    };
    const tokens = { promptTokens: 100, cachedTokens: 60, outputTokens: 300 };
    const { ttft, tpot } = predicted(0.01, tokens, drafts).with(1)!;
    // Half a step in 200 ends a sequence of 300 tokens at 1.5 a step; its 40 tokens after 60 take 40 (60 + 20.5) / 10 + 60.
    const prompt = (40 * 80.5) / 10 + 60;
    const step = 10_000 + 10 * (100 + 300) + prompt / 200;
    expect(tpot).toBeCloseTo(step / 1.5, 6);
    expect(ttft).toBeCloseTo(step / 2 + 10_000 + 4000 + prompt, 0);
  });

  it("lets no more in than the KV cache has room for", () => {
    const limits = { slots: 64, kvTokens: 1000, profile: steps };
    const traffic = { rate: perSecond(1), promptTokens: 50, cachedTokens: 0, outputTokens: 50 };
    expect(new PredictedLatency(limits, traffic).capacity).toBeCloseTo(perSecond(10 / (50 * 0.024)), 12);
  });

  it("waits as M/M/c does where steps do not depend on the batch", () => {
    const constant = linearProfile({ base: 10_000, perSequence: 0, perContextToken: 0, perPrefillToken: 0 });
    const service = 200 * 0.01;
    for (const [replicas, slots] of [
      [1, 1],
      [2, 4],
      [5, 16],
      [20, 16],
    ] as const)
      for (const utilization of [0.5, 0.8, 0.95, 0.99]) {
        const servers = replicas * slots;
        const { ttft } = predicted((utilization * servers) / service, {}, constant, slots).with(replicas)!;
        const wait = (ttft - 15_000) / 1e6 / service;
        const exact = erlangC(servers, utilization * servers).wait;
        expect(Math.abs(wait - exact)).toBeLessThan(1e-9);
      }
  });

  it("waits as the chain of batches does that yield less the smaller they are, worked by hand", () => {
    const halves = linearProfile({
      base: 10_000,
      perSequence: 10_000,
      perContextToken: 0,
      perPrefillToken: 0,
    });
    const wait = (rate: number, replicas: number) => {
      const { ttft, tpot } = predicted(rate, { outputTokens: 100 }, halves, 2).with(replicas)!;
      return (ttft - 1.5 * tpot) / 1e6;
    };
    // One sequence ends 1 / (100 x 20 ms) = 1/2 a second, two end 2 / (100 x 30 ms) = 2/3. With 1/2 that come, a replica
    // is full to 3/4. For each time that it is just full it has one inside 4/3 times and none 4/3 x 1/2 : 1/2 = 4/3 times,
    // and is beyond that 3/4 : 1/4 = 3 times: just full 1 in 20/3, and 3/20 x 3/4 : (1/4)^2 = 1.8 wait, for 1.8 : 1/2.
    expect(wait(0.5, 1)).toBeCloseTo(3.6, 9);
    // Two replicas and 1 a second: 3, 2, 1 and none inside end at 7/6, 1, 1/2 a second, so 4/3, 14/9, 14/9 and 7/9 times
    // for each that both are just full; with 3 beyond it that is 9 in 83, and 9/83 x 12 wait, as long in seconds.
    expect(wait(1, 2)).toBeCloseTo(108 / 83, 9);
  });

  it("is no longer with more replicas, and no shorter with more traffic", () => {
    const traffic = fc.record({
      rate: fc.double({ min: 0.1, max: 50, noNaN: true }),
      promptTokens: fc.integer({ min: 1, max: 4000 }),
      outputTokens: fc.integer({ min: 1, max: 1000 }),
    });
    const real = linearProfile({ base: 8000, perSequence: 100, perContextToken: 0.05, perPrefillToken: 30 });
    const law = fc.property(traffic, fc.integer({ min: 1, max: 200 }), ({ rate, ...tokens }, replicas) => {
      const at = (more: number, many: number) => predicted(rate * more, tokens, real).with(many);
      const [here, relieved, burdened] = [at(1, replicas), at(1, replicas + 1), at(1.5, replicas)];
      if (here === undefined) return burdened === undefined;
      const isNoLonger = relieved!.ttft <= here.ttft + 1 && relieved!.tpot <= here.tpot + 1;
      return isNoLonger && (burdened === undefined || burdened.ttft >= here.ttft - 1);
    });
    fc.assert(law);
  });

  it("is hardly longer with more replicas where padded rows make a smaller batch slower", () => {
    // Measured steps of fewer rows take up to a fifteenth longer here and there. The wait does not.
    for (const profile of PROFILE_NAMES.map(profileByName))
      for (const [promptTokens, outputTokens] of [
        [1, 100],
        [50, 400],
        [200, 50],
        [3000, 500],
      ] as const) {
        const tokens = { promptTokens, outputTokens };
        const load = 0.999 * 20 * predicted(1, tokens, profile, 128).capacity * 1e6;
        for (let replicas = 20; replicas < 30; replicas++) {
          const at = (many: number) => predicted(load, tokens, profile, 128).with(many)!;
          const [here, relieved] = [at(replicas), at(replicas + 1)];
          expect(relieved.tpot).toBeLessThan(1.08 * here.tpot);
          expect(relieved.ttft).toBeLessThan(1.08 * here.ttft);
        }
      }
  });

  it("takes the smallest batch that carries the traffic where larger ones yield less", () => {
    // Steps take twice as long beyond 4 rows: 4 end at 4 / (100 x 10 ms) = 4 a second, 5 at 5 / (100 x 20 ms) = 2.5, and
    // all 10 at 5. So 2.9 a second are carried by 3, and then by none below 6.
    const padded = linearProfile({ base: 10_000, perSequence: 0, perContextToken: 0, perPrefillToken: 0 });
    const profile = { ...padded, base: (batch: number) => (batch > 4 ? 20_000 : 10_000) };
    const at = (rate: number) => predicted(rate, { outputTokens: 100 }, profile, 10).with(1)!;
    expect([2.9, 3.9, 4.1].map((rate) => at(rate).tpot)).toEqual([10_000, 10_000, 20_000]);
    // The chain takes 2.5 a second for all from 3 to 5 sequences, and so does not wait less than it may.
    expect(at(3.9).ttft).toBeGreaterThan(at(2.9).ttft);
  });
});
