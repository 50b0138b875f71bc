// Clients that answer a refusal with another attempt, against the slow-retry limit of a loss system.
import { describe, expect, test } from "vitest";
import type { RunResult } from "../../src/core/index.js";
import { slowRetries } from "../support/closed-forms.js";
import { gear, NIGHTLY } from "../support/mode.js";
import { expectCovers, lossSystem, measured, SLOW } from "../support/oracle.js";

const measures = {
  blocking: (run: RunResult) => run.all.overloadedRate!,
  amplification: (run: RunResult) => run.all.amplification!,
  failure: (run: RunResult) => run.all.failureRate!,
};

/** 20 servers at 18 Erlang, two retries. Short service keeps the retries' delay small against the run. */
const system = (serviceMicros: number, requests: number, retryAfter: string | undefined) => {
  const rate = 18e6 / serviceMicros;
  return lossSystem({
    slots: 20,
    rates: { standard: rate },
    admission: { policy: "tail-drop", maxQueue: 0 },
    service: { dist: "exponential", mean: serviceMicros },
    duration: `${requests / rate}s`,
    warmup: `${requests / 6 / rate}s`,
    client: "openai-node-6",
    ...(retryAfter !== undefined && { more: { retryAfter: { overloaded: retryAfter, jitter: 0.4 } } }),
  });
};

describe("two retries on a full loss system", () => {
  test("retries 50 service times later meet an independent system", () => {
    const exact = slowRetries(20, 18, 2);
    expect(exact.blocking).toBeCloseTo(0.24536, 5);
    expect(exact.amplification).toBeCloseTo(1.30556, 5);
    expect(exact.failure).toBeCloseTo(0.01477, 6);
    const { blocking, amplification, failure } = measured(
      system(10_000, gear(24_000, 160_000), "500ms"),
      measures,
    );
    const slow = slowRetries(20, 18 * SLOW, 2);
    expectCovers(blocking, 0.24536, slow.blocking);
    expectCovers(amplification, 1.30556, slow.amplification);
    expectCovers(failure, 0.01477, slow.failure);
  });

  test("the SDK's own delays, half a service time and more, fail more often than independent ones would", () => {
    // The second attempt meets the system that refused the first: three times the failures at half a service time.
    const { failure } = measured(system(1_000_000, gear(5_000, 60_000), undefined), measures);
    expect(failure.low).toBeGreaterThan(2 * 0.01477);
  });

  const delayed = (preset: "exponential" | "fixed", delay: string, duration = gear("1700s", "2500s")) =>
    measured(
      lossSystem({
        slots: 20,
        rates: { standard: 18 },
        admission: { policy: "tail-drop", maxQueue: 0 },
        duration,
        warmup: "100s",
        client: { preset, delay, maxRetries: 2 },
      }),
      measures,
    ).failure;

  const published = [
    ["half a service time", "500ms", 0.0429],
    ["five service times", "5s", 0.02],
  ] as const;
  // By day the SDK's own delays, above, tell that much.
  test.runIf(NIGHTLY).each(published)(
    "random retries %s later fail as often as an independent simulator found",
    (_, delay, published) => {
      const failure = delayed("exponential", delay);
      // Its own error is not known: three digits of one run are taken to be good to 3 %.
      expect(Math.abs(failure.mean - published)).toBeLessThan(failure.halfWidth + 0.03 * published);
      expect(failure.halfWidth).toBeLessThan(0.15 * published);
    },
  );

  test("retries that all wait equally long come back as the crowd they were", () => {
    expect(delayed("fixed", "5s", gear("450s", "2500s")).low).toBeGreaterThan(1.25 * 0.02);
  });
});
