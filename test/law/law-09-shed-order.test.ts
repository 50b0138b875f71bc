// LAW-9: the higher rank is served first and shed last.
import { test } from "vitest";
import { expectLaw } from "../support/laws.js";
import { withLiveSignals, withShortQueues } from "../support/world-changes.js";

test("LAW-9: nobody is shed, overtaken or pushed out by a lower rank", () => {
  expectLaw("LAW-9", withLiveSignals);
});

test("LAW-9: also where the line is short, and displacing the only way in", () => {
  expectLaw("LAW-9", withShortQueues);
});
