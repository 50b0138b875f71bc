// Draws the history: one uPlot chart for each place that the page has for one, all with the same cursor. A chart that
// has the focus moves it by arrow keys, and what stands under it is read out.
import uPlot from "uplot";
import type { Series } from "../../core/index.js";
import type { Chart, ChartLine } from "../../core/internal.js";
import { compact, span, TIME_STEPS } from "./format.js";
import { bandsOf, barAxis, barScale, barsOf, markOf, shapeOf, stacked } from "./shapes.js";

const HEIGHT = 190;
/** Widths beside a plot, for the times of all to line up; the style sheet gives them to the time line. */
const LEFT = 76;
const RIGHT = 56;
const TONES = 8;
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
const SYNC = "history";
const FONT = "12px system-ui, sans-serif";

interface Place {
  readonly chart: Chart;
  readonly element: HTMLElement;
  /** By line and bin. */
  readonly values: readonly (readonly number[])[];
  plot: uPlot | undefined;
}

/** Returns what draws everything anew, for when colours have changed. Nothing is drawn where nothing shows. */
export function drawCharts(charts: readonly Chart[], series: Series, simulated: number): () => void {
  const places = charts.flatMap((chart): Place[] => {
    const element = document.querySelector<HTMLElement>(`[data-chart="${chart.id}"]`);
    const values = valuesOf(chart, series, simulated);
    return element === null ? [] : [{ chart, element, values, plot: undefined }];
  });
  const draw = (place: Place) => {
    const width = place.element.clientWidth;
    if (width === 0) return;
    place.plot?.destroy();
    const { chart, values } = place;
    const starts = Array.from({ length: values[0]!.length }, (_, bin) => bin * series.interval);
    const lines = chart.isStacked === true ? stacked(values) : values.map((line) => [...line]);
    const last = starts.length * series.interval;
    place.plot = new uPlot(
      options(place, width, series.interval, Math.min(simulated, last)),
      [starts, ...lines],
      place.element,
    );
    makeLegendKeys(place.plot);
  };
  for (const place of places) {
    makeKeys(place);
    new ResizeObserver(() => {
      const width = place.element.clientWidth;
      if (place.plot === undefined) draw(place);
      else if (width > 0 && width !== place.plot.width) place.plot.setSize({ width, height: HEIGHT });
    }).observe(place.element);
  }
  return () => {
    for (const place of places) draw(place);
  };
}

function valuesOf(chart: Chart, series: Series, simulated: number): number[][] {
  const { interval } = series;
  const bins = columnOf(series, chart.lines[0]!.from).length;
  // The last bin ends with the run.
  const rest = simulated - (bins - 1) * interval;
  const lastWidth = rest > 0 && rest < interval ? rest : interval;
  return chart.lines.map(({ from, scale, perSecond }) =>
    columnOf(series, from).map((value, bin) => {
      const width = bin === bins - 1 ? lastWidth : interval;
      return (value * scale) / (perSecond ? width : 1);
    }),
  );
}

function columnOf(series: Series, [kind, index, column]: ChartLine["from"]): readonly number[] {
  return (kind === "tiers" ? series.tiers[index]![column] : series.pools[index]![column]) ?? [];
}

/** A colour as the style sheet has it now. */
function colorOf(name: string): string {
  const probe = document.createElement("span");
  probe.className = name;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** A plot that shows the whole time does so up to `end`. */
function options({ chart, values }: Place, width: number, interval: number, end: number): uPlot.Options {
  const { lines, unit } = chart;
  const bars = lines.find(({ as }) => as === "bars");
  const lastStart = (values[0]!.length - 1) * interval;
  const toneOf = ({ tone }: ChartLine) => colorOf(`tone-${tone % TONES}`);
  const markOfLine = (index: number) => {
    const line = lines[index - 1];
    return line === undefined ? "none" : markOf(chart, line, toneOf(line));
  };
  const ink = colorOf("tone-ink");
  const grid = { stroke: colorOf("tone-grid"), width: 1 };
  const axis = { stroke: ink, grid, ticks: grid, font: FONT };
  return {
    width,
    height: HEIGHT,
    padding: [null, bars === undefined ? RIGHT : 0, null, null],
    cursor: {
      sync: { key: SYNC, setSeries: false },
      points: { size: 6 },
      y: false,
      drag: { x: true, y: false },
    },
    scales: {
      x: { time: false, range: (_plot, from, until) => [from, until === lastStart ? end : until] },
      y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.08 : 1] },
      ...(bars !== undefined && { bars: barScale() }),
    },
    bands: bandsOf(chart),
    hooks: { draw: [barsOf(chart, toneOf, interval)] },
    legend: { markers: { fill: (_plot, index) => markOfLine(index) } },
    axes: [
      { ...axis, incrs: [...TIME_STEPS], space: 64, size: 32, values: (_plot, marks) => marks.map(span) },
      { ...axis, size: LEFT, values: (_plot, marks) => marks.map((mark) => `${compact(mark)}${unit}`) },
      ...(bars === undefined
        ? []
        : [barAxis({ ...axis, stroke: toneOf(bars), size: RIGHT }, (mark) => shown(mark, bars, unit))]),
    ],
    series: [
      { label: "at", value: (_plot, at) => (at === null ? "–" : span(at)) },
      ...lines.map((line) => ({
        label: line.as === "bars" ? `${line.label} (right axis)` : line.label,
        stroke: toneOf(line),
        width: 1.5,
        dash: [...DASHES[line.dash % DASHES.length]!],
        points: { show: false },
        // Those of a stack are drawn on top of each other, and told as they are.
        value: (_plot: uPlot, value: number | null, index: number, bin: number | null) =>
          value === null || bin === null ? "–" : shown(values[index - 1]?.[bin] ?? 0, line, unit),
        ...shapeOf(chart, line, toneOf(line)),
      })),
    ],
  };
}

function shown(value: number, line: ChartLine, unit: string): string {
  return `${compact(value)}${line.unit ?? unit}`;
}

/** Legend entries are switches; the library makes them for the mouse only. */
function makeLegendKeys(plot: uPlot): void {
  for (const [index, label] of plot.root.querySelectorAll<HTMLElement>(".u-series th").entries()) {
    // The first entry is the time.
    if (index === 0) continue;
    label.tabIndex = 0;
    label.setAttribute("role", "switch");
    const tell = () => label.setAttribute("aria-checked", String(plot.series[index]?.show !== false));
    tell();
    label.addEventListener("click", tell);
    label.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      label.click();
    });
  }
}

function makeKeys(place: Place): void {
  const { element } = place;
  element.tabIndex = 0;
  element.setAttribute("role", "group");
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || place.plot === undefined) return;
    const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 20, PageUp: -20 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    moveCursor(place.plot, step, place);
  });
}

function moveCursor(plot: uPlot, step: number, { chart, values }: Place): void {
  const { title, lines, unit } = chart;
  const times = plot.data[0];
  const from = plot.cursor.idx ?? (step > 0 ? -1 : times.length);
  const index = Math.min(times.length - 1, Math.max(0, from + step));
  const left = plot.valToPos(times[index]!, "x");
  // The third argument, which the types leave out, tells the other charts.
  (plot.setCursor as (at: { left: number; top: number }, fire: boolean, tell: boolean) => void)(
    { left, top: plot.over.clientHeight / 2 },
    true,
    true,
  );
  const readout = document.getElementById("readout");
  if (readout === null) return;
  const told = lines.map((line, at) => `${line.label} ${shown(values[at]?.[index] ?? 0, line, unit)}`);
  readout.textContent = `${title}, at ${span(times[index]!)}: ${told.join(", ")}`;
}
