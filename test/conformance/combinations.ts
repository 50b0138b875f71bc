// What an admission must keep to, whatever concurrency limit, policy and queue rule it is made of. combinations.test.ts
// runs it over all that there are.
import { Outcome, outcomeOf } from "../../src/core/base/outcome.js";
import { NEVER } from "../../src/core/base/units.js";
import { openStream } from "../../src/core/random/stream.js";
import {
  type AccountLimitOptions,
  AccountLimits,
} from "../../src/core/server/gateway/accounts/account-limits.js";
import type { AdmissionParts } from "../../src/core/server/gateway/admission.js";
import { createLimit } from "../../src/core/server/gateway/concurrency/registry.js";
import { createPolicy } from "../../src/core/server/gateway/policies/registry.js";
import { createQueueRule } from "../../src/core/server/gateway/queue/registry.js";
import type { Verdict } from "../../src/core/server/gateway/verdict.js";
import { lanesOf, policyContext } from "../support/gateway-views.js";
import { type Call, type Place, RANKS } from "./combined-calls.js";
import { CombinedPool, type Fate } from "./combined-pool.js";
import { type Seen, unlikeAgain, watched } from "./combined-spies.js";

export interface Combination {
  /** Its parts, new, with chance from that seed: each time the same. */
  readonly create: (seed: string) => AdmissionParts;
  /** Whether its policy says so, with the options that it has then. */
  readonly ordersByPriority: (seed: string) => boolean;
  /** Whether it takes a copy that has become old for a pool that is full. */
  readonly distrustsOldCopies: (seed: string) => boolean;
}

/** What an admission is tried on. */
export interface Log {
  readonly seed: string;
  readonly place: Place;
  readonly calls: readonly Call[];
  readonly limits: AccountLimitOptions | undefined;
}

interface Played {
  readonly pool: CombinedPool;
  readonly seen: Seen;
}

const chanceOf = (seed: string, name: string) => {
  const stream = openStream(seed, name);
  return () => stream.uniform();
};

/** Lets everyone in at once, in a pool that is never full. */
const OPEN: Combination = {
  create: () => ({
    limit: createLimit({ limit: "none" }, { chance: () => 0 }),
    policy: createPolicy({ policy: "none", maxQueue: "unlimited" }, policyContext()),
    rule: createQueueRule({ rule: "fifo" }, lanesOf([0, 1, 2])),
  }),
  ordersByPriority: () => true,
  distrustsOldCopies: () => false,
};
const ENDLESS: Place = { slots: 1e6, prefills: 1e6, kvTokens: Number.POSITIVE_INFINITY, staleness: 0 };

function play(combination: Combination, log: Log, isDrained = true): Played {
  const { seed, place, calls, limits } = log;
  const { parts, seen, observe } = watched(combination.create(seed));
  const pool = new CombinedPool(parts, {
    place,
    limits: limits === undefined ? undefined : new AccountLimits(limits, 1),
    chance: chanceOf(seed, "retry-after"),
  });
  observe(pool);
  pool.play(calls, isDrained);
  return { pool, seen };
}

/** One combination and one log, with the first run of it. */
export class Trial {
  readonly combination: Combination;
  readonly log: Log;
  readonly first: Played;

  constructor(combination: Combination, log: Log) {
    this.combination = combination;
    this.log = log;
    this.first = play(combination, log);
  }

  again(changes: Partial<Log> = {}, isDrained = true): Played {
    return play(this.combination, { ...this.log, ...changes }, isDrained);
  }

  get fates(): readonly Fate[] {
    return this.first.pool.fates;
  }
}

export interface CombinedLaw {
  readonly text: string;
  /** What is wrong, or nothing. */
  readonly problem: (trial: Trial) => string | undefined;
}

const isLetIn = ({ kind }: Verdict) => kind === "admit" || kind === "wait";
const isLimited = (verdict: Verdict) =>
  verdict.kind === "reject" && outcomeOf(verdict.reason) === Outcome.rateLimited;

/** The first of these that something is wrong with. */
function firstProblem<Value>(
  values: readonly Value[],
  problem: (value: Value, index: number) => string | undefined,
): string | undefined {
  for (const [index, value] of values.entries()) {
    const found = problem(value, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where two logs of what happened part. */
function parting(one: readonly string[], other: readonly string[]): string | undefined {
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index++) {
    if (one[index] !== other[index]) return `"${one[index]}" and "${other[index]}"`;
  }
  return undefined;
}

const ofMachines: readonly CombinedLaw[] = [
  {
    text: "LAW-4: the same log twice is the same twice",
    problem: (trial) => parting(trial.first.pool.trace, trial.again().pool.trace),
  },
  {
    text: "policy and limit answer from what they are shown and told, and from nothing else",
    problem: ({ combination, log, first }) => unlikeAgain(first.seen, combination.create(log.seed)),
  },
  {
    text: "LAW-10: what is let in is settled once, for policy, rule and limit, and nothing else is",
    problem({ first: { seen, pool }, fates }) {
      const { letIn, settled, ended, entered, left } = seen;
      const { limit } = pool.admission;
      if (!pool.isEmpty) return "some never leave";
      if (`${letIn}` !== `${settled}`) return `by path ${letIn} were let in, and ${settled} settled`;
      const all = letIn.reduce((sum, count) => sum + count, 0);
      if (ended !== all) return `${all} were let in, and the rule is told that ${ended} are over`;
      const started = fates.filter(({ startedAt }) => startedAt !== NEVER).length;
      if (limit.weighs && entered !== started) return `${started} started, the limit is told of ${entered}`;
      const gone = limit.learns ? started : 0;
      return left === gone ? undefined : `${gone} had started, the limit is told that ${left} have left`;
    },
  },
  {
    text: "starts none beyond its limit, and is the same when it is asked who is next twice",
    problem: ({ first: { pool } }) => pool.misstep,
  },
];

const ofSight: readonly CombinedLaw[] = [
  {
    text: "LAW-6: shows of a request the declared facts alone",
    problem: ({ first }) => first.seen.beyondDeclared,
  },
  {
    text: "LAW-6: until the first has left, nothing depends on how much is generated",
    problem(trial) {
      const { calls } = trial.log;
      const other = trial.again({
        calls: calls.map((call) => ({ ...call, outputTokens: call.maxTokens + 1 - call.outputTokens })),
      });
      const ends = [trial.first, other].map(({ pool }) => pool.firstSettledAt);
      const [one, two] = [trial.first, other].map(({ pool }) => pool.traceBefore(Math.min(...ends)));
      return parting(one!, two!);
    },
  },
  {
    text: "LAW-7: shows the pool as it was at the date of its copy, and leaves the copy as it is",
    problem: ({ first: { seen, pool } }) =>
      pool.isCopyKept ? seen.undated : "what was kept from one is kept from all",
  },
];

const ofCallers: readonly CombinedLaw[] = [
  {
    text: "never says retry-after 0",
    problem: ({ fates }) =>
      firstProblem(fates, ({ retryAfter }, index) => {
        // An estimate says the whole wait, however long.
        const isWrong = retryAfter.some((wait) => wait !== undefined && !(wait > 0));
        return isWrong ? `call ${index} is told to come back after ${retryAfter} us` : undefined;
      }),
  },
  {
    text: "refuses none in an idle pool, and lets it start at once",
    problem({ combination, fates, log: { calls, place, seed } }) {
      if (place.staleness > 0 && combination.distrustsOldCopies(seed)) return undefined;
      return firstProblem(fates, ({ verdict, metIdle, startedAt, at }, index) => {
        // One that is about as large as the memory is not the fleet's to serve at any price.
        if (!metIdle || isLimited(verdict) || 2 * calls[index]!.inputTokens > place.kvTokens)
          return undefined;
        if (!isLetIn(verdict)) return `call ${index} is told ${verdict.kind}`;
        return startedAt === at ? undefined : `call ${index} comes at ${at} and starts at ${startedAt}`;
      });
    },
  },
  {
    text: "has no more wait than its policy states, while the policy sees what is",
    problem({ fates, log: { place } }) {
      // Where there is room and no memory, it waits though it was let in to start.
      if (place.staleness > 0 || place.kvTokens !== Number.POSITIVE_INFINITY) return undefined;
      return firstProblem(fates, ({ isOverBound }, index) =>
        isOverBound ? `call ${index} joins a queue that is full` : undefined,
      );
    },
  },
  {
    text: "LAW-11: whom account limits refuse depends on no admission",
    problem({ fates, log }) {
      if (log.limits === undefined) return undefined;
      const open = play(OPEN, { ...log, place: ENDLESS }).pool.fates;
      return firstProblem(fates, ({ verdict }, index) => {
        const free = open[index]!.verdict;
        if (isLimited(verdict) === isLimited(free)) return undefined;
        return `call ${index} is told ${verdict.kind}, and in a pool without end ${free.kind}`;
      });
    },
  },
  {
    text: "where its policy orders by priority: no admission turns into a refusal at a higher rank",
    problem(trial) {
      const { combination, log, first } = trial;
      const last = log.calls.at(-1);
      // A rule with bounds of its own may have them by rank.
      if (
        last === undefined ||
        !combination.ordersByPriority(log.seed) ||
        first.pool.admission.rule.isBounded
      )
        return undefined;
      const verdicts = Array.from({ length: RANKS }, (_, rank) => {
        const calls = [...log.calls.slice(0, -1), { ...last, rank }];
        return trial.again({ calls }, false).pool.fates.at(-1)!.verdict;
      });
      const isOutOfOrder = verdicts.some(
        (verdict, rank) => rank > 0 && isLetIn(verdict) && !isLetIn(verdicts[rank - 1]!),
      );
      return isOutOfOrder ? `the last call is told ${verdicts.map(({ kind }) => kind)} by rank` : undefined;
    },
  },
];

export const COMBINED_LAWS: readonly CombinedLaw[] = [...ofMachines, ...ofSight, ...ofCallers];

/** What of them one breaks on one log, each with what is wrong. */
export function brokenBy(combination: Combination, log: Log): string[] {
  let trial: Trial;
  try {
    trial = new Trial(combination, log);
  } catch (error) {
    return [`runs to its end: ${String((error as Error).stack)}`];
  }
  return COMBINED_LAWS.flatMap(({ text, problem }) => {
    const found = problem(trial);
    return found === undefined ? [] : [`${text}: ${found}`];
  });
}
