// The judgement of a profile as text: recorded, simulated, error, line by line, then how full the engine was over time
// and which steps are wrong. Knows the report and how numbers are written, no files.

import * as format from "../../report/text/format.js";
import { sparkline } from "../../report/text/sparkline.js";
import { ASCII_MARKS, type Marks, PLAIN, type Style, UNICODE_MARKS } from "../../report/text/style.js";
import type { RegimeError } from "../calibration/regimes.js";
import type { BoundCheck } from "./bounds.js";
import type { Compared } from "./compared.js";
import type { Finding } from "./diagnosis.js";
import { measuresOf, settingsText } from "./measures.js";
import type { ValidationReport } from "./report.js";
import type { History, RunComparison } from "./run-comparison.js";
import type { StepErrors } from "./step-errors.js";

export interface ValidationTextOptions {
  readonly style?: Style;
  /** Only characters that every terminal has. */
  readonly ascii?: boolean;
}

export interface Page {
  readonly style: Style;
  readonly marks: Marks;
}

type Show = (value: number) => string;

const NAME = 28;
const VALUE = 11;

/** Lines end in LF, the last one too. */
export function validationText(report: ValidationReport, options: ValidationTextOptions = {}): string {
  const page: Page = {
    style: options.style ?? PLAIN,
    marks: options.ascii === true ? ASCII_MARKS : UNICODE_MARKS,
  };
  const { name, source, estimate } = report.profile;
  const lines = [`${page.style.bold(name)}${estimate ? "  an estimate" : ""}`, page.style.dim(source)];
  if (report.run) lines.push("", ...runLines(report.run, report.bounds, page));
  if (report.steps) lines.push("", ...stepLines(report.steps, page));
  if (report.run ?? report.steps) lines.push(...findingLines(report.findings, page));
  lines.push(...noteLines(report.notes, page));
  return `${lines.join("\n")}\n`;
}

function runLines(run: RunComparison, bounds: readonly BoundCheck[], page: Page): string[] {
  const rows = measuresOf(run).map(({ path, label, value, show }) =>
    comparedLine(
      label,
      value,
      show,
      bounds.find((bound) => bound.measure === path),
      page,
    ),
  );
  return [
    `${format.count(run.requests)} requests, ${settingsText(run)}`,
    "",
    heading(["", "recorded", "simulated", "error"], page),
    ...rows,
    "",
    ...historyLines("batch", run.batch.history, run.binSeconds, page),
    ...historyLines("KV pages", run.kvPages.history, run.binSeconds, page),
  ];
}

/** How many words stand on one line. */
const WIDE = 112;

export function findingLines(findings: readonly Finding[], page: Pick<Page, "style">): string[] {
  const head = ["", page.style.bold("what to calibrate next")];
  if (findings.length === 0) return [...head, "nothing stands out"];
  return [
    ...head,
    ...findings.flatMap(({ part, seen, next }) => [
      ...wrapped(`${part}: ${seen}`, ""),
      ...wrapped(next, "  "),
    ]),
  ];
}

export function noteLines(notes: readonly string[], page: Pick<Page, "style">): string[] {
  return notes.length === 0
    ? []
    : ["", ...notes.flatMap((note) => wrapped(`note: ${note}`, "")).map(page.style.dim)];
}

function wrapped(words: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${lines.length > 0 ? "  " : ""}${word}`);
  }
  return lines;
}

export function comparedLine(
  label: string,
  { recorded, simulated, error }: Compared,
  show: Show,
  bound: BoundCheck | undefined,
  { style, marks }: Page,
): string {
  const text = (value: number | null, how: Show) =>
    (value === null ? marks.missing : how(value)).padStart(VALUE);
  const cells = [text(recorded, show), text(simulated, show), text(error, format.signedPercent)];
  return `${label.padEnd(NAME)}${cells.join("")}${verdictText(bound, style, marks)}`;
}

function verdictText(bound: BoundCheck | undefined, style: Style, marks: Marks): string {
  if (bound === undefined) return "";
  const leave = bound.orSeconds === null ? "" : ` or ${format.time(bound.orSeconds)}`;
  const limit = `${format.percent(bound.limit)}${leave}`;
  if (bound.verdict === "not judged") return style.dim("  not judged in overload");
  if (bound.verdict === "within") return `  ${style.good(marks.pass)} within ${limit}`;
  return `  ${style.bad(marks.fail)} beyond ${limit}`;
}

/** Both on one scale, so that heights compare. */
function historyLines(
  label: string,
  { recorded, simulated }: History,
  binSeconds: number,
  page: Page,
): string[] {
  const drawn = sparkline([...recorded, ...simulated], page.marks);
  const marks = [...drawn];
  const top = format.number(Math.max(...recorded, ...simulated));
  const scale = `${format.time(binSeconds)} each, top ${top}`;
  return [
    `${`${label} over time`.padEnd(NAME)}recorded   ${marks.slice(0, recorded.length).join("")}`,
    `${page.style.dim(scale.padEnd(NAME))}simulated  ${marks.slice(recorded.length).join("")}`,
  ];
}

function stepLines({ gpu, host, notes }: StepErrors, page: Page): string[] {
  const line = (label: string, { points, bias, mean, p90, max }: RegimeError) =>
    [
      label.padEnd(NAME),
      format.count(points).padStart(VALUE),
      format.signedPercent(bias).padStart(VALUE),
      ...[mean, p90, max].map((share) => format.percent(share).padStart(VALUE)),
    ].join("");
  const regimes = Object.entries(gpu.byRegime).map(([regime, error]) => line(regime, error));
  const hostLine = (label: string, value: Compared) =>
    comparedLine(label, value, (millis) => format.time(millis / 1000), undefined, page);
  const hostLines = host
    ? [
        "",
        heading(["host part of a step", "recorded", "predicted", "error"], page),
        hostLine("decode only", host.decode),
        hostLine("with prefill", host.prefill),
      ]
    : [];
  return [
    heading(["steps, one by one", "steps", "bias", "mean error", "p90", "max"], page),
    ...regimes,
    line("all", gpu.all),
    ...hostLines,
    ...notes.map((note) => page.style.dim(`note: ${note}`)),
  ];
}

export function heading([label = "", ...columns]: readonly string[], { style }: Page): string {
  return style.bold(`${label.padEnd(NAME)}${columns.map((column) => column.padStart(VALUE)).join("")}`);
}
