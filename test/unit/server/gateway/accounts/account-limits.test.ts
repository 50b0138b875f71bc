import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant } from "../../../../../src/core/base/units.js";
import {
  type AccountLimitOptions,
  AccountLimits,
} from "../../../../../src/core/server/gateway/accounts/account-limits.js";
import { OUTPUT_ACCOUNTINGS } from "../../../../../src/core/server/gateway/accounts/output-accounting.js";
import type { RequestFacts } from "../../../../../src/core/server/gateway/request-facts.js";
import { RATE_LIMITED } from "../../../../../src/core/server/gateway/verdict.js";
import { facts } from "../../../../support/gateway-views.js";

const SECOND = 1_000_000;
const NOW = instant(0);

const roomy = { perMinute: 60, burst: 1_000_000 };
const none: AccountLimitOptions = { outputAccounting: "post-charge", expectedOutput: 0, chargeShed: false };

const limits = (options: Partial<AccountLimitOptions>, models = 2) =>
  new AccountLimits({ ...none, ...options }, models);

/** How many of these requests go through before the first 429. */
function passed(under: AccountLimits, request: RequestFacts, most = 20): number {
  for (let count = 0; count < most; count++) if (under.charge(request, NOW) !== undefined) return count;
  return most;
}

describe("what turns out to be cached", () => {
  it("is given back to uncached prompt tokens, and to nothing else", () => {
    const options = { uncachedPromptTokens: { perMinute: 60, burst: 250 }, promptTokens: roomy };
    const request = facts({ inputTokens: 100, cachedTokens: 0 });
    const waits = [0, 60].map((found) => {
      const under = limits(options);
      for (let count = 0; count < 2; count++) under.charge(request, NOW);
      under.foundCached(request, found, NOW, NOW);
      return [under.waitFor(request, NOW), under.waitFor(facts({ inputTokens: 1e6 }), NOW)];
    });
    // 50 tokens are left for a prompt of 100, or 110 of them.
    expect(waits.map(([wait]) => wait)).toEqual([50 * SECOND, 0]);
    expect(waits[0]![1]).toBe(waits[1]![1]);
  });

  it("is charged where less is cached than the facts said, into debt if need be", () => {
    const under = limits({ uncachedPromptTokens: { perMinute: 60, burst: 250 } });
    const request = facts({ inputTokens: 400, cachedTokens: 300 });
    expect(under.charge(request, NOW)).toBeUndefined();
    under.foundCached(request, -300, NOW, NOW);
    // 100 and 300 of 250 are gone: 150 are owed, and 100 more are wanted.
    expect(under.waitFor(request, NOW)).toBe(250 * SECOND);
  });

  it("is looked at where a limit of anything or of a path counts it", () => {
    const one = { perMinute: 60, burst: 250 };
    expect(limits({ uncachedPromptTokens: one }).looksAtCached).toBe(true);
    expect(limits({ paths: [{ path: 1, uncachedPromptTokens: one }] }).looksAtCached).toBe(true);
    expect(limits({ promptTokens: one }).looksAtCached).toBe(false);
  });

  it("changes nothing where uncached prompt tokens are not limited", () => {
    const under = limits({ requests: { perMinute: 60, burst: 3, scope: "account" } });
    under.foundCached(facts(), 1000, NOW, NOW);
    expect(passed(under, facts())).toBe(3);
  });
});

describe("account limits", () => {
  it.each([
    ["requests", { requests: { perMinute: 60, burst: 3, scope: "account" } }, RATE_LIMITED.requests],
    ["promptTokens", { promptTokens: { perMinute: 60, burst: 300 } }, RATE_LIMITED.promptTokens],
    [
      "uncachedPromptTokens",
      { uncachedPromptTokens: { perMinute: 60, burst: 120 } },
      RATE_LIMITED.uncachedPromptTokens,
    ],
    [
      "generatedTokens",
      { generatedTokens: { perMinute: 60, burst: 150 }, outputAccounting: "reserve-max" },
      RATE_LIMITED.generatedTokens,
    ],
  ] as const)(
    "limits %s: the fourth request meets it, and is told which limit it was",
    (_, options, verdict) => {
      const under = limits(options);
      const request = facts({ inputTokens: 100, cachedTokens: 60, maxTokens: 50 });
      expect([passed(under, request), under.charge(request, NOW)]).toEqual([3, verdict]);
    },
  );

  it("charges all dimensions or none", () => {
    const under = limits({
      requests: { perMinute: 60, burst: 2, scope: "account" },
      promptTokens: { perMinute: 60, burst: 1000 },
      uncachedPromptTokens: { perMinute: 60, burst: 500 },
    });
    const tooLong = facts({ inputTokens: 600 });
    expect(Array.from({ length: 5 }, () => under.charge(tooLong, NOW))).toEqual(
      new Array(5).fill(RATE_LIMITED.uncachedPromptTokens),
    );
    // Had the five refused ones left a trace, neither of these would pass.
    expect([
      under.charge(facts({ inputTokens: 500 }), NOW),
      under.charge(facts({ inputTokens: 500, cachedTokens: 500 }), NOW),
    ]).toEqual([undefined, undefined]);
  });

  it("keeps accounts apart", () => {
    const under = limits({ requests: { perMinute: 60, burst: 1, scope: "account" } });
    expect([0, 1, 0].map((account) => passed(under, facts({ account }), 1))).toEqual([1, 1, 0]);
  });

  it("counts requests per account over all models, or per model, as told", () => {
    const byScope = (["account", "model"] as const).map((scope) => {
      const under = limits({ requests: { perMinute: 60, burst: 3, scope } });
      return [passed(under, facts({ model: 0 })), passed(under, facts({ model: 1 }))];
    });
    expect(byScope).toEqual([
      [3, 0],
      [3, 3],
    ]);
  });

  it("lets paths of one model id share a limit, as Standard and Priority do, while Fast has its own", () => {
    const under = limits({ promptTokens: { perMinute: 60, burst: 300 } });
    const standard = facts({ path: 0, model: 0 });
    const priority = facts({ path: 1, model: 0 });
    const fast = facts({ path: 2, model: 1 });
    expect([passed(under, standard, 2), passed(under, priority), passed(under, fast)]).toEqual([2, 1, 3]);
  });

  it("gives a shed request its whole charge back, unless told to keep it", () => {
    const options: Partial<AccountLimitOptions> = {
      requests: { perMinute: 60, burst: 3, scope: "account" },
      promptTokens: { perMinute: 60, burst: 300 },
      uncachedPromptTokens: { perMinute: 60, burst: 300 },
      generatedTokens: { perMinute: 60, burst: 150 },
      outputAccounting: "reserve-max",
    };
    const admittedAfterShedding = [false, true].map((chargeShed) => {
      const under = limits({ ...options, chargeShed });
      for (let count = 0; count < 3; count++) {
        under.charge(facts(), NOW);
        under.shed(facts(), NOW, NOW);
      }
      return passed(under, facts());
    });
    expect(admittedAfterShedding).toEqual([3, 0]);
  });

  it.each([
    ["reserve-max", 3],
    ["reserve-expected", 5],
    ["post-charge", 20],
  ] as const)(
    "gives the output that a shed request reserved back even where it is charged (%s)",
    (outputAccounting, count) => {
      const under = limits({
        promptTokens: { perMinute: 60, burst: 4000 },
        generatedTokens: { perMinute: 60, burst: 150 },
        outputAccounting,
        expectedOutput: 30,
        chargeShed: true,
      });
      for (let round = 0; round < 20; round++) {
        under.charge(facts(), NOW);
        under.shed(facts(), NOW, NOW);
      }
      // The twenty have left 2000 tokens of prompt, which are as many requests.
      expect(passed(under, facts())).toBe(count);
      expect(under.waitFor(facts({ inputTokens: 4000, maxTokens: 0 }), NOW)).toBe(
        (2000 + 100 * count) * SECOND,
      );
    },
  );
});

describe("output accounting", () => {
  const generatedTokens = { perMinute: 60, burst: 150 };

  it("reserve-max takes max_tokens at admission and gives the rest back at the end", () => {
    const under = limits({ generatedTokens, outputAccounting: "reserve-max" });
    const request = facts({ maxTokens: 100 });
    expect([passed(under, request), under.waitFor(request, NOW)]).toEqual([1, 50 * SECOND]);
    under.settleOutput(request, 40, NOW, NOW);
    expect(passed(under, request)).toBe(1);
  });

  it("reserve-expected takes the expectation, and the difference at the end either way", () => {
    const under = limits({ generatedTokens, outputAccounting: "reserve-expected", expectedOutput: 50 });
    expect(passed(under, facts({ maxTokens: 9999 }))).toBe(3);
    under.settleOutput(facts(), 20, NOW, NOW);
    expect(under.waitFor(facts(), NOW)).toBe(20 * SECOND);
    under.settleOutput(facts(), 90, NOW, NOW);
    expect(under.waitFor(facts(), NOW)).toBe(60 * SECOND);
  });

  it("post-charge takes nothing at admission, all at the end, and refuses an account in debt", () => {
    const under = limits({ generatedTokens });
    expect(passed(under, facts())).toBe(20);
    under.settleOutput(facts(), 160, NOW, NOW);
    expect(under.charge(facts(), NOW)).toBe(RATE_LIMITED.generatedTokens);
    expect(under.waitFor(facts(), NOW)).toBe(11 * SECOND);
    expect([10, 11].map((at) => under.charge(facts(), instant(at * SECOND)))).toEqual([
      RATE_LIMITED.generatedTokens,
      undefined,
    ]);
  });

  it("settles nothing where output is not limited", () => {
    const under = limits({ promptTokens: { perMinute: 60, burst: 100 } });
    under.settleOutput(facts(), 1_000_000, NOW, NOW);
    expect(passed(under, facts())).toBe(1);
  });
});

describe("waitFor", () => {
  it("waits for the slowest limit", () => {
    const under = limits({
      requests: { perMinute: 60, burst: 1, scope: "account" },
      promptTokens: { perMinute: 60, burst: 100 },
    });
    under.charge(facts(), NOW);
    expect(under.waitFor(facts({ inputTokens: 30 }), NOW)).toBe(30 * SECOND);
    expect(under.waitFor(facts({ inputTokens: 1 }), NOW)).toBe(1 * SECOND);
  });

  it("is undefined for a request that no wait helps", () => {
    expect(limits({ promptTokens: { perMinute: 60, burst: 99 } }).waitFor(facts(), NOW)).toBeUndefined();
  });
});

describe("conservation of charges", () => {
  const amount = fc.integer({ min: 1, max: 400 });
  const call = fc
    .record({
      input: amount,
      cached: fc.nat({ max: 400 }),
      output: amount,
      max: amount,
      isShed: fc.boolean(),
    })
    .map(({ input, cached, max, ...rest }) => ({
      request: facts({ inputTokens: input, cachedTokens: Math.min(cached, input), maxTokens: max }),
      ...rest,
    }));
  const calls = fc.array(call, { maxLength: 20 });
  const accounting = fc.constantFrom(...OUTPUT_ACCOUNTINGS.map(({ name }) => name));
  const full = roomy.burst;

  type Call = typeof call extends fc.Arbitrary<infer Value> ? Value : never;

  /** All requests are inside at once; then each is shed or settled. */
  function runAll(under: AccountLimits, all: readonly Call[]): void {
    for (const { request } of all) under.charge(request, NOW);
    for (const { request, output, isShed } of all) {
      if (isShed) under.shed(request, NOW, NOW);
      else under.settleOutput(request, output, NOW, NOW);
    }
  }

  const used = (all: readonly Call[], of: (call: Call) => number) =>
    all.filter((each) => !each.isShed).reduce((sum, each) => sum + of(each), 0);

  it.each([
    ["promptTokens", ({ request }: Call) => request.inputTokens],
    ["uncachedPromptTokens", ({ request }: Call) => request.inputTokens - request.cachedTokens],
  ] as const)("in the end %s misses what came through, and nothing of what was shed", (dimension, of) => {
    // The wait for a full bucket tells its level: one amount a second.
    const probe = facts({ inputTokens: full });
    fc.assert(
      fc.property(calls, (all) => {
        const under = limits({ [dimension]: roomy });
        runAll(under, all);
        return under.waitFor(probe, NOW) === used(all, of) * SECOND;
      }),
      { numRuns: 100 },
    );
  });

  it("in the end generatedTokens misses what was generated, however it was reserved", () => {
    fc.assert(
      fc.property(calls, accounting, (all, outputAccounting) => {
        const under = limits({ generatedTokens: roomy, outputAccounting, expectedOutput: 200 });
        runAll(under, all);
        // Take a whole bucket more, and the debt is what the requests have used.
        const probe = facts({ maxTokens: 200 });
        const reserved = outputAccounting === "post-charge" ? 0 : 200;
        under.settleOutput(probe, reserved + full, NOW, NOW);
        const debt = under.waitFor(probe, NOW)! / SECOND - Math.max(1, reserved);
        return debt === used(all, ({ output }) => output);
      }),
      { numRuns: 200 },
    );
  });
});
