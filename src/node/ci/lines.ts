// A check as a person reads it in a log: a line per scenario, and below it only what is not well.
import type { Style } from "../../core/index.js";
import { format } from "../../core/internal.js";
import { type CheckedScenario, comparedText, findings, folded, orphanText, statusOf } from "./checked.js";

export interface Page {
  readonly style: Style;
  readonly ascii: boolean;
}

/** One line where all is well; what is not, below it. */
export function checkLines(checked: CheckedScenario, { style, ascii }: Page): string {
  const status = statusOf(checked);
  const { result, name, seconds, aborted, against } = checked;
  const marks = ascii ? ASCII : UNICODE;
  const paint = { pass: style.good, fail: style.bad, undecided: style.warn }[status];
  const parts = [
    counted(result.thresholds.filter(({ verdict }) => verdict === "pass").length, result.thresholds.length),
    ...(against === undefined ? [] : [comparedText(against)]),
    `${result.replications.length} seeds`,
    format.time(seconds, 2),
    ...(aborted ? ["aborted"] : []),
  ];
  const head = `${paint(marks[status])} ${style.bold(name)}  ${style.dim(parts.join(", "))}`;
  const below = folded(findings(checked)).map(({ kind, title, text, place }) => {
    const where = kind === "fail" || kind === "undecided" ? `  ${place.file}:${place.line}` : "";
    return `    ${title}: ${text}${style.dim(where)}`;
  });
  const unpaired = against !== undefined && !against.paired;
  if (unpaired) below.push("    the baseline has other seeds: compared unpaired, which shows less");
  return `${[head, ...below].join("\n")}\n`;
}

/** A committed result that no scenario belongs to. */
export function orphanLine(path: string, { style, ascii }: Page): string {
  return `${style.bad((ascii ? ASCII : UNICODE).fail)} ${orphanText(path)}\n`;
}

const UNICODE = { pass: "✓", fail: "✗", undecided: "?" } as const;
const ASCII = { pass: "pass", fail: "FAIL", undecided: "????" } as const;

function counted(met: number, all: number): string {
  return all === 0 ? "no thresholds defined: nothing was judged" : `${met} of ${all} thresholds met`;
}
