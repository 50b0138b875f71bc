// Runs replications: in this thread, in slices, or in worker threads, one for each processor. What comes out is the
// same.
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Piscina } from "piscina";
import { type Instant, type RunResult, type Simulation, SurgefleetError } from "../../core/index.js";
import { toSeconds } from "../../core/internal.js";
import { patientRun } from "../code/patience.js";
import type { LoadedScenario } from "../scenario-file.js";
import { drive } from "./drive.js";
import { openReplication, type ReplicationSpec } from "./replication.js";
import type { ReplicationAnswer, ReplicationJob } from "./replication-worker.js";
import { openWorkerFile } from "./worker-file.js";

/** How far the replications under way are, summed up. */
export interface UnderWay {
  /** Simulated seconds, and logical requests. */
  readonly simulated: number;
  readonly requests: number;
}

export interface ReplicationHooks {
  /** Told now and then. */
  readonly onSlice?: (() => void) | undefined;
  readonly isInterrupted?: (() => boolean) | undefined;
  /** MiB of heap that a thread may have; as much as this process, where left out. */
  readonly heapMiB?: number | undefined;
}

type HowToRun = Pick<ReplicationSpec, "stepByStep" | "batches" | "asked">;

/** Where replications run. To be closed after use. */
export interface Replications {
  readonly concurrency: number;
  /** Undefined where it was interrupted. */
  run(loaded: LoadedScenario, seed: string, options: HowToRun): Promise<RunResult | undefined>;
  underWay(): UnderWay;
  close(): Promise<void>;
}

const SLICE_MS = 100;

/** `workers` left out: as many as there are processors. With one, everything runs in this thread. */
export function openReplications(workers: number | undefined, hooks: ReplicationHooks): Replications {
  const threads = workers ?? availableParallelism();
  return threads <= 1 ? inThisThread(hooks) : inWorkers(threads, hooks);
}

function inThisThread({ onSlice = () => {}, isInterrupted = () => false }: ReplicationHooks): Replications {
  let current: Simulation | undefined;
  return {
    concurrency: 1,
    run: async ({ scenario, traces }, seed, how) => {
      const simulation = openReplication({ scenario, traces, seed, ...how });
      current = simulation;
      const run = patientRun(scenario, (events) => simulation.run(events));
      const finished = await drive(run, { onSlice, isInterrupted });
      current = undefined;
      return finished ? simulation.result() : undefined;
    },
    underWay: () => ({
      simulated: current === undefined ? 0 : toSeconds(current.now),
      requests: current?.requests ?? 0,
    }),
    close: async () => {},
  };
}

function inWorkers(threads: number, { onSlice, isInterrupted, heapMiB }: ReplicationHooks): Replications {
  const file = openWorkerFile();
  const pool = new Piscina({
    ...{ ...file.options, maxThreads: threads, minThreads: 1, idleTimeout: 10_000 },
    ...(heapMiB !== undefined && { resourceLimits: { maxOldGenerationSizeMb: heapMiB } }),
  });
  const jobs = new Set<Float64Array>();
  const cancel = new AbortController();
  // What a worker still answers when it is no longer waited for is unexpected to the pool, and nothing to anyone else.
  pool.on("error", (error: unknown) => {
    if (!cancel.signal.aborted) throw error;
  });
  const watch = watchOver(() => {
    onSlice?.();
    if (isInterrupted?.() === true) cancel.abort();
  });
  return {
    concurrency: threads,
    run: async ({ scenario, traces }, seed, how) => {
      const progress = new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT));
      jobs.add(progress);
      const job: ReplicationJob = { scenario, traces, seed, ...how, progress };
      try {
        const answer = (await pool.run(job, { signal: cancel.signal })) as ReplicationAnswer;
        if (answer.ok) return answer.result;
        throw new SurgefleetError(answer.code, answer.message, answer.issues);
      } catch (error) {
        if (cancel.signal.aborted) return undefined;
        throw isOutOfMemory(error) ? outOfMemory(scenario.name, seed) : error;
      } finally {
        jobs.delete(progress);
      }
    },
    underWay: () => {
      const sum = (index: number) => [...jobs].reduce((so, one) => so + one[index]!, 0);
      return { simulated: toSeconds(sum(0) as Instant), requests: sum(1) };
    },
    close: async () => {
      watch.stop();
      cancel.abort();
      try {
        await pool.destroy();
      } finally {
        file.remove();
      }
    },
  };
}

function isOutOfMemory(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === "ERR_WORKER_OUT_OF_MEMORY";
}

function outOfMemory(name: string, seed: string): SurgefleetError {
  const message = `${name}, seed ${seed}: out of memory`;
  const hint = "simulate less of it, with --workers 1, or with more: NODE_OPTIONS=--max-old-space-size=8192";
  return new SurgefleetError("USAGE", `${message} (${hint})`);
}

/** Calls it every so often without keeping the process alive. */
function watchOver(look: () => void): { stop: () => void } {
  const stopped = new AbortController();
  const loop = async () => {
    while (!stopped.signal.aborted) {
      await sleep(SLICE_MS, undefined, { ref: false, signal: stopped.signal });
      look();
    }
  };
  // Stopping it ends the sleep with an error that means just that.
  loop().catch((error: unknown) => {
    if (!stopped.signal.aborted) throw error;
  });
  return { stop: () => stopped.abort() };
}
