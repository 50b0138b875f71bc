// Shed rates that are known at every value of a key, with noise that seeds share and noise of their own: what a plan says
// of them can be counted. Nothing is simulated.
import { parseScenario, type Scenario } from "../../src/core/index.js";
import { openStream, type Stream } from "../../src/core/random/stream.js";
import { UNKNOWN_LOAD } from "../../src/core/results/metrics/load.js";
import type { Estimate, Replication } from "../../src/core/results/shape/result.js";
import { thresholdResult, verdictOf } from "../../src/core/results/verdict/evaluate.js";
import { measureOf } from "../../src/core/results/verdict/measures.js";
import { thresholdsOf } from "../../src/core/scenario/thresholds.js";
import { criticalT } from "../../src/core/stats/student.js";
import { axisOf, readRange } from "../../src/core/tools/planning/axis.js";
import type { TrialSettings } from "../../src/core/tools/planning/candidate.js";
import { makePlan } from "../../src/core/tools/planning/plan.js";
import type { BetterWay, PlanResult } from "../../src/core/tools/planning/plan-result.js";
import { type Probe, probeOf } from "../../src/core/tools/planning/probe.js";
import { PLANNED } from "./planned.js";
import { runResult } from "./run-result.js";

/** A threshold on each: rate<5% of both tiers. */
type Curve = (value: number) => number;

export interface Planted {
  /** What is shed at a value, of Standard and, where it is given, of Priority. */
  readonly standard: Curve;
  readonly priority?: Curve;
  /** Standard deviations from seed to seed: of what every value sees of a seed alike, and of the rest. */
  readonly common: number;
  readonly own: number;
}

export interface PlantedGoal {
  readonly seed: string;
  /** `0..40` if left out. */
  readonly range?: string;
  readonly better?: BetterWay;
  readonly survey?: number;
  readonly most?: number;
  /** Trials until it is interrupted. */
  readonly trials?: number;
}

const TIERS = ["standard", "priority"] as const;
const CONFIDENCE = 0.95;

export const plantedScenario: Scenario = parseScenario({
  ...PLANNED[5]!.scenario,
  thresholds: Object.fromEntries(
    TIERS.map((tier) => [`overloaded_rate{tier:${tier},per:attempt}`, "rate<5%"]),
  ),
});
export const THRESHOLDS = thresholdsOf(plantedScenario);

/** Twelve uniform draws have the variance of one. */
function normal(stream: Stream): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw++) sum += stream.uniform();
  return sum;
}

function valuesAt(value: number, seed: string, { standard, priority, common, own }: Planted): number[] {
  const shared = common * normal(openStream(seed, "common"));
  const stream = openStream(seed, `value ${value}`);
  return [standard, priority ?? (() => 0.01)].map(
    (curve) => curve(value) + shared + (own === 0 ? 0 : own * normal(stream)),
  );
}

export function plantedProbe(value: number, settings: TrialSettings, planted: Planted): Probe {
  const { most, seed, confidence, share, family } = settings;
  const seeds = Array.from({ length: most }, (_, run) => `${seed}/${run + 1}`);
  const replications = seeds.map((one): Replication => {
    const values = valuesAt(value, one, planted);
    return { seed: one, values, weights: values.map(() => 1) };
  });
  const level = 1 - ((1 - confidence) * share) / family;
  const estimates = THRESHOLDS.map(({ parsed }, index): Estimate => {
    const all = replications.map((one) => one.values[index]!);
    const mean = all.reduce((sum, one) => sum + one, 0) / most;
    const variance = all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (most - 1);
    const half = criticalT(level, most - 1) * Math.sqrt(variance / most);
    const { metric, aggregation, unit, better } = measureOf(parsed);
    return {
      ...{ metric, aggregation, unit, better, value: mean, low: mean - half, high: mean + half },
      ...{ n: most, method: "replications", oneRun: null },
    };
  });
  const thresholds = THRESHOLDS.map((threshold, index) => {
    const estimate = estimates[index]!;
    return thresholdResult(threshold, estimate, verdictOf(threshold.parsed, estimate, false));
  });
  const load = { ...UNKNOWN_LOAD, verdict: "steady" as const };
  return probeOf(runResult({ replications, estimates, thresholds, load }), {});
}

/** What a plan says of the key `retryAfter.jitter`, whose values stand for any. */
export function plantedPlan(planted: Planted, goal: PlantedGoal): Promise<PlanResult> {
  const { seed, range = "0..40", better, survey = 7, most = 64, trials = Number.POSITIVE_INFINITY } = goal;
  const axis = axisOf(readRange(`retryAfter.jitter=${range}`), { kind: "whole" });
  let tried = 0;
  return makePlan(
    { kind: "key", axis, better, survey },
    {
      ...{ scenario: plantedScenario, seed, confidence: CONFIDENCE, most },
      probe: async ({ values }, settings) =>
        ++tried > trials ? undefined : plantedProbe(Number(values[0]![1]), settings, planted),
    },
  );
}
