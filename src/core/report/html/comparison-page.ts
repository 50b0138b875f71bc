// A comparison as one HTML page that needs nothing but itself, without any script: a table for each question that is
// asked of the sides, a picture of each trade-off with a table beside it, and every measure that was compared.
import { QUESTIONS } from "../../results/metrics/questions.js";
import type { Caveat } from "../../results/shape/caveat-kinds.js";
import type { AnswerCell, AnsweredQuestion } from "../../results/verdict/answers.js";
import type { Change } from "../../results/verdict/comparison.js";
import type { Axis, Coordinate, TradeOff, TradeOffPoint } from "../../results/verdict/trade-offs.js";
import { type Answered, axisName, byMeasure, certainty, UNTOLD } from "../text/answers-text.js";
import { sharedCaveats } from "../text/caveats.js";
import { basis, caution, differenceText, labelOf } from "../text/change-words.js";
import * as format from "../text/format.js";
import { letterOf } from "../text/scatter.js";
import { documentHtml } from "./document.js";
import { html, type Markup, type Part } from "./markup.js";
import { scatterSvg } from "./scatter.js";
import { facts, MISSING, table } from "./tables.js";

export interface ComparisonPageParts {
  /** What was run, or the first of what was. */
  readonly title: string;
  /** Of every side. */
  readonly caveats: readonly (readonly Caveat[])[];
  readonly style: string;
}

const TONES = 8;

export function comparisonHtml(answered: Answered, { title, caveats, style }: ComparisonPageParts): string {
  const { sides, comparisons, questions, tradeOffs } = answered;
  const notes = sharedCaveats(sides.map((name, index) => ({ name, caveats: caveats[index] ?? [] })));
  const changes = comparisons.flatMap((one) => one.changes);
  const page = documentHtml({
    title: `${title} – surgefleet comparison`,
    style,
    body: html`<a class="skip" href="#main">Skip to the comparison</a>
<header>
<div class="title"><h1>${title}</h1></div>
${facts([
  ["compared with", sides[0]],
  ["sides", format.count(sides.length)],
  ["seeds", [...new Set(comparisons.map(basis))].join("; ")],
])}
${caveatList(notes)}
</header>
<main id="main" tabindex="-1">
<p class="quiet">With each value: its difference to ${sides[0]} with its interval. ${certainty(comparisons)}
${caution(changes).join(" ")}</p>
${questions.map((question) => questionSection(question, sides))}
${tradeOffSection(tradeOffs, sides)}
${measureSection(answered)}
</main>
<footer><p>Made by surgefleet.</p></footer>`,
  });
  return page.text;
}

function caveatList(notes: readonly Pick<Caveat, "text">[]): Part {
  const each = notes.map(({ text }) => html`<li>${text}</li>`);
  return each.length > 0 && html`<ul class="warning" aria-label="Caveats">${each}</ul>`;
}

function questionSection({ question, answers }: AnsweredQuestion, sides: readonly string[]): Markup {
  const title = QUESTIONS[question];
  const tables = byMeasure(answers).map(([what, own]) =>
    table<number>({
      caption: `${title}: ${what}`,
      head: "side",
      name: (side) => sides[side]!,
      columns: own.map((answer) => ({
        head: answer.tier ?? what,
        cell: (side) => answerCell(answer.cells[side] ?? null, answer),
      })),
      rows: sides.map((_, side) => side),
    }),
  );
  const content = tables.length > 0 ? tables : html`<p class="quiet">Nothing of it was measured.</p>`;
  return html`<section aria-labelledby="${question}"><h2 id="${question}">${title}</h2>
${content}</section>
`;
}

function answerCell(cell: AnswerCell | null, { unit }: Pick<Axis, "unit">): Part {
  if (cell === null) return MISSING;
  const { value, change } = cell;
  const beside =
    change !== null && html` <span class="interval">${differenceText(change)} ${verdictBadge(change)}</span>`;
  return html`${format.measured(value, unit)}${beside}`;
}

/** Colours of verdicts, which every word tells as well. */
const BADGES: Readonly<Partial<Record<Change["verdict"], string>>> = { better: "pass", worse: "fail" };

function verdictBadge({ verdict }: Change): Markup {
  const badge = BADGES[verdict];
  return badge === undefined ? html`${verdict}` : html`<span class="badge ${badge}">${verdict}</span>`;
}

function tradeOffSection(tradeOffs: readonly TradeOff[], sides: readonly string[]): Part {
  if (tradeOffs.length === 0) return null;
  return html`<section aria-labelledby="trade-offs"><h2 id="trade-offs">Trade-offs</h2>
<p class="quiet">A filled disc with a capital is Pareto-efficient: no other side is better in one and at least as
good in the other, as observed. A cross is the interval of the difference to ${sides[0]}: one that does not reach the
value of ${sides[0]} differs from it beyond chance.</p>
<div class="charts">${tradeOffs.map((one) => tradeOffFigure(one, sides))}</div></section>
`;
}

function tradeOffFigure({ across, up, points }: TradeOff, sides: readonly string[]): Markup {
  const show = ({ unit }: Axis, { value }: Pick<Coordinate, "value">) => format.measured(value, unit);
  const title = `${axisName(up)} against ${axisName(across)}`;
  const nameOf = (point: TradeOffPoint) => `${letterOf(point.side, point.isEfficient)} ${sides[point.side]}`;
  const picture = scatterSvg({
    label: title,
    across: {
      label: `${axisName(across)}, better to the ${across.better === "lower" ? "left" : "right"}`,
      unit: across.unit,
    },
    up: { label: axisName(up), unit: up.unit },
    points: points.map((point) => ({
      letter: letterOf(point.side, point.isEfficient),
      isMarked: point.isEfficient,
      tone: point.side % TONES,
      title: `${sides[point.side]}: ${show(across, point.across)}, ${show(up, point.up)}`,
      across: point.across,
      up: point.up,
    })),
  });
  const way = up.better === "lower" ? "below" : "above";
  const untold = [up, across].filter(({ isTold }) => !isTold).map((axis) => `${axisName(axis)}: ${UNTOLD}. `);
  return html`<figure class="chart"><figcaption>${axisName(up)}, better ${way}</figcaption>
${untold.length > 0 && html`<p class="quiet">${untold}</p>`}${picture}
${table<TradeOffPoint>({
  caption: title,
  head: "side",
  name: nameOf,
  columns: [
    { head: axisName(across), cell: (point) => reach(point.across, across) },
    { head: axisName(up), cell: (point) => reach(point.up, up) },
    { head: "Pareto-efficient", isText: true, cell: ({ isEfficient }) => (isEfficient ? "yes" : "") },
  ],
  rows: points,
})}</figure>
`;
}

function reach({ value, low, high }: Coordinate, { unit }: Axis): string {
  return format.interval(value, low, high, unit);
}

/** Everything that was compared, for those who look for something else. */
function measureSection({ sides, comparisons }: Answered): Markup {
  const parts = comparisons.map(({ changes, missing }, index) => {
    const name = sides[index + 1]!;
    return html`<details><summary>${name}: ${format.count(changes.length)} measures</summary>
${table<Change>({
  caption: `${name} against ${sides[0]}`,
  head: "measure",
  name: (change) => html`<code>${labelOf(change)}</code>`,
  columns: [
    { head: "before", cell: ({ before, unit }) => format.measured(before, unit) },
    { head: "after", cell: ({ after, unit }) => format.measured(after, unit) },
    { head: "difference", cell: differenceText },
    { head: "p", cell: ({ adjusted }) => format.probability(adjusted) },
    { head: "", isText: true, cell: verdictBadge },
  ],
  rows: changes,
})}
${missing.length > 0 && html`<p class="quiet">Not in both: ${missing.join(", ")}</p>`}</details>
`;
  });
  return html`<section aria-labelledby="measures"><h2 id="measures">All that was compared</h2>
${parts}</section>`;
}
