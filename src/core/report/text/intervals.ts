// How sure the numbers of a report are: the interval around what matters of each tier, and what it rests on.
import { methodText } from "../../results/shape/interval-method.js";
import type { Estimate, RunResult } from "../../results/shape/result.js";
import { ALL_TIERS } from "../../results/verdict/threshold.js";
import { wrapped } from "./caveats.js";
import * as format from "./format.js";
import { type Column, renderTable, type TableOptions } from "./table.js";

interface Shown {
  readonly head: readonly [string, string];
  readonly metric: (tier: string) => string;
  readonly aggregation: string;
}

const SHOWN: readonly Shown[] = [
  {
    head: ["503 overloaded", "of attempts"],
    metric: (tier) => `overloaded_rate{tier:${tier},per:attempt}`,
    aggregation: "rate",
  },
  {
    head: ["503 overloaded", "of requests"],
    metric: (tier) => `overloaded_rate{tier:${tier},per:request}`,
    aggregation: "rate",
  },
  {
    head: ["429", "of attempts"],
    metric: (tier) => `rate_limited_rate{tier:${tier},per:attempt}`,
    aggregation: "rate",
  },
  { head: ["TTFT", "p99"], metric: (tier) => `ttft{tier:${tier}}`, aggregation: "p(99)" },
  { head: ["tok/s", "p50"], metric: (tier) => `tokens_per_second{tier:${tier}}`, aggregation: "p(50)" },
];

/** Lines of the block: what intervals rest on, or why there are none, alone where nothing has one. */
export function intervalBlock(result: RunResult, options: TableOptions): string[] {
  const { estimates, confidence } = result;
  const { style, marks } = options;
  if (!estimates.some(({ low, high }) => low !== null || high !== null)) {
    const why = methodText(result.replications.length > 1 ? "too-few" : "one-seed");
    return [`${style.bold("INTERVALS")}  none: ${why}`];
  }
  const tiers = [...result.tiers.map(({ tier }) => tier), ALL_TIERS];
  const label: Column = { head: ["", "tier"], cells: tiers.map((text) => ({ text })) };
  const columnsOf = (textOf: (estimate: Estimate) => string) =>
    SHOWN.map(({ head, metric, aggregation }) => ({
      head,
      cells: tiers.map((tier) => {
        const found = estimates.find((one) => one.metric === metric(tier) && one.aggregation === aggregation);
        const text = found === undefined ? "" : textOf(found);
        return text === "" ? { text: marks.missing, paint: style.dim } : { text };
      }),
    }));
  const means = columnsOf((estimate) => estimateText(estimate, { bare: true }));
  const title = `${style.bold("INTERVALS")}  ${format.percent(confidence)}, ${basis(result)}`;
  const hasNone = means.some(({ cells }) => cells.some(({ text }) => text.startsWith(NONE_SEEN)));
  const lines = [
    title,
    ...renderTable(label, [means], options),
    ...(hasNone ? wrapped(NONE_SEEN_NOTE, options.width) : []),
  ];
  const sureness = Math.min(...estimates.map(({ oneRun }) => oneRun?.confidence ?? 1));
  if (!estimates.some(({ oneRun }) => oneRun !== null)) return lines;
  const about = `a single run lies in between, with ${format.percent(sureness, 2)} confidence at least`;
  return [
    ...lines,
    "",
    `${style.bold("ONE RUN")}  ${about}`,
    ...renderTable(label, [columnsOf(oneRunText)], options),
  ];
}

/** `0% to 4.1%`. Empty where nothing tells. */
function oneRunText({ oneRun, unit }: Estimate): string {
  if (oneRun === null) return "";
  const show = (value: number) => format.measured(value, unit).replace(" tok/s", "");
  return `${show(oneRun.low)} to ${show(oneRun.high)}`;
}

/** What the intervals of a result rest on. */
export function basis({ replications, estimates, strata }: RunResult): string {
  const runs = replications.length;
  if (runs > 1) return `Student's t over ${format.count(runs)} seeds${strata === null ? "" : ", by strata"}`;
  const batches = estimates.filter(({ method }) => method === "batches").map(({ n }) => n);
  if (batches.length === 0) return methodText("one-seed");
  const [least, most] = [Math.min(...batches), Math.max(...batches)];
  const count = least === most ? format.count(most) : `${format.count(least)} to ${format.count(most)}`;
  return `Student's t over ${count} batches of the only run there is: nothing in it is drawn from chance`;
}

const NONE_SEEN = "0, <";
/** Below a table that has such a bound: many attempts without an event look like more than they say. */
export const NONE_SEEN_NOTE =
  '0, <x: none seen, and seeds bound it, not attempts: docs/statistics.md, "Few events, and none"';

interface EstimateTextOptions {
  /** Without the unit of a speed, where a heading says it. */
  readonly bare?: boolean;
}

/** `0.081% [0.074, 0.089]`, or `0, <0.0012%` where nothing was seen. Empty without a value. */
export function estimateText(
  { value, low, high, method, unit }: Pick<Estimate, "value" | "low" | "high" | "method" | "unit">,
  { bare = false }: EstimateTextOptions = {},
): string {
  if (value === null) return "";
  if (method === "zero-events" && value === 0 && high !== null)
    return `${NONE_SEEN}${format.measured(high, unit, 2)}`;
  return format.interval(value, low, high, bare && unit === "tokens_per_second" ? "ratio" : unit);
}
