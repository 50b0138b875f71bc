// The tables of a run: a row per tier and one for all, and below them a row per source and per tracked account. Every
// attempt is visibly in exactly one column: outcomes that are rare get a column only when some row has them.
import type { OutcomeName } from "../../base/outcome.js";
import type { SliceResult } from "../../results/metrics/tier.js";
import type { RunResult } from "../../results/shape/result.js";
import { fairnessLines } from "./fairness.js";
import * as format from "./format.js";
import { type Cell, type Column, renderTable, type TableOptions } from "./table.js";

type Head = Column["head"];
type Paint = ((text: string) => string) | undefined;
type Show = (value: number) => string;

export function tierTable({ tiers, all }: RunResult, options: TableOptions): string[] {
  const rows = [...tiers, all];
  const { attempts, value } = columnsOf(rows, options);
  const label = labels(
    "tier",
    rows.map(({ tier }) => tier),
  );
  const speed = [
    value(["TTFT", "p50"], (row) => row.ttft.p50, format.time),
    value(["TTFT", "p99"], (row) => row.ttft.p99, format.time),
    value(["tok/s", "p50"], (row) => row.tokensPerSecond.p50, format.number),
    value(["tok/s", "p5"], (row) => row.tokensPerSecond.p5, format.number),
    value(["total", "tok/s"], (row) => row.throughput, format.number),
    value(["token", "cost"], (row) => row.cost?.total ?? null, format.dollars),
  ];
  const overload = value(["overload", "rate"], (row) => row.overloadedRate, format.percent);
  return renderTable(label, [[...attempts, overload], speed], options);
}

/** What callers saw, by source and by tracked account, and how fair it was; no lines where all callers are alike. */
export function callerBlock(result: RunResult, options: TableOptions): string[] {
  const { sources, trackedAccounts } = result;
  const by = (word: string, names: readonly string[], rows: readonly SliceResult[]) =>
    rows.length === 0 ? [] : [callerTable(labels(word, names), rows, options)];
  const tables = [
    ...by(
      "source",
      sources.map(({ source }) => source),
      sources,
    ),
    ...by(
      "account",
      trackedAccounts.map(({ account }) => account),
      trackedAccounts,
    ),
  ];
  const fairness = fairnessLines(result, options.width);
  if (tables.length === 0 && fairness.length === 0) return [];
  const what = trackedAccounts.length === 0 ? "" : "; accounts that thresholds name, and the largest by rate";
  const parts = fairness.length === 0 ? tables : [...tables, fairness];
  const lines = parts.flatMap((part, index) => (index === 0 ? part : ["", ...part]));
  return [`${options.style.bold("CALLERS")}  as they saw it${what}`, ...lines];
}

function callerTable(label: Column, rows: readonly SliceResult[], options: TableOptions): string[] {
  const { attempts, value } = columnsOf(rows, options);
  const seen = [
    value(["requests", "failed"], (row) => row.failureRate, format.percent),
    value(["TTFT", "p50"], (row) => row.ttft.p50, format.time),
    value(["TTFT", "p95"], (row) => row.ttft.p95, format.time),
    value(["tok/s", "p50"], (row) => row.tokensPerSecond.p50, format.number),
    value(["token", "cost"], (row) => row.cost?.total ?? null, format.dollars),
  ];
  return renderTable(label, [attempts, seen], { ...options, hasTotal: false });
}

function labels(word: string, names: readonly string[]): Column {
  return { head: ["", word], cells: names.map((text) => ({ text })) };
}

/** Attempts by outcome, and what makes a column of a value. */
function columnsOf(rows: readonly SliceResult[], { style, marks }: TableOptions) {
  const column = (head: Head, cell: (row: SliceResult) => Cell): Column => ({ head, cells: rows.map(cell) });
  const outcome = (head: Head, name: OutcomeName, paint?: Paint) =>
    column(head, (row) =>
      painted(format.count(row.outcomes[name]), row.outcomes[name] > 0 ? paint : undefined),
    );
  const value = (head: Head, read: (row: SliceResult) => number | null, show: Show) =>
    column(head, (row) => {
      const found = read(row);
      return found === null ? { text: marks.missing, paint: style.dim } : { text: show(found) };
    });
  const rare = RARE_OUTCOMES.filter(([, name]) => rows.some((row) => row.outcomes[name] > 0));
  const attempts = [
    column(["", "attempts"], (row) => ({ text: format.count(row.attempts) })),
    outcome(["", "completed"], "completed"),
    outcome(["", "429"], "rate_limited", style.warn),
    outcome(["503", "overloaded"], "overloaded", style.warn),
    outcome(["503", "unavailable"], "unavailable", style.bad),
    ...rare.map(([head, name]) => outcome(head, name)),
    ...MOVED.filter((name) => rows.some((row) => row[name] > 0)).map((name) =>
      column(["", name], (row) => ({ text: format.count(row[name]) })),
    ),
  ];
  return { attempts, value };
}

/** Served, and not as the path that was asked for or not in its pool. */
const MOVED = ["demoted", "spilled"] as const;

const RARE_OUTCOMES = [
  [["timed", "out"], "timed_out"],
  [["", "cancelled"], "cancelled"],
  [["", "evicted"], "evicted"],
  [["", "invalid"], "invalid"],
  [["in", "flight"], "in_flight"],
] as const satisfies readonly (readonly [readonly [string, string], OutcomeName])[];

function painted(text: string, paint: Paint): Cell {
  return paint === undefined ? { text } : { text, paint };
}
