// The tables of the pages in docs/scenarios/: what each threshold comes to as a scenario is written and without what
// makes its story true, and what it comes to at several loads and under several rules.
import { join } from "node:path";
import type { RunResult } from "../../src/core/index.js";
import { defaultSeeds } from "../../src/core/internal.js";
import { observedValue } from "../../src/core/report/text/text.js";
import { runStudy } from "../../src/node/run/study.js";
import { loadCheckedScenario } from "../../src/node/scenario-file.js";
import { markdownTable } from "./markdown.js";
import type { Measure, Story, Sweep, Variant } from "./scenario-pages.js";

/** As `surgefleet run` runs it, on all its seeds. */
export async function runStory(name: string, sets: readonly string[] = []): Promise<RunResult> {
  const path = join(import.meta.dirname, "../../scenarios", `${name}.yaml`);
  const loaded = loadCheckedScenario(path, [...sets]);
  const replications = { kind: "fixed", count: defaultSeeds(loaded.scenario) } as const;
  const { result } = await runStudy(loaded, { replications, workers: 1 });
  if (result === undefined) throw new Error(`${name} gave no result`);
  return result;
}

/** As they are written beside each other. */
export function settings(sets: readonly string[]): string {
  return sets.map((set) => `--set '${set}'`).join(" ");
}

/** A row per threshold, a column as it is written and one for each setting. */
export function storyTable({ without }: Story, results: readonly RunResult[]): string {
  const columns = ["as written", ...without.map(({ sets }) => `\`${settings(sets)}\``)];
  const rows = results[0]!.thresholds.map(({ metric, expression }, index) => [
    `\`${metric}\` \`${expression}\``,
    ...results.map(({ thresholds }) => {
      const one = thresholds[index]!;
      return `${one.verdict}: ${observedValue(one)}`;
    }),
  ]);
  return markdownTable(["threshold", ...columns], rows);
}

/** A threshold that is always met: what matters is what it observes. */
const expressionOf = ({ aggregation }: Measure): string => `${aggregation}>=0`;

const AS_IT_IS: readonly Variant[] = [{ name: "", sets: [] }];

/** A row per load and rule, a column for each measure. */
export async function sweepTable(name: string, { of, loads, rules, measures }: Sweep): Promise<string> {
  const asked = [...new Set(measures.map(({ metric }) => metric))].map((metric) => {
    const all = measures.filter((one) => one.metric === metric).map((one) => `"${expressionOf(one)}"`);
    return `"${metric}": [${all.join(", ")}]`;
  });
  const ruleCell = (cell: string) => (rules === undefined ? [] : [cell]);
  const rows: string[][] = [];
  for (const load of loads) {
    for (const rule of rules ?? AS_IT_IS) {
      const sets = [...load.sets, ...rule.sets, `thresholds={${asked.join(", ")}}`];
      const { thresholds } = await runStory(name, sets);
      const found = measures.map((measure) =>
        thresholds.find((one) => one.metric === measure.metric && one.expression === expressionOf(measure)),
      );
      rows.push([load.name, ...ruleCell(rule.name), ...found.map((one) => observedValue(one!))]);
    }
  }
  return markdownTable([of, ...ruleCell("rule"), ...measures.map((measure) => measure.name)], rows);
}
