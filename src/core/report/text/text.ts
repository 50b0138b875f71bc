// The report of a run as text, from its result alone: verdicts first, then the table, why attempts failed,
// and when. Wall time and everything else that differs between two equal runs is not known here.
import { REASONS } from "../../base/outcome.js";
import { methodText } from "../../results/shape/interval-method.js";
import type { Bound, RunResult, ThresholdResult } from "../../results/shape/result.js";
import { holds } from "../../results/verdict/evaluate.js";
import { recoveryBlock, retryBlock, sessionBlock } from "./aftermath.js";
import { caveatBlock } from "./caveats.js";
import { equalityText, type OfRuns } from "./equality.js";
import { eventBlock } from "./events.js";
import { fleetBlock } from "./fleet-block.js";
import * as format from "./format.js";
import { estimateText, intervalBlock } from "./intervals.js";
import { downsample, sparkline } from "./sparkline.js";
import { answerText, seenText } from "./statuses.js";
import { ASCII_MARKS, type Marks, PLAIN, type Style, UNICODE_MARKS } from "./style.js";
import { callerBlock, tierTable } from "./tier-table.js";
import { leftAligned, rightAligned, widest } from "./width.js";

export interface TextOptions {
  /** Colours; none if left out. */
  readonly style?: Style;
  /** Only characters that every terminal has. */
  readonly ascii?: boolean;
  /** Characters to the line, from 40 to 118. */
  readonly width?: number;
}

const WIDEST_PAGE = 118;
const NARROWEST_PAGE = 40;
const SPARKLINE_COLUMNS = 60;
const INDENT = "  ";

interface Page {
  readonly style: Style;
  readonly marks: Marks;
  readonly width: number;
}

/** The report that the command line prints: lines of at most `width` characters that end in LF, the last one too. */
export function textReport(result: RunResult, options: TextOptions = {}): string {
  const page: Page = {
    style: options.style ?? PLAIN,
    marks: options.ascii === true ? ASCII_MARKS : UNICODE_MARKS,
    width: Math.min(WIDEST_PAGE, Math.max(NARROWEST_PAGE, options.width ?? WIDEST_PAGE)),
  };
  const blocks = [
    thresholdBlock(result, page),
    // That it is partial is said with the numbers, and after how long.
    caveatBlock(
      result.caveats.filter(({ kind }) => kind !== "partial"),
      page,
    ),
    [...headline(result, page), "", ...tierTable(result, page)],
    intervalBlock(result, page),
    callerBlock(result, page),
    reasonBlock(result, page),
    retryBlock(result, page.style),
    sessionBlock(result, page.style),
    recoveryBlock(result, page.style),
    poolBlock(result, page),
    fleetBlock(result, page.style),
    historyBlock(result, page),
    eventBlock(result, page),
  ];
  const shown = blocks.filter((block) => block.length > 0);
  return `${shown.map((block) => block.join("\n")).join("\n\n")}\n`;
}

function thresholdBlock(result: RunResult, { style, marks }: Page): string[] {
  const { thresholds, confidence, judgedAt } = result;
  if (thresholds.length === 0) return [];
  const passed = thresholds.filter((one) => one.verdict === "pass").length;
  const metric = widest(thresholds.map((one) => one.metric));
  const expression = widest(thresholds.map((one) => one.expression));
  const lines = thresholds.map((one) => {
    const mark = verdictMark(one.verdict, style, marks);
    const words = [
      leftAligned(one.metric, metric),
      leftAligned(one.expression, expression),
      observed(one, result),
    ];
    return `${INDENT}${mark} ${words.join(INDENT)}`;
  });
  const open = thresholds.filter((one) => one.verdict === "undecided").length;
  const undecided = open === 0 ? "" : `, ${open} undecided`;
  const looks =
    judgedAt > confidence ? style.dim(`  met with ${format.percent(judgedAt, 4)}, for several looks`) : "";
  return [`${style.bold("THRESHOLDS")}  ${passed} of ${thresholds.length} met${undecided}${looks}`, ...lines];
}

function verdictMark(verdict: ThresholdResult["verdict"], style: Style, marks: Marks): string {
  if (verdict === "pass") return style.good(marks.pass);
  return verdict === "undecided" ? style.warn(marks.undecided) : style.bad(marks.fail);
}

/**
 * What was observed: with its interval and what that rests on, or why there is none where that leaves it open; and of
 * several runs, where the result is given, in how many it was what == or != names.
 */
export function observed(threshold: ThresholdResult, result?: OfRuns): string {
  const why = result === undefined ? undefined : equalityText(threshold, result);
  const text = observedMean(threshold);
  return why === undefined ? text : `${text}, ${why}`;
}

function observedMean(threshold: ThresholdResult): string {
  const { low, high, n, method, verdict } = threshold;
  const text = observedValue(threshold);
  if (threshold.observed === null) return text;
  if (low === null && high === null) return verdict === "undecided" ? `${text}  ${methodText(method)}` : text;
  return `${text}  n=${n}${method === "batches" ? " batches" : ""}`;
}

/** The same without what it rests on. */
export function observedValue(threshold: ThresholdResult): string {
  const { observed: value, bound, low, high, method, verdict } = threshold;
  if (value === null) return verdict === "no-data" ? "no data" : "never";
  if (low !== null || high !== null) {
    return estimateText({ value, low, high, method, unit: bound.unit });
  }
  return tellingDigits(value, bound);
}

/** As many digits as it takes to see why the verdict is what it is. */
function tellingDigits(value: number, { operator, value: bound, unit }: Bound): string {
  const isMet = holds(value, operator, bound);
  for (let digits = 3; digits < 15; digits++) {
    if (holds(Number(value.toPrecision(digits)), operator, bound) === isMet) {
      return format.measured(value, unit, digits);
    }
  }
  return String(value);
}

function headline(result: RunResult, { style }: Page): string[] {
  const { scenario, time, all, partial, replications } = result;
  const runs = replications.length;
  const rate = time.offeredRate === null ? "" : `, ${format.rate(time.offeredRate)}`;
  const warmup = time.warmup > 0 ? ` after ${format.span(time.warmup)} of warm-up` : "";
  const offered = format.count(all.requests.offered);
  const times = runs > 1 ? `${format.count(runs)} replications of ` : "";
  const what = `${offered} requests in ${times}${format.span(time.measured)}${warmup}${rate}`;
  const line = `${style.bold(scenario)}  ${what}${afterRetries(all)}`;
  const lines =
    runs > 1
      ? [line, style.dim("counts and costs are of all replications together, all other numbers of one")]
      : [line];
  if (!partial) return lines;
  const ended =
    runs > 1 ? `${format.count(runs)} replications` : `${format.span(time.simulated)} of simulated time`;
  return [style.warn(`PARTIAL  interrupted after ${ended}`), ...lines];
}

/** What else there is to say of the requests; nothing where each was one attempt that was answered and computed. */
function afterRetries({ amplification, failureRate, inputTokens, cachedTokens }: RunResult["all"]): string {
  const parts: string[] = [];
  if (amplification !== null && amplification > 1)
    parts.push(`${format.number(amplification)} attempts each`);
  if (failureRate !== null && failureRate > 0) parts.push(`${format.percent(failureRate)} failed for good`);
  if (cachedTokens > 0) parts.push(`${format.percent(cachedTokens / inputTokens)} of prompt tokens cached`);
  return parts.length === 0 ? "" : `; ${parts.join(", ")}`;
}

/** How full the pools were on average; nothing where the run was cut off before it could be said. */
function poolBlock({ pools }: RunResult, { style }: Page): string[] {
  const known = pools.filter((pool) => pool.slotsBusyMean !== null);
  if (known.length === 0) return [];
  const name = widest(known.map((pool) => pool.pool));
  const lines = known.map(
    (pool) => `${INDENT}${leftAligned(pool.pool, name)}${INDENT}${poolWords(pool).join(", ")}`,
  );
  return [`${style.bold("POOLS")}  averages`, ...lines];
}

function poolWords(pool: RunResult["pools"][number]): string[] {
  const { replicas, slots, slotsBusyMean, kvUsedMean, kvTokens, queuedMean, preemptions } = pool;
  const { engineVersion, estimate } = pool;
  return [
    `${format.level(replicas)} ${replicas === 1 ? "replica" : "replicas"}`,
    `${format.number(slotsBusyMean ?? 0)} of ${format.level(slots)} sequences`,
    ...(kvTokens === null || kvTokens === 0 ? [] : [`${format.percent((kvUsedMean ?? 0) / kvTokens)} of KV`]),
    `${format.number(queuedMean ?? 0)} waiting`,
    ...(preemptions > 0 ? [`${format.count(preemptions)} preempted`] : []),
    ...(engineVersion === undefined ? [] : [`engine ${engineVersion}`]),
    ...(estimate ? ["step times estimated"] : []),
  ];
}

function reasonBlock({ tiers, all }: RunResult, { style }: Page): string[] {
  const found = REASONS.filter((spec) => spec.name !== "none" && (all.reasons[spec.name] ?? 0) > 0);
  if (found.length === 0) return [];
  const name = widest(found.map((spec) => spec.name));
  const counts = found.map((spec) => format.count(all.reasons[spec.name] ?? 0));
  const digits = widest(counts);
  const answers = found.map((spec) => answerText(spec, all));
  const answer = Math.max(9, widest(answers));
  const lines = found.map((spec, index) => {
    const status = answers[index]!;
    const share = format.percent((all.reasons[spec.name] ?? 0) / all.attempts);
    const parts = tiers.filter((tier) => (tier.reasons[spec.name] ?? 0) > 0);
    const where = parts
      .map((tier) => `${tier.tier} ${format.count(tier.reasons[spec.name] ?? 0)}`)
      .join(", ");
    const words = [
      leftAligned(spec.name, name),
      rightAligned(counts[index]!, digits),
      share.padStart(7),
      style.dim(where),
    ];
    return `${INDENT}${status.padEnd(answer)} ${words.join(INDENT)}`;
  });
  const seen = seenText(all);
  const seenLine = seen === undefined ? [] : [`${INDENT}callers saw ${seen}`];
  return [`${style.bold("NOT SERVED")}  attempts by reason, share of all attempts`, ...lines, ...seenLine];
}

const REFUSALS = [
  { name: "429", column: "rateLimited" },
  { name: "503 overloaded", column: "overloaded" },
  { name: "503 unavailable", column: "unavailable" },
] as const;

/** A row for each tier that was refused in this way at all. */
function refusalRows({ tiers }: RunResult["series"], { name, column }: (typeof REFUSALS)[number]) {
  const refused = tiers.filter((tier) => tier[column].some((count) => count > 0));
  return refused.map((tier) => ({ label: `${name} ${tier.tier}`, bins: tier[column] }));
}

/** Of a pool that grows, shrinks or breaks: what it has ready, and what it needs. */
function capacityRows({ pools }: RunResult["series"]): HistoryRow[] {
  return pools.flatMap(({ pool, ready, needed }) =>
    ready === undefined || needed === undefined
      ? []
      : [
          { label: `needed ${pool}`, bins: needed, beside: ready },
          { label: `ready ${pool}`, bins: ready, beside: needed },
        ],
  );
}

interface HistoryRow {
  readonly label: string;
  readonly bins: readonly number[];
  /** A level is averaged over bins rather than added up, and drawn as high as the one that it is compared with. */
  readonly beside?: readonly number[];
}

function historyBlock({ series, time, replications }: RunResult, { style, marks, width }: Page): string[] {
  const bins = series.tiers[0]?.attempts.length ?? 0;
  if (bins < 2) return [];
  const load = series.tiers[0]!.attempts.map((_, bin) =>
    series.tiers.reduce((sum, tier) => sum + tier.attempts[bin]!, 0),
  );
  const rows: readonly HistoryRow[] = [
    { label: "attempts", bins: load },
    ...REFUSALS.flatMap((refusal) => refusalRows(series, refusal)),
    ...capacityRows(series),
  ];
  const label = widest(rows.map((row) => row.label));
  const columns = Math.max(10, Math.min(SPARKLINE_COLUMNS, width - label - 20));
  const { binsPerColumn } = downsample(load, columns);
  const lines = rows.map((row) => {
    const { sums } = downsample(row.bins, columns);
    const own = Math.max(...sums);
    const largest = Math.max(own, ...downsample(row.beside ?? [], columns).sums);
    const shown = row.beside === undefined ? format.count(own) : format.level(own / binsPerColumn);
    const most = `${style.dim("max")} ${shown}`;
    return `${INDENT}${leftAligned(row.label, label)}${INDENT}${sparkline(sums, marks, largest)}${INDENT}${most}`;
  });
  const each = format.span(binsPerColumn * series.interval);
  const whole = format.span(bins * series.interval);
  const warmup = time.warmup > 0 ? ", warm-up included" : "";
  const seed = replications.length > 1 ? `seed ${replications[0]!.seed}, ` : "";
  return [`${style.bold("OVER TIME")}  ${seed}0s to ${whole}${warmup}, one mark = ${each}`, ...lines];
}
