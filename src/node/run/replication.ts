// One of many runs of a scenario, as every place that runs replications sets it up: to its end whatever its thresholds
// say, since the study looks at them, and ready to be pooled with others.
import { type Scenario, Simulation } from "../../core/index.js";
import type { Subject } from "../../core/internal.js";
import { openRealm } from "../code/open-realm.js";
import type { TraceFile } from "../scenario-file.js";
import { traceReader } from "./trace-reader.js";

/** What a replication needs. Plain data: it may be copied to a thread. */
export interface ReplicationSpec {
  readonly scenario: Scenario;
  readonly traces: readonly TraceFile[];
  readonly seed: string;
  readonly stepByStep: boolean;
  /** Whether it says by itself how far it varies: where there is nothing to pool it with. */
  readonly batches?: boolean | undefined;
  /** What it estimates besides what is always estimated. */
  readonly asked?: readonly Subject[] | undefined;
}

export function openReplication({
  scenario,
  traces,
  seed,
  stepByStep,
  batches,
  asked,
}: ReplicationSpec): Simulation {
  const readTrace = traceReader(traces);
  return new Simulation(scenario, {
    seed,
    stepByStep,
    readTrace,
    openRealm,
    neverAborts: true,
    batches,
    asked,
    isPooled: true,
  });
}
