// Whatever stands in a file, reading it ends in a scenario or in issues: never in a throw, never without a
// place.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { gear } from "../../support/mode.js";
import { load, SMALL } from "./scenarios.js";

const OPTIONS = { numRuns: gear(150, 300) };

/** Reads the text; a result without scenario must say why, somewhere. */
function holds(text: string): boolean {
  const result = load(text);
  if (result.ok) return result.scenario.name !== "";
  return result.issues.length > 0 && result.issues.every((issue) => issue.message !== "" && issue.line > 0);
}

test("any JSON value as a document", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => holds(JSON.stringify(value))),
    OPTIONS,
  );
  expect(holds("{}")).toBe(true);
});

test("any text as a document", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab:-[]{}&*!|>'\"#%@,?\n \t019.~") });
  fc.assert(fc.property(text, holds), OPTIONS);
  expect(holds("{")).toBe(true);
});

/** Every path of a plain value that leads to something. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const map = value as Record<string, unknown>;
  return { ...map, [key]: replaced(map[key], rest, by) };
}

test("any JSON value in any place of a scenario that was right", () => {
  const result = load(SMALL);
  const document: unknown = result.ok && result.document;
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom("", "1%", "3/s", "2h", "none", -0, 5e-324, 1e308, Number.MAX_SAFE_INTEGER),
  );
  const broken = fc
    .tuple(fc.constantFrom(...pathsOf(document)), odd)
    .map(([path, value]) => JSON.stringify(replaced(document, path, value)));
  fc.assert(fc.property(broken, holds), OPTIONS);
  expect(pathsOf(document).length).toBeGreaterThan(25);
});
