// A check as Markdown: for the summary of a workflow's step, or a comment.
import { markdownTable } from "markdown-table";
import stringWidth from "string-width";
import { thresholdValue } from "../../core/internal.js";
import {
  type AskedScenario,
  type CheckedScenario,
  type CheckStatus,
  comparisonFindings,
  statusOf,
  thresholdName,
} from "./checked.js";

const MARKS = {
  pass: "✅ pass",
  fail: "❌ fail",
  undecided: "❔ undecided",
  "no-data": "❌ no data",
} as const;

/** `unchecked` are those that an interrupt left out. */
export function checkMarkdown(
  scenarios: readonly CheckedScenario[],
  unchecked: readonly AskedScenario[] = [],
  failOnUndecided = false,
): string {
  const head = `## surgefleet check: ${summary(scenarios, unchecked, failOnUndecided)}`;
  const blocks = scenarios.map((one) => {
    const { result, name, aborted } = one;
    const seeds = result.replications.length;
    const runs = `${seeds} seed${seeds === 1 ? "" : "s"}${aborted ? ", aborted" : ""}`;
    const title = `### ${MARKS[statusOf(one)]} ${escaped(name)} (${runs})`;
    const verdicts =
      result.thresholds.length === 0
        ? "No thresholds defined: nothing was judged."
        : thresholdTable(result.thresholds);
    return [title, "", verdicts, ...comparison(one)].join("\n");
  });
  const left = unchecked.map(({ name }) => `### ❌ not checked ${escaped(name)}`);
  return `${[head, ...blocks, ...left].join("\n\n")}\n`;
}

function summary(
  scenarios: readonly CheckedScenario[],
  unchecked: readonly AskedScenario[],
  failOnUndecided: boolean,
): string {
  const count = (status: CheckStatus) => scenarios.filter((one) => statusOf(one) === status).length;
  const [failed, open, all] = [count("fail"), count("undecided"), scenarios.length + unchecked.length];
  const words = [
    ...(unchecked.length > 0 ? [`interrupted, ${scenarios.length} of ${all} checked`] : []),
    ...(failed > 0 ? [`${failed} of ${all} failed`] : []),
    ...(failed === 0 && unchecked.length === 0 && !(failOnUndecided && open > 0) ? ["passed"] : []),
    ...(open > 0 ? [`${open} undecided`] : []),
  ];
  return words.join(", ");
}

function thresholdTable(thresholds: CheckedScenario["result"]["thresholds"]): string {
  const rows = thresholds.map((one) => [
    MARKS[one.verdict],
    code(thresholdName(one)),
    escaped(thresholdValue(one)),
  ]);
  return markdownTable([["verdict", "threshold", "observed"], ...rows], { stringLength: stringWidth });
}

/** What the comparison with the baseline found, a line each. */
function comparison(one: CheckedScenario): string[] {
  if (one.against === undefined) return [];
  const found = comparisonFindings(one);
  const compared = `- ${one.against.compared} measures compared with the baseline`;
  return ["", compared, ...found.map(({ title, text }) => `- ${escaped(`${title}: ${text}`)}`)];
}

/** Names come from users: they must not become markup, nor end a cell. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~&-]/g, (mark) => `\\${mark}`).replaceAll(/[\r\n]+/g, " ");
}

function code(text: string): string {
  const ticks = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${ticks} ${text.replaceAll("|", "\\|").replaceAll(/[\r\n]+/g, " ")} ${ticks}`;
}
