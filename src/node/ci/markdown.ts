// A check as Markdown: for the summary of a workflow's step, or a comment.
import { thresholdValue } from "../../core/index.js";
import { type CheckedScenario, comparisonFindings, statusOf, thresholdName } from "./checked.js";

const MARKS = {
  pass: "✅ pass",
  fail: "❌ fail",
  inconclusive: "❔ undecided",
  "no-data": "❌ no data",
} as const;

export function checkMarkdown(scenarios: readonly CheckedScenario[]): string {
  const failed = scenarios.filter((one) => statusOf(one) === "fail").length;
  const head = `## surgefleet check: ${failed === 0 ? "passed" : `${failed} of ${scenarios.length} failed`}`;
  const blocks = scenarios.map((one) => {
    const { result, name, aborted } = one;
    const seeds = result.replications.length;
    const runs = `${seeds} seed${seeds === 1 ? "" : "s"}${aborted ? ", aborted" : ""}`;
    const title = `### ${MARKS[statusOf(one)]} ${escaped(name)} (${runs})`;
    const rows = result.thresholds.map(
      (threshold) =>
        `| ${MARKS[threshold.verdict]} | ${code(thresholdName(threshold))} | ${escaped(thresholdValue(threshold))} |`,
    );
    const table = rows.length === 0 ? ["No thresholds defined: nothing was judged."] : [TABLE_HEAD, ...rows];
    return [title, "", ...table, ...comparison(one)].join("\n");
  });
  return `${[head, ...blocks].join("\n\n")}\n`;
}

const TABLE_HEAD = "| verdict | threshold | observed |\n| --- | --- | --- |";

/** What the comparison with the baseline found, a line each. */
function comparison(one: CheckedScenario): string[] {
  const found = comparisonFindings(one);
  return found.length === 0
    ? []
    : ["", ...found.map(({ title, text }) => `- ${escaped(`${title}: ${text}`)}`)];
}

/** Names come from users: they must not become markup, nor end a cell. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~&-]/g, (mark) => `\\${mark}`).replaceAll(/[\r\n]+/g, " ");
}

function code(text: string): string {
  const ticks = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${ticks} ${text.replaceAll("|", "\\|").replaceAll(/[\r\n]+/g, " ")} ${ticks}`;
}
