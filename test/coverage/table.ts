// Tables of cells and of gates, and what the cells say together. Knows cells; runs nothing.
import { markdownTable } from "markdown-table";
import { type Cell, isSilent, judged } from "./experiments.js";
import type { Gate } from "./gates.js";
import type { Model } from "./models.js";

const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)}`;
const figure = (value: number) => (Number.isFinite(value) ? `${Number(value.toPrecision(3))}` : "-");

const HEAD = [
  "model",
  "half",
  "measure",
  "n",
  "truth",
  "covered %",
  "99.9 %",
  "below/above",
  "width",
  "open/silent %",
];

export function cellTable(cells: readonly Cell[]): string {
  return markdownTable([
    [...HEAD, "events", "methods", "verdict"],
    ...cells.map((cell) => {
      const { printed, experiments, covered, below, above, measure, events } = cell;
      const { low, high, verdict } = judged(cell);
      const share = (count: number) => (printed === 0 ? "-" : percent(count / printed));
      return [
        cell.model,
        cell.half,
        measure.join(" ").replace("tier:standard,", "").replace("{tier:standard}", ""),
        cell.n === 1 ? "1, batches" : cell.choice === "plain" ? `${cell.n}` : `${cell.n} by strata`,
        figure(cell.truth),
        share(covered),
        printed === 0 ? "-" : `${percent(low)}-${percent(high)}`,
        printed === 0 ? "-" : `${share(below)}/${share(above)}`,
        figure(cell.width),
        `${percent(cell.open / experiments, 0)}/${percent(1 - printed / experiments, 0)}`,
        events === null ? "" : figure(events),
        [...cell.methods].map(([method, count]) => `${method} ${percent(count / experiments, 0)}`).join(", "),
        verdict,
      ];
    }),
  ]);
}

/** Measures that have an interval whatever happens, at the number of seeds that is run by default. */
const ALWAYS = /^(overloaded_rate|rate_limited_rate|throughput)|^ttft.* p\((50|95)\)$/;
const MOST_SILENT = 0.1;

export interface Summary {
  readonly text: string;
  readonly isFailed: boolean;
}

/** By half: cells that fail, and how silent the default number of seeds is. */
export function summaryOf(cells: readonly Cell[], isDefault: (cell: Cell) => boolean): Summary {
  const lines: string[] = [];
  let isFailed = false;
  for (const half of ["chosen", "scored"] as const satisfies readonly Model["half"][]) {
    const own = cells.filter((cell) => cell.half === half);
    const failed = own.filter((cell) => ["LOW", "HIGH"].includes(judged(cell).verdict));
    const usual = own.filter(isDefault);
    const silent = usual.filter(isSilent);
    const never = silent.filter(({ measure }) => ALWAYS.test(measure.join(" ")));
    const isTooSilent = silent.length > MOST_SILENT * usual.length;
    isFailed ||= failed.length > 0 || isTooSilent || never.length > 0;
    lines.push(
      `${half} on: ${failed.length} of ${own.length} cells fail; at the default number of seeds ${silent.length} ` +
        `of ${usual.length} have no interval${isTooSilent ? ", more than a tenth" : ""}`,
      ...never.map(({ model, measure }) => `   never to be silent: ${model} ${measure.join(" ")}`),
    );
  }
  return { text: lines.join("\n"), isFailed };
}

export function gateTable(gates: readonly Gate[]): string {
  return markdownTable([
    ["gate", "plan", "limit %", "found %", "95 % of that", "tries", "runs", "verdict"],
    ...gates.map((gate) => [
      gate.name,
      gate.plan,
      `${gate.isAtMost ? "at most" : "at least"} ${percent(gate.limit, 0)}`,
      percent(gate.hits / gate.tries),
      `${percent(gate.low)}-${percent(gate.high)}`,
      `${gate.tries}`,
      gate.runs.toFixed(1),
      gate.isMet ? "ok" : "FAILS",
    ]),
  ]);
}
