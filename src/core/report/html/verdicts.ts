// What was asked of the run and how it came out: a row per threshold, the worst first.

import { methodText } from "../../results/shape/interval-method.js";
import type { Interval, RunResult, ThresholdResult, ThresholdVerdict } from "../../results/shape/result.js";
import { equalityText } from "../text/equality.js";
import * as format from "../text/format.js";
import { html, type Markup } from "./markup.js";
import { MISSING, table } from "./tables.js";

const DIGITS = 4;
const NEGLIGIBLE = 1e-4;

const WORDS: Readonly<Record<ThresholdVerdict, { readonly mark: string; readonly word: string }>> = {
  fail: { mark: "✗", word: "fail" },
  undecided: { mark: "?", word: "undecided" },
  "no-data": { mark: "∅", word: "no data" },
  pass: { mark: "✓", word: "pass" },
};
const ORDER: readonly ThresholdVerdict[] = ["fail", "undecided", "no-data", "pass"];

export function verdictSection(result: RunResult): Markup {
  const { thresholds, judgedAt } = result;
  if (thresholds.length === 0) {
    return html`<section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts</h2>
<p class="quiet">The scenario states no thresholds, so nothing was judged.</p></section>`;
  }
  const sorted = ORDER.flatMap((verdict) => thresholds.filter((one) => one.verdict === verdict));
  return html`<section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts</h2>
<p class="tally">${tally(thresholds)}</p>
${table({
  caption: `Thresholds: met with ${format.percent(judgedAt, 4)} confidence`,
  head: "verdict",
  name: ({ verdict }) => badge(verdict),
  columns: [
    { head: "metric", isText: true, cell: ({ metric }) => html`<code>${metric}</code>` },
    { head: "wanted", isText: true, cell: ({ expression }) => html`<code>${expression}</code>` },
    { head: "observed", cell: observed },
    { head: "interval", cell: (one) => intervalText(one, showIn(one)).replaceAll(" tok/s", "") },
    { head: "n", cell: ({ n }) => format.count(n) },
    { head: "method", isText: true, cell: (one) => equalityText(one, result) ?? methodText(one.method) },
  ],
  rows: sorted,
})}</section>`;
}

function tally(thresholds: readonly ThresholdResult[]): Markup[] {
  return ORDER.flatMap((verdict) => {
    const count = thresholds.filter((one) => one.verdict === verdict).length;
    return count === 0 ? [] : [html`<span class="tally-part">${count} ${badge(verdict)}</span> `];
  });
}

function badge(verdict: ThresholdVerdict): Markup {
  const { mark, word } = WORDS[verdict];
  return html`<span class="badge ${verdict}"><span aria-hidden="true">${mark}</span> ${word}</span>`;
}

/** `[0.074%, 0.089%]`; a dash where there is none. */
export function intervalText(
  { low, high }: Pick<Interval, "low" | "high">,
  show: (value: number) => string,
): string {
  if (low === null && high === null) return MISSING;
  // What is next to nothing beside the other end says no more than 0 does.
  const least = low !== null && high !== null && low < high * NEGLIGIBLE ? 0 : low;
  return `[${least === null ? MISSING : show(least)}, ${high === null ? MISSING : show(high)}]`;
}

function observed(threshold: ThresholdResult): string {
  if (threshold.observed !== null) return showIn(threshold)(threshold.observed);
  return threshold.verdict === "no-data" ? "no data" : "never";
}

/** Shows a value in the unit of the threshold's metric. */
function showIn({ bound }: ThresholdResult): (value: number) => string {
  return (value) => format.measured(value, bound.unit, DIGITS);
}
