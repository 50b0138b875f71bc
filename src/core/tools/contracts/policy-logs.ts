// Loads, questions and logs of traffic, drawn for the contract of admission policies, and what a policy says to them.
import fc from "fast-check";
import { type Instant, instant } from "../../base/units.js";
import type { AdmissionPolicy, PathOfPool } from "../../server/gateway/policies/policy.js";
import type { RequestFacts } from "../../server/gateway/request-facts.js";
import type { Verdict } from "../../server/gateway/verdict.js";
import { type Load, MiniPool, RANKS, signalsOf } from "./mini-pool.js";
import { facts } from "./views.js";

/** The paths of the contract: path p has rank p; the lower the rank, the more may be kept from it. */
export const RANKED_PATHS: readonly PathOfPool[] = Array.from({ length: RANKS }, (_, rank) => ({
  name: `p${rank}`,
  isServed: true,
  rank,
}));

const frozen = (changes: Partial<RequestFacts> = {}): RequestFacts => Object.freeze(facts(changes));

export const ofRank = (rank: number, more: Partial<RequestFacts> = {}): RequestFacts =>
  frozen({ ...more, path: rank, rank });

export const load: fc.Arbitrary<Load> = fc
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

export const request: fc.Arbitrary<RequestFacts> = fc
  .record({
    rank: fc.nat({ max: RANKS - 1 }),
    inputTokens: fc.integer({ min: 1, max: 5000 }),
    account: fc.nat({ max: 9 }),
  })
  .map(({ rank, ...more }) => ofRank(rank, more));

/** From an instant to longer than most policies remember. */
const gap = fc.oneof(fc.constant(0), fc.nat({ max: 100_000 }), fc.nat({ max: 3_000_000 }));

export interface Question {
  readonly request: RequestFacts;
  readonly load: Load;
  readonly gap: number;
}

export const history: fc.Arbitrary<Question[]> = fc.array(fc.record({ request, load, gap }), {
  maxLength: 25,
});

/** The answers of a policy to a history of questions, each on a copy of its own. */
export function answers(policy: AdmissionPolicy, asked: readonly Question[]): Verdict[] {
  let now = 0;
  return asked.map(({ request: facts, load: seen, gap }) => {
    now += gap;
    return policy.decide(facts, signalsOf(seen, instant(now)), instant(now));
  });
}

export interface Entry {
  readonly kind: "arrive" | "complete" | "giveUp";
  readonly request: RequestFacts;
  readonly choice: number;
  readonly gap: number;
}

const entry = fc.record({
  kind: fc.constantFrom("arrive", "arrive", "arrive", "complete", "giveUp"),
  request,
  choice: fc.nat({ max: 50 }),
  gap,
});

/** A log of arrivals, starts and ends: what starts follows from the others. Long enough to fill a pool. */
export const log: fc.Arbitrary<Entry[]> = fc.array(entry, { maxLength: 40, size: "max" });

/** The verdicts on the arrivals of a log in that pool. Returns the instant of its end, too. */
export function play(pool: MiniPool, entries: readonly Entry[]): { verdicts: Verdict[]; end: Instant } {
  const verdicts: Verdict[] = [];
  let now = 0;
  for (const { kind, request: facts, choice, gap } of entries) {
    now += gap;
    if (kind === "arrive") verdicts.push(pool.arrive(facts, instant(now)));
    else if (kind === "complete") pool.complete(choice, instant(now));
    else pool.giveUp(choice, instant(now));
  }
  return { verdicts, end: instant(now) };
}

/** The verdict on one more arrival, of each rank, each after the same log. */
export function verdictsByRank(
  create: () => AdmissionPolicy,
  slots: number,
  entries: readonly Entry[],
  one: RequestFacts,
): Verdict[] {
  return RANKED_PATHS.map(({ rank }) => {
    const pool = new MiniPool(create(), slots);
    const { end } = play(pool, entries);
    return pool.arrive(ofRank(rank, { ...one, path: rank, rank }), end);
  });
}
