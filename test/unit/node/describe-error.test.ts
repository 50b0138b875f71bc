import { expect, test } from "vitest";
import { SurgefleetError } from "../../../src/core/index.js";
import { describeError, visibleIssue } from "../../../src/node/describe-error.js";

const ISSUE = {
  file: "t.csv",
  line: 1,
  column: 2,
  path: "at",
  message: "is unknown; known are:\n  a: 1\n  b: 2",
};

test("lists in a message keep their lines, with the hint behind them", () => {
  expect(visibleIssue(ISSUE)).toBe("t.csv:1:2 at: is unknown; known are:\n  a: 1\n  b: 2");
  expect(visibleIssue({ ...ISSUE, hint: "take a" })).toBe(
    "t.csv:1:2 at: is unknown; known are:\n  a: 1\n  b: 2 (take a)",
  );
});

test("no name, path or hint makes a line, and no message one that reads like an issue", () => {
  const odd = "x\n  t.csv:9:9 y\u001b[31m";
  const told = visibleIssue({
    file: odd,
    line: 0,
    column: 0,
    path: odd,
    message: "m\nt.csv:9:9 z\u202e",
    hint: odd,
  });
  const escaped = "x\\u000a  t.csv:9:9 y\\u001b[31m";
  expect(told).toBe(`${escaped} ${escaped}: m\\u000at.csv:9:9 z\\u202e (${escaped})`);
});

test("every issue has a line, an error without any has one of its own", () => {
  const issues = [
    { ...ISSUE, message: "is odd" },
    { ...ISSUE, line: 0, path: "", message: "is empty" },
  ];
  expect(describeError(new SurgefleetError("INVALID_TRACE", "no trace", issues))).toBe(
    "t.csv:1:2 at: is odd\nt.csv: is empty\n",
  );
  expect(describeError(new SurgefleetError("USAGE", "no"))).toBe("error: no\n");
});
