// LAW-8: no room stays empty beside somebody whom the policy would let take it.
import { test } from "vitest";
import { expectLaw } from "../support/laws.js";
import { withLiveSignals } from "../support/world-changes.js";

test("LAW-8: nobody waits beside room for them", () => {
  expectLaw("LAW-8", withLiveSignals);
});
