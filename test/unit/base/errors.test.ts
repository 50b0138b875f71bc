import { describe, expect, it } from "vitest";
import { formatIssue, type Issue, SurgefleetError } from "../../../src/core/base/errors.js";

const issue: Issue = {
  file: "fleet.yaml",
  line: 5,
  column: 3,
  path: "pools.shared",
  message: 'unknown key "maxQeue"',
  hint: 'did you mean "maxQueue"?',
};

describe("formatIssue", () => {
  it("writes the place first, so that a terminal can jump to it, and the hint last", () => {
    expect(formatIssue(issue)).toBe(
      'fleet.yaml:5:3 pools.shared: unknown key "maxQeue" (did you mean "maxQueue"?)',
    );
  });

  it("leaves out what an issue does not have", () => {
    const { hint: _, ...rest } = issue;
    expect(formatIssue({ ...rest, line: 0, column: 0, path: "" })).toBe('fleet.yaml: unknown key "maxQeue"');
  });
});

describe("SurgefleetError", () => {
  it("tells all issues at once, and keeps them as data", () => {
    const error = new SurgefleetError("INVALID_SCENARIO", "two problems", [issue, { ...issue, line: 7 }]);
    expect(error.message.split("\n")).toEqual([
      "two problems",
      formatIssue(issue),
      formatIssue({ ...issue, line: 7 }),
    ]);
    expect(error).toMatchObject({
      name: "SurgefleetError",
      code: "INVALID_SCENARIO",
      issues: [issue, { line: 7 }],
    });
  });

  it("has a message of its own where there is no issue", () => {
    expect(new SurgefleetError("NOT_FOUND", "no such thing")).toMatchObject({
      message: "no such thing",
      issues: [],
    });
  });
});
