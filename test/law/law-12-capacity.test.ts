// LAW-12: memory and slots in use never exceed what there is, and whoever counts them counts the same.
import { test } from "vitest";
import { expectLaw } from "../support/laws.js";
import { withShortMemory } from "../support/world-changes.js";

test("LAW-12: no replica holds more than it has", () => {
  expectLaw("LAW-12");
});

test("LAW-12: also where memory is short and slots are plenty", () => {
  expectLaw("LAW-12", withShortMemory);
});
