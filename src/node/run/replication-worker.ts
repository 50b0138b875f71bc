// The far side of a worker thread: one replication at a time, and how far it is, told through shared memory.
import {
  type ErrorCode,
  type Issue,
  type RunResult,
  type Simulation,
  SurgefleetError,
} from "../../core/index.js";
import { patientRun } from "../code/patience.js";
import { openReplication, type ReplicationSpec } from "./replication.js";

export interface ReplicationJob extends ReplicationSpec {
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

function runReplication({ progress, ...spec }: ReplicationJob): RunResult {
  const simulation = openReplication(spec);
  const run = patientRun(spec.scenario, (events) => simulation.run(events));
  while (!run(EVENTS_PER_TELLING)) tell(simulation, progress);
  tell(simulation, progress);
  return simulation.result();
}

function tell(simulation: Simulation, progress: Float64Array): void {
  // What is followed beyond the measured window is no part of the length that is shown.
  progress[0] = Math.min(simulation.now, simulation.until);
  progress[1] = simulation.requests;
}
