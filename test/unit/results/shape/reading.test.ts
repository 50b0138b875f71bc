// What reading did in words: of every kind, with its count and its first line.
import { expect, test } from "vitest";
import { FINDING_KINDS, type Finding } from "../../../../src/core/base/finding.js";
import {
  findingText,
  READING_SCHEMA,
  type Reading,
  readingTexts,
} from "../../../../src/core/results/shape/reading.js";

const reading = (findings: readonly Finding[]): Reading => ({
  source: "calls",
  file: "t.csv",
  format: "generic",
  rowsRead: 5,
  rowsYielded: 4,
  findings,
});

test("every kind is told, in the order of kinds", () => {
  const findings = FINDING_KINDS.map((kind) => ({ kind, what: `w-${kind}`, count: 2, line: 3 }));
  const texts = readingTexts(reading([...findings].reverse()));
  expect(texts.map((text) => /, (\w+): .*w-\1/.exec(text)?.[1])).toEqual([...FINDING_KINDS]);
  expect(READING_SCHEMA.safeParse(reading(findings)).success).toBe(true);
});

test("a finding is told with its count, its place, and why it is ignored", () => {
  const one = { kind: "dropped", what: "failed", count: 1, line: 4 } as const;
  expect(findingText(one)).toBe("1 failed (on line 4)");
  expect(findingText({ ...one, count: 3 })).toBe("3 failed (first on line 4)");
  expect(findingText({ ...one, count: null, line: null })).toBe("failed");
  expect(findingText({ ...one, kind: "ignored", why: "a sum", count: 3 })).toBe("failed in 3 rows: a sum");
});

test("of ignored fields the names are told, and of many how many more", () => {
  const fields = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      kind: "ignored" as const,
      what: `f${index}`,
      why: "no field",
      count: 1,
      line: 1,
    }));
  expect(readingTexts(reading(fields(2)))).toEqual(["calls reads t.csv, ignored: f0, f1"]);
  expect(readingTexts(reading(fields(15)))[0]).toMatch(/f11 and 3 more$/);
});

test("what nothing serves is told of all rows", () => {
  const one = { kind: "unserved", what: "rows that nothing serves", count: 4, line: 2 } as const;
  expect(readingTexts(reading([one]))).toEqual([
    "calls reads t.csv, unserved: 4 of 4 rows that nothing serves; the first is on line 2",
  ]);
});
