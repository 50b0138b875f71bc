// docs/results.md is the contract of the result files: whatever they can hold must be explained there.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { OUTCOMES, REASONS } from "../../../src/core/base/outcome.js";
import { METRICS } from "../../../src/core/results/metrics/metrics.js";
import { REQUESTS_COLUMNS } from "../../../src/node/results/requests-file.js";
import { CALLER_COLUMNS, SUMMARY_COLUMNS } from "../../../src/node/results/summary-files.js";
import { TIMESERIES_COLUMNS } from "../../../src/node/results/timeseries-file.js";

const text = readFileSync(new URL("../../../docs/results.md", import.meta.url), "utf8");
const documented = new Set([...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!));
const STATISTIC = /^(ttft_s|tokens_per_s|latency_s|queue_wait_s)_(count|mean|min|max|p\d+)$/;

/** A column of a distribution is documented once for all statistics, and a reason's or a state's column by its name. */
function isDocumented(name: string): boolean {
  const [, measure, statistic] = STATISTIC.exec(name) ?? [];
  if (measure !== undefined) return documented.has(`${measure}_*`) && documented.has(statistic!);
  if (name.startsWith("reason_")) return documented.has("reason_*") && documented.has(name.slice(7));
  if (name.startsWith("retries_")) return documented.has("retries_*") && documented.has(name.slice(8));
  if (name.startsWith("gpu_seconds_"))
    return documented.has("gpu_seconds_*") && documented.has(name.slice(12));
  return documented.has(name);
}

describe("docs/results.md", () => {
  it.each([
    ["summary.csv", SUMMARY_COLUMNS],
    ["callers.csv", CALLER_COLUMNS],
    ["timeseries.csv", TIMESERIES_COLUMNS],
    ["requests.csv", REQUESTS_COLUMNS],
    ["the outcomes", OUTCOMES.map((name) => ({ name }))],
    ["the reasons", REASONS],
    ["the metrics", METRICS],
  ])("explains every name of %s", (_, columns: readonly { readonly name: string }[]) => {
    expect(columns.map((column) => column.name).filter((name) => !isDocumented(name))).toEqual([]);
  });

  it("names no reason that is not there, and puts each under its outcome", () => {
    const [, table] = /^## Reasons$([^#]*)^##/m.exec(text)!;
    const rows = [...table!.matchAll(/^\| *`(\w+)` *\| *`(\w+)`/gm)].map(([, name, outcome]) => [
      name,
      outcome,
    ]);
    expect(rows).toEqual(REASONS.map(({ name, outcome }) => [name, OUTCOMES[outcome]]));
  });

  it("has columns to explain", () => {
    expect(SUMMARY_COLUMNS.length).toBeGreaterThan(50);
  });
});
