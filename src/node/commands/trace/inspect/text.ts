// The statistics of a trace as people read them. Knows what was counted, not how.
import type { Style, TraceReport } from "../../../../core/index.js";
import {
  ASCII_MARKS,
  type Bar,
  downsample,
  findingsOf,
  findingText,
  format,
  type Quantiles,
  sparkline,
  type TraceProfile,
  type TraceStatistics,
  UNICODE_MARKS,
} from "../../../../core/internal.js";

export interface InspectTextOptions {
  readonly style: Style;
  readonly ascii: boolean;
  /** Characters to the line. */
  readonly width: number;
}

const LABEL = 20;
const HISTOGRAM_BARS = 24;

export function inspectText(
  file: string,
  statistics: TraceStatistics,
  profile: TraceProfile,
  report: TraceReport,
  options: InspectTextOptions,
): string {
  const { style } = options;
  const blocks = [
    head(file, statistics, report, options),
    readingBlock(report, options),
    arrivalBlock(statistics, profile, options),
    tokenBlock(statistics, profile, options),
    sessionBlock(statistics, profile, options),
    accountBlock(statistics),
  ];
  const text = blocks
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => [style.bold(title), ...lines.map((line) => `  ${line}`)].join("\n"));
  return `${text.join("\n\n")}\n`;
}

interface Block {
  readonly title: string;
  readonly lines: readonly string[];
}

const line = (label: string, value: string) => `${label.padEnd(LABEL)}${value}`;

function head(
  file: string,
  { rows, sessions, accounts, subAgents, span, rate }: TraceStatistics,
  { format: id }: TraceReport,
  { style }: InspectTextOptions,
): Block {
  const parts = [
    `${format.count(rows)} requests`,
    ...(sessions > 0 ? [`${format.count(sessions)} sessions`] : []),
    ...(subAgents > 0 ? [`${format.count(subAgents)} sub-agents`] : []),
    ...(accounts > 0 ? [`${format.count(accounts)} accounts`] : []),
  ];
  const over = `over ${format.span(span)}${rate === null ? "" : `, ${format.rate(rate)}`}`;
  return { title: `${file}  ${style.dim(id)}`, lines: [`${parts.join(", ")} ${over}`] };
}

function readingBlock(report: TraceReport, { style }: InspectTextOptions): Block {
  const lines: string[] = [];
  if (report.rowsRead !== report.rowsYielded) {
    lines.push(
      line("rows read", `${format.count(report.rowsRead)}, handed on ${format.count(report.rowsYielded)}`),
    );
  }
  const findings = findingsOf(report);
  for (const finding of findings.filter(({ kind }) => kind !== "ignored")) {
    const isDoubt = finding.kind === "assumed" || finding.kind === "unserved";
    const label = isDoubt ? style.warn(finding.kind.padEnd(LABEL)) : finding.kind.padEnd(LABEL);
    lines.push(label + findingText(finding));
  }
  lines.push(...ignoredLines(findings));
  return { title: "READING", lines };
}

/** Fields that are ignored for the same reason stand together, behind what was done to rows. */
function ignoredLines(findings: ReturnType<typeof findingsOf>): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { kind, what, why = "" } of findings) {
    if (kind !== "ignored") continue;
    const fields = byReason.get(why) ?? [];
    byReason.set(why, [...fields, what]);
  }
  return [...byReason].map(([why, fields]) =>
    line("ignored", `${fields.join(", ")}${why === "" ? "" : `: ${why}`}`),
  );
}

function arrivalBlock(
  statistics: TraceStatistics,
  profile: TraceProfile,
  options: InspectTextOptions,
): Block {
  const { gapCv, burstiness, quantum } = statistics;
  const lines: string[] = [];
  if (quantum !== null) {
    const what = `whole multiples of ${format.span(quantum)}: nothing shorter can be told (see --dequantize)`;
    lines.push(line("timestamps", what));
  }
  if (gapCv !== null) lines.push(line("gaps between", `cv ${format.number(gapCv)} (1 is Poisson)`));
  for (const { window, windows, idc, eta } of burstiness) {
    if (idc === null || eta === null) continue;
    const values = `IDC ${format.number(idc, 4).padEnd(8)} eta ${small(eta)}`;
    lines.push(line(`counts in ${format.span(window)}`, `${values}  (${format.count(windows)} windows)`));
  }
  const { counts, width } = profile.overTime;
  if (counts.length > 1) {
    const { sums, binsPerColumn } = downsample(counts, Math.max(10, options.width - LABEL - 26));
    const each = binsPerColumn * width;
    const most = `max ${format.rate(Math.max(...sums) / each)}`;
    lines.push(line("rate over time", `${sparkline(sums, marksOf(options))}  ${most}`));
    lines.push(line("", options.style.dim(`one mark = ${format.span(each)}`)));
  }
  return { title: "ARRIVALS", lines };
}

function tokenBlock(statistics: TraceStatistics, profile: TraceProfile, options: InspectTextOptions): Block {
  const { input, output, uncached, inOutRatio, prefix } = statistics;
  const lines = [quantileHead(), quantileLine("input", input), quantileLine("output", output)];
  if (prefix.by !== "nothing") lines.push(quantileLine("uncached input", uncached));
  if (inOutRatio !== null) lines.push(line("input : output", `${format.number(inOutRatio)} : 1`));
  lines.push(line("prefix cache", prefixWords(prefix)));
  lines.push(
    ...histogram("input", profile.input.bars, options),
    ...histogram("output", profile.output.bars, options),
  );
  return { title: "TOKENS  of a request", lines };
}

function prefixWords({ by, tokenHit, blockHit }: TraceStatistics["prefix"]): string {
  if (tokenHit === null) return "the trace tells nothing of common beginnings";
  const ways = {
    stated: "as the trace states",
    blocks: "by block ids, a cache without bounds",
    sessions: "by sessions, a cache without bounds",
    nothing: "",
  };
  const ofBlocks = blockHit === null ? "" : `, ${format.percent(blockHit, 4)} of blocks`;
  return `${format.percent(tokenHit)} of prompt tokens${ofBlocks}; ${ways[by]}`;
}

function sessionBlock(
  statistics: TraceStatistics,
  profile: TraceProfile,
  options: InspectTextOptions,
): Block {
  if (statistics.sessions === 0) return { title: "", lines: [] };
  const { requestsPerSession, turns, requestsPerTurn, growth, toolGap, humanGap, otherGap } = statistics;
  const hasKinds = profile.sessions.rowsOfKind > 0;
  const lines = [quantileHead(), quantileLine("requests", requestsPerSession)];
  if (hasKinds)
    lines.push(quantileLine("user turns", turns), quantileLine("requests per turn", requestsPerTurn));
  lines.push(quantileLine("context growth", growth));
  const gaps = [
    { name: "tool gap", quantiles: toolGap, bars: profile.sessions.toolGap.bars },
    { name: "human gap", quantiles: humanGap, bars: profile.sessions.humanGap.bars },
    { name: "gap", quantiles: otherGap, bars: profile.sessions.otherGap.bars },
  ].filter(({ quantiles }) => quantiles.count > 0);
  for (const { name, quantiles } of gaps) lines.push(quantileLine(name, quantiles, "s"));
  for (const { name, bars } of gaps) lines.push(...histogram(name, bars, options, "s"));
  return { title: "SESSIONS  gaps are from an answer's end to the next request", lines };
}

function accountBlock({ skew, accounts }: TraceStatistics): Block {
  if (skew === null) return { title: "", lines: [] };
  const { top1, top5, top10, hhi } = skew;
  const [one, five, ten] = [top1, top5, top10].map((share) => format.percent(share));
  const tops = `largest ${one}, 5 largest ${five}, 10 largest ${ten}`;
  return {
    title: `ACCOUNTS  ${format.count(accounts)}, share of the requests`,
    lines: [line("skew", tops), line("HHI", small(hhi))],
  };
}

const COLUMNS = ["mean", "p10", "p50", "p90", "p99", "max"] as const;
const CELL = 11;

function quantileHead(): string {
  return line("", COLUMNS.map((name) => name.padStart(CELL)).join(""));
}

function quantileLine(label: string, quantiles: Quantiles, unit = ""): string {
  const cells = COLUMNS.map((name) => {
    const value = quantiles[name];
    if (value === null) return "-".padStart(CELL);
    return (unit === "s" ? format.time(value) : format.number(value)).padStart(CELL);
  });
  return line(label, cells.join(""));
}

function histogram(label: string, bars: readonly Bar[], options: InspectTextOptions, unit = ""): string[] {
  if (bars.length < 2) return [];
  const shown = bars.slice(0, HISTOGRAM_BARS);
  const value = (bound: number) => (unit === "s" ? format.time(bound) : format.number(bound));
  const most = Math.max(...shown.map(({ count }) => count));
  const room = Math.max(10, options.width - LABEL - 20);
  const all = bars.reduce((sum, { count }) => sum + count, 0);
  const mark = options.ascii ? "#" : "█";
  const title = ["", options.style.dim(`${label}, share of all`)];
  return [
    ...title,
    ...shown.map(({ from, to, count }) => {
      const length = Math.round((count / most) * room);
      const bar = mark.repeat(count > 0 ? Math.max(1, length) : 0);
      const range = `${value(from)} to ${value(to)}`.padStart(LABEL - 2);
      return `${range}  ${format.percent(count / all).padStart(7)} ${bar}`;
    }),
  ];
}

/** Below 1 in thousandths, which is what burstiness is compared by. */
function small(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 4 : 1);
}

function marksOf({ ascii }: InspectTextOptions) {
  return ascii ? ASCII_MARKS : UNICODE_MARKS;
}
