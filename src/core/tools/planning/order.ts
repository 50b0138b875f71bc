// Whether values of a key stand in an order in which those on one side are better, as a search along it takes them to:
// which side that is, what seems to break the order, and whether it is broken for certain. All of it by differences of
// pairs of equal seeds, so that noise that moves both alike tells nothing. Knows places in an order and probes.
import type { RunResult } from "../../results/shape/result.js";
import { isGrowing } from "../../results/shape/sustainability.js";
import { matched } from "../../results/verdict/matched.js";
import { measureKey, measureOf } from "../../results/verdict/measures.js";
import type { StatedThreshold } from "../../results/verdict/threshold.js";
import { pairedDifference } from "../../stats/paired-difference.js";
import type { SearchedPoint } from "./monotone-search.js";
import type { BetterWay, PlanOrder } from "./plan-result.js";
import { type Probe, seemsMet } from "./probe.js";

/** So many of the places of a range, as far apart as can be, both ends among them. */
export function spreadPlaces(count: number, wanted: number): number[] {
  if (wanted < 2) return [];
  const places = Array.from({ length: wanted }, (_, step) => Math.round(((count - 1) * step) / (wanted - 1)));
  return [...new Set(places)];
}

const SHED_RATE = measureKey({ metric: "overloaded_rate{tier:all,per:attempt}", aggregation: "rate" });

/**
 * By what differs between the ends of a range: that one meets the thresholds and the other does not; else what the
 * thresholds are about, where all of that which differs is better at the same end; else the shed rate of all attempts.
 * Where neither end meets thresholds that are better at different ends, neither is better: what meets them all, if
 * anything does, lies between.
 */
export function betterEnd(
  low: Probe,
  high: Probe,
  thresholds: readonly StatedThreshold[],
  confidence: number,
): Pick<PlanOrder, "better" | "basis"> {
  const risk = (1 - confidence) / Math.max(1, thresholds.length);
  if (low.seemsEnough !== high.seemsEnough) {
    const [met, unmet] = low.seemsEnough ? [low, high] : [high, low];
    if (chanceOfWorse(met, unmet, thresholds) <= risk) {
      return { better: met === high ? "higher" : "lower", basis: "thresholds-met" };
    }
  }
  const isOpen = !low.seemsEnough && !high.seemsEnough;
  // Of ends that meet nothing only what they do not meet is in question.
  const asked = thresholds.filter((_, index) => !isOpen || isMissed(low, index) || isMissed(high, index));
  const ways = new Set<BetterWay>();
  for (const threshold of asked) {
    const sign = worseSign(threshold);
    const key = measureKey(measureOf(threshold.parsed));
    const { difference, p } = pairDifference(low.result, high.result, key);
    if (sign !== 0 && p <= risk) ways.add(difference * sign < 0 ? "higher" : "lower");
  }
  const [only, other] = [...ways];
  if (only !== undefined && other === undefined) return { better: only, basis: "thresholds" };
  if (isOpen && other !== undefined) return { better: null, basis: "opposed" };
  const shed = pairDifference(low.result, high.result, SHED_RATE);
  if (shed.p <= 1 - confidence) {
    return { better: shed.difference < 0 ? "higher" : "lower", basis: "shed-rate" };
  }
  return { better: null, basis: "nothing" };
}

/** A place that meets the thresholds, and a better one by the order that does not. */
export interface Break {
  readonly met: number;
  readonly unmet: number;
}

/** What seems less likely to be chance than that is worth being tried again. */
const SUSPECT = 0.1;

/**
 * The places that break the order most, as far as was seen; undefined where none seem to. Where the better side was
 * told, a place that meets the thresholds and one on that side which does not. Where it was found out from the same
 * runs, what breaks it either way: one that meets them between two that do not, or the other way round.
 */
export function suspectedBreak(
  points: readonly SearchedPoint[],
  better: BetterWay | null,
  thresholds: readonly StatedThreshold[],
): readonly Break[] | undefined {
  const chance = new Map<Break, number>();
  for (const met of points.filter(({ probe }) => probe.seemsEnough)) {
    for (const unmet of points.filter(({ probe }) => !probe.seemsEnough)) {
      const p = chanceOfWorse(met.probe, unmet.probe, thresholds);
      if (p <= SUSPECT) chance.set({ met: met.index, unmet: unmet.index }, p);
    }
  }
  const least = (breaks: readonly Break[]) =>
    breaks.reduce<Break | undefined>(
      (best, one) => (best === undefined || chance.get(one)! < chance.get(best)! ? one : best),
      undefined,
    );
  const all = [...chance.keys()];
  const up = all.filter(({ met, unmet }) => met < unmet);
  const down = all.filter(({ met, unmet }) => met > unmet);
  if (better !== null) {
    const worst = least(better === "higher" ? up : down);
    return worst && [worst];
  }
  // Of either kind, with a place in common.
  const pairs = points.flatMap(({ index }) => {
    const found = (["met", "unmet"] as const).map((side) => {
      const [one, other] = [up, down].map((breaks) => least(breaks.filter((each) => each[side] === index)));
      return one === undefined || other === undefined ? undefined : ([one, other] as const);
    });
    return found.filter((pair) => pair !== undefined);
  });
  const worse = (pair: readonly Break[]) => Math.max(...pair.map((one) => chance.get(one)!));
  return pairs.sort((one, other) => worse(one) - worse(other))[0];
}

/**
 * Whether that is more than chance, on seeds that did not raise the suspicion: the one passes and the other fails, or
 * they seem to and the pairs differ in what is not met. Each at half of the risk, which is that of all thresholds
 * together. In an order neither is so: what does not meet the thresholds would not be worse.
 */
export function isBreak(
  met: Probe,
  unmet: Probe,
  thresholds: readonly StatedThreshold[],
  confidence: number,
): boolean {
  if (!met.seemsEnough || unmet.seemsEnough) return false;
  if (met.verdict === "pass" && unmet.verdict === "fail") return true;
  const risk = (1 - confidence) / 2 / Math.max(1, thresholds.length);
  const missed = thresholds.filter((_, index) => isMissed(unmet, index));
  return chanceOfWorseIn(missed, met, unmet) <= risk;
}

/** How likely chance alone makes one so much worse in what it does not meet; 0 where both are certain. */
function chanceOfWorse(met: Probe, unmet: Probe, thresholds: readonly StatedThreshold[]): number {
  if (met.verdict === "pass" && unmet.verdict === "fail") return 0;
  // That a queue grows is tested at 2 %.
  if (isGrowing(unmet.result) && !isGrowing(met.result)) return 0.02;
  const missed = thresholds.filter((_, index) => isMissed(unmet, index));
  return Math.min(1, chanceOfWorseIn(missed, met, unmet) * Math.max(1, missed.length));
}

function chanceOfWorseIn(thresholds: readonly StatedThreshold[], met: Probe, unmet: Probe): number {
  const chances = thresholds.map((threshold) => {
    const key = measureKey(measureOf(threshold.parsed));
    const { difference, p } = pairDifference(met.result, unmet.result, key);
    return difference * worseSign(threshold) > 0 ? p : 1;
  });
  return Math.min(1, ...chances);
}

/** Whether the threshold at this place of the list is not met, as far as was observed. */
function isMissed({ result }: Probe, index: number): boolean {
  const found = result.thresholds[index];
  return found !== undefined && !seemsMet(found);
}

/** Which change makes it worse: 1 up, -1 down, 0 where neither does by itself. */
function worseSign({ parsed: { operator } }: StatedThreshold): -1 | 0 | 1 {
  if (operator === "<" || operator === "<=") return 1;
  return operator === ">" || operator === ">=" ? -1 : 0;
}

/** The second less the first; of no weight where they have no seeds in common, or one has no data. */
function pairDifference(one: RunResult, other: RunResult, key: string) {
  const { pairs, paired } = matched(one, other, (estimate) => measureKey(estimate) === key);
  const [pair] = pairs;
  if (pair === undefined || !paired) return { difference: 0, p: 1 };
  const { difference, p } = pairedDifference(pair.a, pair.b, ANY);
  return { difference, p };
}

/** The interval is not used, only the difference and its chance. */
const ANY = 0.95;
