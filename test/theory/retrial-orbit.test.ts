// One server without a line, whose refused callers come back by themselves, against the M/M/1 retrial queue (Falin and
// Templeton 1997). Each caller away retries at rate nu, so the mean number away is the rate of retries over nu.
import { expect, test } from "vitest";
import { retrialOrbit } from "../support/closed-forms.js";
import { gear } from "../support/mode.js";
import { expectCovers, lossSystem, measured, SLOW } from "../support/oracle.js";

const GOLDEN = 2.7;
const LOAD = 0.6;
const NU = 0.5;

const away = (delay: string, duration: string) =>
  measured(
    lossSystem({
      slots: 1,
      rates: { standard: LOAD },
      admission: { policy: "tail-drop", maxQueue: 0 },
      duration,
      warmup: "300s",
      client: { preset: "exponential", delay },
    }),
    { away: (run) => ((run.all.amplification! - 1) * LOAD) / NU },
  ).away;

test("M/M/1 retrial queue: mean number of callers that are away", () => {
  expect(retrialOrbit(LOAD, NU)).toBeCloseTo(GOLDEN, 9);
  expectCovers(away("2s", gear("12000s", "60000s")), GOLDEN, retrialOrbit(LOAD * SLOW, NU * SLOW));
});

test("other delays are told apart", () => {
  expect(() => expectCovers(away("3s", gear("5000s", "60000s")), GOLDEN, 2 * GOLDEN)).toThrow(
    /is (above|below)/,
  );
});
