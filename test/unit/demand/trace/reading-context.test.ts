// What formats tell by reaches the report with its kind, its count, its first line and the reason.
import { expect, test } from "vitest";
import { readContext } from "../../../../src/core/demand/trace/reading-context.js";
import { findingsOf, newTraceReport } from "../../../../src/core/demand/trace/report.js";

const first = { text: "", columns: undefined, object: undefined };
const given = { first, complain: () => {}, zeroOutput: "error", ahead: () => [] } as const;

test("counts add up, of the header by rows, and what no schema names has a reason, too", () => {
  const report = newTraceReport();
  let line: number | null = null;
  const context = readContext(given, {}, { ignored: { a: "why" }, unit: "ms" }, report, () => line);
  context.ignored("a");
  report.rowsRead = 7;
  line = 3;
  context.ignored("b\u001b");
  line = 5;
  context.ignored("b\u001b");
  context.note("n");
  context.note("n", 2);
  context.note("e", 1, "estimated");
  context.warn("w");
  context.warn("w");
  expect(findingsOf(report)).toEqual([
    { kind: "repaired", what: "n", count: 3, line: 5 },
    { kind: "estimated", what: "e", count: 1, line: 5 },
    { kind: "ignored", what: "a", why: "why", count: 7, line: 1 },
    { kind: "ignored", what: '"b\\u001b"', why: "no field of the format", count: 2, line: 3 },
    { kind: "assumed", what: "w", count: null, line: null },
    {
      kind: "assumed",
      what: "times are numbers without a unit, taken for milliseconds (unit: ms)",
      count: null,
      line: null,
    },
  ]);
});

test("a file with a name of its own for every row is told in bounded memory", () => {
  const report = newTraceReport();
  const context = readContext(given, { unit: "s" }, { ignored: {}, unit: "s" }, report, () => 1);
  for (let name = 0; name < 1000; name++) context.ignored(`f${name}`);
  const told = findingsOf(report);
  expect([told.length, told.at(-1)]).toMatchObject([101, { what: "further fields", count: 900 }]);
});

test("a field has the reason of its own, else that of all others of the part that it is in", () => {
  const report = newTraceReport();
  const ignored = { "a.*": "a part", "a.b.c": "its own", "x.b.*": "a part of x" };
  const context = readContext(given, {}, { ignored }, report, () => 1);
  const fields = ["a.b.c", "a.b.d", "a.e", "x.b.c.d", "x.e", "a"];
  for (const field of fields) context.ignored(field);
  const unknown = "no field of the format";
  expect(findingsOf(report).map(({ what, why }) => [what, why])).toEqual([
    ["a.b.c", "its own"],
    ["a.b.d", "a part"],
    ["a.e", "a part"],
    ["x.b.c.d", "a part of x"],
    ["x.e", unknown],
    ["a", unknown],
  ]);
});
