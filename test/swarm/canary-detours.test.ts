// Faults planted in what is done instead of a refusal, and in who is evicted: the checker has to cry out.
import { describe, expect, test } from "vitest";
import type { Seams } from "../../src/core/engine/world/seams.js";
import type { RunResult } from "../../src/core/results/shape/result.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import type { Admission } from "../../src/core/server/gateway/admission.js";
import { NO_REQUEST } from "../../src/core/server/gateway/queue/queue.js";
import { CANARY_WORLD } from "../support/canary-world.js";
import type { LawId } from "../support/checker/violations.js";
import { compareForms, type Faults, runChecked } from "../support/checker.js";

const { shared } = CANARY_WORLD.pools;
const price = { input: 1, cached: 0.1, output: 4 };

/** Two pools alike: standard spills over into the other, priority is demoted; an arrival of priority ends what runs. */
const WORLD: ScenarioInput = {
  ...CANARY_WORLD,
  inventory: { gpus: 4 },
  pools: {
    shared: { ...shared!, admission: { policy: "tail-drop", maxQueue: 1, evictLower: true } },
    other: { ...shared!, replicas: 1, admission: { policy: "tail-drop", maxQueue: 0 } },
  },
  paths: {
    standard: {
      ...CANARY_WORLD.paths["standard"]!,
      price,
      instead: [{ spill: "other", on: ["overload", "outage"] }],
    },
    priority: {
      ...CANARY_WORLD.paths["priority"]!,
      objective: { ttft: "300ms", tokensPerSecond: 20 },
      price: { input: 2, cached: 0.2, output: 8 },
      instead: [{ demote: "cheap", on: ["overload", "outage"] }],
    },
    cheap: { model: "m", serviceTier: "flex", pool: "other", rank: 1, price },
  },
};

function lawsBroken(faults: Faults): LawId[] {
  return [...new Set(runChecked(WORLD, "canary", faults).violations.map(({ law }) => law))];
}

const withAdmission = (change: (admission: Admission) => void): Seams => ({
  admission: (admission) => {
    change(admission);
    return admission;
  },
});

/** Whom the policy does not have evicted is evicted all the same: one of the newcomer's own rank. */
const evictsItsOwn = () =>
  withAdmission((admission) => {
    const evictedBy = admission.evictedBy.bind(admission);
    admission.evictedBy = (rank, hasPlace) => evictedBy(rank - 1, hasPlace);
  });

/** The first that started instead of the last. */
function evictsOldest(): Seams {
  return withAdmission((admission) => {
    const order: number[] = [];
    const start = admission.start.bind(admission);
    const startAtOnce = admission.startAtOnce.bind(admission);
    const left = admission.left.bind(admission);
    admission.start = (request, ...rest) => {
      order.push(request);
      start(request, ...rest);
    };
    admission.startAtOnce = (request, ...rest) => {
      order.push(request);
      startAtOnce(request, ...rest);
    };
    admission.left = (request) => {
      order.splice(order.indexOf(request), 1);
      left(request);
    };
    const evictedBy = admission.evictedBy.bind(admission);
    admission.evictedBy = (rank, hasPlace) =>
      evictedBy(rank, hasPlace) === NO_REQUEST ? NO_REQUEST : order[0]!;
  });
}

const more = (key: "demoted" | "spilled") => (result: RunResult) => ({
  ...result,
  tiers: result.tiers.map((tier) => ({ ...tier, [key]: tier[key] + 1 })),
});

test("without a fault nothing is found, and everything happens", () => {
  const [macro, step] = [runChecked(WORLD, "canary"), runChecked(WORLD, "canary", { stepByStep: true })];
  expect([...macro.violations, ...step.violations, ...compareForms(macro, step)]).toEqual([]);
  const { demoted, spilled, outcomes, cost } = macro.result!.all;
  for (const count of [demoted, spilled, outcomes.evicted, cost!.total]) expect(count).toBeGreaterThan(0);
});

describe("planted in detours and evictions", () => {
  test.each<[string, LawId, Faults]>([
    ["one of the same rank evicted", "LAW-9", { plant: evictsItsOwn }],
    ["the oldest evicted instead of the youngest", "LAW-9", { plant: evictsOldest }],
    ["a demoted attempt too many in the result", "LAW-1", { tamper: more("demoted") }],
    ["a spilled attempt too many in the result", "LAW-1", { tamper: more("spilled") }],
    [
      "money of demoted attempts at the price of what they asked for",
      "LAW-1",
      {
        tamper: (result) => ({
          ...result,
          tiers: result.tiers.map((tier) => ({
            ...tier,
            cost: tier.cost && { ...tier.cost, total: tier.cost.total * 1.01 },
          })),
        }),
      },
    ],
  ])("%s: %s", (_, law, faults) => {
    expect(lawsBroken({ ...faults, stopAt: law })).toContain(law);
  });
});
