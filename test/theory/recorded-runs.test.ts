// The simulator against recorded runs of a real engine: the same arrivals and lengths on one H100 replica. The
// recordings are not part of the repository; where they are absent the test is skipped and says so.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseScenario, type ScenarioInput, Simulation } from "../../src/core/index.js";
import { sharedFile } from "../support/shared-data.js";

/** Relative errors that the runs must stay within: see "Against a real engine" in docs/model.md. */
const BOUNDS = { span: 0.01, tokensPerSecond: 0.03, latency: 0.03, ttft: 0.12 };
/** TTFT of a few milliseconds may be off by this many seconds instead. */
const TTFT_FLOOR = 0.005;

const SCENARIO: ScenarioInput = {
  schemaVersion: 1,
  inventory: { gpus: 1 },
  pools: {
    engine: {
      replicas: 1,
      replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 256, kvTokens: 6400 * 64 },
      admission: { policy: "none" },
    },
  },
  paths: { standard: { model: "llama-3.1-8b", pool: "engine", rank: 0 } },
  traffic: { recorded: { arrivals: { trace: "recorded.csv" }, mix: { standard: 1 } } },
};

interface Recorded {
  readonly arrival: number;
  readonly input: number;
  readonly output: number;
  readonly firstToken: number;
  readonly finish: number;
}

function recorded(path: string): Recorded[] {
  const lines = readFileSync(path, "utf8").trim().split("\n").slice(1);
  const rows = lines.map((line) => {
    const [arrival, input, output, firstToken, finish] = line.split(",").map(Number);
    return { arrival: arrival!, input: input!, output: output!, firstToken: firstToken!, finish: finish! };
  });
  return rows.sort((a, b) => a.arrival - b.arrival);
}

function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(p * (sorted.length - 1))]!;
}

const error = (simulated: number | null, measured: number) => Math.abs(simulated! / measured - 1);

for (const name of ["closed", "poisson60", "gamma30", "chat"]) {
  const path = sharedFile(`calibration/runs/${name}.requests.csv`);
  const title = path === undefined ? `run "${name}" (skipped: the recordings are not here)` : `run "${name}"`;
  test.skipIf(path === undefined)(title, () => {
    const rows = recorded(path!);
    const body = rows.map((row) => `${row.arrival.toFixed(6)},${row.input},${row.output}`).join("\n");
    const simulation = new Simulation(parseScenario(SCENARIO), {
      readTrace: () => [`timestamp,input_tokens,output_tokens\n${body}\n`],
    });
    simulation.run();
    const { all, time } = simulation.result();
    const streamed = rows.filter((row) => row.output > 1);
    const speeds = streamed.map((row) => (row.output - 1) / (row.finish - row.firstToken));
    const latencies = rows.map((row) => row.finish - row.arrival);
    const ttfts = rows.map((row) => row.firstToken - row.arrival);
    const span = rows.reduce((last, row) => Math.max(last, row.finish), 0) - rows[0]!.arrival;

    expect(all.outcomes.completed).toBe(rows.length);
    expect(error(time.simulated, span)).toBeLessThan(BOUNDS.span);
    expect(error(all.tokensPerSecond.p50, quantile(speeds, 0.5))).toBeLessThan(BOUNDS.tokensPerSecond);
    expect(error(all.tokensPerSecond.p5, quantile(speeds, 0.05))).toBeLessThan(BOUNDS.tokensPerSecond);
    expect(error(all.latency.p50, quantile(latencies, 0.5))).toBeLessThan(BOUNDS.latency);
    expect(error(all.latency.p90, quantile(latencies, 0.9))).toBeLessThan(BOUNDS.latency);
    for (const [simulated, p] of [[all.ttft.p50, 0.5] as const, [all.ttft.p90, 0.9] as const]) {
      const measured = quantile(ttfts, p);
      expect(Math.abs(simulated! - measured)).toBeLessThan(Math.max(TTFT_FLOOR, BOUNDS.ttft * measured));
    }
  });
}
