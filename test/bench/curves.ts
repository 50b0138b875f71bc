// Draws the curves of `npm run bench -- --curves` as one SVG: requests per second against what was varied, both axes
// logarithmic, for macro-steps and for the step-by-step replica. Plain SVG, no scripts, no fonts of its own.
import type { Measurement } from "./measure.js";

type Curve = readonly { readonly at: number; readonly macro: Measurement; readonly step: Measurement }[];

const PANEL = { width: 300, height: 240, left: 62, top: 54, gap: 30 } as const;
const TITLES: Readonly<Record<string, string>> = {
  requests: "requests in the run",
  replicas: "replicas",
  outputTokens: "output tokens of a request",
};
const LINES = [
  { key: "macro", color: "#0072b2", label: "macro-steps" },
  { key: "step", color: "#d55e00", label: "step by step" },
] as const;
/** Requests per second at the bottom and at the top. */
const RANGE = [1e3, 1e6] as const;

export function curvesSvg(curves: Readonly<Record<string, Curve>>): string {
  const panels = Object.entries(curves);
  const width = panels.length * (PANEL.width + PANEL.left + PANEL.gap);
  const height = PANEL.height + PANEL.top + 56;
  const body = panels.map(([name, curve], index) => panel(TITLES[name] ?? name, curve, index));
  const key = LINES.map(
    ({ color, label }, index) =>
      `<circle cx="${70 + index * 130}" cy="24" r="4" fill="${color}"/>` +
      `<text x="${80 + index * 130}" y="28">${label}</text>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="sans-serif" font-size="12" role="img"><title>Simulated requests per second of one core</title>` +
    `<rect width="${width}" height="${height}" fill="#fff"/>${key.join("")}${body.join("")}</svg>\n`
  );
}

function panel(title: string, curve: Curve, index: number): string {
  const left = PANEL.left + index * (PANEL.width + PANEL.left + PANEL.gap);
  const [first, last] = [Math.log10(curve[0]!.at), Math.log10(curve.at(-1)!.at)];
  const x = (at: number) =>
    round(left + 12 + ((Math.log10(at) - first) / (last - first)) * (PANEL.width - 24));
  const bottom = PANEL.top + PANEL.height;
  const grid = [1e3, 1e4, 1e5, 1e6].map(
    (rate) =>
      `<line x1="${left}" x2="${left + PANEL.width}" y1="${y(rate)}" y2="${y(rate)}" stroke="#ddd"/>` +
      `<text x="${left - 6}" y="${y(rate) + 4}" text-anchor="end">${short(rate)}/s</text>`,
  );
  const ticks = curve.map(
    ({ at }) => `<text x="${x(at)}" y="${bottom + 18}" text-anchor="middle">${short(at)}</text>`,
  );
  const lines = LINES.map(({ key, color }) => {
    const points = curve.map((point) => ({ x: x(point.at), y: y(point[key].rate), rate: point[key].rate }));
    const dots = points.map((dot) => `<circle cx="${dot.x}" cy="${dot.y}" r="3.5" fill="${color}"/>`);
    const rates = points.map(
      (dot) =>
        `<text x="${dot.x}" y="${dot.y - 8}" text-anchor="middle" fill="${color}">${short(dot.rate)}</text>`,
    );
    const path = points.map((dot) => `${dot.x},${dot.y}`).join(" ");
    const line = `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`;
    return line + dots.join("") + rates.join("");
  });
  const name = `<text x="${left + PANEL.width / 2}" y="${bottom + 40}" text-anchor="middle">${title}</text>`;
  return `<g>${grid.join("")}${ticks.join("")}${lines.join("")}${name}</g>`;
}

function y(rate: number): number {
  const [low, high] = RANGE.map(Math.log10) as [number, number];
  const share = (Math.log10(rate) - low) / (high - low);
  return round(PANEL.top + PANEL.height * (1 - share));
}

function short(value: number): string {
  if (value >= 1e6) return `${round(value / 1e6)}M`;
  return value >= 1e4 ? `${Math.round(value / 1e3)}k` : String(Math.round(value));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
