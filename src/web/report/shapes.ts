// How lines become areas, stacks, steps and bars: what a chart of plain lines does not need. Areas of a stack differ by
// hatching as well as by colour, and bars stand at the bottom by a scale of their own.
import uPlot from "uplot";
import type { Chart, ChartLine } from "../../core/internal.js";

const TILE = 8;
/** Share of the height that the highest bar takes, and pixels of the least: a single one must be seen. */
const HIGHEST_BAR = 0.25;
const LEAST_BAR = 4;

const ACROSS = [0, TILE, TILE, 0] as const;
const BACK = [0, 0, TILE, TILE] as const;
/** By number: strokes of a tile of hatching, each from one point to another, and the same for a style sheet. */
const HATCHINGS = [
  { strokes: [], angles: [] },
  { strokes: [ACROSS], angles: [-45] },
  { strokes: [BACK], angles: [45] },
  { strokes: [[TILE / 2, 0, TILE / 2, TILE]], angles: [90] },
  { strokes: [[0, TILE / 2, TILE, TILE / 2]], angles: [0] },
  { strokes: [ACROSS, BACK], angles: [-45, 45] },
] as const;

const hatchingOf = ({ dash }: ChartLine) => HATCHINGS[dash % HATCHINGS.length]!;

/** Every line on top of those before it. */
export function stacked(lines: readonly (readonly number[])[]): number[][] {
  const sums: number[][] = [];
  for (const line of lines) {
    const below = sums.at(-1);
    sums.push(line.map((value, bin) => value + (below?.[bin] ?? 0)));
  }
  return sums;
}

/** What lies between a line of a stack and the one below it; lines count from 1. */
export function bandsOf({ lines, isStacked }: Chart): uPlot.Band[] {
  if (isStacked !== true) return [];
  return lines.slice(1).map((_, below) => ({ series: [below + 2, below + 1] }));
}

/** What is different about a line that is more than one; the colour is the style sheet's. */
export function shapeOf({ isStacked }: Chart, line: ChartLine, color: string): Partial<uPlot.Series> {
  const steps = uPlot.paths.stepped?.({ align: 1 });
  const paths = steps === undefined ? {} : { paths: steps };
  // The type knows no patterns; the canvas does.
  if (isStacked === true)
    return { ...paths, dash: [], width: 0, fill: () => patternOf(line, color) as unknown as string };
  if (line.as === "bars") return { paths: () => null, scale: "bars", width: 0 };
  if (line.as === "area") return { ...paths, fill: faint(color, 22) };
  return line.as === "steps" ? { ...paths, width: 2 } : {};
}

/** The legend's mark of a line, as the chart shows it. */
export function markOf({ isStacked }: Chart, line: ChartLine, color: string): string {
  if (isStacked !== true) return line.as === "area" ? faint(color, 22) : line.as === "bars" ? color : "none";
  const layers = hatchingOf(line).angles.map(
    (angle) => `repeating-linear-gradient(${angle}deg, ${color} 0 1px, transparent 1px 4px)`,
  );
  return [...layers, `linear-gradient(${faint(color, 34)} 0 100%)`].join(", ");
}

/** From 0 at the bottom to the highest bar, at a part of the height. */
export function barScale(): uPlot.Scale {
  return { range: (_plot, _least, most) => [0, most > 0 ? most / HIGHEST_BAR : 1] };
}

/** An axis on the right that says what the highest bar is: there is no room for more marks beside it. */
export function barAxis(axis: uPlot.Axis, shown: (mark: number) => string): uPlot.Axis {
  return {
    ...axis,
    ...{ scale: "bars", side: 1, grid: { show: false }, gap: 2, ticks: { ...axis.ticks, size: 4 } },
    splits: (_plot, _axis, _least, most) => [0, most * HIGHEST_BAR],
    values: (plot, marks) => {
      const isThere = plot.series.some(({ scale, show }) => scale === "bars" && show !== false);
      return marks.map((mark) => (isThere ? shown(mark) : ""));
    },
  };
}

/** Draws the bars of a chart, which end where the bin of that width does. */
export function barsOf({ lines }: Chart, colorOf: (line: ChartLine) => string, width: number) {
  return (plot: uPlot) => {
    const { ctx, bbox, data } = plot;
    for (const [index, line] of lines.entries()) {
      if (line.as !== "bars" || plot.series[index + 1]?.show === false) continue;
      const values = data[index + 1] ?? [];
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.fillStyle = colorOf(line);
      for (const [bin, value] of values.entries()) {
        if (value === null || value === undefined || value <= 0) continue;
        const from = plot.valToPos(data[0][bin]!, "x", true);
        const until = plot.valToPos(data[0][bin]! + width, "x", true);
        const bottom = bbox.top + bbox.height;
        const height = Math.max(LEAST_BAR * uPlot.pxRatio, bottom - plot.valToPos(value, "bars", true));
        ctx.fillRect(from, bottom - height, Math.max(uPlot.pxRatio, until - from), height);
      }
      ctx.restore();
    }
  };
}

function faint(color: string, percent: number): string {
  return `color-mix(in srgb, ${color} ${percent}%, transparent)`;
}

function patternOf(line: ChartLine, color: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  const scale = uPlot.pxRatio;
  tile.width = TILE * scale;
  tile.height = TILE * scale;
  const paint = tile.getContext("2d");
  if (paint === null) return color;
  paint.scale(scale, scale);
  paint.fillStyle = color;
  paint.globalAlpha = 0.34;
  paint.fillRect(0, 0, TILE, TILE);
  paint.globalAlpha = 1;
  paint.strokeStyle = color;
  for (const [fromX, fromY, toX, toY] of hatchingOf(line).strokes) {
    paint.beginPath();
    paint.moveTo(fromX, fromY);
    paint.lineTo(toX, toY);
    paint.stroke();
  }
  return paint.createPattern(tile, "repeat") ?? color;
}
