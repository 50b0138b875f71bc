// The replications of a scenario side by side: what each says of a measure, how their seeds were chosen, and how rare
// may still be what none of them saw. Knows results only, not how they were run.
import { assert } from "../../base/assert.js";
import { binomialBound } from "../../stats/binomial-interval.js";
import { PooledValues } from "../../stats/pooled-values.js";
import { Ranking } from "../../stats/ranked-values.js";
import { SessionLives } from "../../stats/session-lives.js";
import { type Design, standingFor } from "../../stats/stratified-ratio.js";
import type { Sample } from "../metrics/asks.js";
import { kindSpec } from "../metrics/kinds.js";
import { metricNamed } from "../metrics/metrics.js";
import { tagOf } from "../metrics/sliced.js";
import type { RunResult, SeedStrata } from "../shape/result.js";
import { type Measure, measureKey } from "../verdict/measures.js";
import { type Clusters, clusteringOf, FEWEST_WITH_EVENTS } from "./clusters.js";
import { boundOfRuns, isKnown, type MostOfRun, type Replicated, samplesAt } from "./estimates.js";
import { MergedLives } from "./merged-lives.js";
import { designOf } from "./seed-design.js";

export interface ReplicatedOptions {
  /** Null where seeds were not chosen. */
  readonly strata: SeedStrata | null;
  readonly swings: boolean;
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

  /** What they say of a measure, by its place. */
  at(index: number): Replicated {
    const measure = this.#measures[index]!;
    const { ofLives } = metricNamed(measure.subject.metric)!;
    return {
      samples: this.#samplesAt(index),
      design: this.design,
      pooled: () => this.pooledOf(measure.metric),
      ...(ofLives && { ofLives: () => this.livesOf(measure.subject.source!).read(ofLives) }),
      swings: this.#options.swings && this.design.length === 0,
      mostPlausible: (share, runs, risk, of) => this.#mostPlausible(index, share, runs, risk, of),
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

  #samplesAt(index: number): Sample[] {
    return samplesAt(
      this.runs.map(({ replications: [one] }) => one!),
      index,
    );
  }

  /**
   * A run as one trial or, where few have an event and it is known how they cluster, as many trials as clusters leave
   * of the attempts - whichever says more (Korn and Graubard, Confidence intervals for proportions with small expected
   * number of positive counts, Survey Methodology 24, 1998).
   */
  #mostPlausible(index: number, share: number, runs: number, risk: number, of: keyof MostOfRun): number {
    const samples = this.#samplesAt(index).filter(isKnown);
    const byRuns = boundOfRuns(runs, samples.length, this.#mostOfRun(index)[of], risk);
    const effect = runs < FEWEST_WITH_EVENTS ? this.#designEffect(index, of) : undefined;
    if (effect === undefined) return byRuns;
    const trials = samples.reduce((sum, { weight }) => sum + weight, 0) / effect;
    return Math.min(byRuns, binomialBound(share * trials, trials, risk));
  }

  /** The largest design effect that is known: of the same rate of another tier, or of this one elsewhere. */
  #designEffect(index: number, of: keyof MostOfRun): number | undefined {
    const measure = this.#measures[index]!;
    if (!kindSpec(metricNamed(measure.subject.metric)!.kind).isQuotient) return undefined;
    const always = of === "having" ? 0 : 1;
    const siblings = this.#measures.map((other, place) =>
      place !== index && isSibling(measure.subject, other.subject)
        ? clusteringOf(this.#samplesAt(place), this.design, always)
        : undefined,
    );
    const known = [...siblings, this.#options.clusters[measureKey(measure)]].filter(
      (effect) => effect !== undefined,
    );
    return known.length === 0 ? undefined : Math.max(...known);
  }
}

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
