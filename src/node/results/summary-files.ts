// summary.json and summary.csv: the result without its series, and its rows as a table. docs/results.md
// explains every column; columns are only ever appended within a schema version.
import type { RunResult, Summary, TierResult } from "../../core/index.js";
import { OUTCOMES, REASONS } from "../../core/internal.js";
import { type CsvColumn, csvTable } from "./csv.js";

export function summaryJson(result: RunResult): string {
  const { series: _, ...summary } = result;
  return `${JSON.stringify(summary, null, 2)}\n`;
}

interface SummaryRow {
  readonly result: RunResult;
  readonly tier: TierResult;
}

const STATISTICS = [
  "count",
  "mean",
  "min",
  "p1",
  "p5",
  "p25",
  "p50",
  "p75",
  "p90",
  "p95",
  "p99",
  "max",
] as const satisfies readonly (keyof Summary)[];

const column = (name: string, value: CsvColumn<SummaryRow>["value"]): CsvColumn<SummaryRow> => ({
  name,
  value,
});

const distribution = (name: string, read: (tier: TierResult) => Summary): CsvColumn<SummaryRow>[] =>
  STATISTICS.map((statistic) => column(`${name}_${statistic}`, ({ tier }) => read(tier)[statistic]));

const CAUSES = REASONS.filter((reason) => reason.name !== "none");
/** Reasons that came later than the columns behind them. */
const LATER: ReadonlySet<string> = new Set(["hedge_lost", "caller_gone"]);

const reasonColumn = ({ name }: (typeof REASONS)[number]): CsvColumn<SummaryRow> =>
  column(`reason_${name}`, ({ tier }) => tier.reasons[name] ?? 0);

export const SUMMARY_COLUMNS: readonly CsvColumn<SummaryRow>[] = [
  column("scenario", ({ result }) => result.scenario),
  column("seed", ({ result }) => result.seed),
  column("partial", ({ result }) => String(result.partial)),
  column("tier", ({ tier }) => tier.tier),
  column("measured_s", ({ result }) => result.time.measured),
  column("attempts", ({ tier }) => tier.attempts),
  ...OUTCOMES.map((outcome) => column(outcome, ({ tier }) => tier.outcomes[outcome])),
  column("requests_offered", ({ tier }) => tier.requests.offered),
  column("requests_completed", ({ tier }) => tier.requests.completed),
  column("requests_failed", ({ tier }) => tier.requests.failed),
  column("requests_open", ({ tier }) => tier.requests.open),
  column("overloaded_rate", ({ tier }) => tier.overloadedRate),
  column("rate_limited_rate", ({ tier }) => tier.rateLimitedRate),
  column("unavailable_rate", ({ tier }) => tier.unavailableRate),
  column("failure_rate", ({ tier }) => tier.failureRate),
  column("amplification", ({ tier }) => tier.amplification),
  ...distribution("ttft_s", (tier) => tier.ttft),
  ...distribution("tokens_per_s", (tier) => tier.tokensPerSecond),
  ...distribution("latency_s", (tier) => tier.latency),
  ...distribution("queue_wait_s", (tier) => tier.queueWait),
  column("input_tokens", ({ tier }) => tier.inputTokens),
  column("cached_tokens", ({ tier }) => tier.cachedTokens),
  column("output_tokens", ({ tier }) => tier.outputTokens),
  column("throughput_tokens_per_s", ({ tier }) => tier.throughput),
  column("cost_input_usd", ({ tier }) => tier.cost?.input),
  column("cost_cached_usd", ({ tier }) => tier.cost?.cached),
  column("cost_output_usd", ({ tier }) => tier.cost?.output),
  column("cost_total_usd", ({ tier }) => tier.cost?.total),
  ...CAUSES.filter(({ name }) => !LATER.has(name)).map(reasonColumn),
  ...CAUSES.filter(({ name }) => LATER.has(name)).map(reasonColumn),
  column("requests_given_up", ({ tier }) => tier.requests.givenUp),
  column("give_up_rate", ({ tier }) => tier.giveUpRate),
  column("hedges", ({ tier }) => tier.hedges),
  column("client_rejected", ({ tier }) => tier.clientRejected),
  column("wasted_prefill_tokens", ({ tier }) => tier.wastedPrefillTokens),
  column("wasted_decode_tokens", ({ tier }) => tier.wastedDecodeTokens),
  ...CAUSES.map(({ name }) => column(`retries_${name}`, ({ tier }) => tier.retries[name] ?? 0)),
];

export function summaryCsv(result: RunResult): string {
  return csvTable(
    SUMMARY_COLUMNS,
    [...result.tiers, result.all].map((tier) => ({ result, tier })),
  );
}
