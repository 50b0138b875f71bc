// Points between two axes as a picture without any script: a letter in a disc for each, filled where it is marked, and
// a cross as wide and as high as its intervals. Discs that would lie on each other stand side by side, each tied to its
// point.
import type { MetricUnit } from "../../results/metrics/units.js";
import * as format from "../text/format.js";
import { html, type Markup } from "./markup.js";

export interface ScatterAxis {
  readonly label: string;
  readonly unit: MetricUnit;
}

interface Reach {
  readonly value: number;
  /** Null where there is no interval. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface ScatterPoint {
  readonly letter: string;
  readonly isMarked: boolean;
  /** Colour, by number. */
  readonly tone: number;
  /** What a reader is told who points at it. */
  readonly title: string;
  readonly across: Reach;
  readonly up: Reach;
}

export interface ScatterParts {
  readonly label: string;
  readonly across: ScatterAxis;
  readonly up: ScatterAxis;
  readonly points: readonly ScatterPoint[];
}

const WIDTH = 560;
const HEIGHT = 320;
const LEFT = 76;
const RIGHT = 40;
const TOP = 14;
const BOTTOM = 48;
/** Of what the points and crosses reach over, on each side. */
const MARGIN = 0.07;
const RADIUS = 10;
const STEPS = [1, 2, 5, 10] as const;
/** Marks of an axis at most, but for one: what stands below it is wider than high. */
const MARKS = { across: 5, up: 6 } as const;

interface Range {
  readonly least: number;
  readonly most: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Takes at least one point. */
export function scatterSvg({ label, across, up, points }: ScatterParts): Markup {
  const [wide, high] = [rangeOf(points.map((one) => one.across)), rangeOf(points.map((one) => one.up))];
  const xOf = (value: number) =>
    round(LEFT + ((value - wide.least) / (wide.most - wide.least)) * (WIDTH - LEFT - RIGHT));
  const yOf = (value: number) =>
    round(HEIGHT - BOTTOM - ((value - high.least) / (high.most - high.least)) * (HEIGHT - TOP - BOTTOM));
  const [acrossMarks, upMarks] = [marksOf(wide, MARKS.across), marksOf(high, MARKS.up)];
  const showAcross = format.measuredApart(acrossMarks, across.unit);
  const showUp = format.measuredApart(upMarks, up.unit);
  const columns = acrossMarks.map((mark) => {
    const x = xOf(mark);
    return html`<line class="grid" x1="${x}" x2="${x}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>
<text x="${x}" y="${HEIGHT - BOTTOM + 17}" text-anchor="middle">${showAcross(mark)}</text>`;
  });
  const rows = upMarks.map((mark) => {
    const y = yOf(mark);
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>
<text x="${LEFT - 6}" y="${y + 4}" text-anchor="end">${showUp(mark)}</text>`;
  });
  const wanted = points.map((one) => ({ x: xOf(one.across.value), y: yOf(one.up.value) }));
  const places = apart(wanted);
  return html`<svg class="scatter" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${columns}${rows}
<path class="axis" d="M${LEFT},${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}"/>
<text class="name" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${across.label}</text>
${points.map((point) => cross(point, xOf, yOf))}
${points.map((point, index) => disc(point, wanted[index]!, places[index]!))}</svg>`;
}

function cross(
  { across, up, tone }: ScatterPoint,
  xOf: (x: number) => number,
  yOf: (y: number) => number,
): Markup {
  const [x, y] = [xOf(across.value), yOf(up.value)];
  const lines = [
    ...(across.low === null || across.high === null ? [] : [`M${xOf(across.low)},${y}H${xOf(across.high)}`]),
    ...(up.low === null || up.high === null ? [] : [`M${x},${yOf(up.low)}V${yOf(up.high)}`]),
  ];
  return html`${lines.length > 0 && html`<path class="cross tone-${tone}" d="${lines.join("")}"/>`}`;
}

function disc({ letter, isMarked, tone, title }: ScatterPoint, from: Place, { x, y }: Place): Markup {
  const tie =
    x === from.x && y === from.y ? null : html`<path class="cross" d="M${from.x},${from.y}L${x},${y}"/>`;
  return html`<g class="disc tone-${tone}${isMarked && " marked"}">${tie}<circle cx="${x}" cy="${y}" r="${RADIUS}"/>
<text x="${x}" y="${y + 4}" text-anchor="middle">${letter}</text><title>${title}</title></g>`;
}

/** Each to the right of those before it where it would lie on one, or to the left where there is no room. */
function apart(wanted: readonly Place[]): Place[] {
  const placed: Place[] = [];
  const isFree = ({ x, y }: Place) =>
    x <= WIDTH - RADIUS &&
    x >= RADIUS &&
    placed.every((one) => (one.x - x) * (one.x - x) + (one.y - y) * (one.y - y) >= 4 * RADIUS * RADIUS);
  for (const place of wanted) {
    let found = place;
    for (let step = 0; !isFree(found) && step < 2 * wanted.length; step++) {
      const way = step % 2 === 0 ? 1 : -1;
      found = { x: round(place.x + way * (1 + Math.floor(step / 2)) * 2.1 * RADIUS), y: place.y };
    }
    placed.push(found);
  }
  return placed;
}

function rangeOf(reaches: readonly Reach[]): Range {
  const all = reaches.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const margin = MARGIN * (most - least || Math.abs(most) || 1);
  // What cannot be below 0 has no margin there.
  return { least: least >= 0 ? Math.max(0, least - margin) : least - margin, most: most + margin };
}

/** Round numbers. */
function marksOf({ least, most }: Range, count: number): number[] {
  const rough = (most - least) / count;
  const power = Number(`1e${format.magnitude(rough)}`);
  const step = power * STEPS.find((one) => one * power >= rough)!;
  const marks: number[] = [];
  for (let place = Math.ceil(least / step); place * step <= most; place++) marks.push(place * step);
  return marks;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
