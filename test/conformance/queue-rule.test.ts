// The contract of queue rules over every rule there is, with its defaults and with options that turn it more; and over
// broken rules, each of which it has to find.
import { describe, expect, it } from "vitest";
import { fifo } from "../../src/core/server/gateway/queue/fifo.js";
import { PathOrder } from "../../src/core/server/gateway/queue/path-order.js";
import { priority } from "../../src/core/server/gateway/queue/priority.js";
import { NO_REQUEST } from "../../src/core/server/gateway/queue/queue.js";
import { createQueueRule, QUEUE_RULES, queueRule } from "../../src/core/server/gateway/queue/registry.js";
import { type QueueContext, type QueueRule, ranksOfLanes } from "../../src/core/server/gateway/queue/rule.js";
import { brokenLaws, type RuleUnderTest, ruleContract } from "./queue-rule.js";

const MORE: Readonly<Record<string, readonly object[]>> = {
  vtc: [
    { inputWeight: 0, outputWeight: 1 },
    { inputWeight: 3, outputWeight: 0 },
  ],
  "priority-aging": [{ agingTime: "0s" }, { agingTime: "300ms" }],
  edf: [
    { deadlines: { p0: "0s", p2: "500ms" } },
    { deadlines: { p0: "1s", p1: "3s", p3: "2s" }, dropLate: true },
  ],
  "adaptive-lifo": [{ window: "0s" }, { window: "1s", dropLate: true, timeout: "300ms" }],
  apf: [
    { queues: 1, handSize: 1, queueLengthLimit: 2 },
    { queues: 4, handSize: 2, queueLengthLimit: 3, serviceGuess: "100ms" },
    { queues: 4, handSize: 4, serviceGuess: "0s" },
  ],
};

for (const definition of QUEUE_RULES) {
  const { name } = definition;
  for (const more of [{}, ...(MORE[name] ?? [])]) {
    const written = queueRule.parse({ rule: name, ...more } as never);
    ruleContract(`${name} ${JSON.stringify(more)}`, {
      ...definition,
      create: (context: QueueContext) => createQueueRule(written, context),
    });
  }
}

/** Last in, first out, whatever the rank. */
class Stack extends PathOrder {
  override next(...[policy, waiting, occupancy, now]: Parameters<PathOrder["next"]>): number {
    const { queue } = this;
    // What the policy holds back is left to the order below.
    if (queue.length === 0 || !queue.ranks.every((_, path) => policy.mayStart(path, 1, occupancy)))
      return super.next(policy, waiting, occupancy, now);
    return queue.ranks
      .map((_, lane) => queue.tailOf(lane))
      .filter((tail) => tail !== NO_REQUEST)
      .reduce((last, tail) => (queue.ticketOf(tail) > queue.ticketOf(last) ? tail : last));
  }
}

const BREAKS: Readonly<Record<string, (rule: QueueRule) => Partial<QueueRule>>> = {
  "loses a request now and then": ({ queue, join }) => ({
    join: (request, lane, account, now) => {
      if (request % 7 !== 6) join(request, lane, account, now);
      else if (queue.length > 0) queue.leave(Math.max(...queue.ranks.map((_, one) => queue.headOf(one))));
    },
  }),
  "starts none while three wait": ({ queue, next }) => ({
    next: (...asked) => (queue.length === 3 ? NO_REQUEST : next(...asked)),
  }),
  "asks no policy": ({ next }) => ({
    next: (policy, ...asked) => next({ ...policy, mayStart: () => true }, ...asked),
  }),
  "is held up by one path": ({ queue, next }) => ({
    next: (policy, ...asked) => {
      const first = next({ ...policy, mayStart: () => true }, ...asked);
      return first !== NO_REQUEST && policy.mayStart(queue.laneOf(first), 1, asked[1]) ? first : NO_REQUEST;
    },
  }),
  "changes its mind with time": ({ queue, next }) => ({
    next: (policy, waiting, occupancy, now) => {
      const tails = queue.ranks.map((_, lane) => queue.tailOf(lane)).filter((tail) => tail !== NO_REQUEST);
      const isOdd = Math.floor(now / 10_000_000) % 2 === 1 && tails.length > 0;
      return isOdd ? tails[0]! : next(policy, waiting, occupancy, now);
    },
  }),
  "displaces equals": ({ lastBelow }) => ({ lastBelow: (rank) => lastBelow(rank - 1) }),
  "displaces the first": ({ queue, lastBelow }) => ({
    lastBelow: (rank) => {
      const last = lastBelow(rank);
      return last === NO_REQUEST ? last : queue.headOf(queue.laneOf(last));
    },
  }),
  "has no place at all": () => ({ isBounded: true, hasPlace: () => false }),
  "has one wait that has started": ({ queue }) => ({
    seesAll: true,
    passed: (request) => queue.join(request, 0),
  }),
  "sheds what has just come": () => ({ dropsLate: true, isLate: () => true }),
};

describe("the contract of queue rules", () => {
  /** With its parts as functions of their own, so that any of them can be another. */
  const opened = (rule: QueueRule): QueueRule => ({
    queue: rule.queue,
    seesAll: rule.seesAll,
    isBounded: rule.isBounded,
    dropsLate: rule.dropsLate,
    hasPlace: rule.hasPlace.bind(rule),
    join: rule.join.bind(rule),
    passed: rule.passed.bind(rule),
    leave: rule.leave.bind(rule),
    next: rule.next.bind(rule),
    isLate: rule.isLate.bind(rule),
    lastBelow: rule.lastBelow.bind(rule),
    started: rule.started.bind(rule),
    settled: rule.settled.bind(rule),
  });
  const sound = (context: QueueContext) => opened(fifo.create({}, context));

  it("finds nothing in a rule that is sound", () => {
    expect(brokenLaws({ ...fifo, create: sound })).toEqual([]);
  });

  it.each(Object.entries(BREAKS))("finds a rule that %s", (_, change) => {
    const create = (context: QueueContext) => {
      const rule = sound(context);
      return Object.assign(rule, change({ ...rule }));
    };
    expect(brokenLaws({ ...fifo, create })).not.toEqual([]);
  });

  it.each(["vtc", "apf"] as const)("finds a %s that loses sight of what passes", (rule) => {
    const blind = (context: QueueContext) =>
      Object.assign(opened(createQueueRule(queueRule.parse({ rule }), context)), { passed: () => undefined });
    const law = "counts one that starts past an empty queue as one that joins it and starts";
    expect(brokenLaws({ create: blind }, [law])).toEqual([law]);
  });

  const stack = (context: QueueContext) => new Stack(ranksOfLanes(context), ranksOfLanes(context));

  it("finds a rule that starves some, of those whose turn it promises", () => {
    const law = "leaves none waiting for ever whose turn it promises";
    const starving = (tested: RuleUnderTest) => brokenLaws(tested, [law]);
    expect(starving({ create: stack })).toEqual([]);
    expect(starving({ create: stack, starves: "lower" })).toEqual([law]);
    const ranked = (context: QueueContext) => priority.create({}, context);
    expect(starving({ create: ranked, starves: "lower" })).toEqual([]);
    expect(starving({ create: ranked, starves: "none" })).toEqual([law]);
  });

  it("finds a rule that turns round those of one account", () => {
    const law = "of a path and account has the first that came start first, if it promises that";
    expect(brokenLaws({ create: stack, keepsOrder: true }, [law])).toEqual([law]);
  });
});
