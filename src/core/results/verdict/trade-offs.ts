// What is given up for what: two answers against each other, a point for each side of a comparison. The tiers of a pool
// matter by its ends: what is shed of the lowest rank, how long the highest waits, and how long the rest of the lowest
// does. A point has the interval of its difference to the first side around it, as comparisons have them, so that a
// cross that does not reach the first one's value differs from it beyond chance.
import { rangeOf } from "../metrics/asks.js";
import { metricNamed } from "../metrics/metrics.js";
import type { Question } from "../metrics/questions.js";
import type { Answer, AnswerCell, AnsweredQuestion } from "./answers.js";
import { ALL_TIERS } from "./threshold.js";

/** The first and the last rank of a pool: one and the same where there is one alone. */
export interface RankEnds {
  readonly highest: string;
  readonly lowest: string;
}

type End = keyof RankEnds | "all";
type AxisOf = readonly [question: Question, end: End];

/** Which answers are held against each other; what stands first lies across. */
const TRADE_OFFS: readonly (readonly [AxisOf, AxisOf])[] = [
  [
    ["shed", "lowest"],
    ["wait", "highest"],
  ],
  [
    ["shed", "lowest"],
    ["wait", "lowest"],
  ],
  [
    ["goodput", "all"],
    ["wait", "highest"],
  ],
  [
    ["goodput", "all"],
    ["fairness", "all"],
  ],
  [
    ["goodput", "all"],
    ["cost", "all"],
  ],
];

export interface Coordinate {
  readonly value: number;
  /** Where it lies by the interval of its difference to the first side; null for the first, and without an interval. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface TradeOffPoint {
  /** Of the comparison, counted from 0. */
  readonly side: number;
  readonly across: Coordinate;
  readonly up: Coordinate;
  /** After Pareto: no other side is better in one and at least as good in the other, by what was observed. */
  readonly isEfficient: boolean;
}

export interface Axis extends Omit<Answer, "cells"> {
  /** Whether some side differs from the first beyond chance along it. */
  readonly isTold: boolean;
}

export interface TradeOff {
  readonly across: Axis;
  readonly up: Axis;
  /** Of sides that have both. */
  readonly points: readonly TradeOffPoint[];
}

/** A path as far as its rank in its pool goes. */
interface RankedPath {
  readonly pool: string;
  readonly rank: number;
}

/** Of each pool that was asked for anything; of paths of one rank, the one that was asked most stands for it. */
export function rankEndsOf(
  paths: Readonly<Record<string, RankedPath>>,
  attemptsOf: (path: string) => number,
): RankEnds[] {
  const used = Object.entries(paths)
    .filter(([name]) => attemptsOf(name) > 0)
    .sort(([one], [other]) => attemptsOf(other) - attemptsOf(one));
  const pools = new Set(Object.values(paths).map(({ pool }) => pool));
  return [...pools].flatMap((pool) => {
    // Sorting is stable.
    const byRank = used
      .filter(([, path]) => path.pool === pool)
      .sort(([, one], [, other]) => one.rank - other.rank);
    const lowestRank = byRank.at(-1)?.[1].rank;
    const lowest = byRank.find(([, { rank }]) => rank === lowestRank);
    return lowest === undefined ? [] : [{ highest: byRank[0]![0], lowest: lowest[0] }];
  });
}

/**
 * The trade-offs of which the sides show something: at least two of them have both values, which differ along both
 * axes. Without ends, all tiers stand for the ends of their pools.
 */
export function tradeOffsOf(questions: readonly AnsweredQuestion[], ends: readonly RankEnds[]): TradeOff[] {
  const pools = ends.length === 0 ? [{ highest: ALL_TIERS, lowest: ALL_TIERS }] : ends;
  const seen = new Set<string>();
  const pairs = pools.flatMap((pool) =>
    TRADE_OFFS.flatMap(([acrossOf, upOf]) => {
      const ups = answersTo(questions, upOf, pool);
      return answersTo(questions, acrossOf, pool).flatMap((across) => ups.map((up) => ({ across, up })));
    }),
  );
  return pairs.flatMap(({ across, up }) => {
    const key = JSON.stringify([across.metric, up.metric]);
    if (seen.has(key)) return [];
    seen.add(key);
    const found = tradeOff(across, up);
    return differ(found.points, "across") && differ(found.points, "up") ? [found] : [];
  });
}

/** One of each metric of which one way is better. */
function answersTo(questions: readonly AnsweredQuestion[], [wanted, end]: AxisOf, ends: RankEnds): Answer[] {
  const answers = questions.find(({ question }) => question === wanted)?.answers ?? [];
  const judged = answers.filter(({ better }) => better !== "none");
  const tier = end === "all" ? ALL_TIERS : ends[end];
  return [...new Set(judged.map(({ name }) => name))].flatMap((name) => {
    const own = judged.filter((one) => one.name === name);
    // Of one tier alone nothing is said of all of them.
    return own.length === 1 ? own : own.filter((one) => one.tier === tier);
  });
}

function tradeOff(across: Answer, up: Answer): TradeOff {
  const both = across.cells.flatMap((cell, side) => {
    const other = up.cells[side] ?? null;
    return cell === null || other === null ? [] : [{ side, a: cell.value, b: other.value }];
  });
  const points = both.map(
    ({ side, a, b }): TradeOffPoint => ({
      side,
      across: coordinate(across, across.cells[side]!),
      up: coordinate(up, up.cells[side]!),
      isEfficient: !both.some((other) => {
        const [byA, byB] = [gain(across, other.a - a), gain(up, other.b - b)];
        return byA >= 0 && byB >= 0 && byA + byB > 0;
      }),
    }),
  );
  return { across: axisOf(across), up: axisOf(up), points };
}

/** Above 0 for what is better. */
function gain({ better }: Answer, difference: number): number {
  return better === "lower" ? -difference : difference;
}

function coordinate({ name }: Answer, { value, change }: AnswerCell): Coordinate {
  if (change === null || change.low === null || change.high === null) return { value, low: null, high: null };
  const [least, most] = rangeOf(metricNamed(name)!);
  const inside = (one: number) => Math.min(most, Math.max(least, one));
  const first = value - change.difference;
  return { value, low: inside(first + change.low), high: inside(first + change.high) };
}

function axisOf({ cells, ...axis }: Answer): Axis {
  const verdicts = cells.map((cell) => cell?.change?.verdict);
  return { ...axis, isTold: verdicts.some((one) => one === "better" || one === "worse") };
}

function differ(points: readonly TradeOffPoint[], way: "across" | "up"): boolean {
  return points.some((one) => one[way].value !== points[0]![way].value);
}
