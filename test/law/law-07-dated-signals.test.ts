// LAW-7: policies see a dated copy of the pool, no older than the scenario says, and true as of its date.
import { test } from "vitest";
import { expectLaw } from "../support/laws.js";
import { withLiveSignals, withStaleSignals } from "../support/world-changes.js";

test("LAW-7: live signals are the pool as it is", () => {
  expectLaw("LAW-7", withLiveSignals);
});

test("LAW-7: stale signals are the pool as it was, not longer ago than stated", () => {
  expectLaw("LAW-7", withStaleSignals);
});
