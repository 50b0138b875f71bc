// Whether a result is worse than the one that was committed, by more than a margin and not by chance: what a build
// fails for. Knows measures and seeds; what one measure says is worsening.ts's.
import { gatekept } from "../../stats/holm.js";
import type { Estimate, RunResult } from "../shape/result.js";
import {
  type BaselineInputs,
  type BaselineRecord,
  type BaselineWindow,
  baselineRecord,
  type ChosenResult,
  changedInputs,
  LEAST_SEEDS,
} from "./baseline.js";
import { type Change, compareResults } from "./comparison.js";
import { type Matched, type MatchedMeasure, matched } from "./matched.js";
import { measureKey, measureOf } from "./measures.js";
import { parseThreshold } from "./threshold.js";
import { type Worsening, worsening } from "./worsening.js";

/**
 * Of the error that a comparison may make, the part of the measures that thresholds are about: eight seeds then tell
 * up to eleven of them from chance. docs/ci.md has what other parts would do.
 */
const FIRST_SHARE = 0.9;
/** What comes first where no threshold names a measure: what a tier refuses. */
const USUAL_FIRST = /^overloaded_rate\{tier:[^,]*,per:attempt\}$/;

export interface RegressionOptions {
  /** As a share of the committed value: a change for the worse that is smaller than this is let through. */
  readonly margin: number;
  /** That unchanged software is not called worse. Default 0.95. */
  readonly confidence?: number | undefined;
  /** Which measures; then none comes before the others. Left out: all, those of thresholds first. */
  readonly only?: ((estimate: Estimate) => boolean) | undefined;
  /** What was simulated for the result, and what went in. Left out: not compared with what was for the baseline. */
  readonly window?: BaselineWindow | undefined;
  readonly inputs?: BaselineInputs | undefined;
}

export interface Regressions {
  /** Worse by more than the margin, and not by chance: the largest first. Their p is that of the rank test. */
  readonly regressions: readonly Change[];
  /** Better likewise: the baseline could be renewed. */
  readonly improvements: readonly Change[];
  /** Measures, of those of which one way is better, that could have been found worse. */
  readonly compared: number;
  /** How many more so few seeds cannot tell from chance, and how many seeds could. */
  readonly unseen: { readonly measures: number; readonly seeds: number } | null;
  /** Measures that the baseline has, and the result not or on too few seeds: whether they are worse is not known. */
  readonly vanished: readonly string[];
  /** Measures that the baseline says nothing of, or that too few seeds say anything of. */
  readonly notCompared: readonly string[];
  readonly paired: boolean;
  /** That all seeds of a side gave one and the same run: nothing was judged. */
  readonly isCopies: boolean;
  /** What went in that is not what went in for the baseline, in words. */
  readonly changedInputs: readonly string[];
  /** Why nothing was compared: the baseline is of another stretch of time. */
  readonly otherWindow: BaselineWindow | null;
}

interface Tested {
  readonly key: string;
  readonly isFirst: boolean;
  readonly worse: Worsening;
  readonly better: Worsening;
}

/**
 * Compares a result with the committed one. A measure has become worse where the hypothesis that it is within the
 * margin of its committed value is rejected, and still is when all measures are taken together: what thresholds are
 * about has nine tenths of the error, all other measures one tenth, and each part is handed on once all of its measures
 * are worse. The same seeds on unchanged software give differences of exactly 0, which nothing is worse by.
 */
export function regressions(
  baseline: BaselineRecord,
  result: ChosenResult,
  { margin, confidence = 0.95, only, window = baseline.window, inputs }: RegressionOptions,
): Regressions {
  const changed = changedInputs(baseline.inputs, inputs ?? null);
  if (window.duration !== baseline.window.duration || window.warmup !== baseline.window.warmup) {
    return { ...NOTHING, changedInputs: changed, otherWindow: baseline.window };
  }
  const current = baselineRecord(result);
  const isDirected = (one: Estimate) => one.better !== "none" && (only?.(one) ?? true);
  const found = matched(baseline, current, isDirected);
  if (found.isCopies) return { ...NOTHING, isCopies: true, changedInputs: changed };
  const { paired } = found;
  const isFirst = only === undefined ? firstOf(found, result) : () => true;
  const tested = found.pairs.map((pair) => testOf(pair, paired, margin, isFirst)).filter(isEnough);
  const keys = new Set(tested.map(({ key }) => key));
  const intervals = () =>
    compareResults(baseline, current, { confidence, only: (one) => keys.has(measureKey(one)) }).changes;
  const told = (of: "worse" | "better") => toldChanges(intervals, tested, of, 1 - confidence);
  const unseen = unseenOf(tested, 1 - confidence);
  return {
    regressions: told("worse"),
    improvements: told("better"),
    compared: tested.length - (unseen?.measures ?? 0),
    unseen,
    ...uncompared(baseline, current, isDirected, new Set([...keys, ...found.repeats.keys()])),
    paired,
    isCopies: false,
    changedInputs: changed,
    otherWindow: null,
  };
}

const NOTHING: Regressions = {
  ...{ regressions: [], improvements: [], compared: 0, unseen: null, vanished: [], notCompared: [] },
  ...{ paired: true, isCopies: false, changedInputs: [], otherWindow: null },
};

/** How many seeds tell so many measures of thresholds from chance: fewer can give no p that is small enough. */
export function seedsForThresholds(measures: number, confidence = 0.95): number {
  return Math.max(LEAST_SEEDS, seedsFor(Math.max(1, measures) / (FIRST_SHARE * (1 - confidence))));
}

function seedsFor(inverseLevel: number): number {
  let seeds = 0;
  while (2 ** seeds < inverseLevel) seeds++;
  return seeds;
}

function isEnough({ worse }: Tested): boolean {
  return worse.n >= LEAST_SEEDS;
}

function testOf(
  pair: MatchedMeasure,
  paired: boolean,
  margin: number,
  isFirst: (key: string) => boolean,
): Tested {
  const key = measureKey(pair.estimate);
  return {
    key,
    isFirst: isFirst(key),
    worse: worsening(pair, paired, margin),
    better: worsening({ ...pair, a: pair.b, b: pair.a }, paired, margin),
  };
}

/** What the result's thresholds are about; without any, what each tier refuses. */
function firstOf({ pairs, repeats }: Matched, { thresholds }: RunResult): (key: string) => boolean {
  const named = thresholds.flatMap(({ metric, expression }) => {
    const threshold = parseThreshold(metric, expression);
    return threshold.ok ? [measureKey(measureOf(threshold.value))] : [];
  });
  const first = new Set(named.map((key) => repeats.get(key) ?? key));
  const isThere = pairs.some(({ estimate }) => first.has(measureKey(estimate)));
  return (key) => (isThere ? first.has(key) : USUAL_FIRST.test(key.slice(0, key.lastIndexOf(" "))));
}

/** Changes beyond chance, the largest first, with the p values of the rank test. */
function toldChanges(
  intervals: () => readonly Change[],
  tested: readonly Tested[],
  way: "worse" | "better",
  level: number,
): Change[] {
  const [first, second] = [tested.filter((one) => one.isFirst), tested.filter((one) => !one.isFirst)];
  const p = (some: readonly Tested[]) => some.map((one) => one[way].p);
  const { first: ofFirst, second: ofSecond } = gatekept({ first: p(first), second: p(second) }, FIRST_SHARE);
  const adjusted = [...ofFirst, ...ofSecond];
  const found = [...first, ...second]
    .map((one, index) => ({ key: one.key, ...one[way], adjusted: adjusted[index]! }))
    .filter((one) => one.adjusted <= level)
    .sort((one, other) => (one.size === other.size ? 0 : other.size - one.size));
  if (found.length === 0) return [];
  const changes = new Map(intervals().map((change) => [measureKey(change), change]));
  return found.map(({ key, p, adjusted }) => ({ ...changes.get(key)!, p, adjusted, verdict: way }));
}

/** A family none of whose measures could be rejected first, whatever they had come to. */
function unseenOf(tested: readonly Tested[], level: number): Regressions["unseen"] {
  const families = [tested.filter((one) => one.isFirst), tested.filter((one) => !one.isFirst)] as const;
  const isAlone = families.some((family) => family.length === 0);
  const blind = families.flatMap((family, index) => {
    const part = isAlone ? 1 : index === 0 ? FIRST_SHARE : 1 - FIRST_SHARE;
    const most = (part * level) / family.length;
    return family.every(({ worse }) => worse.least > most) ? [{ measures: family.length, most }] : [];
  });
  const measures = blind.reduce((sum, one) => sum + one.measures, 0);
  if (measures === 0) return null;
  return { measures, seeds: Math.max(...blind.map(({ most }) => seedsFor(1 / most))) };
}

/** What cannot be told: measures that only one side knows, or knows well enough. */
function uncompared(
  baseline: BaselineRecord,
  current: BaselineRecord,
  only: (one: Estimate) => boolean,
  compared: ReadonlySet<string>,
): Pick<Regressions, "vanished" | "notCompared"> {
  const valued = ({ estimates }: BaselineRecord) =>
    new Set(estimates.filter((one) => only(one) && one.value !== null).map(measureKey));
  const [before, after] = [valued(baseline), valued(current)];
  // What the baseline knew well enough to compare it.
  const wasSeen = new Set(
    baseline.estimates.flatMap((one, index) => {
      const known = baseline.replications.filter(({ values }) => (values[index] ?? null) !== null);
      const key = measureKey(one);
      return known.length >= LEAST_SEEDS && before.has(key) ? [key] : [];
    }),
  );
  return {
    vanished: [...before].filter((key) => !after.has(key) || (wasSeen.has(key) && !compared.has(key))),
    notCompared: [...after].filter((key) => !compared.has(key) && !wasSeen.has(key)),
  };
}
