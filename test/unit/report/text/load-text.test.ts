import { expect, it } from "vitest";
import { loadText } from "../../../../src/core/report/text/load-text.js";
import { UNKNOWN_LOAD } from "../../../../src/core/results/metrics/load.js";
import { runResult } from "../../../support/run-result.js";

it("says of a load what is not steady, and nothing of one that is", () => {
  const told = (load: Partial<typeof UNKNOWN_LOAD>) =>
    loadText(runResult({ load: { ...UNKNOWN_LOAD, ...load } }));
  expect(told({ verdict: "steady" })).toBeUndefined();
  expect(told({ verdict: "growing", perSecond: 1.25, where: "queue of shared" })).toBe(
    "growing by 1.250/s, queue of shared: times depend on how long the run is",
  );
  expect(told({ verdict: "warming-up", startOff: -0.25 })).toBe(
    "warming up: requests take 25% less time at the start of the window",
  );
  expect(told({})).toBe("too short a run to tell whether the fleet keeps up");
});
