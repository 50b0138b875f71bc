// The checker checked, as in canary.test.ts: faults of the time outside the engine, of steps that are scheduled ahead, and
// of the bounds that callers set on whole answers.
import { describe, expect, test } from "vitest";
import type { Instant } from "../../src/core/base/units.js";
import { CallerEvent } from "../../src/core/demand/callers/event-kinds.js";
import { NetworkEvent } from "../../src/core/engine/world/network.js";
import type { Seams } from "../../src/core/engine/world/seams.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { CANARY_WORLD } from "../support/canary-world.js";
import type { LawId } from "../support/checker/violations.js";
import { compareForms, runChecked } from "../support/checker.js";
import { withStepAhead } from "../support/world-changes.js";

const FRONT_END = { prompt: "30ms", perPromptToken: "10us", token: "20ms" };
const AHEAD = withStepAhead(CANARY_WORLD);
const shared = AHEAD.pools["shared"]!;
const FAR: ScenarioInput = {
  ...AHEAD,
  pools: { shared: { ...shared, replica: { ...shared.replica, frontEnd: FRONT_END } } },
  traffic: {
    agents: {
      ...AHEAD.traffic["agents"]!,
      client: { preset: "openai-node-6", timeout: "1s", attemptTimeout: "800ms", requestTimeout: "3s" },
    },
  },
};

const NEVER = 1e15 as Instant;

type When = (at: Instant) => Instant;

/** One event in so many of a kind comes at another time than it should. */
function moved(kind: number, when: When, count = 20): () => Seams {
  return () => ({
    events: (events) => {
      const schedule = events.schedule.bind(events);
      let seen = 0;
      events.schedule = (at, phase, what, subject) =>
        schedule(what === kind && ++seen % count === 0 ? when(at) : at, phase, what, subject);
      return events;
    },
  });
}

/** Once more, at the same instant. */
function doubled(kind: number): () => Seams {
  return () => ({
    events: (events) => {
      const schedule = events.schedule.bind(events);
      let seen = 0;
      events.schedule = (at, phase, what, subject) => {
        if (what === kind && ++seen % 20 === 0) schedule(at, phase, what, subject);
        return schedule(at, phase, what, subject);
      };
      return events;
    },
  });
}

const never: When = () => NEVER;
const later: When = (at) => (at + 1000) as Instant;
const sooner: When = (at) => (at - 1000) as Instant;
const longBefore: When = (at) => (at - 60_000) as Instant;

const FAULTS: readonly [string, LawId, () => Seams][] = [
  ["a call that gets lost on its way in", "LAW-3", moved(NetworkEvent.received, never)],
  ["a call that comes in too late", "LAW-3", moved(NetworkEvent.received, later)],
  ["a way in that takes less than no time", "LAW-2", moved(NetworkEvent.received, longBefore)],
  ["a call that comes in twice", "LAW-3", doubled(NetworkEvent.received)],
  ["a first token that comes out too soon", "LAW-3", moved(NetworkEvent.firstToken, sooner)],
  ["an answer that gets lost on its way out", "LAW-3", moved(NetworkEvent.ended, never)],
  ["an end that takes longer out than its first token", "LAW-3", moved(NetworkEvent.ended, later)],
  ["an answer that comes out twice", "LAW-3", doubled(NetworkEvent.ended)],
  ["a slot that is freed twice", "LAW-12", freesTwice],
  ["a slot that is held while the answer is on its way", "LAW-12", holds],
  ["a bound on whole answers that is never kept", "LAW-3", moved(CallerEvent.totalTimeout, never)],
  ["a bound on whole answers that is kept late", "LAW-3", moved(CallerEvent.totalTimeout, later)],
  ["a bound on whole answers that is kept early", "LAW-3", moved(CallerEvent.totalTimeout, sooner)],
  ["a step ahead whose token counts before it is there", "LAW-12", countsAhead],
];

test("without a fault nothing is found", () => {
  const [macro, step] = [false, true].map((stepByStep) => runChecked(FAR, "canary", { stepByStep }));
  expect([...macro!.violations, ...step!.violations, ...compareForms(macro!, step!)]).toEqual([]);
  const { reasons } = macro!.result!.all;
  expect([reasons.attempt_timeout! > 10, reasons.request_timeout! > 10]).toEqual([true, true]);
});

test.each(FAULTS)("%s: %s", (_, law, plant) => {
  const { violations } = runChecked(FAR, "canary", { plant, stopAt: law });
  expect(violations.map((violation) => violation.law)).toContain(law);
});

describe("one form alone", () => {
  test("that schedules no step ahead: LAW-5", () => {
    const [macro, step] = [
      runChecked(AHEAD, "canary"),
      runChecked(CANARY_WORLD, "canary", { stepByStep: true }),
    ];
    expect(compareForms(macro, step).map(({ law }) => law)).toContain("LAW-5");
  });
});

/** A pool is told twice that one has left. */
function freesTwice(): Seams {
  return {
    pool: (pool) => {
      const left = pool.left.bind(pool);
      pool.left = (attempt) => {
        left(attempt);
        left(attempt);
      };
      return pool;
    },
  };
}

/** What completes leaves its pool only with the next that does. */
function holds(): Seams {
  return {
    pool: (pool) => {
      const left = pool.left.bind(pool);
      let held: number | undefined;
      pool.left = (attempt) => {
        if (held !== undefined) left(held);
        held = attempt;
      };
      return pool;
    },
  };
}

function countsAhead(): Seams {
  return {
    replica: (replica) => {
      const generated = replica.generated.bind(replica);
      replica.generated = (attempt, now) => {
        const there = generated(attempt, now);
        return there > 0 ? there + 20 : 0;
      };
      return replica;
    },
  };
}
