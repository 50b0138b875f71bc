// A check as Markdown: for the summary of a workflow's step, or a comment.
import { markdownTable } from "markdown-table";
import stringWidth from "string-width";
import { thresholdValue, visible } from "../../core/internal.js";
import {
  type CheckedScenario,
  type CheckReport,
  type CheckStatus,
  comparedText,
  comparisonFindings,
  folded,
  orphanText,
  reportStatus,
  statusOf,
  thresholdName,
} from "./checked.js";

const MARKS = {
  pass: "✅ pass",
  fail: "❌ fail",
  undecided: "❔ undecided",
  "no-data": "❌ no data",
} as const;

export function checkMarkdown(report: CheckReport): string {
  const head = `## surgefleet check: ${summary(report)}`;
  const blocks = report.checked.map((one) => {
    const { result, name, aborted } = one;
    const seeds = result.replications.length;
    const runs = `${seeds} seed${seeds === 1 ? "" : "s"}${aborted ? ", aborted" : ""}`;
    const title = `### ${MARKS[statusOf(one)]} ${escaped(name)} (${runs})`;
    const verdicts =
      result.thresholds.length === 0 ? "No thresholds defined: nothing was judged." : thresholdTable(result);
    return [title, "", verdicts, ...comparison(one), ...notes(one)].join("\n");
  });
  const left = report.unchecked.map(({ name }) => `### ❌ not checked ${escaped(name)}`);
  const orphans = report.orphans.map((path) => `### ❌ ${escaped(orphanText(path))}`);
  return `${[head, ...blocks, ...left, ...orphans].join("\n\n")}\n`;
}

function summary(report: CheckReport): string {
  const { checked, unchecked, orphans } = report;
  const count = (status: CheckStatus) => checked.filter((one) => statusOf(one) === status).length;
  const [failed, open, all] = [count("fail"), count("undecided"), checked.length + unchecked.length];
  const words = [
    ...(unchecked.length > 0 ? [`interrupted, ${checked.length} of ${all} checked`] : []),
    ...(failed > 0 ? [`${failed} of ${all} failed`] : []),
    ...(unchecked.length === 0 && reportStatus(report) === "pass" ? ["passed"] : []),
    ...(open > 0 ? [`${open} undecided`] : []),
    ...(orphans.length > 0 ? [`baselines without a scenario: ${orphans.length}`] : []),
  ];
  return words.join(", ");
}

function thresholdTable(result: CheckedScenario["result"]): string {
  const rows = result.thresholds.map((one) => [
    MARKS[one.verdict],
    code(thresholdName(one)),
    escaped(thresholdValue(one, result)),
  ]);
  return markdownTable([["verdict", "threshold", "observed"], ...rows], { stringLength: stringWidth });
}

/** What the comparison with the baseline found, a line each. */
function comparison(one: CheckedScenario): string[] {
  if (one.against === undefined) return [];
  const found = folded(comparisonFindings(one));
  const compared = `- ${escaped(comparedText(one.against))}`;
  return ["", compared, ...found.map(({ title, text }) => `- ${escaped(`${title}: ${text}`)}`)];
}

function notes({ notes }: CheckedScenario): string[] {
  return notes.length === 0 ? [] : ["", ...notes.map((text) => `- ${escaped(`note: ${text}`)}`)];
}

/** Names come from users: they must not become markup, nor end a cell. */
function escaped(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]<>()#+!|~&-]/g, (mark) => `\\${mark}`);
}

function code(text: string): string {
  const ticks = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${ticks} ${oneLine(text).replaceAll("|", "\\|")} ${ticks}`;
}

function oneLine(text: string): string {
  return visible(text.replaceAll(/[\r\n]+/g, " "));
}
