// What every queue rule must keep to, whatever its order is, and what it has promised beside: those that ship, and a
// user's own.
import fc from "fast-check";
import { instant } from "../../base/units.js";
import { NO_REQUEST } from "../../server/gateway/queue/queue.js";
import type { QueueContext, QueueRule } from "../../server/gateway/queue/rule.js";
import { type Law, law } from "./law.js";
import { type QueueCall, type QueuedRequest, QueueInUse } from "./queue-in-use.js";
import { startsAll } from "./views.js";

/** Of the paths of the contract, two of one rank. */
const RANKS: readonly number[] = [1, 0, 2, 1];

const event = fc.record({
  kind: fc.constantFrom("join", "join", "join", "start", "start", "leave", "end"),
  path: fc.nat({ max: RANKS.length - 1 }),
  account: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 1000 })),
  tokens: fc.nat({ max: 500 }),
  choice: fc.nat({ max: 1000 }),
  gap: fc.oneof(fc.constant(0), fc.nat({ max: 3_000_000 })),
});
const life = fc.array(event, { maxLength: 150 });

/** Of few accounts, whose requests often start as they come: what passes shows in the turns of others. */
const lightLife = fc.array(
  fc
    .tuple(event, fc.nat({ max: 2 }), fc.constantFrom("join", "join", "start", "end"))
    .map(([one, account, kind]) => ({ ...one, account, kind }) as Event),
  { minLength: 10, maxLength: 60 },
);

type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

const useOf = ({ create }: RuleUnderTest) => new QueueInUse(create, RANKS);

function apply(usage: QueueInUse, { kind, choice, gap, ...call }: Event): void {
  usage.now = instant(usage.now + gap);
  if (kind === "join") usage.join(call);
  else if (kind === "start") usage.start();
  else {
    const list = kind === "leave" ? usage.waiting : usage.running;
    const request = list[choice % list.length];
    if (request === undefined) return;
    if (kind === "leave") usage.leave(request);
    else usage.end(request, call.tokens);
  }
}

/** What a rule promises beside what every rule has to do. */
interface QueueRulePromises {
  /** Whether requests of one path and account start in the order in which they came. */
  readonly keepsOrder?: boolean;
  /** Who may wait for ever while others keep coming: none, or those of lower ranks alone; left out: any. */
  readonly starves?: "none" | "lower";
}

export interface RuleUnderTest extends QueueRulePromises {
  readonly create: (context: QueueContext) => QueueRule;
  /** Whether who starts, and who is displaced, stands at an end of a lane; left out: it does. */
  readonly keepsLanes?: boolean;
}

type RuleLaw = (tested: RuleUnderTest) => fc.IRawProperty<unknown>;

const rankOf = ({ path }: QueuedRequest) => RANKS[path]!;
const isAlike = (one: QueuedRequest, other: QueuedRequest) =>
  one.path === other.path && one.account === other.account;

/** That something holds after every event of any life. */
const always =
  (holds: (usage: QueueInUse, promises: QueueRulePromises) => boolean): RuleLaw =>
  (tested) =>
    fc.property(life, (events) => {
      const usage = useOf(tested);
      return events.every((each) => {
        apply(usage, each);
        return holds(usage, tested);
      });
    });

const call = fc.record({
  path: fc.nat({ max: RANKS.length - 1 }),
  account: fc.nat({ max: 3 }),
  tokens: fc.integer({ min: 100, max: 500 }),
});
const calls = fc.array(call, { minLength: 6, maxLength: 20 });

/** How long the flow of others lasts, in arrivals, at any of which one starts: many times what a fair turn takes. */
const FLOW = 400;
const BETWEEN = 300_000;

/** Whether the turn of a request comes while others keep coming, as many as start. */
function isServed(tested: RuleUnderTest, flow: readonly QueueCall[], victim: QueueCall): boolean {
  const rivals = flow.filter(
    ({ path }) => tested.starves === "none" || RANKS[path!]! >= RANKS[victim.path!]!,
  );
  if (tested.starves === undefined || rivals.length === 0) return true;
  const usage = useOf(tested);
  for (const one of flow.slice(0, 6)) usage.join(one);
  const waits = usage.join(victim);
  for (let count = 0; count < FLOW; count++) {
    if (waits === undefined || !usage.waiting.includes(waits)) return true;
    usage.now = instant(usage.now + BETWEEN);
    usage.join(rivals[count % rivals.length]!);
    usage.start();
    const [oldest] = usage.running;
    if (usage.running.length > 2) usage.end(oldest!, oldest!.inputTokens);
  }
  return false;
}

/** By what they say. */
const PROPERTIES: Readonly<Record<string, RuleLaw>> = {
  "counts who waits, all and by rank": always(({ rule: { queue }, waiting }) => {
    const isCounted = [0, 1, 2].every(
      (rank) => queue.countOfRank(rank) === waiting.filter((one) => rankOf(one) === rank).length,
    );
    return isCounted && queue.length === waiting.length && waiting.every(({ id }) => queue.has(id));
  }),

  "has a request start next as long as one waits, the first or the last of its lane": always((usage) => {
    const { queue } = usage.rule;
    const next = usage.waiting.find(({ id }) => id === usage.next());
    if (next === undefined) return usage.waiting.length === 0 && usage.next() === NO_REQUEST;
    const lane = queue.laneOf(next.id);
    return lane % RANKS.length === next.path && [queue.headOf(lane), queue.tailOf(lane)].includes(next.id);
  }),

  "of a path and account has the first that came start first, if it promises that": always(
    (usage, { keepsOrder }) => {
      const next = usage.waiting.find(({ id }) => id === usage.next());
      if (next === undefined || keepsOrder !== true) return true;
      return usage.waiting.find((one) => isAlike(one, next)) === next;
    },
  ),

  "is not held up by a path that the policy holds back, and starts none of it": always((usage) =>
    RANKS.every((_, held) => {
      const next = usage.next({ ...startsAll, mayStart: (path) => path !== held });
      if (next === NO_REQUEST) return usage.waiting.every(({ path }) => path === held);
      return usage.waiting.find(({ id }) => id === next)!.path !== held;
    }),
  ),

  "changes nothing by being asked, and says the same when time has passed": always((usage) => {
    const { rule, now } = usage;
    const ask = () => [usage.next(), ...RANKS.map((rank) => rule.lastBelow(rank)), rule.queue.length].join();
    const first = ask();
    for (const [path, rank] of RANKS.entries()) rule.hasPlace(rank, path);
    usage.now = instant(now + 20_000_000);
    const later = ask();
    usage.now = now;
    return first === later;
  }),

  "LAW-9: displaces one of the lowest rank alone, if that is below": always(({ rule, waiting }) => {
    const lowest = Math.max(-1, ...waiting.map(rankOf));
    return [0, 1, 2].every((rank) => {
      const last = waiting.find(({ id }) => id === rule.lastBelow(rank));
      if (last === undefined) return lowest <= rank && rule.lastBelow(rank) === NO_REQUEST;
      return rank < lowest && rankOf(last) === lowest;
    });
  }),

  "displaces of a lane the one that would be the last to start": (tested) =>
    fc.property(life, (events) => {
      const usage = useOf(tested);
      for (const each of events) apply(usage, each);
      const { rule } = usage;
      const last = rule.lastBelow(0);
      if (last === NO_REQUEST) return true;
      const lane = rule.queue.laneOf(last);
      const started: number[] = [];
      for (let one = usage.start(); one !== undefined; one = usage.start()) started.push(one.id);
      return started.filter((id) => rule.queue.laneOf(id) === lane).at(-1) === last;
    }),

  "has a place for every arrival while none waits, if it is bounded at all": always(
    ({ rule, waiting }) =>
      waiting.length > 0 ||
      RANKS.every((rank) => [0, 1, 2, 3, 1000].every((account) => rule.hasPlace(rank, account))),
  ),

  "sheds none at the head that has just come, and once late it stays late": always((usage) => {
    const { rule, now, waiting } = usage;
    if (!rule.dropsLate) return true;
    const isLate = (one: QueuedRequest) => usage.isLate(one.id);
    const late = waiting.filter(isLate);
    usage.now = instant(now + 1);
    const isLasting = late.every(isLate);
    usage.now = now;
    return isLasting && late.every(({ arrivedAt }) => arrivedAt < now);
  }),

  "leaves none waiting for ever whose turn it promises": (tested) =>
    fc.property(calls, call, (flow, victim) => isServed(tested, flow, victim)),

  "counts one that starts past an empty queue as one that joins it and starts": (tested) => {
    const answers = (events: readonly Event[], passes: boolean) => {
      const usage = useOf(tested);
      return events.flatMap((each) => {
        const isAlone = each.kind === "join" && usage.waiting.length === 0 && each.choice % 3 > 0;
        if (!isAlone) apply(usage, each);
        else {
          usage.now = instant(usage.now + each.gap);
          if (passes) usage.pass(each);
          else if (usage.join(each) !== undefined) usage.start();
        }
        return [usage.next(), usage.rule.lastBelow(0)];
      });
    };
    return fc.property(lightLife, (events) => answers(events, true).join() === answers(events, false).join());
  },

  "LAW-4: says the same after the same history": (tested) => {
    const answers = (events: readonly Event[]) => {
      const usage = useOf(tested);
      return events.flatMap((each) => {
        apply(usage, each);
        return [usage.next(), usage.rule.lastBelow(0)];
      });
    };
    return fc.property(life, (events) => {
      const [first, again] = [0, 0].map(() => answers(events).join());
      return first === again;
    });
  },
};

/** Laws about the ends of lanes: a rule that goes by numbers of its own need not stand to them. */
const OF_LANES: readonly string[] = [
  "has a request start next as long as one waits, the first or the last of its lane",
  "displaces of a lane the one that would be the last to start",
];

export const QUEUE_RULE_LAWS: readonly Law<RuleUnderTest>[] = [
  ...Object.entries(PROPERTIES).map(([text, property]) =>
    law(
      text,
      property as (tested: RuleUnderTest) => fc.IProperty<unknown>,
      ({ keepsLanes = true }) => keepsLanes || !OF_LANES.includes(text),
    ),
  ),
  law("has a request start next as long as one waits", (tested: RuleUnderTest) =>
    fc.property(life, (events) => {
      const usage = useOf(tested);
      return events.every((each) => {
        apply(usage, each);
        const next = usage.next();
        if (next === NO_REQUEST) return usage.waiting.length === 0;
        return usage.waiting.some(({ id }) => id === next);
      });
    }),
  ),
];
