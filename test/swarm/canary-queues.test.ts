// The checker checked, queue rule by queue rule: a pool runs by other options than its scenario states, and the checker
// must see that it does - so it knows what each option is for, and no order passes for another.
import { expect, test } from "vitest";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { Admission } from "../../src/core/server/gateway/admission.js";
import { createQueueRule, QUEUE_RULES, queueRule } from "../../src/core/server/gateway/queue/registry.js";
import { CANARY_WORLD } from "../support/canary-world.js";
import { runChecked } from "../support/checker.js";

type Discipline = Exclude<ScenarioInput["pools"][string]["discipline"], string | undefined>;

const LANES = Object.entries(CANARY_WORLD.paths).map(([name, { rank }]) => ({ name, rank: Number(rank) }));

/**
 * Many accounts, of which one asks for more than the others, and a pool that is drowned, with a queue long enough to
 * tell orders apart.
 */
const worldOf = (discipline: Discipline): ScenarioInput => ({
  ...CANARY_WORLD,
  pools: {
    shared: {
      ...CANARY_WORLD.pools["shared"]!,
      replicas: 1,
      discipline,
      admission: { policy: "tail-drop", maxQueue: 30, queueTimeout: "4s" },
    },
  },
  traffic: { agents: { ...CANARY_WORLD.traffic["agents"]!, accounts: { count: 12, skew: 1 } } },
});

const edf = { rule: "edf", deadlines: { standard: "1s", priority: "700ms" }, dropLate: true } as const;
const lifo = { rule: "adaptive-lifo", window: "500ms", dropLate: true, timeout: "200ms" } as const;
const apf = { rule: "apf", queues: 6, handSize: 2, queueLengthLimit: 5, serviceGuess: "2s" } as const;
const aging = { rule: "priority-aging", agingTime: "500ms" } as const;
const vtc = { rule: "vtc", inputWeight: 1, outputWeight: 2 } as const;

/** What a scenario states, and what its pool runs by. */
const OTHERS: readonly (readonly [stated: Discipline, run: Discipline])[] = [
  [aging, { ...aging, agingTime: "490ms" }],
  [aging, { rule: "priority" }],
  [edf, { ...edf, deadlines: { standard: "1s", priority: "690ms" } }],
  [edf, { ...edf, deadlines: { priority: "700ms" } }],
  [edf, { ...edf, dropLate: false }],
  [{ ...edf, dropLate: false }, edf],
  [{ rule: "edf" }, { rule: "fifo" }],
  [lifo, { ...lifo, window: "520ms" }],
  [lifo, { ...lifo, timeout: "190ms" }],
  [lifo, { ...lifo, timeout: "210ms" }],
  [lifo, { ...lifo, dropLate: false }],
  [lifo, { rule: "priority" }],
  [apf, { ...apf, queues: 7 }],
  [apf, { ...apf, handSize: 3 }],
  [apf, { ...apf, queueLengthLimit: 1 }],
  [apf, { ...apf, queueLengthLimit: 6 }],
  [apf, { ...apf, serviceGuess: "500ms" }],
  [vtc, { ...vtc, inputWeight: 1.1 }],
  [vtc, { ...vtc, outputWeight: 1.9 }],
];

test.each(QUEUE_RULES.map(({ name }) => name))("%s: without a fault nothing is found", (name) => {
  const tried = OTHERS.filter(([stated]) => stated.rule === name).map(([stated]) => stated);
  for (const stated of [{ rule: name } as Discipline, ...new Set(tried)]) {
    expect(runChecked(worldOf(stated), "canary").violations).toEqual([]);
  }
});

test.each(OTHERS)("%j run as %j is found out", (stated, run) => {
  const rule = createQueueRule(queueRule.parse(run), { lanes: LANES });
  const plant = () => ({
    admission: ({ limit, policy }: Admission) => new Admission({ limit, policy, rule }),
  });
  const laws = runChecked(worldOf(stated), "canary", { plant, stopAt: "LAW-9" }).violations.map(
    ({ law }) => law,
  );
  expect(laws).toContain("LAW-9");
});
