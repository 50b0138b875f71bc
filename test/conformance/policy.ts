// What every admission policy must keep to, whatever it does otherwise. policy.test.ts runs it over all definitions;
// a user's own policy can run it too.
import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { Outcome, outcomeOf, REASONS, statusOf } from "../../src/core/base/outcome.js";
import { instant, START } from "../../src/core/base/units.js";
import type { AdmissionPolicy, PathOfPool } from "../../src/core/server/gateway/policies/policy.js";
import type { RequestFacts } from "../../src/core/server/gateway/request-facts.js";
import type { Verdict } from "../../src/core/server/gateway/verdict.js";
import { facts } from "../support/gateway-views.js";
import { gear } from "../support/mode.js";
import { EMPTY, type Load, MiniPool, occupancyOf, RANKS, signalsOf } from "./mini-pool.js";

/** The paths of the contract: path p has rank p; the lower the rank, the more may be kept from it. */
export const RANKED_PATHS: readonly PathOfPool[] = Array.from({ length: RANKS }, (_, rank) => ({
  name: `p${rank}`,
  isServed: true,
  rank,
}));

/** Options that every policy has in some form. */
interface QueueOptions {
  readonly maxQueue: number;
  readonly displaceLower: boolean;
}

export interface PolicyUnderTest {
  /** A new policy of these options. */
  readonly create: (options: QueueOptions) => AdmissionPolicy;
  /** Whether it gives a higher rank the place of a lower one when told to; such a policy keeps LAW-9. */
  readonly displaces: boolean;
}

const frozen = (changes: Partial<RequestFacts> = {}): RequestFacts => Object.freeze(facts(changes));

const ofRank = (rank: number, more: Partial<RequestFacts> = {}) => frozen({ ...more, path: rank, rank });

const load: fc.Arbitrary<Load> = fc
  .record({
    slots: fc.integer({ min: 1, max: 40 }),
    busyShare: fc.double({ min: 0, max: 1, noNaN: true }),
    openings: fc.nat({ max: 10 }),
    kvTokens: fc.constantFrom(1000, Number.POSITIVE_INFINITY),
    kvShare: fc.double({ min: 0, max: 1, noNaN: true }),
    queued: fc.array(fc.nat({ max: 5 }), { minLength: RANKS, maxLength: RANKS }),
  })
  .map(({ slots, busyShare, openings, kvTokens, kvShare, queued }) => {
    const busy = Math.round(slots * busyShare);
    const kvUsed = Math.round(1000 * kvShare);
    return { slots, busy, openings: Math.min(openings, slots - busy), kvTokens, kvUsed, queued };
  });

const request = fc
  .record({
    rank: fc.nat({ max: RANKS - 1 }),
    inputTokens: fc.integer({ min: 1, max: 5000 }),
    account: fc.nat({ max: 9 }),
  })
  .map(({ rank, ...more }) => ofRank(rank, more));
const options: fc.Arbitrary<QueueOptions> = fc.record({
  maxQueue: fc.nat({ max: 12 }),
  displaceLower: fc.boolean(),
});
const question = fc.record({ request, load, gap: fc.nat({ max: 2_000_000 }) });
const history = fc.array(question, { maxLength: 25 });

type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

/** The answers of a policy to a history of questions, each on a copy of its own. */
function answers(policy: AdmissionPolicy, asked: readonly Question[]): Verdict[] {
  let now = 0;
  return asked.map(({ request: facts, load: seen, gap }) => {
    now += gap;
    return policy.decide(facts, signalsOf(seen, instant(now)), instant(now));
  });
}

const SEEDED = { seed: 1, numRuns: gear(80, 200) };

function isVerdict(verdict: Verdict): boolean {
  if (verdict.kind === "admit") return true;
  if (verdict.kind === "wait") return typeof verdict.displaces === "boolean";
  if (verdict.kind !== "reject") return false;
  const { reason, status } = verdict;
  return (
    REASONS[reason] !== undefined && outcomeOf(reason) === Outcome.overloaded && status === statusOf(reason)
  );
}

const traffic = fc.array(
  fc.record({
    kind: fc.constantFrom("arrive", "arrive", "complete", "giveUp"),
    request,
    choice: fc.nat({ max: 50 }),
  }),
  { maxLength: 60 },
);

function lifeOfPool(
  pool: MiniPool,
  events: typeof traffic extends fc.Arbitrary<infer Value> ? Value : never,
): void {
  let now = 0;
  for (const { kind, request: facts, choice } of events) {
    now += choice;
    if (kind === "arrive") pool.arrive(facts, instant(now));
    else if (kind === "complete") pool.complete(choice, instant(now));
    else pool.giveUp(choice, instant(now));
  }
  pool.empty(instant(now));
}

export function policyContract(name: string, { create, displaces }: PolicyUnderTest): void {
  describe(`policy ${name}`, () => {
    const roomy = { maxQueue: 10, displaceLower: true };

    it("tells the pool the bound of the queue, and whether it displaces", () => {
      const law = fc.property(options, (given) => {
        const { maxQueue, displaceLower } = create(given);
        return maxQueue === given.maxQueue && displaceLower === (displaces && given.displaceLower);
      });
      fc.assert(law, SEEDED);
    });

    it("says the same to the same history, and one of the verdicts there are", () => {
      const law = fc.property(options, history, (given, asked) => {
        const first = answers(create(given), asked);
        const again = answers(create(given), asked);
        return first.every(isVerdict) && JSON.stringify(first) === JSON.stringify(again);
      });
      fc.assert(law, SEEDED);
    });

    it("admits at an empty pool a request that takes at most half of its memory", () => {
      const slots = fc.integer({ min: 1, max: 40 });
      const law = fc.property(options, request, slots, (given, facts, count) => {
        const empty = { ...EMPTY, slots: count, openings: 1, kvTokens: 10_000 };
        return create(given).decide(facts, signalsOf(empty), START).kind === "admit";
      });
      fc.assert(law, SEEDED);
    });

    it("displaces only where a request of a lower rank waits, and only when told to", () => {
      const law = fc.property(options, history, (given, asked) => {
        const verdicts = answers(create(given), asked);
        return verdicts.every((verdict, index) => {
          if (verdict.kind !== "wait" || !verdict.displaces) return true;
          const { request: facts, load: seen } = asked[index]!;
          return given.displaceLower && seen.queued.slice(facts.rank + 1).some((count) => count > 0);
        });
      });
      fc.assert(law, SEEDED);
    });

    it("admits none without an opening, or past a request of the same or a higher rank", () => {
      const law = fc.property(options, history, (given, asked) => {
        const verdicts = answers(create(given), asked);
        return asked.every(({ request: facts, load: seen }, index) => {
          const isAhead = seen.queued.slice(0, facts.rank + 1).some((count) => count > 0);
          return verdicts[index]!.kind !== "admit" || (seen.openings > 0 && !isAhead);
        });
      });
      fc.assert(law, SEEDED);
    });

    it("admits only whom it lets start, where the copy is right and no output is to come", () => {
      const law = fc.property(options, request, load, (given, facts, seen) => {
        const policy = create(given);
        const isAdmitted = policy.decide(facts, signalsOf(seen), START).kind === "admit";
        return !isAdmitted || policy.mayStart(facts.path, facts.inputTokens, occupancyOf(seen));
      });
      fc.assert(law, SEEDED);
    });

    it("lets start with less inside whom it lets start with more", () => {
      const share = fc.double({ min: 0, max: 1, noNaN: true });
      const law = fc.property(load, request, share, share, (seen, { path, inputTokens }, fewer, less) => {
        const policy = create(roomy);
        const { busy, kvUsed } = seen;
        const emptier = {
          ...seen,
          busy: Math.floor(busy * fewer),
          kvUsed: Math.floor(kvUsed * less),
        };
        return (
          !policy.mayStart(path, inputTokens, occupancyOf(seen)) ||
          policy.mayStart(path, inputTokens, occupancyOf(emptier))
        );
      });
      fc.assert(law, SEEDED);
    });

    it("lets any request start in a pool that is empty", () => {
      const law = fc.property(
        options,
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 1, max: 10_000 }),
        (given, path, inputTokens) =>
          create(given).mayStart(path, inputTokens, {
            slots: 4,
            slotsBusy: 0,
            kvTokens: 10_000,
            kvUsed: 0,
          }),
      );
      fc.assert(law, SEEDED);
    });

    it("lets at most maxQueue wait while its signals are live", () => {
      const law = fc.property(options, fc.integer({ min: 1, max: 6 }), traffic, (given, slots, events) => {
        const pool = new MiniPool(create(given), slots);
        lifeOfPool(pool, events);
        return pool.mostWaiting <= given.maxQueue;
      });
      fc.assert(law, SEEDED);
    });

    it("LAW-10: can be settled once for each request that it let in, however that one left", () => {
      const law = fc.property(options, fc.integer({ min: 1, max: 6 }), traffic, (given, slots, events) => {
        const pool = new MiniPool(create(given), slots);
        lifeOfPool(pool, events);
        return [...pool.settlements.values()].every((count) => count === 1);
      });
      fc.assert(law, SEEDED);
    });

    it("LAW-6: sees no more of a request than a gateway can know", () => {
      expectTypeOf<Parameters<AdmissionPolicy["decide"]>[0]>().toEqualTypeOf<RequestFacts>();
      expectTypeOf<keyof RequestFacts>().toEqualTypeOf<
        "account" | "path" | "model" | "pool" | "rank" | "inputTokens" | "cachedTokens" | "maxTokens"
      >();
      const seen = Object.freeze(signalsOf({ ...EMPTY, busy: 10, openings: 0, queued: [1, 1, 1] }));
      expect(() => create(roomy).decide(ofRank(0), seen, START)).not.toThrow();
    });

    if (!displaces) return;

    it("LAW-9: admits no lower rank where it refuses a higher one", () => {
      const law = fc.property(options, load, history, ({ maxQueue }, seen, asked) => {
        const verdicts = Array.from({ length: RANKS }, (_, rank) => {
          const policy = create({ maxQueue, displaceLower: true });
          answers(policy, asked);
          return policy.decide(ofRank(rank), signalsOf(seen), instant(1e9)).kind;
        });
        return verdicts.every(
          (kind, rank) => kind !== "reject" || verdicts.slice(rank).every((lower) => lower === "reject"),
        );
      });
      fc.assert(law, SEEDED);
    });

    it("LAW-9: refuses none while a request of a lower rank waits", () => {
      const law = fc.property(options, load, ({ maxQueue }, seen) => {
        const policy = create({ maxQueue, displaceLower: true });
        return seen.queued.every((_, rank) => {
          const isRefused = policy.decide(ofRank(rank), signalsOf(seen), START).kind === "reject";
          return !isRefused || seen.queued.slice(rank + 1).every((count) => count === 0);
        });
      });
      fc.assert(law, SEEDED);
    });
  });
}
