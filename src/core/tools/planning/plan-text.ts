// The report of a plan as text: the answer first, then how sure it is, the curve that was seen, how the answer moves
// with demand, and what it took.

import { caveatBlock, wrapped } from "../../report/text/caveats.js";
import * as format from "../../report/text/format.js";
import { estimateText, NONE_SEEN_NOTE } from "../../report/text/intervals.js";
import { ASCII_MARKS, type Marks, PLAIN, type Style, UNICODE_MARKS } from "../../report/text/style.js";
import { type Cell, type Column, renderTable } from "../../report/text/table.js";
import { observedValue } from "../../report/text/text.js";
import { isEquality } from "../../results/metrics/kinds.js";
import type { Caveat } from "../../results/shape/caveat-kinds.js";
import type { Estimate, ThresholdResult } from "../../results/shape/result.js";
import { poolOfReplicas } from "./demand.js";
import { openLines } from "./plan-open-text.js";
import { isUndecided, orderLines, undecidedLine } from "./plan-order-text.js";
import type { PlanPoint, PlanResult } from "./plan-result.js";
import { CERTIFIED, ORDERED, type ProbeVerdict } from "./probe.js";

export interface PlanTextOptions {
  /** Colours; none if left out. */
  readonly style?: Style;
  /** Only characters that every terminal has. */
  readonly ascii?: boolean;
}

const WIDTH = 110;

interface Page {
  readonly style: Style;
  readonly marks: Marks;
}

/** Lines end in LF, the last one too. */
export function planText(plan: PlanResult, options: PlanTextOptions = {}): string {
  const page = {
    style: options.style ?? PLAIN,
    marks: options.ascii === true ? ASCII_MARKS : UNICODE_MARKS,
  };
  const blocks = [
    answerBlock(plan, page),
    caveatBlock(plan.answer?.caveats ?? readingOf(plan), { ...page, width: WIDTH }),
    curveBlock(plan, page),
    demandBlock(plan, page),
    workBlock(plan),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** What reading traces did is told where nothing is the answer, too: it may be why. */
function readingOf({ points }: PlanResult): readonly Caveat[] {
  return points[0]?.caveats.filter(({ kind }) => kind === "reading") ?? [];
}

function answerBlock(plan: PlanResult, { style }: Page): string[] {
  const lines = [`${plan.partial ? style.warn("partial, interrupted: ") : ""}${answerLine(plan, style)}`];
  const { answer, margin, guess, contradictions, ties } = plan;
  if (answer !== null && margin !== null && nextTo(plan) === undefined) {
    lines.push(`  ${marginLine(plan)}`);
  }
  if (answer !== null) {
    const busy = answer.busy.flatMap(({ pool, share }) =>
      share === null ? [] : [`${pool} ${format.percent(share, 2)}`],
    );
    if (busy.length > 0) lines.push(`  busy: ${busy.join(", ")} of the places for sequences, on average`);
    const also = answer.also.map((one) => `${one.name} ${estimateText(one)}`);
    if (also.length > 0) lines.push(`  also: ${also.join(", ")}`);
  }
  if (!isUndecided(plan)) lines.push(...openLines(plan).flatMap((line) => wrapped(line, WIDTH)));
  lines.push(...orderLines(plan).map((line) => `  ${line}`));
  if (guess !== null) lines.push(`  began at ${guess.text}: ${guess.basis}`);
  if (ties.length > 0) lines.push(`  not to be told from it: ${ties.join(", ")}`);
  // Along a key what seemed so is tried again, and orderLines says what came of it.
  for (const { passes, fails } of plan.order === null ? contradictions : []) {
    lines.push(style.warn(`  not monotone: ${passes} seems enough and ${fails}, which is less load, fails`));
  }
  return lines;
}

function answerLine(plan: PlanResult, style: Style): string {
  const { answer, kind, confidence, range, spare } = plan;
  if (isUndecided(plan)) return `${style.warn("not decided")}: ${undecidedLine(plan)}`;
  const where = range.map(({ path, from, to }) => `${path}=${from}..${to}`).join(", ");
  const sure = `with ${format.percent(confidence)} confidence`;
  if (answer === null) {
    const isOpen = [...plan.points, ...plan.certified].some(({ verdict }) => verdict === "undecided");
    const why = plan.open.length > 0 ? "" : ", since it is not known whether the fleet keeps up";
    const hint = isOpen ? `; some were left undecided${why}` : "";
    return `${style.bad("nothing found")}: no value of ${where} was shown to meet every threshold ${sure}${hint}`;
  }
  const values = answer.values.map(({ path, text }) => nameOf({ kind, spare }, path, text)).join(", ");
  const { gpus, cost } = fleetOf(answer);
  const costs = cost === gpus ? "" : `, cost ${format.number(cost)}`;
  const head = style.good(style.bold(`${values} (${gpusText(answer)}${costs})`));
  const below = nextTo(plan);
  const met =
    answer.thresholds.length === 0 ? "no thresholds" : `all thresholds met ${sure}${observedOnly(answer)}`;
  const best =
    answer.objective === null
      ? ""
      : `, ${nameOfObjective(answer.objective)} ${estimateText(answer.objective)}`;
  return `${head}: ${met}${best}${below === undefined ? "" : `; ${below} fails`}`;
}

/** What thresholds assert of all that was seen is no matter of confidence. */
function observedOnly({ thresholds, replications }: PlanPoint): string {
  const isSo = thresholds.some(
    ({ method, bound: { operator } }) => isEquality(operator) || method === "extreme",
  );
  return isSo ? `, == and extremes as seen in ${format.count(replications)} runs` : "";
}

const nameOfObjective = ({ metric, aggregation }: Estimate) => `${metric} ${aggregation}`;

function nameOf({ kind, spare }: Pick<PlanResult, "kind" | "spare">, path: string, text: string): string {
  if (kind === "load") return `load x ${text}`;
  const pool = poolOfReplicas(path);
  if (pool === undefined) return `${path}=${text}`;
  const more = pool === spare?.pool ? ` + ${format.count(spare.replicas)} spare` : "";
  const name = `${text}${more} replicas of ${pool}`;
  return isOfStep(path) ? `${name} (${path})` : name;
}

/** What instances held on average is not what was planned, but for rounding. */
const isVarying = ({ gpus, held }: PlanPoint) => Math.abs(held.gpus - gpus) > 1e-6 * Math.max(1, gpus);

/** As planned where that is what there was, and as measured otherwise. */
const fleetOf = (point: PlanPoint) => (isVarying(point) ? point.held : point);

function gpusText(point: PlanPoint): string {
  const gpus = `${format.level(fleetOf(point).gpus)} GPUs`;
  return isVarying(point) ? `${gpus} on average` : gpus;
}

/** What failed right next to the answer, where the margin leaves nothing between. */
function nextTo({ answer, margin, points, kind }: PlanResult): string | undefined {
  if (answer === null || margin === null || margin.from !== margin.to) return undefined;
  const at = points.findIndex((point) => isSame(point, answer));
  const next = points[isDownward(kind) ? at + 1 : at - 1];
  return next?.verdict === "fail" ? next.values[0]?.text : undefined;
}

/** Whether lower values are better, so that the greatest is the answer. */
const isDownward = (kind: PlanResult["kind"]) => kind === "load" || kind === "greatest";

/** What was certified was searched before. */
function isSame(one: PlanPoint, other: PlanPoint): boolean {
  return one.values.every(({ text }, index) => text === other.values[index]!.text);
}

function marginLine({ margin, points, kind, answer }: PlanResult): string {
  const { from, to } = margin!;
  const failed = points.some(
    (point) => point.verdict === "fail" && isWorse(point, answer!, isDownward(kind)),
  );
  if (from === to) {
    const [end, beyond] = isDownward(kind) ? ["top", "more"] : ["bottom", "less"];
    return `it is the ${end} of the range, so that ${beyond} may do: nothing beyond it was tried`;
  }
  const why = failed ? "between them nothing was certified" : "nothing in the range was shown to fail";
  return `margin ${from} to ${to}: ${why}; more replications (--most) would tell`;
}

function isWorse(point: PlanPoint, answer: PlanPoint, isTurned: boolean): boolean {
  const [one, other] = [point.values[0]!.value, answer.values[0]!.value];
  return isTurned ? one > other : one < other;
}

/** What the search saw, and below it what was tried again. */
function curveBlock({ points: searched, certified, kind, answer, order }: PlanResult, page: Page): string[] {
  const { style, marks } = page;
  const first = searched[0];
  if (first === undefined) return [];
  const compared = order?.compared ?? [];
  const points = [...searched, ...compared, ...certified];
  const tried = (row: number) =>
    row < searched.length ? "" : row < searched.length + compared.length ? " to compare" : " to certify";
  const label: Column = {
    head: ["", first.values.map(({ path }) => shortPath(path)).join(" + ")],
    cells: points.map((point, row) => {
      const values = point.values.map((value) => value.text).join(" + ");
      const text = `${values}${tried(row)}`;
      return point === answer ? { text, paint: style.bold } : { text };
    }),
  };
  const column = (head: string, cells: readonly Cell[]): Column => ({ head: ["", head], cells });
  const paint: Record<ProbeVerdict, (text: string) => string> = {
    pass: style.good,
    fail: style.bad,
    undecided: style.warn,
  };
  const basics = [
    column(
      "verdict",
      points.map(({ verdict, load }) => ({
        text: load === "growing" ? "growing" : verdict,
        paint: paint[verdict],
      })),
    ),
    ...(kind === "load"
      ? []
      : [
          column(
            points.some(isVarying) ? "mean GPUs" : "GPUs",
            points.map((point) => ({ text: format.level(fleetOf(point).gpus) })),
          ),
        ]),
    column(
      "runs",
      points.map(({ replications }) => ({ text: format.count(replications) })),
    ),
    column(
      "requests",
      points.map(({ requests }) => ({ text: format.short(requests) })),
    ),
  ];
  const objective = first.objective === null ? [] : [column("objective", points.map(objectiveCell))];
  const thresholds = first.thresholds.map((_, index) =>
    column(
      `[${index + 1}]`,
      points.map((point) => thresholdCell(point.thresholds[index]!, style)),
    ),
  );
  const table = renderTable(label, [basics, [...objective, ...thresholds]], {
    width: WIDTH,
    style,
    marks,
    hasTotal: false,
  });
  const legend = first.thresholds.map(
    ({ metric, expression }, index) => `  [${index + 1}] ${metric}  ${expression}`,
  );
  const hasNone = points.some((point) => point.thresholds.some(isNoneSeen));
  return [`${style.bold("CURVE")}`, ...legend, ...table, ...(hasNone ? wrapped(NONE_SEEN_NOTE, WIDTH) : [])];
}

const isNoneSeen = ({ method, observed, high }: ThresholdResult) =>
  method === "zero-events" && observed === 0 && high !== null;

function objectiveCell({ objective }: PlanPoint): Cell {
  return { text: objective === null ? "" : estimateText(objective) };
}

function thresholdCell(threshold: ThresholdResult, style: Style): Cell {
  const text = observedValue(threshold);
  if (threshold.verdict === "pass") return { text };
  return { text, paint: threshold.verdict === "undecided" ? style.warn : style.bad };
}

const isOfStep = (path: string) => path.includes(".steps.");

/** A pool's replicas are known by the pool, anything else by its last word. */
function shortPath(path: string): string {
  const pool = poolOfReplicas(path);
  return pool ?? path.split(".").at(-1)!;
}

function demandBlock({ demand, answer, range, confidence }: PlanResult, page: Page): string[] {
  if (demand.length === 0) return [];
  const rows = [
    ...demand.map(({ factor, answer: found, margin, finished }) => ({ factor, found, margin, finished })),
    { factor: 1, found: answer, margin: null, finished: true },
  ].sort((a, b) => a.factor - b.factor);
  const lines = rows.map(({ factor, found, margin, finished }) => {
    const at = `  ${format.percent(factor)}`.padEnd(9);
    if (found === null) return `${at}${finished ? "nothing in the range was certified" : "interrupted"}`;
    const open = margin === null || margin.from === margin.to ? "" : `, margin from ${margin.from}`;
    return `${at}${found.values[0]!.text} (${gpusText(found)}${open})`;
  });
  const sure = `each with ${format.percent(confidence)} confidence`;
  const title = `${page.style.bold("DEMAND")}  ${range[0]!.path} by demand, ${sure}`;
  return [title, ...lines];
}

function workBlock({ work, demand, certified, seed, order }: PlanResult): string[] {
  const { bruteForce, probes, replications, requests } = work;
  const share = bruteForce.requests === 0 ? "" : `, ${format.percent(requests / bruteForce.requests, 2)} of`;
  const each = `each of ${format.count(bruteForce.values)} values ${format.count(bruteForce.replications)} times`;
  const replicated = `${format.count(probes)} probes, ${format.count(replications)} replications`;
  const again = certified.length === 0 ? "" : `; ${seed}/${CERTIFIED}/1, ... to certify`;
  const ordered = (order?.compared ?? []).length === 0 ? "" : `; ${seed}/${ORDERED}/1, ... to compare`;
  const others = demand.reduce((sum, one) => sum + one.requests, 0);
  return [
    `${replicated}, ${format.short(requests)} requests${share} about ${format.short(bruteForce.requests)} for ${each}`,
    ...(others > 0 ? [`${format.short(others)} requests more for other demands`] : []),
    `seeds ${seed}/1, ${seed}/2, ... for every value${ordered}${again}`,
  ];
}
