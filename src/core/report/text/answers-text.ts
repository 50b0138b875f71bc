// Several sides of a comparison as text: a table for each question that is asked of them, then a picture of each
// trade-off. Every difference is to the first side.

import { QUESTIONS } from "../../results/metrics/questions.js";
import type { Caveat } from "../../results/shape/caveat-kinds.js";
import type { Answer, AnsweredQuestion } from "../../results/verdict/answers.js";
import type { Change, Comparison } from "../../results/verdict/comparison.js";
import type { Axis, TradeOff } from "../../results/verdict/trade-offs.js";
import { caveatBlock, sharedCaveats } from "./caveats.js";
import { basis, caution, differenceText, gateLine, labelOf, paintOf, tally } from "./change-words.js";
import * as format from "./format.js";
import { letterOf, scatter } from "./scatter.js";
import { ASCII_MARKS, type Marks, PLAIN, type Style, UNICODE_MARKS } from "./style.js";
import { type Cell, type Column, renderTable } from "./table.js";
import { leftAligned, widest } from "./width.js";

/** What a comparison of several sides comes to. */
export interface Answered {
  /** Names, the first one that of what all others are compared with. */
  readonly sides: readonly string[];
  /** Of the first with each of the others, in their order. */
  readonly comparisons: readonly Comparison[];
  readonly questions: readonly AnsweredQuestion[];
  readonly tradeOffs: readonly TradeOff[];
}

export interface AnswersTextOptions {
  readonly style?: Style;
  readonly ascii?: boolean;
  readonly width?: number;
  /** Of every side; none where they are left out. */
  readonly caveats?: readonly (readonly Caveat[])[];
  /** What a gate calls worse of every side but the first; left out: none was asked. */
  readonly worse?: readonly (readonly Change[])[] | undefined;
}

interface Page {
  readonly style: Style;
  readonly marks: Marks;
  readonly width: number;
}

const WIDTH = 118;
const INDENT = "  ";
/** Of an axis. */
export const UNTOLD = "all of it may be chance";

/** Lines end in LF, the last one too. */
export function answersText(answered: Answered, options: AnswersTextOptions = {}): string {
  const { style = PLAIN, ascii = false, width = WIDTH, caveats = [], worse } = options;
  const page = { style, marks: ascii ? ASCII_MARKS : UNICODE_MARKS, width };
  const { sides, comparisons, questions, tradeOffs } = answered;
  const changes = comparisons.flatMap((one) => one.changes);
  const blocks = [
    [
      `${sides.map((one) => style.bold(one)).join(", ")}  ${[...new Set(comparisons.map(basis))].join("; ")}`,
      `Differences are to ${sides[0]}.`,
    ],
    ...questions.flatMap((question) => questionBlocks(question, sides, page)),
    [
      `${format.count(changes.length)} differences: ${tally(changes)}`,
      certainty(comparisons),
      ...caution(changes),
    ],
    (worse ?? []).map((found, index) => `${sides[index + 1]}: ${gateLine(found)}`),
    missingLines(answered),
    ...tradeOffs.map((one) => tradeOffBlock(one, sides, page)),
    tradeOffs.length === 0
      ? []
      : [
          "A capital is Pareto-efficient: no other side is better in one and at least as good in the other,",
          "as observed.",
        ],
    caveatBlock(sharedCaveats(sides.map((name, index) => ({ name, caveats: caveats[index] ?? [] }))), page),
  ];
  const full = blocks.filter((block) => block.length > 0);
  return `${full.map((block) => block.join("\n")).join("\n\n")}\n`;
}

function missingLines({ sides, comparisons }: Answered): string[] {
  return comparisons.flatMap(({ missing }, index) =>
    missing.length === 0 ? [] : [`not in both ${sides[0]} and ${sides[index + 1]}: ${missing.join(", ")}`],
  );
}

/** How sure all intervals are together, and all words. */
export function certainty(comparisons: readonly Comparison[]): string {
  const risk = comparisons.reduce((sum, { confidence }) => sum + 1 - confidence, 0);
  const all = comparisons.length > 1 ? "All intervals of all sides" : "All intervals";
  return `${all} hold together with ${format.percent(1 - risk)}, and words are of all together (Holm).`;
}

/** A table for each of its measures. */
function questionBlocks(
  { question, answers }: AnsweredQuestion,
  sides: readonly string[],
  page: Page,
): string[][] {
  const title = page.style.bold(QUESTIONS[question].toUpperCase());
  if (answers.length === 0) return [[`${title}  nothing of it was measured`]];
  const label: Column = { head: ["", "side"], cells: sides.map((text) => ({ text })) };
  return byMeasure(answers).map(([what, own]) => {
    const groups = own.map((answer) => columnsOf(answer, page));
    return [`${title}  ${what}`, ...renderTable(label, groups, { ...page, hasTotal: false })];
  });
}

/** Those of one metric together, by its name. */
export function byMeasure(answers: readonly Answer[]): [what: string, answers: Answer[]][] {
  const names = [...new Set(answers.map(whatOf))];
  return names.map((name) => [name, answers.filter((one) => whatOf(one) === name)]);
}

/** `ttft p(99) of priority`. */
export function axisName(axis: Pick<Axis, "name" | "aggregation" | "tier">): string {
  return axis.tier === null ? whatOf(axis) : `${whatOf(axis)} of ${axis.tier}`;
}

/** A metric and how it is summed up, without what it is of. */
function whatOf({ name, aggregation }: Pick<Answer, "name" | "aggregation">): string {
  return labelOf({ metric: name, aggregation });
}

function columnsOf({ tier, unit, cells }: Answer, { style, marks }: Page): Column[] {
  const column = (
    head: Column["head"],
    cell: (one: NonNullable<Answer["cells"][number]>) => Cell,
  ): Column => ({
    head,
    cells: cells.map((one) => (one === null ? { text: "" } : cell(one))),
  });
  const value: Column = {
    head: [tier ?? "", "value"],
    cells: cells.map((one) =>
      one === null ? { text: marks.missing, paint: style.dim } : { text: format.measured(one.value, unit) },
    ),
  };
  return [
    value,
    column(["", "difference"], ({ change }) => ({ text: change === null ? "" : differenceText(change) })),
    column(["", ""], ({ change }) =>
      change === null ? { text: "" } : { text: change.verdict, paint: paintOf(change.verdict, style) },
    ),
  ];
}

function tradeOffBlock({ across, up, points }: TradeOff, sides: readonly string[], page: Page): string[] {
  const { style, marks } = page;
  const dots = points.map((point) => ({
    across: point.across.value,
    up: point.up.value,
    letter: letterOf(point.side, point.isEfficient),
  }));
  const shownUp = format.measuredApart(
    dots.map((one) => one.up),
    up.unit,
  );
  const shownAcross = format.measuredApart(
    dots.map((one) => one.across),
    across.unit,
  );
  const ends = (values: readonly number[], shown: (value: number) => string) =>
    [Math.min(...values), Math.max(...values)].map(shown) as [string, string];
  const [bottom, top] = ends(
    dots.map((one) => one.up),
    shownUp,
  );
  const [left, right] = ends(
    dots.map((one) => one.across),
    shownAcross,
  );
  const rows = scatter(dots, marks);
  const margin = widest([bottom, top]);
  const beside = (row: number) => (row === 0 ? top : row === rows.length - 2 ? bottom : "");
  const chart = rows.map((row, index) => `${INDENT}${beside(index).padStart(margin)} ${row}`);
  const below = `${left}${right.padStart(Math.max(1, rows.at(-1)!.length - 2 - left.length))}`;
  const names = points.map(({ side }) => sides[side]!);
  const acrossText = `${style.bold(axisName(across))}  ${better(across, "to the left", "to the right")}`;
  const placeText = (point: TradeOff["points"][number]) =>
    `${shownAcross(point.across.value)}, ${shownUp(point.up.value)}`;
  const width = widest(names);
  return [
    `${style.bold(axisName(up))}  ${better(up, "below", "above")}`,
    ...chart.map((line) => line.trimEnd()),
    `${" ".repeat(INDENT.length + margin + 3)}${below}`,
    `${" ".repeat(INDENT.length + margin + 3)}${acrossText}`,
    ...points.map(
      (point, index) =>
        `${INDENT}${dots[index]!.letter}  ${leftAligned(names[index]!, width)}  ${placeText(point)}`,
    ),
  ];
}

function better({ better: way, isTold }: Axis, low: string, high: string): string {
  return `(better ${way === "lower" ? low : high}${isTold ? "" : `; ${UNTOLD}`})`;
}
