import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import type { RunResult } from "../../../../src/core/index.js";
import { reportHtml } from "../../../../src/core/internal.js";
import { readResult as readAll } from "../../../../src/node/results/read-result.js";
import { summaryJson } from "../../../../src/node/results/summary-files.js";
import { timeseriesCsv } from "../../../../src/node/results/timeseries-file.js";
import { elasticResult, reportResult } from "../../../support/report-result.js";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "surgefleet-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const readResult = (path: string) => readAll(path).result;

function file(text: string, name = "summary.json"): string {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return path;
}

function written(result: RunResult): string {
  const path = folder();
  writeFileSync(join(path, "summary.json"), summaryJson(result));
  writeFileSync(join(path, "timeseries.csv"), timeseriesCsv(result));
  return path;
}

const changed = (changes: object) => file(JSON.stringify({ ...reportResult(), ...changes }));

it("is read with a bound, packed or not", () => {
  const bomb = file("", "bomb.json");
  writeFileSync(bomb, gzipSync(Buffer.alloc(34 * 1024 * 1024, "[")));
  expect(() => readResult(bomb)).toThrow(/bomb\.json: it is larger than 32 MiB/);
});

describe("a result is read back", () => {
  const result = reportResult({ bins: 40, replications: 3 });

  it("from its folder, with its history", () => {
    expect(readResult(written(result))).toEqual(result);
    // A report embeds it as it is, so that the order of keys is in its bytes.
    const { series } = readResult(written(result));
    expect(JSON.stringify(series)).toBe(JSON.stringify(result.series));
  });

  it("with what some pools alone have, and what happened", () => {
    const elastic = elasticResult(30);
    const read = readResult(written(elastic));
    expect(read).toEqual(elastic);
    expect(JSON.stringify(read.series)).toBe(JSON.stringify(elastic.series));
  });

  it("from the summary in its folder, likewise", () => {
    expect(readResult(join(written(result), "summary.json"))).toEqual(result);
  });

  it("from a summary without what has been added since: nothing is known of it", () => {
    const { fleet, pools, tiers, all, accounts, ...rest } = result;
    const older = {
      ...rest,
      tiers: tiers.map(({ fairness: _, ...row }) => row),
      all: { ...all, fairness: undefined },
      accounts: accounts.map(({ endedRequests: _, demandedTokens: __, servedTokens: ___, ...row }) => row),
      fleet: { gpus: fleet.gpus, gpuSeconds: fleet.gpuSeconds },
      pools: pools.map(({ scaling: _, gpuCost: __, ...pool }) => pool),
    };
    const read = readResult(file(JSON.stringify(older), "kept.json"));
    expect([read.tiers, read.all]).toEqual([tiers, all]);
    const unknown = { endedRequests: 0, demandedTokens: 0, servedTokens: 0 };
    expect(read.accounts).toEqual(accounts.map((row) => ({ ...row, ...unknown })));
    expect(read.pools).toEqual(pools.map((pool) => ({ ...pool, scaling: null, gpuCost: null })));
    expect(read.fleet).toEqual({ ...fleet, scaling: null, isPriced: false, gpuCost: null });
  });

  it("from a summary alone, without any", () => {
    const { series, ...rest } = result;
    const read = readResult(file(summaryJson(result), "kept.json"));
    expect(read).toEqual({ ...rest, series: { interval: 0, tiers: [], pools: [] } });
  });

  it("from a summary of another name, without the history of what lies beside it", () => {
    const path = written(result);
    writeFileSync(join(path, "my-summary.json"), summaryJson(reportResult({ bins: 4 })));
    expect(readResult(join(path, "my-summary.json")).series.tiers).toEqual([]);
  });

  it("from the whole result as JSON", () => {
    expect(readResult(file(JSON.stringify(result), "whole.json"))).toEqual(result);
  });

  it("from a report, with the history that is drawn there", () => {
    const client = { script: "", style: "", scriptHash: "" };
    const page = reportHtml(result, { scenario: null, manifest: null, client });
    const { series, ...rest } = readResult(file(page, "report.html"));
    const { series: drawn, ...wanted } = result;
    expect(rest).toEqual(wanted);
    expect(series.tiers.map(({ tier }) => tier)).toEqual(drawn.tiers.map(({ tier }) => tier));
  });

  it("with names that a spreadsheet must not run", () => {
    const hostile = reportResult({ tiers: ["=1+1", "a,b"], pools: ["-x"], bins: 4 });
    expect(readResult(written(hostile)).series).toEqual(hostile.series);
  });

  it("with the width of its only bin", () => {
    const short = reportResult({ bins: 1 });
    expect(readResult(written(short)).series.interval).toBe(short.time.simulated);
  });
});

describe("what is no result is refused by name", () => {
  const empty = () => {
    const path = folder();
    mkdirSync(join(path, "inner"));
    return path;
  };

  it.each<[string, () => string, RegExp]>([
    ["what is not there", () => join(folder(), "none"), /none: there is no such file/],
    ["a folder without a summary", empty, /the folder has no summary\.json/],
    ["what is no JSON", () => file("hello"), /neither a result as JSON nor a report as HTML/],
    [
      "JSON that is cut off",
      () => file(summaryJson(reportResult()).slice(0, 500)),
      /:\d+:\d+ neither .*JSON.*expected/,
    ],
    ["JSON with a fault", () => file('{\n  "a": tru\n}'), /:2:8 neither .*: expected a value/],
    ["JSON of something else", () => file("[1, 2]"), /has no "schemaVersion"/],
    ["null", () => file("null"), /has no "schemaVersion"/],
    ["some page", () => file("<!doctype html><p>x"), /the page holds no result/],
    [
      "an older version",
      () => changed({ schemaVersion: 1 }),
      /schemaVersion is 1, of another .*reads 2: run/,
    ],
    ["a newer version", () => changed({ schemaVersion: 3 }), /schemaVersion is 3, of a newer version/],
    ["a version that is text", () => changed({ schemaVersion: "2" }), /schemaVersion is "2"/],
    [
      "a part that is missing",
      () => changed({ estimates: undefined }),
      / estimates: not as in a result: expected a list, got nothing/,
    ],
    [
      "a number that is text",
      () => changed({ confidence: "high" }),
      / confidence: not as in a result: expected a number, got "high"/,
    ],
    [
      "a verdict that is none",
      () => changed({ thresholds: [{ ...reportResult().thresholds[0], verdict: "maybe" }] }),
      / thresholds\.0\.verdict: not as in a result: /,
    ],
  ])("%s", (_, path, message) => {
    expect(() => readResult(path())).toThrow(message);
  });

  it("a history with a hole in it", () => {
    const path = written(reportResult({ bins: 3 }));
    const text = timeseriesCsv(reportResult({ bins: 3 })).replace(/^(10,tier,fast),[^,]*/m, "$1,many");
    writeFileSync(join(path, "timeseries.csv"), text);
    expect(() => readResult(path)).toThrow(/timeseries\.csv: the column attempts of tier fast at 10 s/);
  });
});

it("refuses a version of any depth", () => {
  const deep = `${"[".repeat(20_000)}1${"]".repeat(20_000)}`;
  expect(() => readResult(file(`{"schemaVersion":${deep}}`, "deep.json"))).toThrow(
    /its schemaVersion is \[\[/,
  );
});
