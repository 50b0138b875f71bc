// LAW-7: policies see a dated copy of the pool, no older than the scenario says, and true as of its date.
import { test } from "vitest";
import { expectLaw, withPools } from "../support/laws.js";

test("LAW-7: live signals are the pool as it is", () => {
  expectLaw("LAW-7", (scenario) => withPools(scenario, () => ({ signals: {} })));
});

test("LAW-7: stale signals are the pool as it was, not longer ago than stated", () => {
  expectLaw("LAW-7", (scenario) => {
    const length = Number.parseInt(String(scenario.duration), 10);
    const staleness = `${Math.max(20_000, Math.round(length / 30))}us`;
    return withPools(scenario, () => ({ signals: { staleness } }));
  });
});
