// One measure's distributions as a picture: a stepped line per tier over a logarithmic axis, as the share of the tier's
// own values in each bin, so that tiers of different size can be compared. A picture without any script.
import ln from "@stdlib/math-base-special-ln";
import type { DistributionResult } from "../../results/shape/distribution.js";
import { magnitude } from "../text/format.js";
import { html, type Markup } from "./markup.js";

const WIDTH = 560;
const HEIGHT = 210;
const LEFT = 44;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 30;
const MOST_TICKS = 8;

export interface HistogramParts {
  readonly label: string;
  readonly rows: readonly DistributionResult[];
  /** Colour of a tier, by number. */
  readonly toneOf: (tier: string) => number;
  readonly show: (value: number) => string;
}

export function histogram({ label, rows, toneOf, show }: HistogramParts): Markup {
  const starts = rows.flatMap(({ edges }) => edges.filter((edge) => edge > 0));
  const lowest = Math.min(...starts);
  const highest = Math.max(...starts);
  // Zero has no place on the axis; its bin ends where the axis begins.
  const span = ln(highest / lowest) || 1;
  const across = (value: number) =>
    LEFT + (ln(Math.max(value, lowest) / lowest) / span) * (WIDTH - LEFT - RIGHT);
  const top = Math.max(...rows.flatMap(sharesOf));
  const up = (share: number) => HEIGHT - BOTTOM - (share / top) * (HEIGHT - TOP - BOTTOM);
  const paths = rows.map((row) => {
    const d = stepped(row, across, up);
    return html`<path class="step tone-${toneOf(row.tier)}" d="${d}"><title>${row.tier}</title></path>`;
  });
  const marks = ticks(lowest, highest).map((tick) => {
    const x = round(across(tick));
    return html`<line class="grid" x1="${x}" x2="${x}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>
<text x="${x}" y="${HEIGHT - 10}" text-anchor="middle">${show(tick)}</text>`;
  });
  const levels = [0, top / 2, top].map(
    (share) =>
      html`<text x="${LEFT - 6}" y="${round(up(share) + 4)}" text-anchor="end">${percent(share)}</text>`,
  );
  return html`<svg class="histogram" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${marks}
<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}"/>
${levels}${paths}</svg>`;
}

function sharesOf({ counts }: DistributionResult): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

function stepped(
  row: DistributionResult,
  across: (value: number) => number,
  up: (share: number) => number,
): string {
  const shares = sharesOf(row);
  const steps = shares.map((share, bin) => `V${round(up(share))}H${round(across(row.edges[bin + 1]!))}`);
  return `M${round(across(row.edges[0]!))},${round(up(0))}${steps.join("")}V${round(up(0))}`;
}

/** Powers of ten, with twos and fives between them where there is room. */
function ticks(lowest: number, highest: number): number[] {
  const candidates = [[1, 2, 5], [1, 3], [1]].map((steps) => {
    const found: number[] = [];
    for (let power = magnitude(lowest); power <= magnitude(highest); power++) {
      for (const step of steps) found.push(Number(`${step}e${power}`));
    }
    return found.filter((tick) => tick >= lowest && tick <= highest);
  });
  return candidates.find((found) => found.length <= MOST_TICKS) ?? candidates.at(-1)!;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))}%`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
