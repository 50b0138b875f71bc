// LAW-3: no effect before its cause. An attempt arrives, waits, starts, speaks and ends in this order; a retry comes
// when its client said, and a pool that is down serves nobody.
import { test } from "vitest";
import { expectLaw } from "../support/laws.js";
import { withOutages } from "../support/world-changes.js";

test("LAW-3: every attempt lives in order", () => {
  expectLaw("LAW-3");
});

test("LAW-3: also where pools go down again and again", () => {
  expectLaw("LAW-3", withOutages);
});
