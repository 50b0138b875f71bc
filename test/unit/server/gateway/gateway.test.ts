import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reasonCode } from "../../../../src/core/base/outcome.js";
import { type Duration, instant, MICROS_PER_SECOND, seconds } from "../../../../src/core/base/units.js";
import { AccountLimits } from "../../../../src/core/server/gateway/accounts/account-limits.js";
import { Gateway, type RetryAfterOptions } from "../../../../src/core/server/gateway/gateway.js";
import type { AdmissionPolicy } from "../../../../src/core/server/gateway/policies/policy.js";
import { AnswerTable } from "../../../../src/core/server/gateway/providers/answers.js";
import { providerNamed } from "../../../../src/core/server/gateway/providers/registry.js";
import {
  ADMIT,
  OUTAGE,
  OVERLOADED_CAPACITY,
  RATE_LIMITED,
  type Verdict,
} from "../../../../src/core/server/gateway/verdict.js";
import { admissionOf, facts, signals } from "../../../support/gateway-views.js";

const NOW = instant(0);
const OVERLOADED = reasonCode("overloaded_capacity");
const LIMITED = reasonCode("requests");
const SILENT: RetryAfterOptions = {
  overloaded: undefined,
  rateLimited: undefined,
  shouldRetry: {},
  jitter: 0,
};

/** Says one thing, and writes down what it is asked and told. */
class ScriptedPolicy implements AdmissionPolicy {
  readonly name = "scripted";
  readonly maxQueue = 0;
  readonly displaceLower = false;
  readonly watchesKv = false;
  readonly startsByKv = false;
  readonly queueTimeout = undefined;
  readonly evictsLower = false;
  readonly learns = false;
  readonly dropsAtHead = false;
  readonly log: string[] = [];
  verdict: Verdict = ADMIT;

  decide(): Verdict {
    this.log.push("decide");
    return this.verdict;
  }

  mayStart(): boolean {
    return true;
  }

  dropsHead(): boolean {
    return false;
  }

  started(): void {
    // Not noted.
  }

  settle(path: number, settlement: string): void {
    this.log.push(`${settlement} ${path}`);
  }
}

interface Setup {
  readonly limits?: AccountLimits;
  readonly retryAfter?: Partial<RetryAfterOptions>;
  readonly answers?: AnswerTable;
  readonly chance?: () => number;
}

function makeGateway({ limits, retryAfter, answers, chance = () => 0.5 }: Setup = {}) {
  const policies = [new ScriptedPolicy(), new ScriptedPolicy()];
  const dated = signals();
  const gateway = new Gateway({
    admissions: policies.map((policy) => admissionOf({ policy })),
    limits,
    answers,
    retryAfter: { ...SILENT, ...retryAfter },
    signals: () => dated,
    chance,
  });
  return { gateway, policy: policies[0]!, policies };
}

const twoRequests = (changes: Partial<ConstructorParameters<typeof AccountLimits>[0]> = {}) =>
  new AccountLimits(
    {
      requests: { perMinute: 60, burst: 2, scope: "account" },
      outputAccounting: "post-charge",
      expectedOutput: 0,
      chargeShed: false,
      ...changes,
    },
    1,
  );

describe("order of the gateway", () => {
  it("asks the outage first: it charges no account and asks no policy", () => {
    const { gateway, policy } = makeGateway({ limits: twoRequests() });
    gateway.outageBegins(0);
    const during = Array.from({ length: 5 }, () => gateway.decide(facts(), NOW));
    expect(during).toEqual(new Array(5).fill(OUTAGE));
    expect(policy.log).toEqual([]);
    gateway.outageEnds(0);
    expect([gateway.decide(facts(), NOW), gateway.decide(facts(), NOW)]).toEqual([ADMIT, ADMIT]);
  });

  it("asks the account limit before the policy", () => {
    const { gateway, policy } = makeGateway({ limits: twoRequests() });
    const verdicts = Array.from({ length: 3 }, () => gateway.decide(facts(), NOW));
    expect(verdicts).toEqual([ADMIT, ADMIT, RATE_LIMITED.requests]);
    expect(policy.log).toEqual(["decide", "decide"]);
  });

  it("gives the charge of a shed attempt back, so that a 503 leads to no 429", () => {
    const { gateway, policy } = makeGateway({ limits: twoRequests() });
    policy.verdict = OVERLOADED_CAPACITY;
    const verdicts = Array.from({ length: 5 }, () => gateway.decide(facts(), NOW));
    expect(verdicts).toEqual(new Array(5).fill(OVERLOADED_CAPACITY));
  });

  it("asks the policy of the pool that the request is for", () => {
    const { gateway, policies } = makeGateway();
    gateway.decide(facts({ pool: 1 }), NOW);
    expect([gateway.admissionOf(1).policy, policies.map((each) => each.log.length)]).toEqual([
      policies[1],
      [0, 1],
    ]);
  });
});

describe("outages", () => {
  it("of one pool leave the other alone, and overlapping ones end with the last", () => {
    const { gateway } = makeGateway();
    const out = () => [gateway.isOut(0), gateway.isOut(1)];
    gateway.outageBegins(0);
    gateway.outageBegins(0);
    gateway.outageEnds(0);
    expect(out()).toEqual([true, false]);
    gateway.outageEnds(0);
    expect(out()).toEqual([false, false]);
    expect(() => gateway.outageEnds(0)).toThrow("has begun");
  });
});

describe("incidents", () => {
  it("fail those of a pool that they say, before any account is charged", () => {
    const { gateway, policy } = makeGateway({ limits: twoRequests() });
    let asked = 0;
    const everyOther = () => asked++ % 2 === 0;
    gateway.incidentBegins(0, everyOther);
    expect([gateway.isTroubled(0), gateway.isTroubled(1)]).toEqual([true, false]);
    const verdicts = Array.from({ length: 4 }, () => gateway.decide(facts(), NOW));
    expect([verdicts, policy.log.length]).toEqual([[OUTAGE, ADMIT, OUTAGE, ADMIT], 2]);
    gateway.incidentEnds(0, everyOther);
    expect([gateway.isTroubled(0), asked]).toEqual([false, 4]);
    expect(() => gateway.incidentEnds(0, everyOther)).toThrow("has begun");
  });
});

describe("settling", () => {
  it("tells the policy how each request left", () => {
    const { gateway, policy } = makeGateway();
    gateway.settle(7, facts({ path: 3 }), "completed", 10, NOW, NOW);
    gateway.settle(8, facts({ path: 1 }), "shed", 0, NOW, NOW);
    gateway.settle(9, facts({ path: 2 }), "cut", 0, NOW, NOW);
    expect(policy.log).toEqual(["completed 3", "shed 1", "cut 2"]);
  });

  it("charges the output of a completed or cut attempt, and nothing for one shed later", () => {
    const settled = (["completed", "cut", "shed"] as const).map((settlement) => {
      const generatedTokens = { perMinute: 60, burst: 100 };
      const { gateway } = makeGateway({ limits: twoRequests({ generatedTokens }) });
      gateway.decide(facts(), NOW);
      gateway.settle(7, facts(), settlement, 150, NOW, NOW);
      return [gateway.decide(facts(), NOW), gateway.decide(facts(), NOW)];
    });
    const inDebt = RATE_LIMITED.generatedTokens;
    expect(settled).toEqual([
      [inDebt, inDebt],
      [inDebt, inDebt],
      [ADMIT, ADMIT],
    ]);
  });
});

describe("retry-after", () => {
  const at = (retryAfter: Partial<RetryAfterOptions>, reason: number, setup: Setup = {}) =>
    makeGateway({ ...setup, retryAfter }).gateway.retryAfter(reason, facts(), NOW);

  it("goes with 503 overloaded and with 429, each as told, and with nothing else", () => {
    const options = { overloaded: seconds(5), rateLimited: seconds(7) };
    const names = [
      "overloaded_capacity",
      "displaced",
      "queue_timeout",
      "prompt_tokens",
      "outage",
      "tier_not_offered",
      "client_timeout",
      "none",
    ] as const;
    expect(names.map((name) => at(options, reasonCode(name)))).toEqual([
      5e6,
      5e6,
      5e6,
      7e6,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([at({}, OVERLOADED), at({}, LIMITED)]).toEqual([undefined, undefined]);
  });

  it("estimates when the account may come again", () => {
    const limits = twoRequests();
    limits.charge(facts(), NOW);
    limits.charge(facts(), NOW);
    expect(at({ rateLimited: "estimate" }, LIMITED, { limits })).toBe(1 * MICROS_PER_SECOND);
    const never = twoRequests({ promptTokens: { perMinute: 60, burst: 1 } });
    expect(at({ rateLimited: "estimate" }, LIMITED, { limits: never })).toBeUndefined();
  });

  it("goes by what the refusal looks like, and estimates nothing for an account within its limits", () => {
    const legacy = new AnswerTable(providerNamed("legacy-429"));
    const options = { overloaded: seconds(5), rateLimited: seconds(7) };
    expect(at(options, OVERLOADED, { answers: legacy })).toBe(7e6);
    const draws: number[] = [];
    const chance = () => draws.push(0) * 0;
    const setup = { answers: legacy, limits: twoRequests(), chance };
    expect(at({ rateLimited: "estimate", jitter: 0.5 }, OVERLOADED, setup)).toBeUndefined();
    expect(draws).toEqual([]);
  });

  it("says whether to come back by what the refusal looks like, too", () => {
    const retryAfter = { shouldRetry: { rateLimited: false, overloaded: true } };
    const split = makeGateway({ retryAfter }).gateway;
    const legacy = makeGateway({ retryAfter, answers: new AnswerTable(providerNamed("legacy-429")) }).gateway;
    const reasons = [LIMITED, OVERLOADED, reasonCode("outage")];
    expect(reasons.map((reason) => split.shouldRetry(reason, 0))).toEqual([false, true, undefined]);
    expect(reasons.map((reason) => legacy.shouldRetry(reason, 0))).toEqual([false, false, undefined]);
  });

  it("goes by the path that the caller named, whatever serves it", () => {
    const { answers: own } = providerNamed("fireworks");
    const byTier = { flex: { overloaded: { ...own.overloaded, retry: "rateLimited" } } } as const;
    const answers = new AnswerTable({ ...providerNamed("fireworks"), byTier }, {}, ["flex", undefined]);
    const { gateway } = makeGateway({
      retryAfter: { overloaded: seconds(5), rateLimited: seconds(9) },
      answers,
    });
    const [named, serving] = [0, 1];
    expect(gateway.retryAfter(OVERLOADED, facts({ path: serving }), NOW, named)).toBe(seconds(9));
    expect(gateway.retryAfter(OVERLOADED, facts({ path: serving }), NOW)).toBe(seconds(5));
  });

  it("spreads to both sides by the jitter", () => {
    const spread = [0, 0.5, 0.75].map((draw) =>
      at({ overloaded: seconds(10), jitter: 0.5 }, OVERLOADED, { chance: () => draw }),
    );
    expect(spread).toEqual([5e6, 10e6, 12.5e6]);
  });

  it("is only ever longer than the estimate: less would be a second 429 for certain", () => {
    const spread = [0, 0.5, 0.75].map((draw) => {
      const limits = twoRequests({ requests: { perMinute: 6, burst: 1, scope: "account" } });
      limits.charge(facts(), NOW);
      return at({ rateLimited: "estimate", jitter: 0.5 }, LIMITED, { limits, chance: () => draw });
    });
    expect(spread).toEqual([10e6, 12.5e6, 13.75e6]);
  });

  it("spreads a fixed time after a 429 to both sides, too", () => {
    const spread = [0, 0.75].map((draw) =>
      at({ rateLimited: seconds(10), jitter: 0.5 }, LIMITED, { chance: () => draw }),
    );
    expect(spread).toEqual([5e6, 12.5e6]);
  });

  it("tells an estimate as it is, however far beyond a minute", () => {
    const waits = [20, 61, 3600].map((perHour) => {
      const limits = twoRequests({ requests: { perMinute: perHour / 60, burst: 1, scope: "account" } });
      limits.charge(facts(), NOW);
      return at({ rateLimited: "estimate" }, LIMITED, { limits });
    });
    // To a microsecond: a rate an hour is none in whole microseconds.
    expect(waits.map((wait) => Math.round(Number(wait) / 1e3) / 1e3)).toEqual([180, 59.016, 1]);
  });

  it("is whole microseconds above 0, below 60 s unless estimated, whatever options, limits and chance are", () => {
    const micros = fc
      .oneof(fc.nat({ max: 200 * MICROS_PER_SECOND }), fc.nat({ max: 10 }))
      .map((value) => value as Duration);
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const jitter = fc.double({ min: 0, max: 1, noNaN: true });
    const rate = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(
        micros,
        fc.option(micros),
        jitter,
        chance,
        rate,
        (overloaded, fixed, spread, draw, perMinute) => {
          const limits = twoRequests({ promptTokens: { perMinute, burst: 1000 } });
          for (let count = 0; count < 3; count++) limits.charge(facts({ inputTokens: 500 }), NOW);
          const options = { overloaded, rateLimited: fixed ?? ("estimate" as const), jitter: spread };
          return [OVERLOADED, LIMITED].every((reason) => {
            const wait = at(options, reason, { limits, chance: () => draw });
            const isEstimate = reason === LIMITED && fixed === null;
            const most = isEstimate ? Number.POSITIVE_INFINITY : 60 * MICROS_PER_SECOND;
            return wait !== undefined && Number.isInteger(wait) && wait > 0 && wait < most;
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});
