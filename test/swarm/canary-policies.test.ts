// Faults planted in what policies shed at the head of the queue, refuse at a gate and state together: the checker has to
// cry out.
import { describe, expect, test } from "vitest";
import type { Seams } from "../../src/core/engine/world/seams.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import type { Admission } from "../../src/core/server/gateway/admission.js";
import { OVERLOADED_CAPACITY, OVERLOADED_DELAY, WAIT } from "../../src/core/server/gateway/verdict.js";
import { CANARY_WORLD } from "../support/canary-world.js";
import type { LawId } from "../support/checker/violations.js";
import { compareForms, runChecked } from "../support/checker.js";

const { shared } = CANARY_WORLD.pools;

/** It sheds at the head, refuses some at a gate, and has a queue that is as long as the first of its policies has it. */
const WORLD: ScenarioInput = {
  ...CANARY_WORLD,
  pools: {
    shared: {
      ...shared!,
      admission: {
        policy: "any-of",
        of: [
          { policy: "codel", target: "20ms", interval: "100ms", targetFactor: { priority: 1 }, maxQueue: 5 },
          { policy: "dagor", delay: "50ms", window: "500ms", maxQueue: 12, queueTimeout: "2s" },
        ],
      },
    },
  },
};

function lawsBroken(plant: () => Seams, stopAt: LawId): LawId[] {
  return [...new Set(runChecked(WORLD, "canary", { plant, stopAt }).violations.map(({ law }) => law))];
}

const withAdmission = (change: (admission: Admission) => void): Seams => ({
  admission: (admission) => {
    change(admission);
    return admission;
  },
});

/** The one whose turn it is, though one of a lower rank waits. */
const shedsPriority = () =>
  withAdmission((admission) => Object.assign(admission, { droppedFor: (request: number) => request }));

/** Priority is refused for the wait at every third arrival, whoever waits. */
function refusesPriority(): Seams {
  return withAdmission(({ policy }) => {
    let asked = 0;
    const decide = policy.decide.bind(policy);
    policy.decide = (facts, signals, now) =>
      facts.rank === 0 && ++asked % 3 === 0 ? OVERLOADED_DELAY : decide(facts, signals, now);
  });
}

/** What finds the shortest of their queues full waits in the longest. */
function forgetsTheShortest(): Seams {
  return withAdmission(({ policy }) => {
    const decide = policy.decide.bind(policy);
    const decideLonger: typeof decide = (facts, signals, now) => {
      const verdict = decide(facts, signals, now);
      return verdict === OVERLOADED_CAPACITY ? WAIT : verdict;
    };
    Object.assign(policy, { maxQueue: 12, decide: decideLonger });
  });
}

test("without a fault nothing is found, and everything happens", () => {
  const [macro, step] = [runChecked(WORLD, "canary"), runChecked(WORLD, "canary", { stepByStep: true })];
  expect([...macro.violations, ...step.violations, ...compareForms(macro, step)]).toEqual([]);
  const { reasons } = macro.result!.all;
  expect(reasons["overloaded_delay"]).toBeGreaterThan(20);
});

describe("planted in policies", () => {
  test.each<[string, LawId, () => Seams]>([
    ["one shed at its turn before a lower rank that waits", "LAW-9", shedsPriority],
    ["one refused for the wait before a lower rank that waits", "LAW-9", refusesPriority],
    ["a queue as long as the longest of several policies has it", "LAW-9", forgetsTheShortest],
  ])("%s: %s", (_, law, plant) => {
    expect(lawsBroken(plant, law)).toContain(law);
  });
});
