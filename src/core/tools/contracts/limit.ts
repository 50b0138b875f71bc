// What every concurrency limit must keep to, whatever it learns from: those that ship, and a user's own.
import pow from "@stdlib/math-base-special-pow";
import fc from "fast-check";
import { type Instant, instant, NEVER, START } from "../../base/units.js";
import { Admission } from "../../server/gateway/admission.js";
import type { ConcurrencyLimit, Stay } from "../../server/gateway/concurrency/limit.js";
import type { Settlement } from "../../server/gateway/policies/policy.js";
import { createPolicy, policy } from "../../server/gateway/policies/registry.js";
import { createQueueRule, queueRule } from "../../server/gateway/queue/registry.js";
import type { RequestFacts } from "../../server/gateway/request-facts.js";
import { caseLaw, type Law, law } from "./law.js";
import { facts, lanesOf } from "./views.js";

const event = fc.record({
  kind: fc.constantFrom("start", "start", "start", "token", "token", "leave"),
  choice: fc.nat({ max: 50 }),
  /** From an instant to longer than any limit takes for slow. */
  gap: fc.oneof(fc.constant(0), fc.nat({ max: 100_000 }), fc.nat({ max: 20_000_000 })),
});
// By default arrays are short, whatever their most.
const life = fc.array(event, { maxLength: 200, size: "max" });

type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

interface Inside {
  readonly attempt: number;
  readonly startedAt: Instant;
  firstTokenAt: Instant;
}

/** What happened in an event: whether the limit was told of it, and what it said where one wanted in. */
interface Seen {
  readonly told: boolean;
  readonly letIn: boolean | undefined;
}

const factsOf = (choice: number): RequestFacts =>
  facts({ inputTokens: 1 + choice * 700, cachedTokens: choice % 4 === 0 ? choice * 300 : 0 });

/** A pool that is always waited for. Calls `look` after everything that happens. */
class Life {
  readonly #limit: ConcurrencyLimit;
  readonly #inside: Inside[] = [];
  readonly #asks: number;
  #now = 0;

  /** How often it is asked about each one that wants in. */
  constructor(limit: ConcurrencyLimit, asks = 1) {
    this.#limit = limit;
    this.#asks = asks;
  }

  run(events: readonly Event[], look: (seen: Seen, inside: number) => void): void {
    for (const { kind, choice, gap } of events) {
      this.#now += gap;
      const seen =
        kind === "start" ? this.#start(choice) : kind === "token" ? this.#token(choice) : this.#leave(choice);
      look(seen, this.#inside.length);
    }
  }

  #start(choice: number): Seen {
    const limit = this.#limit;
    const inside = this.#inside;
    const now = instant(this.#now);
    if (inside.length >= limit.most) return { told: false, letIn: undefined };
    const stated = Object.freeze(factsOf(choice));
    let may = true;
    for (let ask = 0; ask < this.#asks && inside.length > 0 && limit.weighs; ask++) {
      may = limit.mayEnter(stated, inside.length, now);
    }
    if (!may) return { told: false, letIn: false };
    // The lowest number that is free, as attempts have them.
    let attempt = 0;
    while (inside.some((one) => one.attempt === attempt)) attempt++;
    inside.push({ attempt, startedAt: now, firstTokenAt: NEVER });
    if (limit.weighs) limit.entered(attempt, stated, inside.length, now);
    return { told: limit.weighs, letIn: true };
  }

  #token(choice: number): Seen {
    const one = this.#inside.filter(({ firstTokenAt }) => firstTokenAt === NEVER)[choice % 3];
    if (one === undefined) return { told: false, letIn: undefined };
    const now = instant(this.#now);
    one.firstTokenAt = now;
    const { learns } = this.#limit;
    if (learns) this.#limit.firstToken(one.attempt, one.startedAt, this.#inside.length, now);
    return { told: learns, letIn: undefined };
  }

  #leave(choice: number): Seen {
    if (this.#inside.length === 0) return { told: false, letIn: undefined };
    const [one] = this.#inside.splice(choice % this.#inside.length, 1);
    const hasToken = one!.firstTokenAt < NEVER;
    const settlement: Settlement = hasToken ? (choice % 2 === 0 ? "completed" : "cut") : "shed";
    const outputTokens = hasToken ? 1 + choice : 0;
    const { learns } = this.#limit;
    if (learns)
      this.#limit.left(one!.attempt, stay(one!, this.#now, outputTokens, settlement), this.#inside.length);
    return { told: learns, letIn: undefined };
  }
}

function stay(
  { startedAt, firstTokenAt }: Omit<Inside, "attempt">,
  leftAt: number,
  outputTokens: number,
  settlement: Settlement,
): Stay {
  return Object.freeze({ startedAt, firstTokenAt, leftAt: instant(leftAt), outputTokens, settlement });
}

/** What a limit was after each event, and what it said. */
function logOf(limit: ConcurrencyLimit, events: readonly Event[], asks?: number): string[] {
  const log: string[] = [];
  new Life(limit, asks).run(events, ({ letIn }) => log.push(`${limit.most} ${letIn}`));
  return log;
}

const isRight = (most: number) =>
  most >= 1 && (Number.isSafeInteger(most) || most === Number.POSITIVE_INFINITY);

/** First tokens a second, for how long, and how much slower they become in each. */
const SLOWER = { perSecond: 20, seconds: 100, factor: 1.2, most: 50 } as const;

/** Whether one that weighs, if only by who asks, keeps any of thousands of one account out. */
function keepsOutACrowd(limit: ConcurrencyLimit): boolean {
  const crowd = facts({ account: 1, inputTokens: 1000 });
  for (let inside = 0; inside < 5000; inside++) {
    if (inside > 0 && !limit.mayEnter(crowd, inside, START)) return true;
    limit.entered(inside, crowd, inside + 1, START);
  }
  return false;
}

/** Whether it has become low, or keeps another out, where all is ever slower and it is used fully. */
function givesWay(limit: ConcurrencyLimit): boolean {
  const { perSecond, seconds, factor, most } = SLOWER;
  const began = limit.most;
  // Late enough for the slowest to have started after time began.
  let now = 4e13;
  for (let n = 0; n < perSecond * seconds; n++) {
    now += Math.round(1e6 / perSecond);
    const slow = Math.round(1e5 * pow(factor, n / perSecond));
    const [startedAt, firstTokenAt] = [instant(now - 2 * slow), instant(now - slow)];
    const inside = Math.min(limit.most, most);
    if (limit.weighs) limit.entered(n % 2, factsOf(10), inside, startedAt);
    limit.firstToken(n % 2, startedAt, inside, instant(now));
    limit.left(n % 2, stay({ startedAt, firstTokenAt }, now, 2, "completed"), inside - 1);
  }
  return limit.weighs ? !limit.mayEnter(factsOf(10), 1, instant(now)) : limit.most <= Math.max(began, most);
}

type Create = () => ConcurrencyLimit;

/** What lets anyone in, with the limit in it. */
function admissionTo(limit: ConcurrencyLimit): Admission {
  return new Admission({
    limit,
    policy: createPolicy(policy.parse({ policy: "none" }), { paths: [], chance: () => 0 }),
    rule: createQueueRule(queueRule.parse("fifo"), lanesOf([0])),
  });
}

export const LIMIT_LAWS: readonly Law<Create>[] = [
  law("always lets one in at least, and whole ones", (create) =>
    fc.property(life, (events) => {
      const limit = create();
      let holds = isRight(limit.most);
      new Life(limit).run(events, () => {
        holds &&= isRight(limit.most);
      });
      return holds;
    }),
  ),

  law("changes only when it is told something, and never if it does not learn", (create) =>
    fc.property(life, (events) => {
      const limit = create();
      let before = limit.most;
      let holds = true;
      new Life(limit).run(events, ({ told }) => {
        holds &&= told || limit.most === before;
        before = limit.most;
      });
      return holds && (limit.learns || limit.most === create().most);
    }),
  ),

  law("LAW-4: learns and says the same from the same history", (create) =>
    fc.property(life, (events) => {
      const [first, again] = [0, 0].map(() => logOf(create(), events).join());
      return first === again;
    }),
  ),

  law("learns nothing from being asked", (create) =>
    fc.property(life, (events) => logOf(create(), events, 3).join() === logOf(create(), events).join()),
  ),

  law("LAW-8: says of one and the same attempt the same until it is told something, however late", (create) =>
    fc.property(life, fc.nat({ max: 50 }), (events, choice) => {
      const limit = create();
      new Life(limit).run(events, () => undefined);
      const [soon, late] = [0, 1e12].map((wait) => limit.mayEnter(factsOf(choice), 5, instant(4e9 + wait)));
      return soon === late;
    }),
  ),

  caseLaw("gives way to first tokens that come ever more slowly, or to a crowd, if it learns", (create) => {
    const limit = create();
    if (!limit.learns || givesWay(limit) || (limit.weighs && keepsOutACrowd(create()))) return undefined;
    return `first tokens take ever longer, in the end minutes, and it lets ${limit.most} in`;
  }),

  caseLaw("lets anyone in where no one is inside", (create) => {
    const limit = create();
    if (limit.learns) givesWay(limit);
    const admission = admissionTo(limit);
    const mayEnter = admission.mayEnter(facts({ inputTokens: 1_000_000 }), instant(5e13));
    return mayEnter && admission.isBelowLimit ? undefined : "none is inside, and it keeps one out";
  }),

  caseLaw("says of itself whether it learns, once and for all, and learns if it weighs", (create) => {
    const limit = create();
    const { learns, weighs } = limit;
    logOf(limit, fc.sample(life, { seed: 1, numRuns: 20 }).flat());
    if (limit.learns !== learns || limit.weighs !== weighs) return "it learns at one time and not at another";
    return learns || !weighs ? undefined : "it weighs and does not learn";
  }),
];
