// How a figure went over time on several sides, as a picture without any script: a stepped line for each side, over
// equal stretches of time, on one scale from zero.
import * as format from "../text/format.js";
import { html, type Markup } from "./markup.js";

export interface TimeCourseParts {
  readonly label: string;
  /** Seconds of a stretch. */
  readonly stretch: number;
  /** All of the same length, at least one stretch. */
  readonly sides: readonly {
    readonly name: string;
    readonly tone: number;
    readonly values: readonly number[];
  }[];
}

const WIDTH = 560;
const HEIGHT = 220;
const LEFT = 64;
const RIGHT = 16;
const TOP = 12;
const BOTTOM = 28;
/** Marks of the time axis, one less than there are. */
const PARTS = 4;

export function timeCourseSvg({ label, stretch, sides }: TimeCourseParts): Markup {
  const count = sides[0]!.values.length;
  const most = Math.max(...sides.flatMap(({ values }) => values)) || 1;
  const xOf = (bin: number) => round(LEFT + (bin / count) * (WIDTH - LEFT - RIGHT));
  const yOf = (value: number) => round(HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM));
  const levels = [0, most / 2, most].map((level) => {
    const y = yOf(level);
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>
<text x="${LEFT - 6}" y="${y + 4}" text-anchor="end">${format.number(level)}</text>`;
  });
  const times = Array.from({ length: PARTS + 1 }, (_, part) => {
    const bin = (part * count) / PARTS;
    const anchor = part === PARTS ? "end" : part === 0 ? "start" : "middle";
    return html`<text x="${xOf(bin)}" y="${HEIGHT - 8}" text-anchor="${anchor}">${format.span(bin * stretch)}</text>`;
  });
  const lines = sides.map(({ name, tone, values }) => {
    const steps = values.map((value, bin) => `V${yOf(value)}H${xOf(bin + 1)}`).join("");
    const path = `M${xOf(0)},${yOf(values[0]!)}${steps}`;
    return html`<path class="cross tone-${tone}" d="${path}"><title>${name}</title></path>`;
  });
  return html`<svg class="scatter" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${levels}${times}
${lines}</svg>`;
}

/** Which line is whose. */
export function timeCourseKey(sides: TimeCourseParts["sides"]): Markup {
  const each = sides.map(
    ({ name, tone }) => html`<li><span class="swatch tone-${tone}" aria-hidden="true"></span>${name}</li>`,
  );
  return html`<ul class="key">${each}</ul>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
