import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { profileFileByName } from "../../../../src/core/internal.js";
import { decodingIntervals, levelsAt } from "../../../../src/core/tools/validation/occupancy.js";
import { readRecordedRun } from "../../../../src/core/tools/validation/recorded-run.js";
import { replay } from "../../../../src/core/tools/validation/replay.js";
import { compareRun, type RunComparison } from "../../../../src/core/tools/validation/run-comparison.js";
import type { Run, RunRequest } from "../../../../src/core/tools/validation/run-request.js";
import type { EngineSettings } from "../../../../src/core/tools/validation/settings.js";
import { gear } from "../../../support/mode.js";
import { request, requestsCsv, served } from "./requests.js";

const PROFILE = profileFileByName("llama-3.1-8b-h100");
const SETTINGS: EngineSettings = {
  replicas: 1,
  maxSequences: 16,
  maxBatchedTokens: 512,
  maxPrefillSequences: 8,
  kvTokens: 400_000,
};

/** Requests as they are sent: only when and how long is known. */
const demand = fc.array(
  fc.record({
    micros: fc.integer({ min: 0, max: 3_000_000 }),
    promptTokens: fc.integer({ min: 1, max: 3000 }),
    outputTokens: fc.integer({ min: 1, max: 60 }),
  }),
  { minLength: 1, maxLength: 40 },
);

/** What the simulator itself would have recorded. */
function recording(
  asked: readonly { micros: number; promptTokens: number; outputTokens: number }[],
): RunRequest[] {
  const run = asked.map(({ micros, ...lengths }) => request({ arrival: micros / 1e6, ...lengths }));
  run.sort((a, b) => a.arrival - b.arrival);
  return [...replay(served(run), PROFILE, SETTINGS).served];
}

function compare(recorded: Run): RunComparison {
  return compareRun(recorded, replay(recorded, PROFILE, SETTINGS), SETTINGS, undefined);
}

function errorsOf({ throughput, capacity, ttft, tpot, e2e, longestGap, kvPages }: RunComparison): number[] {
  const all = [throughput, capacity, ttft, tpot, e2e, longestGap].flatMap((group) => Object.values(group));
  return [...all, kvPages.mean, kvPages.most].flatMap(({ error }) => (error === null ? [] : [error]));
}

describe("replay", () => {
  it("of what the simulator recorded has no error at all, through the file and back", () => {
    fc.assert(
      fc.property(demand, (asked) => {
        const written = requestsCsv(recording(asked));
        const errors = errorsOf(compare(readRecordedRun([written], "r.csv")));
        expect(errors.length).toBeGreaterThan(10);
        for (const error of errors) expect(Math.abs(error)).toBeLessThan(1e-9);
      }),
      { numRuns: gear(6, 25) },
    );
  });

  it("gives every token after the first one step, and no token a step of its own", () => {
    fc.assert(
      fc.property(demand, (asked) => {
        const run = recording(asked);
        const { served: requests, steps } = replay(served(run), PROFILE, SETTINGS);
        const starts = steps.map(({ start }) => start);
        const decoded = levelsAt(decodingIntervals(requests), starts).reduce((sum, level) => sum + level, 0);
        expect(decoded).toBe(run.reduce((sum, one) => sum + one.outputTokens - 1, 0));
        for (const { start, end } of steps) expect(end).toBeGreaterThan(start);
      }),
      { numRuns: gear(6, 25) },
    );
  });

  it("shows an engine that is five percent slower as that, in everything", () => {
    const asked = Array.from({ length: 60 }, (_, index) => ({
      micros: 0,
      promptTokens: 100 + 37 * index,
      outputTokens: 2 + index,
    }));
    const slower = recording(asked).map((one) => ({
      ...one,
      scheduled: 1.05 * one.scheduled,
      firstToken: 1.05 * one.firstToken,
      finish: 1.05 * one.finish,
      longestGap: one.longestGap === undefined ? undefined : 1.05 * one.longestGap,
    }));
    const { throughput, capacity, ttft, tpot, e2e, longestGap } = compare(served(slower));
    for (const group of [ttft, tpot, e2e, longestGap]) {
      for (const { error } of Object.values(group)) expect(error).toBeCloseTo(1 / 1.05 - 1, 6);
    }
    for (const { outputTokensPerSecond, seconds } of [throughput, capacity]) {
      expect(outputTokensPerSecond.error).toBeCloseTo(0.05, 6);
      expect(seconds.error).toBeCloseTo(1 / 1.05 - 1, 6);
    }
  });

  it("takes steps and batch from the engine, however long answers are on their way to callers", () => {
    // Two that overlap, and one long after: its step begins when it is let in, not when the others were told.
    const asked = [
      { micros: 0, promptTokens: 200, outputTokens: 20 },
      { micros: 10_000, promptTokens: 200, outputTokens: 20 },
      { micros: 400_000, promptTokens: 200, outputTokens: 2 },
    ];
    const recorded = served(recording(asked));
    const overrides = [{ path: "pools.engine.replica.frontEnd", value: "{ token: 300ms }", origin: "test" }];
    const plain = replay(recorded, PROFILE, SETTINGS);
    const delayed = replay(recorded, PROFILE, SETTINGS, { overrides });
    expect(delayed.served[0]!.finish).toBeCloseTo(plain.served[0]!.finish + 0.3, 6);
    expect(delayed.steps).toEqual(plain.steps);
    expect(delayed.served.map(({ longestGap }) => longestGap)).toEqual(
      plain.served.map(({ longestGap }) => longestGap),
    );
    const batch = (run: typeof plain) => compareRun(recorded, run, SETTINGS, undefined).batch;
    expect(batch(delayed).mean.simulated).toBe(batch(plain).mean.simulated);
    // Whoever is told nothing in time has left the engine all the same.
    const lost = replay(recorded, PROFILE, SETTINGS, { timeout: 0.4, overrides });
    expect(lost.lost).toHaveLength(2);
    expect(lost.steps).toEqual(plain.steps);
  });

  it("has steps one after another where they are scheduled ahead, those that nobody is left for among them", () => {
    const asked = [0, 1, 2].map((arrival) => request({ arrival, promptTokens: 200, outputTokens: 20 }));
    const overrides = [{ path: "pools.engine.replica.stepAhead", value: "true", origin: "test" }];
    const [plain, ahead] = [{}, { overrides }].map((more) => replay(served(asked), PROFILE, SETTINGS, more));
    // One for nothing after each request that another follows: the run is over with the last.
    expect(ahead!.steps.length).toBe(plain!.steps.length + 2);
    const wrong = ahead!.steps.filter(
      ({ start, end }, index) => start >= end || start < (ahead!.steps[index - 1]?.end ?? 0),
    );
    expect(wrong).toEqual([]);
    const meanOf = ({ steps }: typeof plain & object) =>
      steps.reduce((sum, { start, end }) => sum + end - start, 0) / steps.length;
    expect(meanOf(ahead!) / meanOf(plain!)).toBeCloseTo(1, 1);
  });

  it("refuses a run that the replica could never serve, and a budget below the batch", () => {
    const run = served([request({ promptTokens: 400_000 })]);
    expect(() => replay(run, PROFILE, SETTINGS)).toThrow(SurgefleetError);
    expect(() => replay(run, PROFILE, SETTINGS)).toThrow(/400011 tokens of KV.*400000/);
    expect(() => replay(run, PROFILE, SETTINGS, { file: "r.csv" })).toThrow(/^r\.csv: a request.*400011/);
    expect(() => replay(served([request()]), PROFILE, { ...SETTINGS, maxBatchedTokens: 15 })).toThrow(
      /15 tokens.*16 seq/,
    );
  });
});
