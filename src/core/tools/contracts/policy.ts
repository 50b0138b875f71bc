// What every admission policy must keep to, whatever it does otherwise: those that ship, and a user's own.
import fc from "fast-check";
import { Outcome, outcomeOf, REASONS } from "../../base/outcome.js";
import { type Duration, instant, NO_TIME, START } from "../../base/units.js";
import type { AdmissionPolicy } from "../../server/gateway/policies/policy.js";
import type { Verdict } from "../../server/gateway/verdict.js";
import { type Law, law } from "./law.js";
import { EMPTY, MiniPool, occupancyOf, RANKS, signalsOf } from "./mini-pool.js";
import { answers, history, load, log, ofRank, play, request, verdictsByRank } from "./policy-logs.js";

/** Options that every policy has in some form. */
export interface QueueOptions {
  readonly maxQueue: number;
  readonly displaceLower: boolean;
}

export interface PolicyUnderTest {
  /** A new policy of these options in a pool of RANKED_PATHS, with chance of its own: each time the same. */
  readonly create: (options: QueueOptions) => AdmissionPolicy;
  /** Whether it gives a higher rank the place of a lower one when told to; such a policy keeps LAW-9. */
  readonly displaces: boolean;
  /** What its definition says. */
  readonly ordersByPriority: boolean;
}

const options: fc.Arbitrary<QueueOptions> = fc.record({
  maxQueue: fc.nat({ max: 12 }),
  displaceLower: fc.boolean(),
});
const slots = fc.integer({ min: 1, max: 6 });
const ROOMY: QueueOptions = { maxQueue: 10, displaceLower: true };

function isVerdict(verdict: Verdict): boolean {
  if (verdict.kind === "wait") return typeof verdict.displaces === "boolean";
  if (verdict.kind !== "reject") return ["admit", "demote", "spill"].includes(verdict.kind);
  const { reason } = verdict;
  return REASONS[reason] !== undefined && outcomeOf(reason) === Outcome.overloaded;
}

const isLetIn = ({ kind }: Verdict) => kind === "admit" || kind === "wait";

const ofQueue: readonly Law<PolicyUnderTest>[] = [
  law("tells the pool the bound of the queue, and whether it displaces", ({ create, displaces }) =>
    fc.property(options, (given) => {
      const { maxQueue, displaceLower } = create(given);
      return maxQueue === given.maxQueue && displaceLower === (displaces && given.displaceLower);
    }),
  ),
  law("lets at most maxQueue wait while its signals are live", ({ create }) =>
    fc.property(options, slots, log, (given, count, entries) => {
      const pool = new MiniPool(create(given), count);
      play(pool, entries);
      return pool.mostWaiting <= given.maxQueue;
    }),
  ),
  law("displaces only where a request of a lower rank waits, and only when told to", ({ create }) =>
    fc.property(options, history, (given, asked) => {
      const verdicts = answers(create(given), asked);
      return verdicts.every((verdict, index) => {
        if (verdict.kind !== "wait" || !verdict.displaces) return true;
        const { request: facts, load: seen } = asked[index]!;
        return given.displaceLower && seen.queued.slice(facts.rank + 1).some((count) => count > 0);
      });
    }),
  ),
];

const ofAnswers: readonly Law<PolicyUnderTest>[] = [
  law("says the same to the same history, and one of the verdicts there are", ({ create }) =>
    fc.property(options, history, slots, log, (given, asked, count, entries) => {
      const told = () => [
        ...answers(create(given), asked),
        ...play(new MiniPool(create(given), count), entries).verdicts,
      ];
      const first = told();
      return first.every(isVerdict) && JSON.stringify(first) === JSON.stringify(told());
    }),
  ),
  law("LAW-10: can be settled once for each request that it let in, however that one left", ({ create }) =>
    fc.property(options, slots, log, (given, count, entries) => {
      const pool = new MiniPool(create(given), count);
      const { end } = play(pool, entries);
      pool.empty(end);
      return [...pool.settlements.values()].every((times) => times === 1);
    }),
  ),
  {
    text: "LAW-6: sees no more of a request than a gateway can know",
    hold: ({ create }) => {
      const seen = Object.freeze(signalsOf({ ...EMPTY, busy: 10, openings: 0, queued: [1, 1, 1] }));
      create(ROOMY).decide(ofRank(0), seen, START);
    },
  },
];

const ofStarts: readonly Law<PolicyUnderTest>[] = [
  law("admits none without an opening, or past a request of the same or a higher rank", ({ create }) =>
    fc.property(options, history, (given, asked) => {
      const verdicts = answers(create(given), asked);
      return asked.every(({ request: facts, load: seen }, index) => {
        const isAhead = seen.queued.slice(0, facts.rank + 1).some((count) => count > 0);
        return verdicts[index]!.kind !== "admit" || (seen.openings > 0 && !isAhead);
      });
    }),
  ),
  law("admits only whom it lets start, where the copy is right and no output is to come", ({ create }) =>
    fc.property(options, request, load, (given, facts, seen) => {
      const policy = create(given);
      const isAdmitted = policy.decide(facts, signalsOf(seen), START).kind === "admit";
      return !isAdmitted || policy.mayStart(facts.path, facts.inputTokens, occupancyOf(seen));
    }),
  ),
  law("lets start with less inside whom it lets start with more", ({ create }) => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    return fc.property(load, request, share, share, (seen, { path, inputTokens }, fewer, less) => {
      const policy = create(ROOMY);
      const { busy, kvUsed } = seen;
      const emptier = { ...seen, busy: Math.floor(busy * fewer), kvUsed: Math.floor(kvUsed * less) };
      return (
        !policy.mayStart(path, inputTokens, occupancyOf(seen)) ||
        policy.mayStart(path, inputTokens, occupancyOf(emptier))
      );
    });
  }),
  law("looks at KV as it lets one start only if it says so", ({ create }) => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    return fc.property(options, load, request, share, (given, seen, { path, inputTokens }, other) => {
      const policy = create(given);
      const there = occupancyOf(seen);
      const elsewhere = { ...there, kvUsed: Math.round(other * there.kvTokens) };
      return (
        policy.startsByKv ||
        policy.mayStart(path, inputTokens, there) === policy.mayStart(path, inputTokens, elsewhere)
      );
    });
  }),
  law("lets any request start in a pool that is empty", ({ create }) =>
    fc.property(
      options,
      fc.nat({ max: RANKS - 1 }),
      fc.integer({ min: 1, max: 10_000 }),
      (given, path, size) =>
        create(given).mayStart(path, size, { slots: 4, slotsBusy: 0, kvTokens: 10_000, kvUsed: 0 }),
    ),
  ),
];

/** What counts as one: the only request far and wide, that takes at most half of the memory. */
const ofIdleFleets: readonly Law<PolicyUnderTest>[] = [
  law("refuses none in an idle pool, whatever came before", ({ create }) =>
    fc.property(options, slots, log, request, (given, count, entries, facts) => {
      const policy = create(given);
      const pool = new MiniPool(policy, count);
      const { end } = play(pool, entries);
      pool.empty(end);
      const empty = { ...EMPTY, slots: count, openings: 1, kvTokens: 10_000 };
      return policy.decide(facts, signalsOf(empty, end), end).kind === "admit";
    }),
  ),
  law("sheds none at the head that has not waited and is alone", ({ create }) =>
    fc.property(options, slots, log, request, (given, count, entries, { path }) => {
      const policy = create(given);
      const { end } = play(new MiniPool(policy, count), entries);
      return !policy.dropsAtHead || !policy.dropsHead(path, NO_TIME as Duration, end, 0);
    }),
  ),
];

const displacing = ({ displaces }: PolicyUnderTest) => displaces;
const ordering = ({ ordersByPriority }: PolicyUnderTest) => ordersByPriority;

/** Of kinds of verdicts by rank: whether none is let in below one that is not. */
const isInOrder = (verdicts: readonly Verdict[]) =>
  verdicts.every(
    (verdict, rank) => isLetIn(verdict) || verdicts.slice(rank).every((lower) => !isLetIn(lower)),
  );

const ofRanks: readonly Law<PolicyUnderTest>[] = [
  law(
    "LAW-9: admits no lower rank where it refuses a higher one",
    ({ create }) =>
      fc.property(options, load, history, ({ maxQueue }, seen, asked) =>
        isInOrder(
          Array.from({ length: RANKS }, (_, rank) => {
            const policy = create({ maxQueue, displaceLower: true });
            answers(policy, asked);
            return policy.decide(ofRank(rank), signalsOf(seen, instant(1e9)), instant(1e9));
          }),
        ),
      ),
    (policy) => displacing(policy) && ordering(policy),
  ),
  law(
    "LAW-9: refuses none while a request of a lower rank waits",
    ({ create }) =>
      fc.property(options, load, history, ({ maxQueue }, seen, asked) => {
        const policy = create({ maxQueue, displaceLower: true });
        answers(policy, asked);
        return seen.queued.every((_, rank) => {
          const verdict = policy.decide(ofRank(rank), signalsOf(seen, instant(1e9)), instant(1e9));
          return isLetIn(verdict) || seen.queued.slice(rank + 1).every((count) => count === 0);
        });
      }),
    displacing,
  ),
  law(
    "orders by priority: of a log with one request at a higher rank none turns that one's admission into a refusal",
    ({ create }) =>
      fc.property(options, slots, log, request, (given, count, entries, one) =>
        isInOrder(verdictsByRank(() => create(given), count, entries, one)),
      ),
    ordering,
  ),
];

export const POLICY_LAWS: readonly Law<PolicyUnderTest>[] = [
  ...ofQueue,
  ...ofAnswers,
  ...ofStarts,
  ...ofIdleFleets,
  ...ofRanks,
];
