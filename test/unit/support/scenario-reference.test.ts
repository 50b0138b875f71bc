// The page of all keys, where the schema says nothing of what a key takes.
import { expect, it } from "vitest";
import { scenarioReference } from "../../support/scenario-reference.js";

const page = (schema: object) => scenarioReference({ properties: { a: schema } });

it("has no row for keys that only a module knows, and one for keys of the reader's own", () => {
  const open = { type: "object", properties: { b: { type: "number" } } };
  expect(page({ ...open, additionalProperties: {} })).not.toContain("`a.NAME`");
  expect(page({ ...open, additionalProperties: { type: "number" } })).toContain("| `a.NAME` | number |");
});

it("calls nothing a number that is none", () => {
  expect(() => page({ description: "Anything." })).toThrow(/has no word here/);
});
