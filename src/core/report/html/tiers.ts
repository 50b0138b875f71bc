// The results of each tier: counts in one table, measures with their intervals in another, and why attempts failed. Of
// each source and tracked account likewise.
import { type OutcomeName, REASONS } from "../../base/outcome.js";
import { ALL_TIERS, type SliceTag } from "../../results/metrics/sliced.js";
import type { SliceResult } from "../../results/metrics/tier.js";
import type { Estimate, RunResult } from "../../results/shape/result.js";
import { nameIn } from "../../results/verdict/measures.js";
import * as format from "../text/format.js";
import { answerText, seenText } from "../text/statuses.js";
import { html, type Markup, type Part } from "./markup.js";
import { MISSING, shown, type TableColumn, table } from "./tables.js";
import { intervalText } from "./verdicts.js";

export function tierSection(result: RunResult): Markup {
  const rows = [...result.tiers, result.all];
  return html`<section aria-labelledby="tiers"><h2 id="tiers">Tiers</h2>
${sumsNote(result)}
${table({
  caption: "Attempts by tier and outcome; every attempt is in one column",
  head: "tier",
  name: ({ tier }) => tier,
  columns: [
    { head: "attempts", cell: ({ attempts }) => format.count(attempts) },
    ...outcomeColumns(rows),
    { head: "overloaded", cell: ({ overloadedRate }) => shown(overloadedRate, format.percent) },
    { head: "attempts a request", cell: ({ amplification }) => shown(amplification, format.number) },
    { head: "gave up", cell: ({ giveUpRate }) => shown(giveUpRate, format.percent) },
  ],
  rows,
})}
${measureTable(result, "tier", [...result.tiers.map(({ tier }) => tier), ALL_TIERS])}
${reasonTable(result)}</section>`;
}

/** Which numbers are of all replications together: those that count something. */
export function sumsNote({ replications }: RunResult): Part {
  const count = replications.length;
  return count > 1 && html`<p class="quiet">Counts and money are sums over ${count} replications.</p>`;
}

const OUTCOME_HEADS: Readonly<Record<OutcomeName, string>> = {
  completed: "completed",
  rate_limited: "429",
  overloaded: "503 overloaded",
  unavailable: "503 unavailable",
  timed_out: "timed out",
  cancelled: "cancelled",
  evicted: "evicted",
  invalid: "invalid",
  in_flight: "in flight",
};
/** Shown even where no tier has any. */
const ALWAYS: readonly string[] = ["completed", "rate_limited", "overloaded"];

function outcomeColumns(rows: readonly SliceResult[]): TableColumn<SliceResult>[] {
  const names = (Object.keys(OUTCOME_HEADS) as OutcomeName[]).filter(
    (name) => ALWAYS.includes(name) || rows.some(({ outcomes }) => (outcomes[name] ?? 0) > 0),
  );
  const moved = (["demoted", "spilled"] as const).filter((name) => rows.some((row) => (row[name] ?? 0) > 0));
  return [
    ...names.map((name) => ({
      head: OUTCOME_HEADS[name],
      cell: ({ outcomes }: SliceResult) => format.count(outcomes[name] ?? 0),
    })),
    ...moved.map((name) => ({ head: name, cell: (row: SliceResult) => format.count(row[name] ?? 0) })),
  ];
}

/** What became of the attempts of each source, or of each tracked account, and how those that were served fared. */
export function callerTables(
  result: RunResult,
  tag: "source" | "account",
  slices: readonly (readonly [name: string, row: SliceResult])[],
): Part {
  if (slices.length === 0) return null;
  const rows = slices.map(([, row]) => row);
  const names = new Map(slices.map(([name, row]) => [row, name]));
  const counts = table<SliceResult>({
    caption: `Attempts by ${tag} and outcome, and what callers saw`,
    head: tag,
    name: (row) => names.get(row)!,
    columns: [
      { head: "attempts", cell: ({ attempts }) => format.count(attempts) },
      ...outcomeColumns(rows),
      { head: "requests failed", cell: ({ failureRate }) => shown(failureRate, format.percent) },
      { head: "TTFT p50", cell: ({ ttft }) => shown(ttft.p50, format.time) },
      { head: "TTFT p95", cell: ({ ttft }) => shown(ttft.p95, format.time) },
      { head: "tok/s p50", cell: ({ tokensPerSecond }) => shown(tokensPerSecond.p50, format.number) },
      { head: "cost", cell: ({ cost }) => shown(cost?.total ?? null, format.dollars) },
    ],
    rows,
  });
  return html`${counts}${measureTable(result, tag, [...names.values()])}`;
}

/** One row for a measure of all slices: they are read side by side. */
interface MeasureRow {
  readonly name: string;
  readonly by: ReadonlyMap<string, Estimate>;
}

function measureTable(
  { estimates, confidence, replications }: RunResult,
  tag: SliceTag,
  names: readonly string[],
): Part {
  const rows = new Map<string, MeasureRow & { readonly by: Map<string, Estimate> }>();
  for (const estimate of estimates) {
    const slice = nameIn(estimate.metric, tag);
    if (slice === undefined || !names.includes(slice)) continue;
    const name = measureName(estimate);
    const row = rows.get(name) ?? { name, by: new Map() };
    rows.set(name, row);
    row.by.set(slice, estimate);
  }
  const known = [...rows.values()].filter(({ by }) => [...by.values()].some(({ value }) => value !== null));
  if (known.length === 0) return null;
  const count = replications.length;
  const intervals = `of one run with ${format.percent(confidence)} intervals, from ${count} replications`;
  return table<MeasureRow>({
    caption: `Measures ${count > 1 ? intervals : "of this run; one alone has no intervals"}`,
    head: "measure",
    name: ({ name }) => name,
    columns: names.map((name) => ({
      head: name,
      cell: ({ by }) => estimateCell(by.get(name)),
    })),
    rows: known,
  });
}

/** `overloaded_rate{tier:fast,per:attempt}` and `p(50)` without the tier, in words. */
function measureName({ metric, aggregation }: Estimate): string {
  const [, name = "", tags = ""] = /^([^{]*)(?:\{([^}]*)\})?/.exec(metric) ?? [];
  const per = /(?:^|,)per:([^,]*)/.exec(tags)?.[1];
  const words = name.replaceAll("_", " ").replace("ttft", "TTFT");
  const how = /^p\((.*)\)$/.exec(aggregation)?.[1];
  const last =
    how === undefined
      ? ["rate", "value", "count"].includes(aggregation)
        ? ""
        : ` ${aggregation}`
      : ` p${how}`;
  return `${words}${last}${per === undefined ? "" : ` per ${per}`}`;
}

function estimateCell(estimate: Estimate | undefined): Part {
  if (estimate === undefined || estimate.value === null) return MISSING;
  const show = (value: number) => format.measured(value, estimate.unit);
  // The unit that stands behind every number is said once.
  const interval = intervalText(estimate, show).replaceAll(" tok/s", "");
  return interval === MISSING
    ? show(estimate.value)
    : html`${show(estimate.value)} <span class="interval">${interval}</span>`;
}

function reasonTable({ tiers, all }: RunResult): Part {
  const found = REASONS.filter(({ name }) => name !== "none" && (all.reasons[name] ?? 0) > 0);
  if (found.length === 0) return null;
  const seen = seenText(all);
  const note = seen === undefined ? null : html`<p>Callers saw ${seen}.</p>`;
  const reasons = table({
    caption: "Attempts that were not served, by reason",
    head: "reason",
    name: ({ name }) => html`<code>${name}</code>`,
    columns: [
      {
        head: "answer",
        isText: true,
        cell: (spec) => answerText(spec, all),
      },
      { head: "attempts", cell: ({ name }) => format.count(all.reasons[name] ?? 0) },
      { head: "share", cell: ({ name }) => format.percent((all.reasons[name] ?? 0) / all.attempts) },
      ...tiers.map(({ tier, reasons }) => ({
        head: tier,
        cell: ({ name }: (typeof REASONS)[number]) => format.count(reasons[name] ?? 0),
      })),
    ],
    rows: found,
  });
  return html`${reasons}${note}`;
}
