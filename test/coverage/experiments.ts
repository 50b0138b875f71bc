// An experiment is what a user does: n runs, pooled. Many of them, drawn from a pool of runs, say how often an interval
// covers, whose truth is that of the whole pool. Knows draws and counts; intervals are the product's.
import type { Estimate } from "../../src/core/index.js";
import { openStream, type Stream } from "../../src/core/random/stream.js";
import { binomialInterval } from "../../src/core/stats/binomial-interval.js";
import type { MeasureName, Model } from "./models.js";
import type { Pool } from "./pools.js";
import { type Drawn, estimates, mayOvercover, observed, ownEstimates, type Run } from "./product.js";

/** All seeds alike, or chosen by strata of candidates. */
export type Choice = "plain" | "strata";

export interface Setting {
  readonly n: number;
  readonly choice: Choice;
  readonly experiments: number;
}

export interface Cell {
  readonly model: string;
  readonly half: Model["half"];
  readonly measure: MeasureName;
  readonly n: number;
  readonly choice: Choice;
  readonly truth: number;
  readonly experiments: number;
  /** Experiments that gave an interval, and where the truth was. */
  readonly printed: number;
  readonly covered: number;
  /** The interval lay below the truth, or above it. */
  readonly below: number;
  readonly above: number;
  /** Of those that are printed: open to one side. */
  readonly open: number;
  /** The same of those that should not cover more than they say. */
  readonly plain: { readonly printed: number; readonly covered: number };
  /** Median width over the truth, of those that have an interval. */
  readonly width: number;
  /** Events that say as much as those of an experiment, were they independent; null for what is no rate. */
  readonly events: number | null;
  readonly methods: ReadonlyMap<string, number>;
}

const CONFIDENCE = 0.999;
/** Nominal 95 % may be off by so much. */
const [LEAST, MOST] = [0.93, 0.97];
/** Quantiles of very many values are known as exactly as this. */
const RESOLUTION = 0.001;
/** Of fewer events than this a rate is known so badly that its interval may be too wide. */
const FEW_EVENTS = 10;

export interface Judgement {
  /** The exact interval of the coverage. */
  readonly low: number;
  readonly high: number;
  readonly verdict: "ok" | "LOW" | "HIGH" | "none";
}

/** A cell fails where the interval of its coverage lies outside what is allowed. */
export function judged({ printed, covered, plain, events }: Cell): Judgement {
  const { low, high } = binomialInterval(covered, printed, CONFIDENCE);
  if (printed === 0) return { low, high, verdict: "none" };
  if (high < LEAST) return { low, high, verdict: "LOW" };
  const isFew = events !== null && events < FEW_EVENTS;
  const isWide = !isFew && binomialInterval(plain.covered, plain.printed, CONFIDENCE).low > MOST;
  return { low, high, verdict: isWide ? "HIGH" : "ok" };
}

/** A cell in which more than one experiment in twenty has no interval says nothing. */
export const isSilent = ({ printed, experiments }: Cell): boolean => printed < 0.95 * experiments;

/** With replacement: what the pool says is then the truth. */
export function drawnFrom<Value>(values: readonly Value[], count: number, stream: Stream): Value[] {
  return Array.from({ length: count }, () => values[stream.below(values.length)]!);
}

/** Candidates of an experiment, shares of the strata from the lightest, and how many of each are run. */
const CANDIDATES = 96;
const SHARES = [0.5, 0.25, 0.15, 0.1] as const;
const TAKEN: Readonly<Record<number, readonly number[]>> = {
  12: [2, 3, 4, 3],
  20: [3, 5, 6, 6],
};

/** Undefined where there are no strata of so many seeds, or the model has none. */
export function draw(pool: Pool, { n, choice }: Setting, stream: Stream): Drawn | undefined {
  if (choice === "plain") return { runs: drawnFrom(pool.runs, n, stream) };
  const taken = TAKEN[n];
  if (taken === undefined || pool.runs.some(({ load }) => load === null)) return undefined;
  const sorted = drawnFrom(pool.runs, CANDIDATES, stream).sort((one, other) => one.load! - other.load!);
  const runs: Run[] = [];
  const of: number[] = [];
  const shares: number[] = [];
  let [from, upTo] = [0, 0];
  for (const [stratum, share] of SHARES.entries()) {
    upTo += share;
    const inside = sorted.slice(from, Math.round(upTo * CANDIDATES));
    from += inside.length;
    shares.push(inside.length / CANDIDATES);
    for (let left = taken[stratum]!; left > 0; left--) {
      runs.push(...inside.splice(stream.below(inside.length), 1));
      of.push(stratum);
    }
  }
  return { runs, strata: { candidates: CANDIDATES, shares, of } };
}

interface Tally {
  covered: number;
  below: number;
  above: number;
  open: number;
  plainPrinted: number;
  plainCovered: number;
  readonly widths: number[];
  readonly methods: Map<string, number>;
}

/** One cell for each measure; none where so many seeds cannot be drawn so. */
export function cellsOf(model: Model, pool: Pool, setting: Setting): Cell[] {
  const { n, choice } = setting;
  const tallies = model.measures.map((): Tally => {
    const counts = { covered: 0, below: 0, above: 0, open: 0, plainPrinted: 0, plainCovered: 0 };
    return { ...counts, widths: [], methods: new Map() };
  });
  let experiments = 0;
  for (const found of experimentsOf(model, pool, setting)) {
    experiments++;
    for (const [index, estimate] of found.entries()) count(tallies[index]!, estimate, pool.truths[index]!);
  }
  if (experiments === 0) return [];
  return model.measures.map((measure, index): Cell => {
    const { covered, below, above, open, plainPrinted, plainCovered, widths, methods } = tallies[index]!;
    const truth = pool.truths[index]!;
    return {
      model: model.name,
      half: model.half,
      ...{ measure, n, choice, truth, experiments, covered, below, above, open, methods },
      printed: widths.length,
      plain: { printed: plainPrinted, covered: plainCovered },
      width: median(widths) / truth,
      events: isOfEvents(measure) ? independentEvents(pool.runs, measure, truth, n) : null,
    };
  });
}

/** What each experiment says of the measures. A run by itself is one only once: nothing is drawn of it. */
function* experimentsOf(model: Model, pool: Pool, setting: Setting): Generator<readonly Estimate[]> {
  if (model.isAlone === true) {
    if (setting.n !== 1 || setting.choice !== "plain") return;
    for (const run of pool.runs) yield ownEstimates(run, model.measures);
    return;
  }
  const stream = openStream("coverage", `${model.name}/${setting.n}/${setting.choice}`);
  for (let left = setting.n === 1 ? 0 : setting.experiments; left > 0; left--) {
    const drawn = draw(pool, setting, stream);
    if (drawn === undefined) return;
    yield estimates(drawn, model.measures);
  }
}

function count(tally: Tally, estimate: Estimate, truth: number): void {
  const { method } = estimate;
  tally.methods.set(method, (tally.methods.get(method) ?? 0) + 1);
  if (estimate.low === null && estimate.high === null) return;
  const { low, high } = {
    low: estimate.low ?? Number.NEGATIVE_INFINITY,
    high: estimate.high ?? Number.POSITIVE_INFINITY,
  };
  tally.widths.push(high - low);
  if (high - low === Number.POSITIVE_INFINITY) tally.open++;
  // Truths are quantiles of a sketch, which is as fine as that.
  const [least, most] = [truth * (1 - RESOLUTION), truth * (1 + RESOLUTION)];
  if (high < least) tally.below++;
  else if (low > most) tally.above++;
  const isCovered = low <= most && least <= high;
  if (isCovered) tally.covered++;
  // Where very many values are one and the same, an interval of that quantile has it for an end, or is nothing else.
  if (low === estimate.value || high === estimate.value || mayOvercover(estimate)) return;
  tally.plainPrinted++;
  if (isCovered) tally.plainCovered++;
}

/** Whether a measure is a rate of events: of refusals and failures, or of retries in excess of requests. */
const isOfEvents = ([metric, aggregation]: MeasureName) =>
  aggregation === "rate" || metric.startsWith("amplification");

/** As many independent events as would vary as much as those of n runs: n over the squared cv of a run's own. */
function independentEvents(runs: readonly Run[], measure: MeasureName, whole: number, n: number): number {
  const none = measure[1] === "rate" ? 0 : 1;
  const truth = whole - none;
  const all = runs.map((run) => {
    const { value, weight } = observed(run, measure);
    return { value: (value ?? none) - none, weight };
  });
  const weight = all.reduce((sum, one) => sum + one.weight, 0) / runs.length;
  const spread = all.reduce((sum, one) => sum + ((one.value - truth) * one.weight) ** 2, 0);
  return (n * (truth * weight) ** 2) / (spread / runs.length);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
