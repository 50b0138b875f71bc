import { csvParse } from "d3-dsv";
import { describe, expect, it } from "vitest";
import { canonicalJson, manifestJson } from "../../../../src/node/results/manifest.js";
import { summaryCsv, summaryJson } from "../../../../src/node/results/summary-files.js";
import { timeseriesCsv } from "../../../../src/node/results/timeseries-file.js";
import { NO_SAMPLES, runResult, tierRow } from "../../../support/run-result.js";

describe("summary.json", () => {
  it("is the result without its series", () => {
    const result = runResult();
    const { series: _, ...rest } = result;
    expect(JSON.parse(summaryJson(result))).toEqual(rest);
  });
});

describe("summary.csv", () => {
  it("has a row per tier and one for all, with every value in its column", () => {
    const result = runResult();
    const rows = csvParse(summaryCsv(result));
    expect(rows.map((row) => row["tier"])).toEqual(["standard", "priority", "fast", "all"]);
    expect(rows[0]).toMatchObject({
      scenario: "example",
      seed: "7",
      partial: "false",
      measured_s: "50",
      attempts: "100",
      completed: "80",
      overloaded: "15",
      overloaded_rate: "0.15",
      requests_offered: "100",
      ttft_s_p99: String(result.tiers[0]!.ttft.p99),
      tokens_per_s_p5: "25",
      cost_total_usd: "2.75",
      reason_overloaded_capacity: "12",
      reason_displaced: "0",
    });
  });

  it("leaves empty what was not measured or has no price", () => {
    const idle = tierRow("standard", { overloadedRate: null, ttft: NO_SAMPLES, cost: null });
    const [row] = csvParse(summaryCsv(runResult({ tiers: [idle] })));
    expect([
      row!["overloaded_rate"],
      row!["ttft_s_p50"],
      row!["ttft_s_count"],
      row!["cost_total_usd"],
    ]).toEqual(["", "", "0", ""]);
  });
});

describe("timeseries.csv", () => {
  it("has a row per bin and tier, then per bin and pool, and keeps every total", () => {
    const result = runResult();
    const rows = csvParse(timeseriesCsv(result));
    const attempts = rows.reduce((sum, row) => sum + Number(row["attempts"]), 0);
    expect(rows.length).toBe(4 * 6);
    expect(attempts).toBe(100 + 100 + 100);
    expect(rows[2]).toMatchObject({
      t_s: "20",
      kind: "tier",
      name: "standard",
      overloaded: "9",
      queued_mean: "",
    });
    expect(rows.at(-5)).toMatchObject({
      t_s: "10",
      kind: "pool",
      name: "shared",
      queued_mean: "1.5",
      attempts: "",
    });
  });

  it("writes instants without the noise of multiplication", () => {
    const { series } = runResult();
    const rows = csvParse(timeseriesCsv(runResult({ series: { ...series, interval: 0.1 } })));
    expect(rows[3]!["t_s"]).toBe("0.3");
  });
});

describe("manifest.json", () => {
  const manifest = (document: unknown) =>
    JSON.parse(
      manifestJson({
        version: "1.2.3",
        result: runResult(),
        document,
        overrides: ["a=1"],
        traces: {},
        files: {},
      }),
    );

  it("hashes what a scenario says, not how it is written", () => {
    const [one, same, other] = [
      { a: 1, b: { c: [1, 2] } },
      { b: { c: [1, 2] }, a: 1 },
      { a: 1, b: { c: [2, 1] } },
    ].map((document) => manifest(document).scenario.sha256);
    expect([one === same, one === other]).toEqual([true, false]);
  });

  it("says what a run was and nothing about when or where", () => {
    expect(manifest({})).toEqual({
      schemaVersion: 1,
      surgefleet: "1.2.3",
      scenario: { name: "example", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      seed: "7",
      overrides: ["a=1"],
      partial: false,
      traces: {},
      files: {},
    });
  });

  it("sorts keys at every depth and leaves lists in order", () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 2], a: "x" })).toBe('{"a":"x","b":[{"c":null,"d":1},2]}');
  });
});
