// The far side of a worker thread: one replication at a time, and how far it is, told through shared memory.
import {
  type ErrorCode,
  type Issue,
  type RunResult,
  type Scenario,
  Simulation,
  SurgefleetError,
} from "../../core/index.js";
import { readTextChunks } from "../files/read-text.js";
import type { TraceFile } from "../scenario-file.js";
import { tracePath } from "./trace-path.js";

/** What a replication needs; plain data, because it is copied to the thread. */
export interface ReplicationJob {
  readonly scenario: Scenario;
  readonly traces: readonly TraceFile[];
  readonly seed: string;
  readonly stepByStep: boolean;
  /** Two numbers that the worker writes: simulated microseconds and requests so far. */
  readonly progress: Float64Array;
}

/** An error would lose its class and its fields on the way. */
export type ReplicationAnswer =
  | { readonly ok: true; readonly result: RunResult }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly message: string;
      readonly issues: readonly Issue[];
    };

const EVENTS_PER_TELLING = 50_000;

export default function answer(job: ReplicationJob): ReplicationAnswer {
  try {
    return { ok: true, result: runReplication(job) };
  } catch (error) {
    if (!(error instanceof SurgefleetError)) throw error;
    // The message of an error with issues lists them too, below its first line.
    const { code, message, issues } = error;
    return { ok: false, code, message: issues.length === 0 ? message : message.split("\n", 1)[0]!, issues };
  }
}

function runReplication({ scenario, traces, seed, stepByStep, progress }: ReplicationJob): RunResult {
  const simulation = new Simulation(scenario, {
    seed,
    stepByStep,
    neverAborts: true,
    batches: false,
    readTrace: (name) => readTextChunks(tracePath(name, traces)),
  });
  while (!simulation.run(EVENTS_PER_TELLING)) tell(simulation, progress);
  tell(simulation, progress);
  return simulation.result();
}

function tell(simulation: Simulation, progress: Float64Array): void {
  progress[0] = simulation.now;
  progress[1] = simulation.requests;
}
