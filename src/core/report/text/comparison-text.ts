// A comparison as text: what became better or worse for certain, what may be chance, and what is the same.

import type { Caveat } from "../../results/shape/caveat-kinds.js";
import type { Change, Comparison } from "../../results/verdict/comparison.js";
import { caveatBlock, sharedCaveats } from "./caveats.js";
import {
  basis,
  caution,
  differenceText,
  gateLine,
  isRounding,
  labelOf,
  paintOf,
  tally,
} from "./change-words.js";
import * as format from "./format.js";
import { ASCII_MARKS, PLAIN, type Style, UNICODE_MARKS } from "./style.js";
import { type Cell, type Column, renderTable } from "./table.js";

export interface ComparisonTextOptions {
  /** What is compared with what. */
  readonly before: string;
  readonly after: string;
  /** Every measure; left out: the largest changes, and what matters. */
  readonly all?: boolean;
  /** Of both sides; none where they are left out. */
  readonly caveats?: readonly [before: readonly Caveat[], after: readonly Caveat[]];
  /** What a gate calls worse, the largest first; left out: none was asked. */
  readonly worse?: readonly Change[] | undefined;
  readonly style?: Style;
  readonly ascii?: boolean;
  readonly width?: number;
}

const WIDTH = 118;
/** Changes beyond chance that are shown; the rest is counted. */
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
    caveatBlock(
      sharedCaveats([
        { name: options.before, caveats: options.caveats?.[0] ?? [] },
        { name: options.after, caveats: options.caveats?.[1] ?? [] },
      ]),
      { style, width },
    ),
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

function table(shown: readonly Change[], style: Style, options: Parameters<typeof renderTable>[2]): string[] {
  const column = (head: string, cell: (change: Change) => Cell): Column => ({
    head: ["", head],
    cells: shown.map(cell),
  });
  const label = column("measure", (one) => ({ text: labelOf(one) }));
  const columns = [
    column("before", ({ before, unit }) => ({ text: format.measured(before, unit) })),
    column("after", ({ after, unit }) => ({ text: format.measured(after, unit) })),
    column("difference", (one) => ({ text: differenceText(one) })),
    column("relative", ({ before, difference }) => ({
      text:
        isRounding({ before, difference }) || before === 0 ? "" : format.signedPercent(difference / before),
    })),
    column("p", ({ adjusted }) => ({ text: format.probability(adjusted) })),
    column("", (one) => ({ text: one.verdict, paint: paintOf(one.verdict, style) })),
  ];
  return renderTable(label, [columns], { ...options, hasTotal: false });
}

function conclusion(changes: readonly Change[], shown: number, confidence: number): string[] {
  const hidden = changes.length - shown;
  const more = hidden > 0 ? `; ${hidden} not shown (--all)` : "";
  return [
    `${format.count(changes.length)} measures: ${tally(changes)}${more}`,
    `All intervals hold together with ${format.percent(confidence)}, and p is of all together (Holm).`,
  ];
}

function isReal({ verdict }: Change): boolean {
  return verdict === "better" || verdict === "worse" || verdict === "different";
}

function isNothing({ before, after }: Change): boolean {
  return before === 0 && after === 0;
}
