// A study: many replications of a scenario, a fixed number of them or as many as it takes to decide every threshold.
// Decides what to run next and when it is enough; how a replication is run, and where, is the caller's business. What
// comes out does not depend on how many run at once: replications count in the order of their seeds.
import { assert } from "../../base/assert.js";
import { type PoolingOptions, pooledResult } from "../../results/build/pooled.js";
import type { RunResult } from "../../results/shape/result.js";
import type { StatedThreshold } from "../../results/verdict/threshold.js";
import { lookConfidence } from "../../stats/sequential-looks.js";
import {
  type ChosenSeeds,
  mostOf,
  plainSeeds,
  type ReplicationPlan,
  type SeedPlan,
  strataOf,
} from "./seeds.js";

export interface StudyOptions {
  /** From which the seeds of replications are made. */
  readonly seed: string;
  readonly plan: ReplicationPlan;
  /** What is run, instead of `seed/1`, `seed/2`, ... */
  readonly seeds?: SeedPlan | undefined;
  /** Of all intervals; of those of thresholds for all looks together. Default 0.95. */
  readonly confidence?: number | undefined;
  /** Replications that may be under way at once. Default 1. */
  readonly concurrency?: number | undefined;
  /** Told of every replication in the order of seeds. Everything so far is pooled only if it is asked for. */
  readonly onResult?: ((soFar: () => RunResult, runs: number) => void) | undefined;
  /** Asked before each replication. Those that ended are still pooled, and the result is marked partial. */
  readonly isInterrupted?: (() => boolean) | undefined;
  /** Asked before each replication of an open-ended study: true ends it there, undecided. */
  readonly isOverBudget?: (() => boolean) | undefined;
  /** Places of thresholds that end the study once they have failed at a look. */
  readonly abortOn?: readonly number[] | undefined;
  /** Of the scenario, in its order. */
  readonly thresholds: readonly StatedThreshold[];
}

export interface StudyOutcome {
  /** Undefined where not one replication came to its end. */
  readonly result: RunResult | undefined;
  /** Why it ended. */
  readonly ended: "complete" | "decided" | "aborted" | "over-budget" | "interrupted";
  /** Replications that the result rests on, and how often they were looked at. */
  readonly runs: number;
  readonly looks: number;
}

/** Runs one replication; undefined where it was interrupted. */
export type RunReplication = (seed: string) => Promise<RunResult | undefined>;

/** Throws USAGE unless the number of replications is a whole number from 1 up. Passes errors of a replication on. */
export async function study(run: RunReplication, options: StudyOptions): Promise<StudyOutcome> {
  const { plan, seed, thresholds, confidence = 0.95, concurrency = 1, abortOn = [] } = options;
  const { most, looks, blocks } = options.seeds ?? plainSeeds(seed, mostOf(plan));
  const begun: ChosenSeeds[] = [];
  const ordered = new InOrder(
    run,
    seedsIn(blocks(), begun),
    concurrency,
    (started) => started < most && mayGoOn(started, options),
  );
  // One look spends nothing on others.
  const atLook = (look: number) => (looks.length === 1 ? confidence : lookConfidence(look, confidence));
  const looksMatter = plan.kind === "decided" || abortOn.length > 0;
  const runs: RunResult[] = [];
  const pooling = (): PoolingOptions => {
    const ran = runs.flatMap(({ replications }) => replications.map((one) => one.seed));
    return { seed, confidence, thresholds, strata: strataOf(begun, ran) };
  };
  let looked = 0;
  for (;;) {
    const next = await ordered.next();
    if (next === undefined) break;
    runs.push(next);
    options.onResult?.(pooledOnce([...runs], pooling()), runs.length);
    if (!looksMatter || !looks.includes(runs.length)) continue;
    looked++;
    const judgedAt = atLook(looked);
    const result = pooledResult(runs, { ...pooling(), judgedAt });
    const ended = endAt(result, plan, abortOn);
    if (ended === undefined) continue;
    ordered.stop();
    return { result, ended, runs: runs.length, looks: looked };
  }
  const isInterrupted = options.isInterrupted?.() === true && runs.length < most;
  const ended = isInterrupted ? "interrupted" : runs.length < most ? "over-budget" : "complete";
  // Ended between two looks or at the last one: what has been spent on looks stays spent.
  const judgedAt = looksMatter ? atLook(Math.max(1, looked)) : confidence;
  const last = { ...pooling(), judgedAt, partial: isInterrupted };
  return {
    result: runs.length === 0 ? undefined : pooledResult(runs, last),
    ended,
    runs: runs.length,
    looks: looked,
  };
}

function pooledOnce(runs: readonly RunResult[], pooling: PoolingOptions): () => RunResult {
  let pooled: RunResult | undefined;
  return () => (pooled ??= pooledResult(runs, pooling));
}

/** Whatever the budget: without a single replication there is nothing to report. */
function mayGoOn(started: number, { plan, isInterrupted, isOverBudget }: StudyOptions): boolean {
  if (isInterrupted?.() === true) return false;
  return started === 0 || plan.kind === "fixed" || isOverBudget?.() !== true;
}

function endAt(
  { thresholds }: RunResult,
  plan: ReplicationPlan,
  abortOn: readonly number[],
): "aborted" | "decided" | undefined {
  if (abortOn.some((index) => thresholds[index]?.verdict === "fail")) return "aborted";
  const isDecided = thresholds.every(({ verdict }) => verdict !== "undecided");
  return plan.kind === "decided" && isDecided ? "decided" : undefined;
}

/** The seeds of all blocks, each block noted as it begins. */
function* seedsIn(blocks: Iterable<ChosenSeeds>, begun: ChosenSeeds[]): Generator<string, void, undefined> {
  for (const block of blocks) {
    begun.push(block);
    yield* block.seeds;
  }
}

/** Runs several replications at once and hands them out in the order of their seeds. */
class InOrder {
  readonly #run: RunReplication;
  readonly #seeds: Iterator<string>;
  readonly #concurrency: number;
  readonly #mayStart: (started: number) => boolean;
  readonly #underWay: Promise<RunResult | undefined>[] = [];
  #started = 0;
  #stopped = false;

  constructor(
    run: RunReplication,
    seeds: Iterator<string>,
    concurrency: number,
    mayStart: (started: number) => boolean,
  ) {
    assert(concurrency >= 1, "at least one replication runs at a time");
    this.#run = run;
    this.#seeds = seeds;
    this.#concurrency = concurrency;
    this.#mayStart = mayStart;
  }

  /** Undefined when there is no further one. */
  async next(): Promise<RunResult | undefined> {
    this.#fill();
    const first = this.#underWay.shift();
    const result = await first;
    if (result === undefined) this.stop();
    return result;
  }

  /** What is still under way is not waited for, and its errors are dropped. */
  stop(): void {
    this.#stopped = true;
    for (const one of this.#underWay) one.catch(() => {});
  }

  #fill(): void {
    while (!this.#stopped && this.#underWay.length < this.#concurrency) {
      if (!this.#mayStart(this.#started)) return;
      const { done, value: seed } = this.#seeds.next();
      if (done === true) return;
      this.#started++;
      const run = this.#run(seed);
      // An error is thrown where the run is awaited; until then it must not count as an unhandled rejection.
      run.catch(() => {});
      this.#underWay.push(run);
    }
  }
}
