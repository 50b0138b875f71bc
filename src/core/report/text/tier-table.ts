// The table of a run: a row per tier and one for all. Every attempt is visibly in exactly one column:
// outcomes that are rare get a column only when some tier has them.
import type { OutcomeName } from "../../base/outcome.js";
import type { TierResult } from "../../results/metrics/tier.js";
import type { RunResult } from "../../results/shape/result.js";
import * as format from "./format.js";
import { type Cell, type Column, renderTable, type TableOptions } from "./table.js";

type Paint = ((text: string) => string) | undefined;

export function tierTable(result: RunResult, options: TableOptions): string[] {
  const rows = [...result.tiers, result.all];
  const { style, marks } = options;
  const column = (head: readonly [string, string], cell: (row: TierResult) => Cell): Column => ({
    head,
    cells: rows.map(cell),
  });
  const outcome = (head: readonly [string, string], name: OutcomeName, paint?: Paint) =>
    column(head, (row) =>
      painted(format.count(row.outcomes[name]), row.outcomes[name] > 0 ? paint : undefined),
    );
  const value = (head: readonly [string, string], read: (row: TierResult) => number | null, show: Show) =>
    column(head, (row) => {
      const found = read(row);
      return found === null ? { text: marks.missing, paint: style.dim } : { text: show(found) };
    });
  const rare = RARE_OUTCOMES.filter(([, name]) => rows.some((row) => row.outcomes[name] > 0));
  const label = column(["", "tier"], (row) => ({ text: row.tier }));
  const attempts = [
    column(["", "attempts"], (row) => ({ text: format.count(row.attempts) })),
    outcome(["", "completed"], "completed"),
    outcome(["", "429"], "rate_limited", style.warn),
    outcome(["503", "overloaded"], "overloaded", style.warn),
    outcome(["503", "unavailable"], "unavailable", style.bad),
    ...rare.map(([head, name]) => outcome(head, name)),
    value(["overload", "rate"], (row) => row.overloadedRate, format.percent),
  ];
  const speed = [
    value(["TTFT", "p50"], (row) => row.ttft.p50, format.time),
    value(["TTFT", "p99"], (row) => row.ttft.p99, format.time),
    value(["tok/s", "p50"], (row) => row.tokensPerSecond.p50, format.number),
    value(["tok/s", "p5"], (row) => row.tokensPerSecond.p5, format.number),
    value(["total", "tok/s"], (row) => row.throughput, format.number),
    value(["token", "cost"], (row) => row.cost?.total ?? null, format.dollars),
  ];
  return renderTable(label, [attempts, speed], options);
}

type Show = (value: number) => string;

const RARE_OUTCOMES = [
  [["timed", "out"], "timed_out"],
  [["", "cancelled"], "cancelled"],
  [["", "invalid"], "invalid"],
  [["in", "flight"], "in_flight"],
] as const satisfies readonly (readonly [readonly [string, string], OutcomeName])[];

function painted(text: string, paint: Paint): Cell {
  return paint === undefined ? { text } : { text, paint };
}
