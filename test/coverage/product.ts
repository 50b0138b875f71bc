// All that is asked of the simulator: to run, to pool, to judge and to compare. Nothing else in this folder calls it, so
// that what is measured is always the tool's own interval and its own verdict.

import type { RequestsPerSquare } from "../../src/core/engine/experiment/heavy-tail.js";
import { type ChosenSeeds, wholeBlocks } from "../../src/core/engine/experiment/seeds.js";
import { candidateLoads, isSwinging } from "../../src/core/engine/experiment/strata.js";
import {
  type Estimate,
  parseScenario,
  type RunResult,
  type Scenario,
  type ScenarioInput,
  Simulation,
} from "../../src/core/index.js";
import {
  baselineRecord,
  regressions,
  requestsPerSquare,
  study,
  thresholdsOf,
} from "../../src/core/internal.js";
import { type PoolingOptions, pooledResult, pooledVerdicts } from "../../src/core/results/build/pooled.js";
import { slicesOf } from "../../src/core/results/build/slices.js";
import type { Cohorts } from "../../src/core/results/ledger/cohorts.js";
import { CrossTable } from "../../src/core/results/ledger/cross-table.js";
import type { JudgedRun } from "../../src/core/results/metrics/judged.js";
import { judgedSessions, mergedSessions } from "../../src/core/results/metrics/sessions.js";
import { observe, thresholdResult, verdictOf } from "../../src/core/results/verdict/evaluate.js";
import { measureKey, measureOf, measuresOf } from "../../src/core/results/verdict/measures.js";
import { parseThreshold, type StatedThreshold, UNROUTED } from "../../src/core/results/verdict/threshold.js";
import type { SessionTotals } from "../../src/core/stats/session-lives.js";
import type { MeasureName } from "./models.js";

const NOMINAL = 0.95;
/** Raised by hand where runs change without a change of the sources that pools are kept by. */
export const POOLS_VERSION = 1;

/** What pooling needs of a run, as plain data that survives structured cloning. */
export interface Run {
  readonly result: RunResult;
  /** Work-weighted load of its swings, by which candidates are sorted into strata; null where it does not swing. */
  readonly load: number | null;
  /** Of its scenario: how far the longest of its requests decide. */
  readonly requestsPerSquare: RequestsPerSquare;
}

/** The threshold of a measure; without a bound, one that nothing fails. */
export function stated([metric, aggregation]: MeasureName, relation?: string): StatedThreshold {
  const isShare = aggregation === "rate";
  const expression = `${aggregation}${relation ?? (isShare ? "<=1" : "<=1e12")}`;
  const parsed = parseThreshold(metric, expression);
  if (!parsed.ok) throw new Error(`${metric} ${expression}: ${parsed.problem}`);
  return { metric, expression, allowNoData: true, parsed: parsed.value };
}

/** A scenario that measures what is asked for. */
export function measuring(scenario: ScenarioInput, measures: readonly MeasureName[]): Scenario {
  const thresholds: Record<string, string[]> = {};
  for (const one of measures) {
    const { metric, expression } = stated(one);
    thresholds[metric] = [...(thresholds[metric] ?? []), expression];
  }
  const named = Object.entries(thresholds).map(([metric, expressions]) => [
    metric,
    expressions.map((expression) => ({ threshold: expression, allowNoData: true })),
  ]);
  return parseScenario({ ...scenario, thresholds: Object.fromEntries(named) });
}

/** Runs one seed after another, and keeps what all of them measured together. */
export class Runs {
  #table: CrossTable | undefined;
  #cohorts: Cohorts | undefined;
  readonly #sessions: { source: string; totals: SessionTotals[] }[] = [];
  #scenario: Scenario | undefined;
  #perSquare: RequestsPerSquare | undefined;
  #measured = 0;

  run(scenario: Scenario, seed: string, isAlone = false): Run {
    this.#scenario = scenario;
    const simulation = new Simulation(scenario, { seed, isPooled: !isAlone, neverAborts: true });
    simulation.run();
    const result = simulation.result();
    this.#measured += result.time.measured;
    const { ledger, demand, cohorts } = simulation.engine;
    this.#cohorts = cohorts;
    this.#table ??= new CrossTable(ledger.table.tiers, cohorts.sources.length);
    this.#table.absorb(ledger.table);
    demand.callers.forEach(({ source }, index) => {
      this.#sessions[index] ??= { source: source.name, totals: [] };
      const totals = source.sessionTotals?.(simulation.now);
      if (totals !== undefined) this.#sessions[index].totals.push(totals);
    });
    const load = isSwinging(scenario) ? candidateLoads(scenario, [seed])[0]! : null;
    this.#perSquare ??= requestsPerSquare(scenario);
    return { result: kept(result, scenario), load, requestsPerSquare: this.#perSquare };
  }

  /** The values of measures as though all runs were one: sums over sums, quantiles of all values together. */
  truths(measures: readonly MeasureName[]): readonly number[] {
    const whole = this.#whole();
    return measures.map((name) => observe(measureOf(stated(name).parsed).subject, whole).value ?? Number.NaN);
  }

  #whole(): JudgedRun {
    const paths = Object.entries(this.#scenario!.paths);
    const prices = paths.map(([name, { price }]) => ({ name, price: price ?? null }));
    const tiers = [...prices, { name: UNROUTED, price: null }];
    const counts = { tables: [this.#table!], measured: this.#measured };
    const slices = slicesOf(counts, { tiers, cohorts: this.#cohorts! });
    const isPriced = prices.some(({ price }) => price !== null);
    const sessions = this.#sessions
      .filter(({ totals }) => totals.length > 0)
      .map(({ source, totals }) => ({ source, totals: mergedSessions(totals) }))
      .map(({ source, totals }) => judgedSessions(source, totals, isPriced));
    return { slices, sessions, recovery: null, fleet: null };
  }
}

/** Charts, tables of accounts and trends that nothing is asked of are no part of any estimate, and most of a result. */
function kept(result: RunResult, scenario: Scenario): RunResult {
  const series = { ...result.series, tiers: [], pools: [] };
  const asked = new Set(thresholdsOf(scenario).map(({ parsed }) => measureOf(parsed).metric));
  const replications = result.replications.map(({ ranked = {}, ...rest }) => ({
    ...rest,
    ranked: Object.fromEntries(Object.entries(ranked).filter(([trend]) => asked.has(trend))),
  }));
  return { ...result, series, distributions: [], accounts: [], replications };
}

/** Runs that a draw has put together, and how, where they were chosen by strata. */
export interface Drawn {
  readonly runs: readonly Run[];
  readonly strata?: {
    readonly candidates: number;
    /** Of all candidates, by stratum. */
    readonly shares: readonly number[];
    /** The stratum of each run. */
    readonly of: readonly number[];
  };
}

/** A run that is drawn twice is two runs. */
const asDrawn = ({ result }: Run, index: number): RunResult => ({
  ...result,
  seed: `${result.seed}/${index}`,
  replications: result.replications.map((one) => ({ ...one, seed: `${one.seed}/${index}` })),
});

function pooled(drawn: Drawn, thresholds: readonly StatedThreshold[]): RunResult {
  return pooledResult(drawn.runs.map(asDrawn), pooling(drawn, thresholds));
}

/** What is known of the scenario of these runs. */
function known(runs: readonly Run[]) {
  return {
    swings: runs.some(({ load }) => load !== null),
    requestsPerSquare: Object.assign({}, ...runs.map((run) => run.requestsPerSquare)) as RequestsPerSquare,
  };
}

function pooling({ runs, strata: chosen }: Drawn, thresholds: readonly StatedThreshold[]): PoolingOptions {
  const options = { seed: "drawn", confidence: NOMINAL, thresholds, ...known(runs) };
  if (chosen === undefined) return options;
  const seeds = runs.map((run, index) => asDrawn(run, index).replications[0]!.seed);
  const strata = chosen.shares.map((share, stratum) => ({
    share,
    seeds: seeds.filter((_, index) => chosen.of[index] === stratum),
  }));
  return { ...options, strata: { blocks: [{ candidates: chosen.candidates, strata }] } };
}

/** The tool's estimates of measures, in their order. */
export function estimates(drawn: Drawn, measures: readonly MeasureName[]): readonly Estimate[] {
  const thresholds = measures.map((name) => stated(name));
  const runs = drawn.runs.map(asDrawn);
  return named(pooledVerdicts(runs, pooling(drawn, thresholds)), measures);
}

/** Those of a run by itself. */
export function ownEstimates({ result }: Run, measures: readonly MeasureName[]): readonly Estimate[] {
  return named(result, measures);
}

function named(
  { estimates }: Pick<RunResult, "estimates">,
  measures: readonly MeasureName[],
): readonly Estimate[] {
  const keys = estimates.map(measureKey);
  return measures.map((name) => estimates[keys.indexOf(measureKey(measureOf(stated(name).parsed)))]!);
}

/** What a single run says of a measure. */
export function observed({ result }: Run, name: MeasureName): { value: number | null; weight: number } {
  const key = measureKey(measureOf(stated(name).parsed));
  const index = result.estimates.findIndex((one) => measureKey(one) === key);
  const [{ values, weights } = { values: [], weights: [] }] = result.replications;
  return { value: values[index] ?? null, weight: weights[index] ?? 0 };
}

/** The same run of a scenario that has other thresholds, and measures nothing else for others' sake. */
function judgedBy(result: RunResult, thresholds: readonly StatedThreshold[]): RunResult {
  const keys = result.estimates.map(measureKey);
  const measures = measuresOf(
    {
      tiers: result.tiers.map(({ tier }) => tier).filter((tier) => tier !== UNROUTED),
      sources: result.sources.map(({ source }) => source),
      accounts: result.trackedAccounts.map(({ account }) => account),
      sessions: result.sessions.map(({ source }) => source),
    },
    thresholds.map(({ parsed }) => parsed),
  );
  const places = measures.map((measure) => keys.indexOf(measureKey(measure)));
  const estimateOf = (one: StatedThreshold) =>
    result.estimates[keys.indexOf(measureKey(measureOf(one.parsed)))]!;
  return {
    ...result,
    estimates: places.map((place) => result.estimates[place]!),
    replications: result.replications.map(({ seed, values, weights, ranked, lives }) => ({
      seed,
      ...(ranked && { ranked }),
      ...(lives && { lives }),
      values: places.map((place) => values[place]!),
      weights: places.map((place) => weights[place]!),
    })),
    thresholds: thresholds.map((one) => {
      const estimate = estimateOf(one);
      return thresholdResult(one, estimate, verdictOf(one.parsed, estimate, one.allowNoData));
    }),
  };
}

export type Plan =
  | { readonly kind: "fixed"; readonly count: number }
  | { kind: "decided"; readonly most: number };

/** The verdicts of a study whose runs are drawn from these by `next`, of so many in a suite; and how many it took. */
export async function verdicts(
  all: readonly Run[],
  next: () => Run,
  plan: Plan,
  thresholds: readonly StatedThreshold[],
  family: number,
) {
  let count = 0;
  const run = async () => judgedBy(asDrawn(next(), count++), thresholds);
  const { result, runs } = await study(run, { seed: "drawn", plan, thresholds, family, ...known(all) });
  return { verdicts: result!.thresholds.map(({ verdict }) => verdict), runs };
}

/** The same of a model that swings: whole blocks of seeds, each drawn by strata. */
export async function verdictsByStrata(
  drawBlock: () => Drawn,
  blocks: number,
  thresholds: readonly StatedThreshold[],
  family: number,
) {
  const runs = new Map<string, RunResult>();
  const chosen = (block: number): ChosenSeeds => {
    const drawn = drawBlock();
    const { blocks: made } = pooling(drawn, thresholds).strata!;
    const seeds = drawn.runs.map((run, index) => {
      const seed = `${block}/${asDrawn(run, index).replications[0]!.seed}`;
      const renamed = run.result.replications.map((one) => ({ ...one, seed }));
      runs.set(seed, judgedBy({ ...run.result, seed, replications: renamed }, thresholds));
      return seed;
    });
    const strata = made[0]!.strata.map(({ share, seeds: own }) => ({
      share,
      seeds: own.map((seed) => `${block}/${seed}`),
    }));
    return { seeds, strata: { candidates: made[0]!.candidates, strata } };
  };
  const seeds = wholeBlocks(new Array<number>(blocks).fill(BLOCK), chosen);
  const plan: Plan =
    blocks === 1 ? { kind: "fixed", count: BLOCK } : { kind: "decided", most: blocks * BLOCK };
  const run = async (seed: string) => runs.get(seed);
  const study_ = await study(run, { seed: "drawn", plan, seeds, thresholds, family, swings: true });
  return { verdicts: study_.result!.thresholds.map(({ verdict }) => verdict), runs: study_.runs };
}

/** Seeds of a block. */
export const BLOCK = 20;

/** Whether the second is called worse than the first, run by run of the same seeds. */
export function isWorse(before: Drawn, after: Drawn, measures: readonly MeasureName[]): boolean {
  const thresholds = measures.map((name) => stated(name));
  const baseline = baselineRecord(pooled(before, thresholds));
  return regressions(baseline, pooled(after, thresholds), { margin: 0.02 }).regressions.length > 0;
}

/** Methods whose intervals may cover more often than they say. */
const ONE_SIDED: readonly string[] = ["zero-events"];

/** Whether the tool says of an interval that it has one side only. */
export function mayOvercover({ method, low, high }: Estimate): boolean {
  return ONE_SIDED.includes(method) || low === null || high === null;
}
