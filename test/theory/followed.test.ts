// What a measured window is too short for: attempts and sessions that begin in it and end after it. Left out, they take
// the long ones with them; followed, and sessions weighed by what the window shows of them, the numbers are those of
// the process whatever the window. Held to closed forms, with windows of ten mean durations and of a third of one.
import { describe, expect, it } from "vitest";
import type { Instant } from "../../src/core/base/units.js";
import { SessionBook } from "../../src/core/demand/traffic/session-book.js";
import { Simulation } from "../../src/core/engine/experiment/simulation.js";
import { parseScenario, type RunResult } from "../../src/core/index.js";
import { openStream, type Stream } from "../../src/core/random/stream.js";
import { judgedSessions, sessionResult } from "../../src/core/results/metrics/sessions.js";
import { gear } from "../support/mode.js";

const RUNS = gear(8, 200);

/** Exponential answers of 10 s in the mean, in a window of 100 s. */
function runs(rate: number, client: "none" | "openai-node-6"): RunResult[] {
  const scenario = parseScenario({
    schemaVersion: 1,
    inventory: { gpus: 1 },
    pools: {
      shared: {
        replicas: 1,
        replica: { engine: "slots", slots: 200, tokensPerSecond: 100 },
        admission: { policy: "tail-drop", maxQueue: 0 },
      },
    },
    paths: { standard: { model: "kimi", pool: "shared", rank: 0 } },
    traffic: {
      calls: {
        ...{ arrivals: { process: "poisson", rate }, input: 1, mix: { standard: 1 }, client },
        ...{ output: { dist: "exponential", mean: 1000 }, maxOutput: 100_000 },
      },
    },
    ...{ warmup: "60s", duration: "160s" },
  });
  return Array.from({ length: RUNS }, (_, run) => {
    const options = { seed: `followed/${run}`, neverAborts: true, batches: false };
    const simulation = new Simulation(scenario, options);
    simulation.run();
    return simulation.result();
  });
}

const total = (results: readonly RunResult[], read: (all: RunResult["all"]) => number) =>
  results.reduce((sum, { all }) => sum + read(all), 0);

describe("a window of ten mean durations", () => {
  it("has the mean and the 99th percentile of exponential latencies", () => {
    const results = runs(14, "none");
    const count = total(results, ({ latency }) => latency.count);
    expect(count).toBe(total(results, ({ attempts }) => attempts));
    const mean = total(results, ({ latency }) => latency.mean! * latency.count) / count;
    const p99 = total(results, ({ latency }) => latency.p99!) / RUNS;
    expect(Math.abs(mean / 10 - 1)).toBeLessThan(0.01);
    expect(Math.abs(p99 / (10 * Math.log(100)) - 1)).toBeLessThan(0.03);
  });

  it("has the failure rate and the amplification that a long one has", () => {
    // Refused at first, a request tries twice more within seconds; a served one takes 10 s and more.
    const results = runs(30, "openai-node-6");
    const offered = total(results, ({ requests }) => requests.offered);
    expect(total(results, ({ requests }) => requests.open) / offered).toBeLessThan(1e-5);
    const failed = total(results, ({ requests }) => requests.failed) / offered;
    // All slots are busy: what is served is 20 a second.
    expect(Math.abs((1 - failed) / (20 / 30) - 1)).toBeLessThan(0.02);
    const amplification = total(results, ({ requests }) => requests.attempts) / offered;
    const refused =
      total(results, ({ outcomes }) => outcomes.overloaded) / total(results, (all) => all.attempts);
    // Of the same requests, attempts are those that were served and those that were refused.
    expect(Math.abs(amplification * (1 - refused) - (1 - failed))).toBeLessThan(0.01);
  });
});

/** Sessions that come 10 a second and take 1000 s, heavy-tailed; a dollar every 100 s; one in five is abandoned. */
function sessionsOf(stream: Stream, window: number): SessionBook {
  const [from, until] = [0, window];
  const book = new SessionBook(from as Instant, until as Instant);
  const gap = () => -Math.log(1 - stream.uniform()) * 1e5;
  for (let start = -20_000e6; start < until; start += gap()) {
    const startedAt = Math.round(start);
    const length = Math.round(lengthOf(stream.uniform()) * 1e6);
    const end = startedAt + length;
    book.started(startedAt);
    for (let at = startedAt + 100e6; at <= end; at += 100e6) book.charged(startedAt, at, 1);
    if (stream.uniform() < 0.2) book.abandoned(startedAt, end);
    else book.finished(startedAt, end, 1 + Math.floor(length / 100e6));
  }
  return book;
}

/** Pareto's law with a shape of 2.5, from 600 s: a mean of 1000 s. */
const lengthOf = (uniform: number) => 600 / (1 - uniform) ** 0.4;

describe("a window of a third of a mean session", () => {
  it("has the median, the 90th percentile, the cost and the share abandoned of all sessions that begin", () => {
    const book = sessionsOf(openStream("1", "sessions"), 333e6);
    const row = sessionResult(judgedSessions("agents", book.totals([], 0 as Instant), true));
    expect(row.openShare).toBeLessThan(0.01);
    const close = (value: number | null, wanted: number, tolerance: number) =>
      expect(Math.abs(value! / wanted - 1), `${value} for ${wanted}`).toBeLessThan(tolerance);
    close(row.duration.p50, lengthOf(0.5), 0.03);
    close(row.duration.p90, lengthOf(0.9), 0.05);
    close(row.requests.p50, 1 + Math.floor(lengthOf(0.5) / 100), 0.01);
    // Whole hundreds of seconds are charged.
    close(row.costPerFinished, (10 - 0.5) / 0.8, 0.06);
    close(row.abandonRate, 0.2, 0.1);
  });
});
