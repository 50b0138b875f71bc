// What a benchmark times: a case does a stated amount of work and says how much.
import { type RunResult, type Scenario, Simulation } from "../../src/core/index.js";

/** One piece of work to be timed: `run` starts the clock, `amount` of `unit` are done when it returns. */
export interface Work {
  readonly amount: number;
  readonly events: number;
  /** Stretches of steps computed at once; 0 where there are no replicas. */
  readonly epochs: number;
  /** What the work leaves behind as long as its result is wanted: held to measure its memory. */
  readonly kept: unknown;
}

export interface BenchCase {
  readonly name: string;
  readonly unit: "pairs" | "requests";
  /** Prepares the work outside the clock. What it returns may be called again, and then does the same work anew. */
  prepare(): () => Work;
}

/** One replica of the rows whose requests come one by one. */
export const REPLICA = {
  engine: "batching",
  profile: "llama-3.1-8b-h100",
  maxSequences: 256,
  maxBatchedTokens: 2048,
  kvTokens: 409_600,
} as const;

/** Requests that are simulated before the clock starts, so that the code is compiled. */
export const WARM_UP = 50_000;

/** The whole simulator at work on a scenario, after the run of another that is like it. */
export function simulated(
  warmUp: Scenario,
  scenario: Scenario,
  options: { readonly stepByStep?: boolean } = {},
): () => Work {
  new Simulation(warmUp, options).run();
  return () => {
    const run = new Simulation(scenario, options);
    run.run();
    const result: RunResult = run.result();
    const { events, epochs } = result.work;
    return { amount: run.requests, events, epochs, kept: [run, result] };
  };
}
