// What every queue rule must keep to, whatever its order is. queue-rule.test.ts runs it over all definitions; a user's
// own rule can run it too.
import fc from "fast-check";
import { describe, it } from "vitest";
import { type Instant, instant, START } from "../../src/core/base/units.js";
import type { AdmissionPolicy } from "../../src/core/server/gateway/policies/policy.js";
import { NO_REQUEST } from "../../src/core/server/gateway/queue/queue.js";
import type { QueueContext, QueueRule } from "../../src/core/server/gateway/queue/rule.js";
import { facts, lanesOf, occupancy, startsAll, waitingView } from "../support/gateway-views.js";
import { gear } from "../support/mode.js";

/** Of the paths of the contract, two of one rank. */
const RANKS: readonly number[] = [1, 0, 2, 1];

const SEEDED = { seed: 1, numRuns: gear(150, 500) };

const event = fc.record({
  kind: fc.constantFrom("join", "join", "join", "start", "start", "leave", "end"),
  path: fc.nat({ max: RANKS.length - 1 }),
  account: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 1000 })),
  tokens: fc.nat({ max: 500 }),
  choice: fc.nat({ max: 1000 }),
  gap: fc.oneof(fc.constant(0), fc.nat({ max: 3_000_000 })),
});
const life = fc.array(event, { maxLength: 150 });

type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

interface Request {
  readonly id: number;
  readonly path: number;
  readonly account: number;
  readonly inputTokens: number;
  readonly arrivedAt: Instant;
}

/** A rule in use, beside plain lists of who waits, in the order of joining, and who runs. */
class Usage {
  readonly rule: QueueRule;
  readonly waiting: Request[] = [];
  readonly running: Request[] = [];
  readonly #requests = new Map<number, Request>();
  #freeIds: number[] = [];
  #now = START;

  constructor(rule: QueueRule) {
    this.rule = rule;
  }

  next(policy: AdmissionPolicy = startsAll): number {
    const request = (id: number) => this.#requests.get(id)!;
    const view = waitingView({
      pathOf: (id: number) => request(id).path,
      inputTokensOf: (id: number) => request(id).inputTokens,
      arrivedAtOf: (id: number) => request(id).arrivedAt,
      factsOf: (id: number) => facts(request(id)),
    });
    return this.rule.next(policy, view, occupancy(), this.#now);
  }

  apply({ kind, path, account, tokens, choice, gap }: Event): void {
    this.#now = instant(this.#now + gap);
    if (kind === "join") {
      // Slots of requests that have gone are used again.
      const id = this.#freeIds.pop() ?? this.#requests.size;
      const request = { id, path, account, inputTokens: tokens, arrivedAt: this.#now };
      this.#requests.set(id, request);
      this.waiting.push(request);
      this.rule.join(id, path, account, this.#now);
    } else if (kind === "start") {
      const next = this.next();
      if (next === NO_REQUEST) return;
      const [request] = this.waiting.splice(
        this.waiting.findIndex(({ id }) => id === next),
        1,
      );
      this.rule.leave(next);
      this.rule.started(next, request!.inputTokens, this.#now);
      this.running.push(request!);
    } else {
      const list = kind === "leave" ? this.waiting : this.running;
      if (list.length === 0) return;
      const [{ id }] = list.splice(choice % list.length, 1) as [Request];
      if (kind === "leave") this.rule.leave(id);
      this.rule.settled(id, kind === "leave" ? 0 : tokens, this.#now);
      this.#freeIds.push(id);
    }
  }
}

export function ruleContract(name: string, create: (context: QueueContext) => QueueRule): void {
  /** That something holds after every event of any life. */
  const always = (holds: (usage: Usage) => boolean) => {
    const law = fc.property(life, (events) => {
      const usage = new Usage(create(lanesOf(RANKS)));
      return events.every((each) => {
        usage.apply(each);
        return holds(usage);
      });
    });
    fc.assert(law, SEEDED);
  };
  const rankOf = ({ path }: Request) => RANKS[path]!;
  const isAlike = (one: Request, other: Request) => one.path === other.path && one.account === other.account;

  describe(`queue rule ${name}`, () => {
    it("counts who waits, all and by rank", () => {
      always(({ rule: { queue }, waiting }) => {
        const isCounted = [0, 1, 2].every(
          (rank) => queue.countOfRank(rank) === waiting.filter((one) => rankOf(one) === rank).length,
        );
        return isCounted && queue.length === waiting.length && waiting.every(({ id }) => queue.has(id));
      });
    });

    it("has a request start next as long as one waits, and of a path and account the first that came", () => {
      always((usage) => {
        const next = usage.waiting.find(({ id }) => id === usage.next());
        if (next === undefined) return usage.waiting.length === 0 && usage.next() === NO_REQUEST;
        return usage.waiting.find((one) => isAlike(one, next)) === next;
      });
    });

    it("is not held up by a path that the policy holds back, and starts none of it", () => {
      always((usage) => {
        return RANKS.every((_, held) => {
          const next = usage.next({ ...startsAll, mayStart: (path) => path !== held });
          if (next === NO_REQUEST) return usage.waiting.every(({ path }) => path === held);
          return usage.waiting.find(({ id }) => id === next)!.path !== held;
        });
      });
    });

    it("changes nothing by being asked", () => {
      always((usage) => {
        const { rule } = usage;
        const ask = () =>
          [usage.next(), ...RANKS.map((rank) => rule.lastBelow(rank)), rule.queue.length].join();
        const [first, again] = [ask(), ask()];
        return first === again;
      });
    });

    it("LAW-9: displaces one of the lowest rank alone, if that is below, and of its path and account the last", () => {
      always(({ rule, waiting }) => {
        const lowest = Math.max(-1, ...waiting.map(rankOf));
        return [0, 1, 2].every((rank) => {
          const last = waiting.find(({ id }) => id === rule.lastBelow(rank));
          if (last === undefined) return lowest <= rank && rule.lastBelow(rank) === NO_REQUEST;
          return rankOf(last) === lowest && waiting.filter((one) => isAlike(one, last)).at(-1) === last;
        });
      });
    });

    it("LAW-4: says the same after the same history", () => {
      const answers = (events: readonly Event[]) => {
        const usage = new Usage(create(lanesOf(RANKS)));
        return events.flatMap((each) => {
          usage.apply(each);
          return [usage.next(), usage.rule.lastBelow(0)];
        });
      };
      const law = fc.property(life, (events) => {
        const [first, again] = [0, 0].map(() => answers(events).join());
        return first === again;
      });
      fc.assert(law, SEEDED);
    });
  });
}
