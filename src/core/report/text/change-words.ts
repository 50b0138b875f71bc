// How a change from one side to another is put in words and colours, wherever it is shown: its name, its difference
// with the interval, what it rests on. Knows one change, or counts them.
import { LEAST_SEEDS } from "../../results/verdict/baseline.js";
import type { Change, ChangeVerdict, Comparison } from "../../results/verdict/comparison.js";
import * as format from "./format.js";
import type { Style } from "./style.js";

/** Regressions that are named; the rest is counted. */
const MOST_NAMED = 5;

/** As a threshold would name it, with the aggregation where there are several. */
export function labelOf({ metric, aggregation }: Pick<Change, "metric" | "aggregation">): string {
  return aggregation === "rate" || aggregation === "value" ? metric : `${metric} ${aggregation}`;
}

export function differenceText(change: Change): string {
  const { difference, low, high, unit } = change;
  return isRounding(change) ? "0" : format.difference(difference, low, high, unit);
}

/** So small that only the microseconds to which times are rounded can be behind it. */
export function isRounding({ before, difference }: Pick<Change, "before" | "difference">): boolean {
  return Math.abs(difference) <= 1e-6 * Math.abs(before);
}

export function paintOf(verdict: ChangeVerdict, style: Style): (text: string) => string {
  return { better: style.good, worse: style.bad, different: style.warn, unclear: style.dim, same: style.dim }[
    verdict
  ];
}

export function basis({ paired, isCopies, changes }: Comparison): string {
  if (isCopies) return "all seeds gave one and the same run: not judged";
  const n = changes.length === 0 ? 0 : Math.max(...changes.map((one) => one.n));
  if (paired) return `${n} pairs of equal seeds`;
  return `unpaired, at least ${n} ${n === 1 ? "seed" : "seeds"} a side: equal seeds would show more`;
}

/** How many there are of each word: `2 better, 1 unclear`. */
export function tally(changes: readonly Change[]): string {
  const count = (verdict: ChangeVerdict) => changes.filter((one) => one.verdict === verdict).length;
  return (["better", "worse", "different", "unclear", "same"] as const)
    .map((verdict) => [verdict, count(verdict)] as const)
    .filter(([, many]) => many > 0)
    .map(([verdict, many]) => `${many} ${verdict}`)
    .join(", ");
}

/** What a gate calls worse, by name. */
export function gateLine(worse: readonly Change[]): string {
  const named = worse
    .slice(0, MOST_NAMED)
    .map(
      ({ metric, aggregation, adjusted }) => `${metric} ${aggregation} (p ${format.probability(adjusted)})`,
    );
  const more = worse.length > MOST_NAMED ? [`and ${worse.length - MOST_NAMED} more: --json`] : [];
  return `regressions: ${worse.length === 0 ? "none" : [...named, ...more].join(", ")}`;
}

/** What the words of a comparison are worth where it rests on few seeds. */
export function caution(changes: readonly Change[]): string[] {
  const fewest = Math.min(...changes.map(({ n }) => n));
  if (changes.length === 0 || fewest >= LEAST_SEEDS) return [];
  if (changes.every(({ n }) => n < 2))
    return [`One seed says nothing of chance: compare what ran with --seeds ${LEAST_SEEDS} or more.`];
  return [`Some measures have fewer than ${LEAST_SEEDS} seeds: better and worse are often chance there.`];
}
