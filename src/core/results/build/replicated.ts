// The replications of a scenario side by side: what each says of a measure, how their seeds were chosen, and how rare
// may still be what none of them saw. Knows results only, not how they were run.
import { assert } from "../../base/assert.js";
import { type Beyond, sharesBeyond } from "../../stats/pooled-quantile.js";
import { PooledValues } from "../../stats/pooled-values.js";
import { Ranking } from "../../stats/ranked-values.js";
import type { WeightedSample } from "../../stats/ratio.js";
import { SessionLives } from "../../stats/session-lives.js";
import { type Design, standingFor } from "../../stats/stratified-ratio.js";
import { varianceMargin } from "../../stats/variance-margin.js";
import type { Sample } from "../metrics/asks.js";
import { isBoundAbove, kindSpec } from "../metrics/kinds.js";
import { metricNamed } from "../metrics/metrics.js";
import { tagOf } from "../metrics/sliced.js";
import type { RunResult, SeedStrata } from "../shape/result.js";
import { type Measure, measureKey, measureOf } from "../verdict/measures.js";
import type { Threshold } from "../verdict/threshold.js";
import {
  beyondKey,
  boundOfClusters,
  type Clustering,
  type Clusters,
  clusteringOf,
  FEWEST_WITH_EVENTS,
} from "./clusters.js";
import { isKnown, type MostOfRun, type Replicated, samplesAt } from "./estimates.js";
import { MergedLives } from "./merged-lives.js";
import { designOf } from "./seed-design.js";

export interface ReplicatedOptions {
  /** Null where seeds were not chosen. */
  readonly strata: SeedStrata | null;
  readonly swings: boolean;
  /** By sources: how many of its requests say of the longest as much as one. */
  readonly requestsPerSquare: Readonly<Record<string, number>>;
  /** The most that a run may shed of a tier, as a share: what its scenario says. */
  readonly worstRun: number;
  /** How events cluster, as far as other runs of the like have shown it. */
  readonly clusters: Clusters;
}

export class Replications {
  readonly runs: readonly RunResult[];
  readonly design: Design;
  /** For how many replications on seeds chosen at random each of them stands. */
  readonly factors: readonly number[];
  readonly #measures: readonly Measure[];
  readonly #options: ReplicatedOptions;
  readonly #pooled = new Map<string, PooledValues>();
  readonly #lives = new Map<string, MergedLives>();

  constructor(runs: readonly RunResult[], measures: readonly Measure[], options: ReplicatedOptions) {
    this.runs = runs;
    this.#measures = measures;
    this.#options = options;
    const replications = runs.flatMap((run) => run.replications);
    this.design = designOf(replications, options.strata);
    this.factors = [...standingFor(this.design, runs.length)];
  }

  /** What they say of a measure, by its place, and of a threshold on it where that is what it is asked for. */
  at(index: number, threshold?: Threshold): Replicated {
    const measure = this.#measures[index]!;
    const { ofLives } = metricNamed(measure.subject.metric)!;
    return {
      samples: this.#samplesAt(index),
      design: this.design,
      pooled: () => this.pooledOf(measure.metric),
      ...(ofLives && { ofLives: () => this.livesOf(measure.subject.source!).read(ofLives) }),
      swings: this.#options.swings && this.design.length === 0,
      isHeavyTailed: this.#isHeavyTailed(),
      mostPlausible: (share, runs, risk, of) => this.#mostPlausible(index, share, runs, risk, of),
      mostBeyond: (samples, share, runs, risk, beyond) => {
        const known = [
          this.#effectBeyond(samples, beyond, threshold),
          runs < FEWEST_WITH_EVENTS ? this.#effectAtQuantile(measure, beyond) : undefined,
        ].filter((effect) => effect !== undefined);
        const own = () => clusteringOf(samples, this.design, 0)?.effect ?? 1;
        const effect = known.length === 0 ? undefined : Math.max(...known, own());
        return boundOfClusters(samples, { share, runs, most: 1 }, effect, risk);
      },
    };
  }

  /** Of a trend, by its name with all tags: what they measured together. */
  pooledOf(trend: string): PooledValues {
    const known = this.#pooled.get(trend);
    if (known !== undefined) return known;
    const parts = this.runs.flatMap(({ replications }, index) => {
      const [one] = replications;
      assert(one?.ranked !== undefined, "a run that is pooled keeps the values of its trends");
      const ranked = one.ranked[trend] ?? NO_VALUES;
      return { ranking: new Ranking(ranked), factor: this.factors[index]! };
    });
    const pooled = new PooledValues(parts);
    this.#pooled.set(trend, pooled);
    return pooled;
  }

  /** Of a source that has sessions: what all of them saw of these. */
  livesOf(source: string): MergedLives {
    const known = this.#lives.get(source);
    if (known !== undefined) return known;
    const parts = this.runs.map(({ replications: [one] }) => {
      assert(one?.lives !== undefined, "a run that is pooled keeps the lives of its sessions");
      return one.lives[source] ?? NO_LIVES;
    });
    const lives = new MergedLives(parts, this.factors, this.design);
    this.#lives.set(source, lives);
    return lives;
  }

  /** What a scenario says of a bad run is of what its tiers lose; a run that was worse shows that it is too little. */
  #mostOfRun(index: number): MostOfRun {
    const { subject, better } = this.#measures[index]!;
    const { of } = metricNamed(subject.metric)!;
    if (of !== "attempts" || tagOf(of, subject) !== "tier") return { having: 1, lacking: 1 };
    const seen = this.#samplesAt(index)
      .filter(isKnown)
      .map(({ value }) => value);
    const { worstRun } = this.#options;
    if (better === "lower") return { having: Math.max(worstRun, ...seen), lacking: 1 };
    return better === "higher"
      ? { having: 1, lacking: Math.max(worstRun, 1 - Math.min(...seen)) }
      : { having: 1, lacking: 1 };
  }

  #isHeavyTailed(): boolean {
    return Object.entries(this.#options.requestsPerSquare).some(([name, perSquare]) => {
      if (perSquare < HEAVY_TAIL) return false;
      const rows = this.runs.flatMap(({ sources }) => sources.filter(({ source }) => source === name));
      return rows.reduce((sum, { requests }) => sum + requests.offered, 0) < FEWEST_SQUARES * perSquare;
    });
  }

  #samplesAt(index: number): Sample[] {
    return samplesAt(
      this.runs.map(({ replications: [one] }) => one!),
      index,
    );
  }

  /** How events of all rates cluster, and values that these thresholds on quantiles do not allow. */
  clusters(thresholds: readonly Threshold[]): Clusters {
    const clusters: Record<string, Clustering> = {};
    const note = (key: string, clustering: Clustering | undefined) => {
      if (clustering !== undefined) clusters[key] = clustering;
    };
    for (const [index, measure] of this.#measures.entries()) {
      const spec = metricNamed(measure.subject.metric)!;
      if (!kindSpec(spec.kind).isQuotient || spec.unit !== "share") continue;
      const always = measure.better === "higher" ? 1 : 0;
      note(measureKey(measure), clusteringOf(this.#samplesAt(index), this.design, always));
    }
    for (const threshold of thresholds) {
      const { aggregation } = threshold;
      if (aggregation !== "p" && aggregation !== "med") continue;
      note(beyondKey(threshold), clusteringOf(this.#missing(threshold), this.design, 0));
    }
    return clusters;
  }

  /**
   * How values beyond a quantile cluster in these runs, for an end still farther out, which few of them reach: the
   * farther out, the smaller the clusters. As much as they may be with a risk of 10 % to be more, since nothing else
   * tells. Undefined where few runs reach the quantile itself.
   */
  #effectAtQuantile({ subject, metric }: Measure, { side, end }: Beyond): number | undefined {
    if (metricNamed(subject.metric)!.of === "sessions") return undefined;
    const pooled = this.pooledOf(metric);
    const quantile = pooled.quantile((subject.percentile ?? 50) / 100);
    if (side === "above" ? end < quantile : end > quantile) return undefined;
    const found = clusteringOf(sharesBeyond(pooled, { side, end: quantile }), this.design, 0);
    return found && found.effect * varianceMargin(this.runs.length - 1);
  }

  /** The share of values that a threshold on a quantile does not allow. */
  #missing(threshold: Threshold): WeightedSample[] {
    const beyond = { side: sideMissed(threshold), end: threshold.bound };
    return sharesBeyond(this.pooledOf(measureOf(threshold).metric), beyond);
  }

  /**
   * How values beyond an end cluster, where that is known from elsewhere: those beyond the bound of a threshold, which
   * are the same where none lies between, and come in clusters no larger where the end is farther out.
   */
  #effectBeyond(
    samples: readonly WeightedSample[],
    { side, end }: Beyond,
    threshold: Threshold | undefined,
  ): number | undefined {
    if (threshold === undefined || side !== sideMissed(threshold)) return undefined;
    const effect = this.#options.clusters[beyondKey(threshold)]?.effect;
    const { bound } = threshold;
    if (effect === undefined || (side === "above" ? end >= bound : end <= bound)) return effect;
    const missing = this.#missing(threshold);
    return samples.every(({ value }, index) => value === missing[index]!.value) ? effect : undefined;
  }

  #mostPlausible(index: number, share: number, runs: number, risk: number, of: keyof MostOfRun): number {
    const most = this.#mostOfRun(index)[of];
    return boundOfClusters(
      this.#samplesAt(index),
      { share, runs, most },
      this.#designEffect(index, runs, of),
      risk,
    );
  }

  /**
   * The largest design effect that is known: of the same rate of another tier, and of this one elsewhere and here.
   * Where more than a few runs have an event and nothing is known from elsewhere they say by themselves how far they
   * differ, and other tiers, which go up and down with this one, do not know it better.
   */
  #designEffect(index: number, runs: number, of: keyof MostOfRun): number | undefined {
    const measure = this.#measures[index]!;
    if (!kindSpec(metricNamed(measure.subject.metric)!.kind).isQuotient) return undefined;
    const always = of === "having" ? 0 : 1;
    const elsewhere = this.#options.clusters[measureKey(measure)]?.effect;
    const isFew = runs < FEWEST_WITH_EVENTS;
    if (!isFew && elsewhere === undefined) return undefined;
    const siblings = this.#measures.map((other, place) =>
      place !== index && isSibling(measure.subject, other.subject)
        ? clusteringOf(this.#samplesAt(place), this.design, always)?.effect
        : undefined,
    );
    const own = isFew ? undefined : clusteringOf(this.#samplesAt(index), this.design, always)?.effect;
    const known = [...siblings, elsewhere, own].filter((effect) => effect !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  }
}

/** Where values are that a threshold on a quantile does not allow. */
function sideMissed({ operator }: Threshold): Beyond["side"] {
  return isBoundAbove(operator) ? "above" : "below";
}

/** That of lognormal lengths with a sigma of 1.07; of exponential ones it is 6. */
const HEAVY_TAIL = 100;
/** With so many in effect a mean of squares is known to a tenth. */
const FEWEST_SQUARES = 100;
const NO_VALUES = { values: new Float64Array(0), counts: null };
const NO_LIVES = new SessionLives().data();

/** The same rate of another tier, source or account. */
function isSibling(one: Measure["subject"], other: Measure["subject"]): boolean {
  const { of } = metricNamed(one.metric)!;
  const tag = tagOf(of, one);
  return (
    one.metric === other.metric &&
    one.per === other.per &&
    one.aggregation === other.aggregation &&
    tag !== undefined &&
    tag === tagOf(of, other) &&
    one[tag] !== other[tag]
  );
}

/** Places of measures by their keys. */
export function placesOf(measures: readonly Measure[]): ReadonlyMap<string, number> {
  return new Map(measures.map((measure, index) => [measureKey(measure), index]));
}
