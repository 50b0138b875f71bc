// Thresholds that a plan without an answer left undecided: whether an event of each was seen at all, whether the key
// changes it, and what would tell. Knows probes and points; plan-open-text.ts says it.
import { metricNamed } from "../../results/metrics/metrics.js";
import { ALL_TIERS, tagOf } from "../../results/metrics/sliced.js";
import { INTERVAL_METHODS, type IntervalMethod } from "../../results/shape/interval-method.js";
import type { RunResult } from "../../results/shape/result.js";
import { measureKey, measureOf, nameIn } from "../../results/verdict/measures.js";
import type { StatedThreshold, Threshold } from "../../results/verdict/threshold.js";
import type { Scenario } from "../../scenario/schema.js";
import type { BeyondRange, Candidate } from "./candidate.js";
import type { OpenThreshold, PlanResult, Teller } from "./plan-result.js";
import type { Trial } from "./probe.js";

/** Which thresholds a search moves: what is tried is held against the first that was, on the seeds of both. */
export class Movement {
  readonly #thresholds: readonly StatedThreshold[];
  readonly #scenario: Scenario;
  readonly #firsts = new Map<Trial["kind"], { readonly key: string; readonly result: RunResult }>();
  /** By the place of the threshold: whether all that was tried gave it the same; undefined where nothing tells. */
  readonly #same: (boolean | undefined)[] = [];

  constructor(scenario: Scenario, thresholds: readonly StatedThreshold[]) {
    this.#scenario = scenario;
    this.#thresholds = thresholds;
  }

  note({ values, demand }: Candidate, { kind }: Pick<Trial, "kind">, result: RunResult): void {
    // A key at another demand is another search.
    if (values.length > 0 && demand !== 1) return;
    const key = JSON.stringify([values, demand]);
    const first = this.#firsts.get(kind);
    if (first === undefined) this.#firsts.set(kind, { key, result });
    if (first === undefined || first.key === key) return;
    const paths = values.map(([path]) => path);
    for (const [index, { parsed }] of this.#thresholds.entries()) {
      if (this.#same[index] === false) continue;
      const same = isSame(first.result, result, parsed, paths, this.#scenario);
      if (same !== undefined) this.#same[index] = same;
    }
  }

  /** Whether values may make a difference to the threshold at this place: not where those that were tried made none. */
  isMoved(index: number): boolean {
    return this.#same[index] !== true;
  }
}

/**
 * Whether two values gave a threshold, and all else that is measured of the same tier, source or account, the same on
 * every seed that both have; undefined where that tells nothing. What all seeds give alike, as a pool does that refuses
 * nothing, tells nothing unless the key is of another pool.
 */
function isSame(
  one: RunResult,
  other: RunResult,
  threshold: Threshold,
  paths: readonly string[],
  scenario: Scenario,
): boolean | undefined {
  const own = measureOf(threshold);
  const tag = tagOf(metricNamed(threshold.metric)!.of, threshold);
  const name = tag === undefined ? undefined : threshold[tag];
  const places = new Map(other.estimates.map((estimate, place) => [measureKey(estimate), place]));
  const asked = one.estimates.flatMap((estimate, place) => {
    const isOwn = measureKey(estimate) === measureKey(own);
    const isOfSlice = tag !== undefined && nameIn(estimate.metric, tag) === name;
    return isOwn || isOfSlice ? [{ place, at: places.get(measureKey(estimate)), isOwn }] : [];
  });
  const twins = new Map(other.replications.map(({ seed, values }) => [seed, values]));
  const seen = new Set<number>();
  for (const { seed, values } of one.replications) {
    const twin = twins.get(seed);
    if (twin === undefined) continue;
    for (const { place, at, isOwn } of asked) {
      const value = values[place] ?? null;
      if (at === undefined || value !== (twin[at] ?? null)) return false;
      if (isOwn && value !== null) seen.add(value);
    }
  }
  const isOfAnother =
    tag === "tier" && paths.length > 0 && paths.every((path) => !isOfTier(path, name, scenario));
  return seen.size > 1 || (seen.size === 1 && isOfAnother) ? true : undefined;
}

/** Whether a key is of the pool that serves a tier, as far as that is known. */
function isOfTier(path: string, tier: string | undefined, { paths }: Scenario): boolean {
  const pool = /^pools\.([^.]+)\./.exec(path)?.[1];
  const own = tier === undefined || tier === ALL_TIERS ? undefined : paths[tier];
  return pool === undefined || own === undefined || own.pool === pool;
}

/** None where there is an answer. */
export function openThresholds(
  plan: PlanResult,
  thresholds: readonly StatedThreshold[],
  movement: Movement,
  scenario: Scenario,
  beyondRange: () => BeyondRange = () => ({ below: false, above: false }),
): OpenThreshold[] {
  const { answer, points, certified, order } = plan;
  if (answer !== null) return [];
  const beyond = beyondRange();
  const tried = [...points, ...(order?.compared ?? []), ...certified];
  // What was certified was looked at more often: what the search left open there counts no more.
  const later = certified.filter(({ verdict }) => verdict === "undecided");
  const open = later.length > 0 ? later : tried.filter(({ verdict }) => verdict === "undecided");
  return thresholds.flatMap(({ metric, expression, parsed }, index): OpenThreshold[] => {
    const found = open
      .map((point) => point.thresholds[index]!)
      .filter(({ verdict }) => verdict === "undecided");
    const last = found.at(-1);
    if (last === undefined) return [];
    const isSeen = tried.some(({ thresholds }) => isEvent(thresholds[index]!));
    const isMoved = movement.isMoved(index);
    const { method } = last;
    const tellers = whatTells(
      method,
      isSeen,
      isMoved ? wider(plan.kind, beyond) : [],
      worstRunOf(parsed, scenario),
    );
    return [{ metric, expression, method, isSeen, isMoved, tellers }];
  });
}

const isEvent = ({
  method,
  observed,
}: {
  readonly method: IntervalMethod;
  readonly observed: number | null;
}) => observed !== null && method !== "zero-events";

/** Those without an interval that more runs give one. */
const NEEDS_RUNS: readonly IntervalMethod[] = ["one-seed", "swings", "too-few"];

function whatTells(
  method: IntervalMethod,
  isSeen: boolean,
  range: readonly Teller[],
  worstRun: readonly Teller[],
): Teller[] {
  if (!INTERVAL_METHODS[method].isInterval) return NEEDS_RUNS.includes(method) ? ["replications"] : [];
  return isSeen ? ["replications"] : [...range, ...worstRun, "replications"];
}

/** Beyond the end where values are worse, unless nothing lies there; of `--best` it is not known which end that is. */
function wider(kind: PlanResult["kind"], { below, above }: BeyondRange): Teller[] {
  if (kind === "least" || kind === "cheapest") return below ? ["lower range"] : [];
  return above && kind !== "best" ? ["higher range"] : [];
}

/** It bounds what tiers lose of their attempts. */
function worstRunOf(threshold: Threshold, { check }: Scenario): Teller[] {
  const { of } = metricNamed(threshold.metric)!;
  const isOfTier = of === "attempts" && tagOf(of, threshold) === "tier";
  return isOfTier && check.worstRun === undefined ? ["worst run"] : [];
}
