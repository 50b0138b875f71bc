// A run of a population begins as if it had always been there: what it is asked for in its first minutes is the rate that
// the scenario states. Without swings, so that some seeds tell; with them in the night.
import { mean, standardDeviation } from "simple-statistics";
import { expect, test } from "vitest";
import { type Instant, seconds } from "../../src/core/base/units.js";
import type { PopulationOptions } from "../../src/core/demand/traffic/population/population.js";
import { workloadNamed } from "../../src/core/demand/traffic/population/workloads.js";
import { SWINGS } from "../../src/core/demand/traffic/rate/rate-spec.js";
import { nominalSeconds } from "../../src/core/demand/traffic/sessions/lifetimes.js";
import { LONG_AGENT } from "../../src/core/demand/traffic/sessions/spec.js";
import { gear, NIGHTLY } from "../support/mode.js";
import { createPopulation, drive, populationOptions } from "../unit/demand/traffic/sessions/drive.js";

const MINUTES = 20;
const RATE = 3;
const CALM = { shape: {}, swings: [], cv: undefined };

/** Requests a second in each five minutes, of every seed. */
function offered(changes: Partial<PopulationOptions>, runs: number): number[][] {
  const until = seconds(60 * MINUTES) as number as Instant;
  const options = populationOptions({ rate: RATE, accounts: { count: 30, skew: 1 }, until, ...changes });
  return Array.from({ length: runs }, (_, seed) => {
    const bins = new Array<number>(MINUTES / 5).fill(0);
    for (const { at } of drive(createPopulation(options, `${seed}`), until, {
      service: (_index, { outputTokens }) => nominalSeconds(outputTokens),
    }))
      bins[Math.floor(at / seconds(300))]! += 1 / 300;
    return bins;
  });
}

/** Within so much of the rate, as far as the seeds can tell: their error is told, and is small enough to see 14 %. */
function expectRate(rates: readonly number[], within: number, worstError: number): void {
  const error = standardDeviation(rates) / Math.sqrt(rates.length) / RATE;
  expect(error).toBeLessThan(worstError);
  expect(Math.abs(mean(rates) / RATE - 1)).toBeLessThan(within + 2.6 * error);
}

test("the first twenty minutes are offered the rate within 1 %, and so are the first five", () => {
  const runs = offered({ rates: CALM }, gear(30, 1000));
  expectRate(
    runs.map((bins) => mean(bins)),
    0.01,
    gear(0.02, 0.005),
  );
  expectRate(
    runs.map((bins) => bins[0]!),
    0.01,
    gear(0.03, 0.006),
  );
});

test("sessions of many hours and those that send out many agents are there from the start, too", () => {
  const { agent } = workloadNamed("fan-out");
  for (const spec of [LONG_AGENT, agent]) {
    const changes = { rates: CALM, archetypes: { agent: 1, api: 0, chat: 0 }, agent: spec };
    expectRate(
      offered(changes, gear(6, 300)).map((bins) => mean(bins)),
      0.01,
      gear(0.1, 0.012),
    );
  }
});

test.runIf(NIGHTLY)("with all swings the mean over seeds is the rate as well", () => {
  const runs = offered({ rates: { ...CALM, swings: SWINGS } }, 1500);
  expectRate(
    runs.map((bins) => mean(bins)),
    0.01,
    0.012,
  );
});
