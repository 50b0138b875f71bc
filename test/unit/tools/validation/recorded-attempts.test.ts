import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { readAttempts } from "../../../../src/core/tools/validation/recorded-attempts.js";
import { REQUESTS_COLUMNS } from "../../../../src/node/results/requests-file.js";

const HEADER = REQUESTS_COLUMNS.map(({ name }) => name).join(",");
const row = (
  outcome: string,
  times: readonly [arrived: string, started: string, first: string, ended: string],
  tokens = "100,40,11",
  pool = "shared",
) => `1,1,s,a,standard,${outcome},none,200,${times.join(",")},${tokens},,standard,${pool}\n`;

const read = (...rows: readonly string[]) => readAttempts([`${HEADER}\n`, ...rows], "requests.csv");

describe("readAttempts", () => {
  it("takes what was served, sorted by arrival, with the part of the prompt that was cached", () => {
    const { served, lost, notes } = read(
      row("completed", ["2", "2.5", "3", "4"]),
      row("completed", ["1", "1", "1.5", "2"]),
    );
    expect(served.map(({ arrival }) => arrival)).toEqual([1, 2]);
    expect(served[1]).toEqual({
      arrival: 2,
      promptTokens: 100,
      cachedTokens: 40,
      outputTokens: 11,
      scheduled: 2.5,
      firstToken: 3,
      finish: 4,
      longestGap: undefined,
    });
    expect([lost, notes]).toEqual([[], []]);
  });

  it("keeps what was given up as load, and leaves out what no engine has seen", () => {
    const { served, lost, notes } = read(
      row("completed", ["0", "0", "1", "2"]),
      row("timed_out", ["1", "", "", "31"], "100,0,0", ""),
      row("cancelled", ["2", "3", "4", "5"], "100,0,7"),
      row("in_flight", ["3", "", "", ""], "100,0,0", ""),
      row("overloaded", ["4", "", "", "4"], "100,0,0", ""),
      row("rate_limited", ["5", "", "", "5"], "100,0,0", ""),
    );
    expect(served).toHaveLength(1);
    expect(lost.map(({ outcome, ended, outputTokens }) => [outcome, ended, outputTokens])).toEqual([
      ["timed_out", 31, undefined],
      ["failed", 5, undefined],
      ["failed", undefined, undefined],
    ]);
    expect(notes).toEqual([expect.stringMatching(/^2 attempts were refused/)]);
  });

  it("says that several pools are replayed as one", () => {
    const { notes } = read(
      row("completed", ["0", "0", "1", "2"]),
      row("completed", ["0", "0", "1", "2"], "1,0,1", "other"),
    );
    expect(notes).toEqual([expect.stringMatching(/pools shared, other/)]);
  });

  it.each<[string, string, RegExp]>([
    ["a word for a number", row("completed", ["x", "0", "1", "2"]), /:2:37 arrived_s is "x"/],
    ["an unknown outcome", row("lost", ["0", "0", "1", "2"]), /outcome "lost" is no outcome/],
    ["a served one without an end", row("completed", ["0", "0", "1", ""]), /ended_s is empty/],
    [
      "a first token before the start",
      row("completed", ["0", "1", "1", "2"]),
      /first_token_s 1 is not after/,
    ],
    ["an end before that", row("completed", ["0", "0", "2", "1"]), /ended_s 1 is before 2/],
    [
      "more cached than there is",
      row("completed", ["0", "0", "1", "2"], "9,10,1"),
      /cached_tokens 10 are more/,
    ],
    ["a missing field", "1,2\n", /2 fields, not 18/],
    ["nothing that an engine has seen", row("overloaded", ["4", "", "", "4"]), /no attempt that reached/],
  ])("refuses %s", (_, bad, wanted) => {
    try {
      read(bad);
      expect.unreachable();
    } catch (error) {
      const issues = error instanceof SurgefleetError ? error.issues : [];
      const told = issues.map(
        ({ file, line, column, path, message }) => `${file}:${line}:${column} ${path} ${message}`,
      );
      expect(told.join("\n")).toMatch(wanted);
    }
  });

  it("names every column that is missing", () => {
    expect(() => readAttempts(["arrived_s,outcome\n"], "r.csv")).toThrow(SurgefleetError);
  });
});
