// The replications of a scenario side by side: what each says of a measure, how their seeds were chosen, and how rare
// may still be what none of them saw. Knows results only, not how they were run.
import { assert } from "../../base/assert.js";
import { ruleOfThree } from "../../stats/interval.js";
import { PooledValues } from "../../stats/pooled-values.js";
import { Ranking } from "../../stats/ranked-values.js";
import { type Design, designedRatio, standingFor } from "../../stats/stratified-ratio.js";
import { type Sample, tagOf } from "../metrics/asks.js";
import { kindSpec } from "../metrics/kinds.js";
import { metricNamed } from "../metrics/metrics.js";
import type { RunResult, SeedStrata } from "../shape/result.js";
import { type Measure, measureKey } from "../verdict/measures.js";
import { ALL_OF_RUN, boundOfRuns, isKnown, type MostOfRun, type Replicated } from "./estimates.js";

export interface ReplicatedOptions {
  /** Null where seeds were not chosen. */
  readonly strata: SeedStrata | null;
  readonly swings: boolean;
  /** The most that a run may shed of a tier, as a share: what its scenario says. */
  readonly worstRun: number;
}

/** Fewer runs with an event say too little of how they cluster. */
const FEWEST_WITH_EVENTS = 5;

export class Replications {
  readonly runs: readonly RunResult[];
  readonly design: Design;
  /** For how many replications on seeds chosen at random each of them stands. */
  readonly factors: readonly number[];
  readonly #measures: readonly Measure[];
  readonly #options: ReplicatedOptions;
  readonly #pooled = new Map<string, PooledValues>();

  constructor(runs: readonly RunResult[], measures: readonly Measure[], options: ReplicatedOptions) {
    this.runs = runs;
    this.#measures = measures;
    this.#options = options;
    this.design = designOf(runs, options.strata);
    this.factors = [...standingFor(this.design, runs.length)];
  }

  /** What they say of a measure, by its place. */
  at(index: number): Replicated {
    const measure = this.#measures[index]!;
    return {
      samples: this.#samplesAt(index),
      design: this.design,
      pooled: () => this.pooledOf(measure.metric),
      swings: this.#options.swings && this.design.length === 0,
      zeroBound: (risk) => this.#zeroBound(index, risk),
      most: this.#mostOfRun(index),
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

  /** What a scenario says of a bad run is of what its tiers lose; a run that was worse shows that it is too little. */
  #mostOfRun(index: number): MostOfRun {
    const { subject, better } = this.#measures[index]!;
    const { of } = metricNamed(subject.metric)!;
    if (of !== "attempts" || tagOf(of, subject) !== "tier") return ALL_OF_RUN;
    const seen = this.#samplesAt(index)
      .filter(isKnown)
      .map(({ value }) => value);
    const { worstRun } = this.#options;
    if (better === "lower") return { having: Math.max(worstRun, ...seen), lacking: 1 };
    return better === "higher"
      ? { having: 1, lacking: Math.max(worstRun, 1 - Math.min(...seen)) }
      : ALL_OF_RUN;
  }

  #samplesAt(index: number): Sample[] {
    return this.runs.map(({ replications: [one] }) => ({
      value: one!.values[index]!,
      weight: one!.weights[index]!,
    }));
  }

  /**
   * Of what no run saw: a run as one trial or, where another tier has such events, as many trials as their clusters
   * leave of the attempts - whichever says more.
   */
  #zeroBound(index: number, risk: number): number {
    const samples = this.#samplesAt(index).filter(isKnown);
    const { having, lacking } = this.#mostOfRun(index);
    // Of a share that was all of them, what is left is what none of them saw.
    const byRuns = boundOfRuns(0, samples.length, samples[0]?.value === 0 ? having : lacking, risk);
    const effect = this.#designEffect(index);
    if (effect === undefined) return byRuns;
    const attempts = samples.reduce((sum, { weight }) => sum + weight, 0);
    return Math.min(byRuns, ruleOfThree(attempts / effect, 1 - risk));
  }

  /**
   * By how much clusters add to the variance of the same rate of other tiers, over that of independent attempts: the
   * largest of those that have events on enough runs to tell (Kish, Survey Sampling, 1965, 8.2).
   */
  #designEffect(index: number): number | undefined {
    const { subject } = this.#measures[index]!;
    if (kindSpec(metricNamed(subject.metric)!.kind).isQuotient === false) return undefined;
    // 0 or, of a share that was all of them, 1: an event is what differs.
    const always = this.#samplesAt(index).find(isKnown)?.value;
    const effects = this.#measures.flatMap((measure, other) => {
      if (other === index || !isSibling(subject, measure.subject)) return [];
      const samples = this.#samplesAt(other).filter(isKnown);
      if (samples.filter(({ value }) => value !== always).length < FEWEST_WITH_EVENTS) return [];
      const aligned = this.#samplesAt(other).map((one) => (isKnown(one) ? one : { value: 0, weight: 0 }));
      const { value, error } = designedRatio(aligned, this.design);
      const attempts = samples.reduce((sum, { weight }) => sum + weight, 0);
      const independent = (value * (1 - value)) / attempts;
      return independent > 0 ? [Math.max(1, error ** 2 / independent)] : [];
    });
    return effects.length === 0 ? undefined : Math.max(...effects);
  }
}

const NO_VALUES = { values: new Float64Array(0), counts: null };

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

/** The places of replications by their seeds. */
function designOf(runs: readonly RunResult[], strata: SeedStrata | null): Design {
  if (strata === null) return [];
  const places = new Map(runs.map(({ replications: [one] }, index) => [one!.seed, index]));
  return strata.blocks.map(({ candidates, strata: all }) => ({
    candidates,
    strata: all.map(({ share, seeds }) => ({
      share,
      members: seeds.map((seed) => {
        const place = places.get(seed);
        assert(place !== undefined, "every seed of a stratum was run");
        return place;
      }),
    })),
  }));
}

/** Places of measures by their keys. */
export function placesOf(measures: readonly Measure[]): ReadonlyMap<string, number> {
  return new Map(measures.map((measure, index) => [measureKey(measure), index]));
}
