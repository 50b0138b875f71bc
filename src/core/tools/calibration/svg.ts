// A picture of a calibration: measured against predicted times, and the errors by regime. Plain SVG without scripts or
// fonts of its own, the same bytes for the same calibration. It computes nothing but where a point is drawn.
import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import { percent } from "../../report/text/format.js";
import type { Score } from "./calibrate.js";
import { REGIMES, type Regime, type Residual, regimeOf, relativeError } from "./regimes.js";
import { niceReach } from "./text.js";

const SIZE = { width: 980, height: 460 } as const;
const PLOT = { left: 70, top: 64, side: 330 } as const;
const STRIP = { left: 580, width: 340, row: 44 } as const;
/** Dots that a regime is drawn with at most. */
const MOST_DOTS = 400;
/** Distinct to the colour-blind as well (Okabe and Ito), and each regime also has its own row. */
const COLORS: Readonly<Record<Regime, string>> = {
  "decode 1-8": "#56b4e9",
  "decode 9-64": "#0072b2",
  "decode 65+": "#332288",
  "prefill to 512": "#e69f00",
  "prefill 513+": "#d55e00",
  "prefill after context": "#cc79a7",
  mixed: "#009e73",
};

/** A step as it is drawn: hollow where the fit has not seen it. */
type Mark = Residual & { readonly hollow: boolean };

/** `title` stands above the picture. Of all scores together there must be at least one step. */
export function calibrationSvg(title: string, fitted: readonly Score[], others: readonly Score[]): string {
  const scores = [...fitted, ...others];
  const marked = (some: readonly Score[], hollow: boolean) =>
    some.flatMap((score) => thinned(score.steps).map((step) => ({ ...step, hollow })));
  const steps = [...marked(fitted, false), ...marked(others, true)];
  const body = [
    `<title>${escaped(title)}</title>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#ffffff"/>`,
    text(PLOT.left, 28, title, 'font-size="16" font-weight="bold"'),
    ...(others.length > 0
      ? [text(STRIP.left, 44, "hollow: steps that were not fitted", 'fill="#666666"')]
      : []),
    ...agreement(steps),
    ...strips(steps, niceReach(Math.max(...scores.map(({ errors }) => errors.all.p90)))),
  ];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}"`;
  return `${head} font-family="sans-serif" font-size="12" fill="#222222">\n${body.join("\n")}\n</svg>\n`;
}

function thinned(steps: readonly Residual[]): Residual[] {
  return REGIMES.flatMap((regime) => {
    const own = steps.filter(({ point }) => regimeOf(point) === regime);
    const stride = Math.max(1, own.length / MOST_DOTS);
    return Array.from(
      { length: Math.floor(own.length / stride) },
      (_, index) => own[Math.floor(index * stride)]!,
    );
  });
}

/** Predicted over measured on logarithmic axes, with the diagonal of no error. */
function agreement(steps: readonly Mark[]): string[] {
  const times = steps.flatMap(({ point, predicted }) => [point.gpu, predicted]);
  const low = ln(times.reduce((least, time) => Math.min(least, time)) * 0.9);
  const high = ln(times.reduce((most, time) => Math.max(most, time)) * 1.1);
  const along = (millis: number) => ((ln(millis) - low) / (high - low)) * PLOT.side;
  const bottom = PLOT.top + PLOT.side;
  const right = PLOT.left + PLOT.side;
  const ticks = ticksBetween(exp(low), exp(high)).flatMap((millis) => {
    const [x, y] = [PLOT.left + along(millis), bottom - along(millis)];
    return [
      line(x, PLOT.top, x, bottom, "#e4e4e4"),
      line(PLOT.left, y, right, y, "#e4e4e4"),
      text(x, bottom + 18, `${millis}`, 'text-anchor="middle"'),
      text(PLOT.left - 8, y + 4, `${millis}`, 'text-anchor="end"'),
    ];
  });
  const dots = steps.map((step) =>
    dot(PLOT.left + along(step.point.gpu), bottom - along(step.predicted), step),
  );
  const middle = PLOT.left + PLOT.side / 2;
  return [
    ...ticks,
    line(PLOT.left, bottom, right, PLOT.top, "#888888"),
    ...dots,
    text(middle, bottom + 40, "measured GPU time of a step, ms", 'text-anchor="middle"'),
    text(PLOT.left, PLOT.top - 12, "predicted, ms"),
  ];
}

function ticksBetween(low: number, high: number): number[] {
  const all = [-1, 0, 1, 2, 3, 4].flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  return all.filter((tick) => tick >= low && tick <= high);
}

/** A row of dots for each regime: each dot a step, to the right where the prediction is too long. */
function strips(steps: readonly Mark[], reach: number): string[] {
  const present = REGIMES.filter((regime) => steps.some(({ point }) => regimeOf(point) === regime));
  const bottom = PLOT.top + STRIP.row * present.length;
  const x = (error: number) =>
    STRIP.left + STRIP.width * (0.5 + Math.min(1, Math.max(-1, error / reach)) / 2);
  const ticks = [-1, -0.5, 0, 0.5, 1].flatMap((share) => [
    line(x(share * reach), PLOT.top, x(share * reach), bottom, share === 0 ? "#888888" : "#e4e4e4"),
    text(x(share * reach), bottom + 18, signed(share * reach), 'text-anchor="middle"'),
  ]);
  const rows = present.flatMap((regime, row) => {
    const own = steps.filter(({ point }) => regimeOf(point) === regime);
    const middle = PLOT.top + STRIP.row * (row + 0.5);
    const mean = own.reduce((sum, step) => sum + Math.abs(relativeError(step)), 0) / own.length;
    return [
      text(STRIP.left - 10, middle, regime, 'text-anchor="end"'),
      text(STRIP.left - 10, middle + 14, `mean ${percent(mean, 2)}`, 'text-anchor="end" fill="#666666"'),
      ...own.map((step, index) => dot(x(relativeError(step)), middle + ((index * 7) % 23) - 11, step)),
    ];
  });
  const label = "error of the prediction (at the edge: that much or more)";
  return [...ticks, ...rows, text(STRIP.left + STRIP.width / 2, bottom + 40, label, 'text-anchor="middle"')];
}

const signed = (share: number) => `${share > 0 ? "+" : share < 0 ? "-" : ""}${percent(Math.abs(share))}`;

const at = (value: number) => value.toFixed(1);

function line(x1: number, y1: number, x2: number, y2: number, color: string): string {
  return `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="${color}"/>`;
}

function dot(x: number, y: number, { point, hollow }: Mark): string {
  const color = COLORS[regimeOf(point)];
  const look = hollow ? `fill="none" stroke="${color}"` : `fill="${color}" fill-opacity="0.7"`;
  return `<circle cx="${at(x)}" cy="${at(y)}" r="3" ${look}/>`;
}

function text(x: number, y: number, words: string, style = ""): string {
  return `<text x="${at(x)}" y="${at(y)}"${style === "" ? "" : ` ${style}`}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
