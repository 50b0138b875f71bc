// Scenarios with a page: each meets its thresholds, and without its mechanism one of them fails.
// By day on one seed, where what was observed has to be on the right side; at night as `surgefleet run` judges it, and
// then the tables of docs/scenarios/ are what it finds.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { RunResult } from "../../src/core/index.js";
import { holds } from "../../src/core/results/verdict/evaluate.js";
import { describedAs, runShipped, shippedScenarios } from "../support/golden.js";
import { NIGHTLY } from "../support/mode.js";
import { STORIES } from "../support/scenario-pages.js";
import { runStory, settings, storyTable, sweepTable } from "../support/story-tables.js";

const isUpdating = process.env["UPDATE_BASELINE"] === "1";
const isWhole = NIGHTLY || isUpdating;
const MARK = "<!-- written from its runs by: npm run baseline -->\n";
const SWEEP_MARK = "<!-- written from its runs at several loads by: npm run baseline -->\n";
const pageOf = (name: string) => `docs/scenarios/${name}.md`;

/** Of a threshold on one seed: whether what was observed meets it. */
function isMetBy({ thresholds }: RunResult, [metric, expression]: readonly [string, string]): boolean {
  const found = thresholds.find((one) => one.metric === metric && one.expression === expression)!;
  const { operator, value } = found.bound;
  return found.observed !== null && holds(found.observed, operator, value);
}

/** The page with a table after the mark of that place, in place of the one that was there. */
function withTable(page: string, mark: string, table: string, place = 1): string {
  const parts = page.split(mark);
  return parts
    .map((part, index) => (index === place ? `${table}${part.slice(part.indexOf("\n\n"))}` : part))
    .join(mark);
}

describe.each(STORIES)("$name", (story) => {
  const { name, without, sweeps = [] } = story;

  test("meets all its thresholds, and without its mechanism one fails, on one seed", () => {
    const { thresholds } = runShipped(name).result;
    const missed = thresholds.filter(
      (one) => !isMetBy(runShipped(name).result, [one.metric, one.expression]),
    );
    expect(missed).toEqual([]);
    for (const { sets, fails } of without) {
      expect([sets, isMetBy(runShipped(name, { overrides: sets }).result, fails)]).toEqual([sets, false]);
    }
  });

  test.runIf(isWhole)("is judged so on all its seeds, as its page has it", async () => {
    const shipped = await runStory(name);
    expect(shipped.thresholds.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    const others: RunResult[] = [];
    for (const { sets, fails } of without) {
      const result = await runStory(name, sets);
      const failed = result.thresholds.filter(({ verdict }) => verdict === "fail");
      expect(failed.map(({ metric, expression }) => [metric, expression])).toContainEqual([...fails]);
      others.push(result);
    }
    const page = readFileSync(pageOf(name), "utf8");
    let written = withTable(page, MARK, storyTable(story, [shipped, ...others]));
    for (const [index, sweep] of sweeps.entries()) {
      written = withTable(written, SWEEP_MARK, await sweepTable(name, sweep), index + 1);
    }
    if (isUpdating) writeFileSync(pageOf(name), written);
    expect(page, `${pageOf(name)} is out of date: run "npm run baseline"`).toBe(isUpdating ? page : written);
  });

  test("has a page that names the command, each setting and each threshold", () => {
    const page = readFileSync(pageOf(name), "utf8");
    const { thresholds } = runShipped(name).result;
    for (const text of [
      `surgefleet run scenarios/${name}.yaml`,
      MARK,
      ...without.map(({ sets }) => settings(sets)),
      ...thresholds.map(({ metric, expression }) => `| \`${metric}\` \`${expression}\` | pass: `),
    ]) {
      expect(page).toContain(text);
    }
    expect(page.split(SWEEP_MARK)).toHaveLength(1 + sweeps.length);
    expect(readFileSync(`scenarios/${name}.yaml`, "utf8")).toContain(pageOf(name));
  });
});

test("docs/scenarios/README.md lists every scenario, with the page of each that has one", () => {
  const path = "docs/scenarios/README.md";
  const rows = shippedScenarios().map((name) => {
    const link = existsSync(pageOf(name)) ? `[${name}](${name}.md)` : `\`${name}\``;
    return `| ${link} | ${describedAs(name)} |`;
  });
  const [before = ""] = readFileSync(path, "utf8").split("| scenario |");
  const written = `${before}${["| scenario | |", "| --- | --- |", ...rows].join("\n")}\n`;
  if (isUpdating) writeFileSync(path, written);
  expect(readFileSync(path, "utf8"), `${path} is out of date: run "npm run baseline"`).toBe(written);
});
