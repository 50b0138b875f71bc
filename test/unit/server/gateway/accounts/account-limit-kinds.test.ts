// Account limits of every kind, each beside the others. Buckets and output are in account-limits.test.ts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Duration, instant, MICROS_PER_MINUTE } from "../../../../../src/core/base/units.js";
import {
  type AccountLimitOptions,
  AccountLimits,
} from "../../../../../src/core/server/gateway/accounts/account-limits.js";
import { DIMENSIONS } from "../../../../../src/core/server/gateway/accounts/limit-sets.js";
import { OUTPUT_ACCOUNTINGS } from "../../../../../src/core/server/gateway/accounts/output-accounting.js";
import { METERS } from "../../../../../src/core/server/gateway/accounts/registry.js";
import type { RequestFacts } from "../../../../../src/core/server/gateway/request-facts.js";
import { RATE_LIMITED } from "../../../../../src/core/server/gateway/verdict.js";
import { facts } from "../../../../support/gateway-views.js";

const SECOND = 1_000_000;
const NOW = instant(0);

const none: AccountLimitOptions = { outputAccounting: "post-charge", expectedOutput: 0, chargeShed: false };

const limits = (options: Partial<AccountLimitOptions>, models = 2) =>
  new AccountLimits({ ...none, ...options }, models);

/** How many of these requests go through before the first 429. */
function passed(under: AccountLimits, request: RequestFacts, most = 20): number {
  for (let count = 0; count < most; count++) if (under.charge(request, NOW) !== undefined) return count;
  return most;
}

describe("attempts under way", () => {
  const concurrency = { most: 2, scope: "account" } as const;

  it("are as many as the account may have, and each is settled once, however it ends", () => {
    const under = limits({ concurrency });
    expect([passed(under, facts()), under.charge(facts({ model: 1 }), NOW)]).toEqual([
      2,
      RATE_LIMITED.concurrency,
    ]);
    expect(passed(under, facts({ account: 1 }))).toBe(2);
    under.shed(facts(), NOW, NOW);
    under.settleOutput(facts(), 100, NOW, NOW);
    expect(passed(under, facts())).toBe(2);
    expect(under.waitFor(facts(), NOW)).toBeUndefined();
  });

  it("end where shed requests are charged, too", () => {
    const under = limits({ concurrency, requests: { perMinute: 60, burst: 3 }, chargeShed: true });
    for (let count = 0; count < 3; count++) {
      expect(under.charge(facts(), NOW)).toBeUndefined();
      under.shed(facts(), NOW, NOW);
    }
    expect(under.charge(facts(), NOW)).toBe(RATE_LIMITED.requests);
  });

  it("are counted by model where that is said", () => {
    const under = limits({ concurrency: { most: 2, scope: "model" } });
    expect([passed(under, facts({ model: 0 })), passed(under, facts({ model: 1 }))]).toEqual([2, 2]);
  });

  it("do not include one that another limit refuses", () => {
    const under = limits({ concurrency, promptTokens: { perMinute: 60, burst: 100 } });
    expect([passed(under, facts()), under.charge(facts({ inputTokens: 0 }), NOW)]).toEqual([1, undefined]);
  });
});

describe("the ramp", () => {
  const ramp = { from: 250, growth: 0.5, per: (15 * MICROS_PER_MINUTE) as Duration };

  it("limits prompt tokens of an account and model with a reason of its own, and gives back what is shed", () => {
    const under = limits({ ramp });
    expect([passed(under, facts()), under.charge(facts(), NOW)]).toEqual([2, RATE_LIMITED.ramp]);
    expect(passed(under, facts({ model: 1 }))).toBe(2);
    under.shed(facts(), NOW, NOW);
    expect(passed(under, facts())).toBe(1);
    expect(under.waitFor(facts(), NOW)).toBe(MICROS_PER_MINUTE);
  });
});

describe("limits of one path", () => {
  const options = {
    promptTokens: { perMinute: 60, burst: 500 },
    paths: [{ path: 1, promptTokens: { perMinute: 60, burst: 200 }, requests: { perMinute: 60, burst: 9 } }],
  };

  it("are met beside those of the account and model, which the path uses up, too", () => {
    const under = limits(options);
    expect(passed(under, facts({ path: 1 }))).toBe(2);
    expect(under.charge(facts({ path: 1 }), NOW)).toBe(RATE_LIMITED.promptTokens);
    expect([passed(under, facts({ path: 0 })), passed(under, facts({ path: 7, model: 1 }))]).toEqual([3, 5]);
  });

  it("are an account's own, whatever models the path leads to", () => {
    const under = limits(options);
    expect(passed(under, facts({ path: 1, model: 0 }))).toBe(2);
    expect(passed(under, facts({ path: 1, model: 1 }))).toBe(0);
    expect(passed(under, facts({ path: 1, model: 1, account: 1 }))).toBe(2);
  });

  it("are given back with the rest of a shed request", () => {
    const under = limits(options);
    for (let round = 0; round < 10; round++) {
      expect(under.charge(facts({ path: 1 }), NOW)).toBeUndefined();
      under.shed(facts({ path: 1 }), NOW, NOW);
    }
  });
});

describe("soft caps", () => {
  it.each(METERS)(
    "let in beyond a share of the limit, and say so until the next charge ($name)",
    ({ name }) => {
      const under = limits({
        requests: { perMinute: 10, burst: 10, soft: 0.6, window: name },
        promptTokens: { perMinute: 1e6, burst: 1e6 },
      });
      const seen = Array.from({ length: 11 }, () => [under.charge(facts(), NOW), under.isOverSoftCap]);
      expect(seen).toEqual([
        ...new Array(6).fill([undefined, false]),
        ...new Array(4).fill([undefined, true]),
        [RATE_LIMITED.requests, false],
      ]);
      under.charge(facts({ account: 1 }), NOW);
      expect(under.isOverSoftCap).toBe(false);
    },
  );

  it("are nothing where none is stated", () => {
    const under = limits({ requests: { perMinute: 10, burst: 10 } });
    passed(under, facts());
    expect(under.isOverSoftCap).toBe(false);
  });
});

describe("the state of limits", () => {
  it("is told in the order in which they are met, with what is left and when it is all there again", () => {
    const under = limits({
      requests: { perMinute: 60, burst: 60, scope: "account" },
      promptTokens: { perMinute: 300, burst: 10, window: "fixed" },
      concurrency: { most: 5, scope: "model" },
    });
    under.charge(facts({ inputTokens: 100 }), instant(50 * SECOND));
    expect(under.state(facts(), instant(50 * SECOND))).toEqual([
      { name: "requests", scope: "account", perMinute: 60, size: 60, remaining: 59, reset: SECOND },
      { name: "promptTokens", scope: "model", perMinute: 300, size: 300, remaining: 200, reset: 10 * SECOND },
      { name: "concurrency", scope: "model", perMinute: undefined, size: 5, remaining: 4, reset: undefined },
    ]);
  });
});

describe("all kinds of limits together", () => {
  const kind = fc.constantFrom(...METERS.map(({ name }) => name));
  const limit = fc.record(
    { perMinute: fc.integer({ min: 1, max: 600 }), burst: fc.integer({ min: 1, max: 600 }), window: kind },
    { requiredKeys: ["perMinute", "burst"] },
  );
  const drawn = fc.record(
    {
      ...Object.fromEntries(DIMENSIONS.map((name) => [name, limit])),
      concurrency: fc.record({
        most: fc.integer({ min: 1, max: 5 }),
        scope: fc.constantFrom("account", "model"),
      }),
      ramp: fc.constant({ from: 900, growth: 0.5, per: (2 * MICROS_PER_MINUTE) as Duration }),
      adaptive: fc.constant({
        growPerMinute: 0.5,
        useThreshold: 0.3,
        shrinkHalfLife: (3 * MICROS_PER_MINUTE) as Duration,
        softFactor: 1,
        hardFactor: 1.5,
      }),
      outputAccounting: fc.constantFrom(...OUTPUT_ACCOUNTINGS.map(({ name }) => name)),
      expectedOutput: fc.constant(40),
      chargeShed: fc.boolean(),
    },
    { requiredKeys: ["outputAccounting", "expectedOutput", "chargeShed"] },
  );
  const step = fc.record({
    what: fc.constantFrom("charge", "charge", "charge", "shed", "settle"),
    gap: fc.oneof(fc.nat({ max: 5 * SECOND }), fc.nat({ max: 200 * SECOND })),
    inputTokens: fc.integer({ min: 1, max: 300 }),
    maxTokens: fc.integer({ min: 1, max: 100 }),
    model: fc.nat({ max: 1 }),
  });

  /** Plays charges and ends; `look` sees each charge with the state before it. */
  function play(
    under: AccountLimits,
    steps: readonly (typeof step extends fc.Arbitrary<infer Value> ? Value : never)[],
    look: (request: RequestFacts, before: string, isIn: boolean, now: number) => boolean,
  ): boolean {
    const inside: { request: RequestFacts; at: number }[] = [];
    let now = 0;
    for (const { what, gap, ...stated } of steps) {
      now += gap;
      if (what === "charge") {
        const request = facts({ ...stated, cachedTokens: 0 });
        const before = JSON.stringify(under.state(request, instant(now)));
        const isIn = under.charge(request, instant(now)) === undefined;
        if (isIn) inside.push({ request, at: now });
        if (!look(request, before, isIn, now)) return false;
        continue;
      }
      const one = inside.shift();
      if (one === undefined) continue;
      if (what === "shed") under.shed(one.request, instant(one.at), instant(now));
      else under.settleOutput(one.request, stated.maxTokens, instant(one.at), instant(now));
    }
    return true;
  }

  const all = fc.array(step, { maxLength: 40 });

  it("charge all or nothing", () => {
    fc.assert(
      fc.property(drawn, all, (options, steps) => {
        const under = new AccountLimits(options as AccountLimitOptions, 2);
        return play(under, steps, (request, before, isIn, now) => {
          return isIn || JSON.stringify(under.state(request, instant(now))) === before;
        });
      }),
      { numRuns: 300 },
    );
  });

  it("never say to wait for nothing after a refusal", () => {
    fc.assert(
      fc.property(drawn, all, (options, steps) => {
        const under = new AccountLimits(options as AccountLimitOptions, 2);
        return play(under, steps, (request, _, isIn, now) => {
          return isIn || under.waitFor(request, instant(now)) !== 0;
        });
      }),
      { numRuns: 300 },
    );
  });
});
