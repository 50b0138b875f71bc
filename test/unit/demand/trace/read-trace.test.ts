import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { mean, standardDeviation } from "simple-statistics";
import { describe, expect, test } from "vitest";
import { readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { readTextChunks } from "../../../../src/node/files/read-text.js";
import { sharedFile } from "../../../support/shared-data.js";
import { AZURE, cutAt, FULL, GENERIC, reading } from "./traces.js";

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, "../../../fixtures/traces", name), "utf8");
}

/** Rows in brief: time, input, output, cached where the file says, and the names that are there. */
function brief(text: string) {
  const { rows, error } = reading([text]);
  expect(error).toBe("");
  return rows.map((row) => {
    const names = [row.account, row.session, row.model, row.tier].join("/");
    return [row.at, row.inputTokens, row.outputTokens, row.cachedTokens, names];
  });
}

describe("formats", () => {
  test("azure-llm 2023: dates without offset, seven digits, CRLF", () => {
    expect(brief(fixture("azure-llm-2023.csv"))).toEqual([
      [0, 512, 20, undefined, "///"],
      [20_040, 1300, 1, undefined, "///"],
      [20_041, 7, 350, undefined, "///"],
      [56_520_040, 90, 11, undefined, "///"],
    ]);
  });

  test("azure-llm 2024: dates with offsets, the fraction left out when it is zero", () => {
    expect(brief(fixture("azure-llm-2024.csv"))).toEqual([
      [0, 512, 20, undefined, "///"],
      [100_000, 640, 21, undefined, "///"],
      [350_000, 33, 2, undefined, "///"],
    ]);
  });

  test("azure-llm with every field in quotes", () => {
    const quoted = '"TIMESTAMP","ContextTokens","GeneratedTokens"\n"2023-11-16 18:17:03.97","5","6"\n';
    expect(brief(quoted)).toEqual([[0, 5, 6, undefined, "///"]]);
  });

  test("generic CSV: columns in any order, quoted fields, empty names", () => {
    const names = 'Smith, "J" & Co/s-1/kimi/priority';
    expect(brief(fixture("generic.csv"))).toEqual([
      [0, 1000, 40, 0, names],
      [500_001, 1040, 12, 1000, names],
      [500_001, 15, 7, 15, "///"],
    ]);
  });

  test("generic CSV with dates", () => {
    const text = `${GENERIC}2024-05-10T00:00:00Z,3,4\n2024-05-10T00:00:00.000001Z,3,4\n`;
    expect(brief(text).map(([at]) => at)).toEqual([0, 1]);
  });

  test("generic JSONL: a row keeps nothing of the row before it", () => {
    expect(brief(fixture("generic.jsonl"))).toEqual([
      [0, 1000, 40, undefined, "acme/s-1//"],
      [1_500_000, 1040, 12, 1000, "acme/s-1/kimi/priority"],
      [1_500_000, 3, 1, undefined, "///"],
    ]);
  });

  test("cached tokens of 0 are said, and a column that is not there says nothing", () => {
    expect(
      brief("timestamp,input_tokens,output_tokens,cached_tokens\n0,5,6,0\n").map((row) => row[3]),
    ).toEqual([0]);
    expect(
      brief('{"timestamp":0,"input_tokens":5,"output_tokens":6,"cached_tokens":0}\n').map((row) => row[3]),
    ).toEqual([0]);
    expect(brief(`${GENERIC}0,5,6\n`).map((row) => row[3])).toEqual([undefined]);
  });

  test("blank lines at the end are no fault", () => {
    expect(brief(`${GENERIC}1,2,3\n\n  \r\n`)).toHaveLength(1);
  });

  test("a named format needs no detection", () => {
    expect(reading([`${GENERIC}1,2,3`], { format: "generic" }).rows).toHaveLength(1);
  });

  test("a named format refuses the header of another", () => {
    const { error } = reading([`${GENERIC}1,2,3`], { format: "azure-llm" });
    expect(error).toContain('t:1:1 column "ContextTokens" is missing');
  });
});

describe("the tiers that rows may name", () => {
  const text = `${GENERIC.trim()},tier\n0,2,3,standard\n1,2,3,\n2,2,3,gold\n1,2,3,"gold ""x"""\n`;

  test("are any where none are given, and otherwise those given or none", () => {
    const good = text.split("\n").slice(0, 3).join("\n");
    expect(reading([good], { tiers: ["standard"] })).toMatchObject({ error: "", rows: { length: 2 } });
    const inOrder = text.split("\n").slice(0, 4).join("\n");
    expect(reading([inOrder])).toMatchObject({ error: "", rows: { length: 3 } });
  });

  test("are told for every row that names another, beside what else is wrong with it", () => {
    const { error } = reading([text], { tiers: ["standard", "priority"] });
    const [, ...problems] = error.split("\n");
    expect(problems.map((line) => line.trim())).toEqual([
      't:4:1 tier: "gold" is no path of the scenario (its paths are standard, priority)',
      "t:5:1 timestamp: goes back behind the row of line 4; the file must be sorted by time",
      't:5:1 tier: "gold \\"x\\"" is no path of the scenario (its paths are standard, priority)',
    ]);
  });
});

test("the same rows or the same error wherever the text is cut", () => {
  const good = ["azure-llm-2023.csv", "azure-llm-2024.csv", "generic.csv", "generic.jsonl"].map(fixture);
  const bad = [
    `${AZURE}2024-05-10 00:00:00,5,6\nx,y,z\n\n`,
    `${FULL}1,2,3,"a\n`,
    "\uFEFF",
    `${GENERIC}\r\n1,2`,
  ];
  const law = fc.property(fc.constantFrom(...good, ...bad), fc.array(fc.nat()), (text, cuts) => {
    expect(reading(cutAt(text, cuts))).toEqual(reading([text]));
  });
  fc.assert(law, { numRuns: 300 });
});

describe("the published Azure conversation trace of 2023", () => {
  const path = sharedFile("data/traces/AzureLLMInferenceTrace_conv_2023.csv");
  const title = "has the published counts, rate and variation";
  const absent = "AzureLLMInferenceTrace_conv_2023.csv is absent; set SURGEFLEET_SHARED to its folder";

  test.skipIf(path === undefined)(path === undefined ? `${title} (${absent})` : title, () => {
    const rows = [...readTrace(readTextChunks(path!), { file: path! })];
    const gaps = rows.slice(1).map((row, index) => row.at - rows[index]!.at);
    expect({
      rows: rows.length,
      input: mean(rows.map((row) => row.inputTokens)).toFixed(1),
      output: mean(rows.map((row) => row.outputTokens)).toFixed(2),
      rate: (1e6 / mean(gaps)).toFixed(3),
      variation: (standardDeviation(gaps) / mean(gaps)).toFixed(3),
    }).toEqual({ rows: 19_366, input: "1154.7", output: "211.13", rate: "5.530", variation: "1.094" });
  });
});
