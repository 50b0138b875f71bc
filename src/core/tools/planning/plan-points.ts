// What a plan writes down: a point for each candidate that was tried, and what all of them took.
import type { RunResult } from "../../results/shape/result.js";
import type { Axis } from "./axis.js";
import { objectiveIn } from "./best-value.js";
import type { Planning } from "./candidate.js";
import { fleetCost, type PathValue } from "./demand.js";
import type { Objective } from "./objective.js";
import { alsoMeasured } from "./plan-measures.js";
import type { PlanPoint, PlanResult } from "./plan-result.js";
import type { Probe } from "./probe.js";

const PLAN_SCHEMA_VERSION = 2;

/** What was seen, and whether all of it was. */
export interface SeenPoints {
  readonly answer: PlanPoint | null;
  readonly points: readonly PlanPoint[];
  readonly certified: readonly PlanPoint[];
  /** What was tried to tell whether the order is broken. */
  readonly compared?: readonly PlanPoint[];
  readonly finished: boolean;
}

/** A plan with what all kinds have in common; of so many values that there are to choose from. */
export function planWith(
  kind: PlanResult["kind"],
  axes: readonly Axis[],
  { answer, points, certified, compared = [], finished }: SeenPoints,
  values: number,
  { scenario, seed, confidence, spare }: Planning,
): PlanResult {
  const tried = [...points, ...compared, ...certified];
  const replications = Math.max(0, ...tried.map((point) => point.replications));
  const requests = sum(tried, (point) => point.requests);
  const all = sum(tried, (point) => point.replications);
  return {
    schemaVersion: PLAN_SCHEMA_VERSION,
    scenario: scenario.name,
    kind,
    seed,
    confidence,
    range: axes.map(({ path, texts, step }) => ({ path, from: texts[0]!, to: texts.at(-1)!, step })),
    spare: spare ?? null,
    partial: !finished,
    answer,
    margin: null,
    ties: [],
    guess: null,
    points,
    certified,
    contradictions: [],
    open: [],
    order: null,
    demand: [],
    work: {
      probes: tried.length,
      replications: all,
      requests,
      bruteForce: {
        values,
        replications,
        requests: all === 0 ? 0 : Math.round((values * replications * requests) / all),
      },
    },
  };
}

export function pointOf(
  at: readonly (readonly [Axis, number])[],
  { verdict, result, requests }: Probe,
  { scenario, gpuCost, spare }: Planning,
  objective?: Objective,
): PlanPoint {
  const values = at.map(([axis, index]) => ({
    path: axis.path,
    text: axis.texts[index]!,
    value: axis.values[index]!,
  }));
  const fleet = values.map(({ path, text }): PathValue => [path, text]);
  return {
    values,
    ...fleetCost(scenario, fleet, gpuCost, spare),
    held: heldBy(result, gpuCost),
    verdict,
    load: result.load.verdict,
    thresholds: result.thresholds,
    caveats: result.caveats,
    objective: (objective && objectiveIn(result, objective)) ?? null,
    busy: busyOf(result),
    also: alsoMeasured(result),
    replications: result.replications.length,
    requests,
  };
}

function heldBy({ pools }: RunResult, gpuCost: Planning["gpuCost"] = {}): PlanPoint["held"] {
  return {
    gpus: sum(pools, ({ gpus }) => gpus),
    cost: sum(pools, ({ pool, gpus }) => gpus * (gpuCost[pool] ?? 1)),
  };
}

function busyOf({ pools }: RunResult): PlanPoint["busy"] {
  return pools.map(({ pool, slots, slotsBusyMean }) => ({
    pool,
    share: slotsBusyMean === null || slots === 0 ? null : slotsBusyMean / slots,
  }));
}

export function sum<Row>(rows: readonly Row[], read: (row: Row) => number): number {
  return rows.reduce((so, row) => so + read(row), 0);
}
