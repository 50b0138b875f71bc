// A comparison as text: what became better or worse for certain, what may be chance, and what is the same.

import { LEAST_SEEDS } from "../../results/verdict/baseline.js";
import type { Change, ChangeVerdict, Comparison } from "../../results/verdict/comparison.js";
import * as format from "./format.js";
import { ASCII_MARKS, PLAIN, type Style, UNICODE_MARKS } from "./style.js";
import { type Cell, type Column, renderTable } from "./table.js";

export interface ComparisonTextOptions {
  /** What is compared with what. */
  readonly before: string;
  readonly after: string;
  /** Every measure; left out: the largest changes, and what matters. */
  readonly all?: boolean;
  /** What a gate calls worse, the largest first; left out: none was asked. */
  readonly worse?: readonly Change[] | undefined;
  readonly style?: Style;
  readonly ascii?: boolean;
  readonly width?: number;
}

const WIDTH = 118;
/** Changes beyond chance that are shown, and regressions that are named; the rest is counted. */
const MOST_CHANGES = 5;
/** Measures that are shown whether or not they differ. */
const MATTER = /^(overloaded_rate|rate_limited_rate|unavailable_rate)\{.*per:attempt\}$|^ttft\{.*\} p\(50\)$/;

/** Lines end in LF, the last one too. */
export function comparisonText(comparison: Comparison, options: ComparisonTextOptions): string {
  const { style = PLAIN, ascii = false, width = WIDTH } = options;
  const marks = ascii ? ASCII_MARKS : UNICODE_MARKS;
  const { changes, missing, confidence } = comparison;
  const shown = options.all === true ? changes : largestFirst(changes);
  const blocks = [
    [`${style.bold(options.before)} -> ${style.bold(options.after)}  ${basis(comparison)}`],
    shown.length === 0 ? ["nothing to compare"] : table(shown, style, { width, style, marks }),
    [...conclusion(changes, shown.length, confidence), ...caution(changes)],
    options.worse === undefined ? [] : [gateLine(options.worse)],
    missing.length === 0 ? [] : [`not in both: ${missing.join(", ")}`],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

/** The largest changes that are beyond chance, then what else matters, in its order. */
function largestFirst(changes: readonly Change[]): readonly Change[] {
  const size = ({ before, after }: Change) =>
    before === 0 ? Number.POSITIVE_INFINITY : Math.abs(after / before - 1);
  const largest = changes
    .filter(isReal)
    .map((change) => ({ change, size: size(change) }))
    .sort((one, other) => (one.size === other.size ? 0 : other.size - one.size))
    .slice(0, MOST_CHANGES)
    .map(({ change }) => change);
  const rest = changes.filter(
    (one) => !largest.includes(one) && MATTER.test(labelOf(one)) && !isNothing(one),
  );
  return [...largest, ...rest];
}

function gateLine(worse: readonly Change[]): string {
  const named = worse
    .slice(0, MOST_CHANGES)
    .map(
      ({ metric, aggregation, adjusted }) => `${metric} ${aggregation} (p ${format.probability(adjusted)})`,
    );
  const more = worse.length > MOST_CHANGES ? [`and ${worse.length - MOST_CHANGES} more: --json`] : [];
  return `regressions: ${worse.length === 0 ? "none" : [...named, ...more].join(", ")}`;
}

function basis({ paired, isCopies, changes }: Comparison): string {
  if (isCopies) return "all seeds gave one and the same run: not judged";
  const n = changes.length === 0 ? 0 : Math.max(...changes.map((one) => one.n));
  if (paired) return `${n} pairs of equal seeds`;
  return `unpaired, at least ${n} ${n === 1 ? "seed" : "seeds"} a side: equal seeds would show more`;
}

function table(shown: readonly Change[], style: Style, options: Parameters<typeof renderTable>[2]): string[] {
  const column = (head: string, cell: (change: Change) => Cell): Column => ({
    head: ["", head],
    cells: shown.map(cell),
  });
  const label = column("measure", (one) => ({ text: labelOf(one) }));
  const columns = [
    column("before", ({ before, unit }) => ({ text: format.measured(before, unit) })),
    column("after", ({ after, unit }) => ({ text: format.measured(after, unit) })),
    column("difference", ({ before, difference, low, high, unit }) => ({
      text: isRounding(before, difference) ? "0" : format.difference(difference, low, high, unit),
    })),
    column("relative", ({ before, difference }) => ({
      text: isRounding(before, difference) || before === 0 ? "" : format.signedPercent(difference / before),
    })),
    column("p", ({ adjusted }) => ({ text: format.probability(adjusted) })),
    column("", (one) => ({ text: one.verdict, paint: paintOf(one.verdict, style) })),
  ];
  return renderTable(label, [columns], { ...options, hasTotal: false });
}

function labelOf({ metric, aggregation }: Change): string {
  return aggregation === "rate" || aggregation === "value" ? metric : `${metric} ${aggregation}`;
}

function paintOf(verdict: ChangeVerdict, style: Style): (text: string) => string {
  return { better: style.good, worse: style.bad, different: style.warn, unclear: style.dim, same: style.dim }[
    verdict
  ];
}

function conclusion(changes: readonly Change[], shown: number, confidence: number): string[] {
  const count = (verdict: ChangeVerdict) => changes.filter((one) => one.verdict === verdict).length;
  const verdicts = (["better", "worse", "different", "unclear", "same"] as const)
    .map((verdict) => [verdict, count(verdict)] as const)
    .filter(([, many]) => many > 0)
    .map(([verdict, many]) => `${many} ${verdict}`);
  const hidden = changes.length - shown;
  const more = hidden > 0 ? `; ${hidden} not shown (--all)` : "";
  return [
    `${format.count(changes.length)} measures: ${verdicts.join(", ")}${more}`,
    `All intervals hold together with ${format.percent(confidence)}, and p is of all together (Holm).`,
  ];
}

/** What the words of a comparison are worth where it rests on few seeds. */
function caution(changes: readonly Change[]): string[] {
  const fewest = Math.min(...changes.map(({ n }) => n));
  if (changes.length === 0 || fewest >= LEAST_SEEDS) return [];
  if (changes.every(({ n }) => n < 2))
    return [`One seed says nothing of chance: compare what ran with --seeds ${LEAST_SEEDS} or more.`];
  return [`Some measures have fewer than ${LEAST_SEEDS} seeds: better and worse are often chance there.`];
}

function isReal({ verdict }: Change): boolean {
  return verdict === "better" || verdict === "worse" || verdict === "different";
}

/** So small that only the microseconds to which times are rounded can be behind it. */
function isRounding(before: number, difference: number): boolean {
  return Math.abs(difference) <= 1e-6 * Math.abs(before);
}

function isNothing({ before, after }: Change): boolean {
  return before === 0 && after === 0;
}
