import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { readRecordedRun } from "../../../../src/core/tools/validation/recorded-run.js";
import { request, requestsCsv } from "./requests.js";

describe("readRecordedRun", () => {
  it("sorts by arrival, and leaves those of one instant in the order of the file", () => {
    const run = [
      request({ arrival: 2, promptTokens: 1 }),
      request({ arrival: 0.5, promptTokens: 2 }),
      request({ arrival: 2, promptTokens: 3 }),
    ];
    const { served: read } = readRecordedRun([requestsCsv(run)], "r.csv");
    expect(read.map(({ promptTokens }) => promptTokens)).toEqual([2, 1, 3]);
    expect(read[1]).toEqual(run[0]);
  });

  it("does without the columns that an engine may not log", () => {
    const text = "arrival_s,prompt_tokens,output_tokens,first_token_s,finish_s\n1,10,5,2,3\n";
    expect(readRecordedRun([text], "r.csv").served).toEqual([
      {
        arrival: 1,
        promptTokens: 10,
        outputTokens: 5,
        scheduled: 1,
        firstToken: 2,
        finish: 3,
        longestGap: undefined,
      },
    ]);
  });

  it("refuses what cannot be, all of it at once", () => {
    const run = [
      request({ arrival: 5, scheduled: 4 }),
      request({ firstToken: 3, scheduled: 4 }),
      request({ firstToken: 3, finish: 2 }),
    ];
    try {
      readRecordedRun([requestsCsv(run)], "r.csv");
      expect.unreachable();
    } catch (error) {
      const issues = error instanceof SurgefleetError ? error.issues : [];
      expect(issues.map(({ line, column, path }) => [line, column, path])).toEqual([
        [2, 15, "scheduled_s"],
        [3, 10, "first_token_s"],
        [4, 12, "finish_s"],
      ]);
    }
  });
});
