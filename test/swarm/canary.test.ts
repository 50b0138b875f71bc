// The checker checked: a fault is planted for every law, and the checker must cry out by that law's name. A rig that
// has never been seen to fail proves nothing.
import { describe, expect, test } from "vitest";
import type { AttemptEvent, EngineObserver } from "../../src/core/api/observer.js";
import { NO_HANDLE } from "../../src/core/api/wire.js";
import type { Reason } from "../../src/core/base/outcome.js";
import type { Instant } from "../../src/core/base/units.js";
import type { Demand } from "../../src/core/demand/callers/demand.js";
import { CallerEvent } from "../../src/core/demand/callers/event-kinds.js";
import type { Seams } from "../../src/core/engine/world/seams.js";
import type { RunResult } from "../../src/core/results/shape/result.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import type { Admission } from "../../src/core/server/gateway/admission.js";
import type { Gateway } from "../../src/core/server/gateway/gateway.js";
import type { RequestFacts } from "../../src/core/server/gateway/request-facts.js";
import type { PoolSignals } from "../../src/core/server/gateway/signals.js";
import { OVERLOADED_CAPACITY } from "../../src/core/server/gateway/verdict.js";
import { CANARY_WORLD as WORLD } from "../support/canary-world.js";
import type { LawId } from "../support/checker/violations.js";
import { compareForms, type Faults, runChecked } from "../support/checker.js";
import { NIGHTLY } from "../support/mode.js";

const STALE: ScenarioInput = {
  ...WORLD,
  pools: { shared: { ...WORLD.pools["shared"]!, signals: { period: "200ms" } } },
};

/** Copies travel, and some get lost. */
const TRAVELLING: ScenarioInput = {
  ...WORLD,
  pools: {
    shared: { ...WORLD.pools["shared"]!, signals: { period: "100ms", age: "150ms", loss: "30%" } },
  },
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

const WEIGHING: ScenarioInput = {
  ...WORLD,
  pools: { shared: { ...WORLD.pools["shared"]!, concurrency: { limit: "predictive", ttft: "40ms" } } },
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
  for (const world of [WORLD, LIMITED, LEARNING, SERVERS, FAIR, STALE, TRAVELLING, ABANDONING, HEDGING]) {
    const macro = runChecked(world, "canary");
    expect(macro.violations).toEqual([]);
    // The swarm runs all of its worlds both ways.
    if (!NIGHTLY && world !== WORLD) continue;
    const step = runChecked(world, "canary", { stepByStep: true });
    expect([...step.violations, ...compareForms(macro, step)]).toEqual([]);
  }
});

describe("planted in the world", () => {
  const faults: readonly [string, LawId, () => Seams, ScenarioInput?][] = [
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
    ["more inside than the concurrency limit lets in", "LAW-12", lets(4), LIMITED],
    ["a concurrency limit below what it is stated to be", "LAW-8", lets(2), LIMITED],
    ["a limit that grows unnoticed", "LAW-8", missesGrowth, SERVERS],
    ["a limit that is told of an attempt twice", "LAW-10", tellsLimitTwice, LEARNING],
    ["a limit that is told of a first token too late", "LAW-10", tellsLimitLate, LEARNING],
    ["one that starts though its limit keeps it out", "LAW-12", weighsNone, WEIGHING],
    ["a policy that is told the length of the answer", "LAW-6", leaksLength],
    ["live signals that lie", "LAW-7", liesLive],
    ["stale signals that are never renewed", "LAW-7", neverPublishes, STALE],
    ["stale signals that claim to be fresh", "LAW-7", datesWrongly, STALE],
    ["signals that are there before they have travelled", "LAW-7", arrives("early"), TRAVELLING],
    ["signals that turn up after they were lost", "LAW-7", arrives("late"), TRAVELLING],
    ["a client that comes back later than it said", "LAW-3", retriesLate],
    ["an outage that the gateway overlooks", "LAW-3", overlooksOutage],
    ["a first token that comes twice", "LAW-3", speaksTwice],
    ["a ledger that loses an attempt", "LAW-1", losesAttempt],
    ["a hedge that leaves later than it should", "LAW-3", hedgesLate, HEDGING],
    ["a call that gets lost on its way", "LAW-1", losesCall],
    ["an answer that gets lost on its way", "LAW-1", losesAnswer],
    ["an answer that comes twice", "LAW-1", answersTwice],
    ["an attempt that is abandoned after its first token", "LAW-3", abandonsLate, ABANDONING],
  ];
  test.each(faults)("%s: %s", (_, law, plant, world) => {
    expect(lawsBroken({ plant, stopAt: law }, world)).toContain(law);
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
    ["an account that was served more than the result says", "LAW-1", { tamper: skewsFairness }],
    ["a mean of the queue that is a little off", "LITTLE", { tamper: skewsQueue }],
  ];
  test.each(faults)("%s: %s", (_, law, planted) => {
    expect(lawsBroken({ ...planted, stopAt: law })).toContain(law);
  });

  test("an abandoned attempt without the event that it has left: LAW-12", () => {
    const doctor = (checker: EngineObserver): EngineObserver => ({
      ...relay(checker),
      attempt: (event, ...told) => {
        if (event !== "left") checker.attempt?.(event, ...told);
      },
    });
    expect(lawsBroken({ doctor, stopAt: "LAW-12" }, ABANDONING)).toContain("LAW-12");
  });
});

/** Changes the gateway, or the admission of every pool, when it is built. */
const withGateway = (change: (gateway: Gateway) => void): Seams => ({
  gateway: (gateway) => {
    change(gateway);
    return gateway;
  },
});
const withAdmission = (change: (admission: Admission) => void): Seams => ({
  admission: (admission) => {
    change(admission);
    return admission;
  },
});

function settlesTwice(): Seams {
  const isTime = every(10);
  return withGateway((gateway) => {
    const settle = gateway.settle.bind(gateway);
    gateway.settle = (attempt, facts, settlement, tokens, decidedAt, now) => {
      settle(attempt, facts, settlement, tokens, decidedAt, now);
      if (isTime()) settle(attempt, facts, settlement, tokens, decidedAt, now);
    };
  });
}

function forgetsSettlement(): Seams {
  const isTime = every(10);
  return withGateway((gateway) => {
    const settle = gateway.settle.bind(gateway);
    gateway.settle = (attempt, facts, settlement, tokens, decidedAt, now) => {
      if (!isTime()) settle(attempt, facts, settlement, tokens, decidedAt, now);
    };
  });
}

function settlesWrongly(): Seams {
  return withGateway((gateway) => {
    const settle = gateway.settle.bind(gateway);
    gateway.settle = (attempt, facts, _, tokens, decidedAt, now) =>
      settle(attempt, facts, "completed", tokens, decidedAt, now);
  });
}

function dropsCompletion(): Seams {
  const isTime = every(20);
  return {
    listener: (listener) => ({
      ...listener,
      completed: (attempt, now) => {
        if (!isTime()) listener.completed(attempt, now);
      },
    }),
  };
}

function overcommits(): Seams {
  return {
    replica: (replica) => {
      replica.fits = () => replica.slotsBusy < replica.slots;
      return replica;
    },
  };
}

function shedsPriority(): Seams {
  return withAdmission(({ policy }) => {
    const decide = policy.decide.bind(policy);
    policy.decide = (facts, signals, now) =>
      facts.rank === 0 && signals.queued > 0 ? OVERLOADED_CAPACITY : decide(facts, signals, now);
  });
}

function displacesOldest(): Seams {
  return withAdmission(({ queue, rule }) => {
    rule.lastBelow = (rank) => (rank === 0 ? queue.headOf(0) : -1);
  });
}

function servesNewest(): Seams {
  let newest = -1;
  return withAdmission(({ queue }) => {
    const join = queue.join.bind(queue);
    queue.join = (attempt, lane) => {
      join(attempt, lane);
      if (lane === 0) newest = attempt;
    };
    const headOf = queue.headOf.bind(queue);
    queue.headOf = (lane) => (lane === 0 && newest >= 0 && queue.has(newest) ? newest : headOf(lane));
  });
}

function countsNoAnswers(): Seams {
  return withAdmission(({ rule }) => {
    rule.settled = () => undefined;
  });
}

/** To the rule every request is of an account of its own, which has never been served. */
function liftsNone(): Seams {
  return withAdmission(({ rule }) => {
    const join = rule.join.bind(rule);
    rule.join = (attempt, lane, account, now) => join(attempt, lane, 3 * attempt + account, now);
  });
}

const overfillsQueue = () => withAdmission(({ policy }) => Object.assign(policy, { maxQueue: 50 }));

const lets = (most: number) => () => withAdmission(({ limit }) => Object.assign(limit, { most }));

const weighsNone = () => withAdmission((admission) => Object.assign(admission, { mayEnter: () => true }));

function missesGrowth(): Seams {
  return withAdmission((admission) => {
    Object.defineProperty(admission, "hasGrown", { get: () => false, set: () => undefined });
  });
}

function tellsLimitTwice(): Seams {
  return withAdmission((admission) => {
    const settle = admission.settle.bind(admission);
    admission.settle = (attempt, path, settlement, tokens, now) => {
      settle(attempt, path, settlement, tokens, now);
      const stay = { startedAt: now, firstTokenAt: now, leftAt: now, outputTokens: tokens, settlement };
      if (settlement === "completed") admission.limit.left(attempt, stay, admission.inside);
    };
  });
}

function tellsLimitLate(): Seams {
  return withAdmission((admission) => {
    const firstToken = admission.firstToken.bind(admission);
    admission.firstToken = (attempt, now) => firstToken(attempt, (now + 1) as Instant);
  });
}

function leavesWorkUndone(): Seams {
  const isTime = every(7);
  return {
    pool: (pool) => {
      const dispatch = pool.dispatch.bind(pool);
      pool.dispatch = (now, given) => {
        if (!isTime()) dispatch(now, given);
      };
      return pool;
    },
  };
}

function leaksLength(): Seams {
  return {
    gateway: (gateway) => {
      const decide = gateway.decide.bind(gateway);
      gateway.decide = (facts, now) => {
        const { account, path, model, pool, rank, inputTokens, cachedTokens, maxTokens } = facts;
        const stated = { account, path, model, pool, rank, inputTokens, cachedTokens, maxTokens };
        const leaking: RequestFacts & { outputTokens: number } = { ...stated, outputTokens: 7 };
        return decide(leaking, now);
      };
      return gateway;
    },
  };
}

function liesLive(): Seams {
  return {
    pool: (pool) => {
      const signalsAt = pool.signalsAt.bind(pool);
      pool.signalsAt = (now) => {
        const signals = signalsAt(now);
        signals.slotsBusy = Math.max(0, signals.slotsBusy - 1);
        return signals;
      };
      return pool;
    },
  };
}

function neverPublishes(): Seams {
  return { pool: (pool) => Object.assign(pool, { renewCopy: () => undefined }) };
}

function datesWrongly(): Seams {
  return {
    pool: (pool) => {
      const signalsAt = pool.signalsAt.bind(pool);
      pool.signalsAt = (now) => {
        const signals = signalsAt(now);
        signals.asOf = now;
        return signals;
      };
      return pool;
    },
  };
}

/** A copy with a date that cannot be seen yet, or that later ones have been seen instead of. */
function arrives(when: "early" | "late"): () => Seams {
  const isWrong = every(5);
  return () => ({
    pool: (pool) => {
      const signalsAt = pool.signalsAt.bind(pool);
      pool.signalsAt = (now) => {
        if (!isWrong()) return signalsAt(now);
        const signals = signalsAt(now);
        const date = when === "early" ? signals.asOf + 200_000 : Math.max(0, signals.asOf - 100_000);
        return Object.create(signals, { asOf: { value: date } }) as PoolSignals;
      };
      return pool;
    },
  });
}

/** Events of that kind come a microsecond after they are due. */
function delays(late: number): Seams {
  return {
    events: (events) => {
      const schedule = events.schedule.bind(events);
      events.schedule = (at, phase, kind, subject) =>
        schedule(kind === late ? ((at + 1) as Instant) : at, phase, kind, subject);
      return events;
    },
  };
}

const retriesLate = () => delays(CallerEvent.retry);
const hedgesLate = () => delays(CallerEvent.hedge);

function overlooksOutage(): Seams {
  const nothing = () => undefined;
  return { gateway: (gateway) => Object.assign(gateway, { outageBegins: nothing, outageEnds: nothing }) };
}

function speaksTwice(): Seams {
  const isTime = every(20);
  return {
    listener: (listener) => ({
      ...listener,
      completed: (attempt, now) => {
        if (isTime()) listener.firstToken(attempt, now);
        else listener.completed(attempt, now);
      },
    }),
  };
}

function losesAttempt(): Seams {
  const isTime = every(20);
  return {
    ledger: (ledger) => {
      const failed = ledger.attemptFailed.bind(ledger);
      ledger.attemptFailed = (tier: number, arrivedAt: Instant, reason: Reason) => {
        if (!isTime()) failed(tier, arrivedAt, reason);
      };
      return ledger;
    },
  };
}

function losesCall(): Seams {
  const isTime = every(50);
  return {
    calls: (calls) => ({
      receive: (call, now) => (isTime() ? NO_HANDLE : calls.receive(call, now)),
      cancel: (handle, now) => calls.cancel(handle, now),
      progress: (handle, now) => calls.progress(handle, now),
    }),
  };
}

function losesAnswer(): Seams {
  const isTime = every(20);
  return {
    answers: (answers) => {
      const completed = answers.completed.bind(answers);
      answers.completed = (request, usage, now) => {
        if (!isTime()) completed(request, usage, now);
      };
      return answers;
    },
  };
}

function answersTwice(): Seams {
  const isTime = every(20);
  return {
    answers: (answers) => {
      const completed = answers.completed.bind(answers);
      answers.completed = (request, usage, now) => {
        completed(request, usage, now);
        if (isTime()) completed(request, usage, now);
      };
      return answers;
    },
  };
}

function abandonsLate(): Seams {
  const isTime = every(20);
  return {
    answers: (answers) => {
      const demand = answers as Demand;
      const firstToken = demand.firstToken.bind(demand);
      demand.firstToken = (request, now) => {
        firstToken(request, now);
        if (isTime()) demand.handle(CallerEvent.clientTimeout, request, now);
      };
      return demand;
    },
  };
}

/** Tells one event in fifty a millisecond too early, as a log with two lines swapped would. */
function swapsTimes(checker: EngineObserver): EngineObserver {
  const isTime = every(50);
  return {
    ...relay(checker),
    attempt: (event, slot, attempt, now, end) => {
      const told = isTime() ? (Math.max(0, now - 1000) as Instant) : now;
      checker.attempt?.(event, slot, attempt, told, end);
    },
  };
}

/** Holds one kind of event of each request back until the request's next event has been told. */
function swapsEvents(checker: EngineObserver, held: AttemptEvent): EngineObserver {
  const late = new Set<number>();
  return {
    ...relay(checker),
    attempt: (event, slot, attempt, now, end) => {
      if (event === held) {
        late.add(slot);
        return;
      }
      checker.attempt?.(event, slot, attempt, now, end);
      if (late.delete(slot)) checker.attempt?.(held, slot, attempt, now);
    },
  };
}

function losesEnd(checker: EngineObserver): EngineObserver {
  const isTime = every(30);
  return {
    ...relay(checker),
    attempt: (event, ...told) => {
      if (event !== "ended" || !isTime()) checker.attempt?.(event, ...told);
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

function skewsFairness(result: RunResult): RunResult {
  const { fairness } = result.all;
  return {
    ...result,
    all: { ...result.all, fairness: { ...fairness!, service: (fairness!.service ?? 0) * 0.999 } },
  };
}

function skewsQueue(result: RunResult): RunResult {
  const [pool] = result.pools;
  return { ...result, pools: [{ ...pool!, queuedMean: (pool!.queuedMean ?? 0) * 1.000_01 }] };
}
