// LAW-2: the clock never runs back.
import { test } from "vitest";
import { expectLaw } from "../support/laws.js";

test("LAW-2: events come in the order of time", () => {
  expectLaw("LAW-2");
});
