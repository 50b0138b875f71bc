// The checker checked: a fault is planted for every law, and the checker must cry out by that law's name. A rig that
// has never been seen to fail proves nothing.
import { describe, expect, test } from "vitest";
import type { Reason } from "../../src/core/base/outcome.js";
import type { Instant } from "../../src/core/base/units.js";
import type { Engine } from "../../src/core/engine/engine.js";
import type { AttemptEvent, EngineObserver } from "../../src/core/engine/observer.js";
import type { RunResult } from "../../src/core/results/shape/result.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import type { RequestFacts } from "../../src/core/server/gateway/request-facts.js";
import { OVERLOADED_CAPACITY } from "../../src/core/server/gateway/verdict.js";
import { CANARY_WORLD as WORLD } from "../support/canary-world.js";
import type { LawId } from "../support/checker/violations.js";
import { compareForms, type Faults, runChecked } from "../support/checker.js";

const STALE: ScenarioInput = {
  ...WORLD,
  pools: { shared: { ...WORLD.pools["shared"]!, signals: { staleness: "200ms" } } },
};

const LIMITED: ScenarioInput = {
  ...WORLD,
  pools: { shared: { ...WORLD.pools["shared"]!, concurrency: { limit: "fixed", most: 3 } } },
};

const LEARNING: ScenarioInput = {
  ...WORLD,
  pools: {
    shared: {
      ...WORLD.pools["shared"]!,
      concurrency: { limit: "aimd", slow: "30ms", initial: 3, least: 2, most: 12 },
    },
  },
};

/** There a first token frees nothing, and only the limit's own growth makes room. */
const SERVERS: ScenarioInput = {
  ...WORLD,
  pools: {
    shared: {
      ...WORLD.pools["shared"]!,
      replica: { engine: "slots", slots: 8, tokensPerSecond: 30, prefillTokensPerSecond: 2000 },
      concurrency: { limit: "aimd", slow: "100ms", initial: 3, least: 2, most: 12 },
    },
  },
};

/** Several accounts, of which the one that was served least goes first. */
const FAIR: ScenarioInput = {
  ...WORLD,
  pools: { shared: { ...WORLD.pools["shared"]!, discipline: "vtc" } },
  traffic: { agents: { ...WORLD.traffic["agents"]!, accounts: { count: 3, skew: 1 } } },
};

/** Every caller is impatient: the work that it leaves behind goes on. */
const ABANDONING = impatient({ timeout: "50ms", onTimeout: "abandon" });
const HEDGING = impatient({ hedgeAfter: "100ms" });

function impatient(changes: object): ScenarioInput {
  const client = { preset: "openai-node-6", ...changes } as const;
  return { ...WORLD, traffic: { agents: { ...WORLD.traffic["agents"]!, client } } };
}

function lawsBroken(faults: Faults, world: ScenarioInput = WORLD): LawId[] {
  return [...new Set(runChecked(world, "canary", faults).violations.map((violation) => violation.law))];
}

/** True for one call in so many. */
function every(count: number): () => boolean {
  let calls = 0;
  return () => ++calls % count === 0;
}

test("without a fault nothing is found", () => {
  for (const world of [WORLD, LIMITED, LEARNING, SERVERS, FAIR, STALE, ABANDONING, HEDGING]) {
    const [macro, step] = [runChecked(world, "canary"), runChecked(world, "canary", { stepByStep: true })];
    expect([...macro.violations, ...step.violations, ...compareForms(macro, step)]).toEqual([]);
  }
});

describe("planted in the world", () => {
  const faults: readonly [string, LawId, (engine: Engine) => void, ScenarioInput?][] = [
    ["a settlement that is made twice", "LAW-10", settlesTwice],
    ["a settlement that is forgotten", "LAW-10", forgetsSettlement],
    ["a settlement of the wrong kind", "LAW-10", settlesWrongly],
    ["a completion that is never told", "LAW-12", dropsCompletion],
    ["memory that is promised twice", "LAW-12", overcommits],
    ["Priority shed while Standard waits", "LAW-9", shedsPriority],
    ["the oldest displaced instead of the youngest", "LAW-9", displacesOldest],
    ["the newest of a rank served first", "LAW-9", servesNewest],
    ["an account whose answers are not counted", "LAW-9", countsNoAnswers, FAIR],
    ["an account that saves up while it is away", "LAW-9", liftsNone, FAIR],
    ["a queue that is longer than it may be", "LAW-9", overfillsQueue],
    ["room that is not given away", "LAW-8", leavesWorkUndone],
    ["more inside than the concurrency limit lets in", "LAW-12", exceedsLimit, LIMITED],
    ["a concurrency limit below what it is stated to be", "LAW-8", (engine) => setLimit(engine, 2), LIMITED],
    ["a limit that grows unnoticed", "LAW-8", missesGrowth, SERVERS],
    ["a limit that is told of an attempt twice", "LAW-10", tellsLimitTwice, LEARNING],
    ["a limit that is told of a first token too late", "LAW-10", tellsLimitLate, LEARNING],
    ["a policy that is told the length of the answer", "LAW-6", leaksLength],
    ["live signals that lie", "LAW-7", liesLive],
    ["stale signals that are never renewed", "LAW-7", neverPublishes, STALE],
    ["stale signals that claim to be fresh", "LAW-7", datesWrongly, STALE],
    ["a client that comes back too early", "LAW-3", retriesEarly],
    ["an outage that the gateway overlooks", "LAW-3", overlooksOutage],
    ["a first token that comes twice", "LAW-3", speaksTwice],
    ["a ledger that loses an attempt", "LAW-1", losesAttempt],
    ["a hedge that leaves too early", "LAW-3", hedgesEarly, HEDGING],
    ["an attempt that is abandoned after its first token", "LAW-3", abandonsLate, ABANDONING],
  ];
  test.each(faults)("%s: %s", (_, law, plant, world) => {
    expect(lawsBroken({ plant }, world)).toContain(law);
  });
});

describe("planted in what is reported", () => {
  const faults: readonly [string, LawId, Faults][] = [
    ["events whose times are swapped", "LAW-2", { doctor: swapsTimes }],
    ["a first token before the start", "LAW-3", { doctor: (checker) => swapsEvents(checker, "started") }],
    [
      "an end that is told before the first token",
      "LAW-3",
      { doctor: (checker) => swapsEvents(checker, "first_token") },
    ],
    ["an end that is not told", "LAW-12", { doctor: losesEnd }],
    ["an attempt too many in the result", "LAW-1", { tamper: addsAttempt }],
    ["a token too many in the result", "LAW-1", { tamper: addsToken }],
    ["throughput of the warm-up", "LAW-1", { tamper: addsThroughput }],
    ["a wasted token too many in the result", "LAW-1", { tamper: addsWaste }],
    ["a retry too many in the result", "LAW-1", { tamper: addsRetry }],
    ["a mean of the queue that is a little off", "LITTLE", { tamper: skewsQueue }],
  ];
  test.each(faults)("%s: %s", (_, law, planted) => {
    expect(lawsBroken(planted)).toContain(law);
  });

  test("an abandoned attempt without the event that it has left: LAW-12", () => {
    const doctor = (checker: EngineObserver): EngineObserver => ({
      ...relay(checker),
      attempt: (event, slot, now, end) => {
        if (event !== "left") checker.attempt?.(event, slot, now, end);
      },
    });
    expect(lawsBroken({ doctor }, ABANDONING)).toContain("LAW-12");
  });
});

function settlesTwice({ world: { gateway } }: Engine): void {
  const settle = gateway.settle.bind(gateway);
  const isTime = every(10);
  gateway.settle = (request, facts, settlement, tokens, now) => {
    settle(request, facts, settlement, tokens, now);
    if (isTime()) settle(request, facts, settlement, tokens, now);
  };
}

function forgetsSettlement({ world: { gateway } }: Engine): void {
  const settle = gateway.settle.bind(gateway);
  const isTime = every(10);
  gateway.settle = (request, facts, settlement, tokens, now) => {
    if (!isTime()) settle(request, facts, settlement, tokens, now);
  };
}

function settlesWrongly({ world: { gateway } }: Engine): void {
  const settle = gateway.settle.bind(gateway);
  gateway.settle = (request, facts, _, tokens, now) => settle(request, facts, "completed", tokens, now);
}

function dropsCompletion({ lifecycle }: Engine): void {
  const completed = lifecycle.completed.bind(lifecycle);
  const isTime = every(20);
  lifecycle.completed = (request, now) => {
    if (!isTime()) completed(request, now);
  };
}

function overcommits({ world }: Engine): void {
  for (const replica of world.replicas) replica.fits = () => replica.slotsBusy < replica.slots;
}

function shedsPriority({ world: { gateway } }: Engine): void {
  const { policy } = gateway.admissionOf(0);
  const decide = policy.decide.bind(policy);
  policy.decide = (facts, signals, now) =>
    facts.rank === 0 && signals.queued > 0 ? OVERLOADED_CAPACITY : decide(facts, signals, now);
}

function displacesOldest({ world: { gateway } }: Engine): void {
  const { queue, rule } = gateway.admissionOf(0);
  rule.lastBelow = (rank) => (rank === 0 ? queue.headOf(0) : -1);
}

function servesNewest({ world }: Engine): void {
  const { queue } = world.pools[0]!;
  const join = queue.join.bind(queue);
  let newest = -1;
  queue.join = (request, lane) => {
    join(request, lane);
    if (lane === 0) newest = request;
  };
  const headOf = queue.headOf.bind(queue);
  queue.headOf = (lane) => (lane === 0 && newest >= 0 && queue.has(newest) ? newest : headOf(lane));
}

function countsNoAnswers({ world: { gateway } }: Engine): void {
  gateway.admissionOf(0).rule.settled = () => undefined;
}

/** To the rule every request is of an account of its own, which has never been served. */
function liftsNone({ world: { gateway } }: Engine): void {
  const { rule } = gateway.admissionOf(0);
  const join = rule.join.bind(rule);
  rule.join = (request, lane, account) => join(request, lane, 3 * request + account);
}

function overfillsQueue({ world: { gateway } }: Engine): void {
  Object.assign(gateway.admissionOf(0).policy, { maxQueue: 50 });
}

const exceedsLimit = (engine: Engine) => setLimit(engine, 4);

function setLimit({ world: { gateway } }: Engine, most: number): void {
  Object.assign(gateway.admissionOf(0).limit, { most });
}

function missesGrowth({ world: { gateway } }: Engine): void {
  Object.defineProperty(gateway.admissionOf(0), "hasGrown", { get: () => false, set: () => undefined });
}

function tellsLimitTwice({ world: { gateway } }: Engine): void {
  const admission = gateway.admissionOf(0);
  const settle = admission.settle.bind(admission);
  admission.settle = (request, path, settlement, tokens, now) => {
    settle(request, path, settlement, tokens, now);
    const stay = { startedAt: now, firstTokenAt: now, leftAt: now, outputTokens: tokens, settlement };
    if (settlement === "completed") admission.limit.left(stay, admission.inside);
  };
}

function tellsLimitLate({ world: { gateway } }: Engine): void {
  const admission = gateway.admissionOf(0);
  const firstToken = admission.firstToken.bind(admission);
  admission.firstToken = (request, now) => firstToken(request, (now + 1) as Instant);
}

function leavesWorkUndone({ world }: Engine): void {
  const pool = world.pools[0]!;
  const dispatch = pool.dispatch.bind(pool);
  const isTime = every(7);
  pool.dispatch = (now, facts, start) => {
    if (!isTime()) dispatch(now, facts, start);
  };
}

function leaksLength(engine: Engine): void {
  const { gateway } = engine.world;
  const decide = gateway.decide.bind(gateway);
  gateway.decide = (facts, now) => {
    const leaking: RequestFacts & { outputTokens: number } = { ...facts, outputTokens: 7 };
    return decide(leaking, now);
  };
}

function liesLive({ world }: Engine): void {
  const pool = world.pools[0]!;
  const signalsAt = pool.signalsAt.bind(pool);
  pool.signalsAt = (now) => {
    const signals = signalsAt(now);
    signals.slotsBusy = Math.max(0, signals.slotsBusy - 1);
    return signals;
  };
}

function neverPublishes({ world }: Engine): void {
  world.pools[0]!.renewCopy = () => undefined;
}

function datesWrongly({ world }: Engine): void {
  const pool = world.pools[0]!;
  const signalsAt = pool.signalsAt.bind(pool);
  pool.signalsAt = (now) => {
    const signals = signalsAt(now);
    signals.asOf = now;
    return signals;
  };
}

function retriesEarly({ lifecycle }: Engine): void {
  const attempt = lifecycle.attempt.bind(lifecycle);
  const { requests } = lifecycle;
  lifecycle.attempt = (request, now) => {
    attempt(request, requests.attempts[request]! > 0 ? ((now + 1) as Instant) : now);
  };
}

function overlooksOutage({ world: { gateway } }: Engine): void {
  gateway.outageBegins = () => undefined;
  gateway.outageEnds = () => undefined;
}

function speaksTwice({ lifecycle }: Engine): void {
  const completed = lifecycle.completed.bind(lifecycle);
  const isTime = every(20);
  lifecycle.completed = (request, now) => {
    if (!isTime()) completed(request, now);
    else lifecycle.firstToken(request, now);
  };
}

function losesAttempt({ ledger }: Engine): void {
  const failed = ledger.attemptFailed.bind(ledger);
  const isTime = every(20);
  ledger.attemptFailed = (tier: number, arrivedAt: Instant, reason: Reason) => {
    if (!isTime()) failed(tier, arrivedAt, reason);
  };
}

function hedgesEarly({ lifecycle }: Engine): void {
  const hedge = lifecycle.hedge.bind(lifecycle);
  lifecycle.hedge = (request, now) => hedge(request, (now + 1) as Instant);
}

function abandonsLate({ lifecycle }: Engine): void {
  const firstToken = lifecycle.firstToken.bind(lifecycle);
  const isTime = every(20);
  lifecycle.firstToken = (request, now) => {
    firstToken(request, now);
    if (isTime()) lifecycle.clientTimedOut(request, now);
  };
}

/** Tells one event in fifty a millisecond too early, as a log with two lines swapped would. */
function swapsTimes(checker: EngineObserver): EngineObserver {
  const isTime = every(50);
  return {
    ...relay(checker),
    attempt: (event, slot, now, end) => {
      checker.attempt?.(event, slot, isTime() ? (Math.max(0, now - 1000) as Instant) : now, end);
    },
  };
}

/** Holds one kind of event of each request back until the request's next event has been told. */
function swapsEvents(checker: EngineObserver, held: AttemptEvent): EngineObserver {
  const late = new Map<number, Instant>();
  return {
    ...relay(checker),
    attempt: (event, slot, now, end) => {
      if (event === held) {
        late.set(slot, now);
        return;
      }
      checker.attempt?.(event, slot, now, end);
      if (late.delete(slot)) checker.attempt?.(held, slot, now);
    },
  };
}

function losesEnd(checker: EngineObserver): EngineObserver {
  const isTime = every(30);
  return {
    ...relay(checker),
    attempt: (event, slot, now, end) => {
      if (event !== "ended" || !isTime()) checker.attempt?.(event, slot, now, end);
    },
  };
}

function relay(checker: EngineObserver): EngineObserver {
  return { settled: (now) => checker.settled?.(now) };
}

function withFirstTier(
  result: RunResult,
  change: (tier: RunResult["all"]) => Partial<RunResult["all"]>,
): RunResult {
  const [first, ...others] = result.tiers;
  return { ...result, tiers: [{ ...first!, ...change(first!) }, ...others] };
}

function addsAttempt(result: RunResult): RunResult {
  return withFirstTier(result, ({ outcomes }) => ({
    outcomes: { ...outcomes, completed: outcomes.completed + 1 },
  }));
}

function addsToken(result: RunResult): RunResult {
  return withFirstTier(result, ({ outputTokens }) => ({ outputTokens: outputTokens + 1 }));
}

function addsWaste(result: RunResult): RunResult {
  return withFirstTier(result, ({ wastedDecodeTokens }) => ({ wastedDecodeTokens: wastedDecodeTokens + 1 }));
}

function addsRetry(result: RunResult): RunResult {
  return withFirstTier(result, ({ retries }) => ({
    retries: { ...retries, outage: 1 + (retries.outage ?? 0) },
  }));
}

function addsThroughput(result: RunResult): RunResult {
  return withFirstTier(result, ({ throughput }) => ({ throughput: throughput * 1.001 }));
}

function skewsQueue(result: RunResult): RunResult {
  const [pool] = result.pools;
  return { ...result, pools: [{ ...pool!, queuedMean: (pool!.queuedMean ?? 0) * 1.000_01 }] };
}
