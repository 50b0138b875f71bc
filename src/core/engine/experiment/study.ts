// A study: many replications of a scenario, a fixed number of them or as many as it takes to decide every threshold.
// Decides what to run next and when it is enough; how a replication is run, and where, is the caller's business. What
// comes out does not depend on how many run at once: replications count in the order of their seeds.
import { assert } from "../../base/assert.js";
import { SurgefleetError } from "../../base/errors.js";
import { type PoolingOptions, pooledResult } from "../../results/build/pooled.js";
import type { RunResult } from "../../results/shape/result.js";
import type { StatedThreshold } from "../../results/verdict/threshold.js";
import { lookSizes, spentAtLook } from "../../stats/sequential-looks.js";

export type ReplicationPlan =
  | { readonly kind: "fixed"; readonly count: number }
  /**
   * Until every threshold is decided, but at most so many, and no new ones once the caller says that time is up. What
   * is to be certified ends once its load grows, and does not pass while that is unknown, or on a few seeds.
   */
  | { readonly kind: "decided"; readonly most: number; readonly certifies?: boolean };

export interface StudyOptions {
  /** Replications have the seeds `seed/1`, `seed/2`, ... */
  readonly seed: string;
  readonly plan: ReplicationPlan;
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
  /** Thresholds that are judged together with these, themselves included; default: these. */
  readonly family?: number | undefined;
  /** What the scenario says that a bad run sheds at most, as a share of a tier's attempts. */
  readonly worstRun?: number | undefined;
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

/** Fewer say nothing of how far replications differ. */
const FIRST_LOOK = 4;
/** Fewer have often not seen the one burst that counts. */
const LEAST_CERTIFIED = 8;

/** Throws USAGE unless the number of replications is a whole number from 1 up. Passes errors of a replication on. */
export async function study(run: RunReplication, options: StudyOptions): Promise<StudyOutcome> {
  const { plan, seed, thresholds, confidence = 0.95, concurrency = 1, abortOn = [] } = options;
  const most = plan.kind === "fixed" ? plan.count : plan.most;
  if (!Number.isSafeInteger(most) || most < 1) {
    throw new SurgefleetError("USAGE", `replications is a whole number from 1 up, got ${most}`);
  }
  const ordered = new InOrder(run, seed, most, concurrency, (started) => mayGoOn(started, options));
  const looks = lookSizes(most, Math.min(FIRST_LOOK, most));
  // One look spends nothing on others.
  const { family = Math.max(1, thresholds.length), worstRun } = options;
  const atLook = (look: number) => ({ spent: looks.length === 1 ? 1 : spentAtLook(look), family });
  const pooling = { seed, confidence, thresholds, worstRun };
  const looksMatter = plan.kind === "decided" || abortOn.length > 0;
  const runs: RunResult[] = [];
  let looked = 0;
  for (;;) {
    const next = await ordered.next();
    if (next === undefined) break;
    runs.push(next);
    options.onResult?.(pooledOnce([...runs], { ...pooling, judging: { spent: 1, family } }), runs.length);
    if (!looksMatter || !looks.includes(runs.length)) continue;
    looked++;
    const result = pooledResult(runs, { ...pooling, judging: atLook(looked) });
    const ended = endAt(result, plan, abortOn);
    if (ended === undefined) continue;
    ordered.stop();
    return { result, ended, runs: runs.length, looks: looked };
  }
  const isInterrupted = options.isInterrupted?.() === true && runs.length < most;
  const ended = isInterrupted ? "interrupted" : runs.length < most ? "over-budget" : "complete";
  // Ended between two looks or at the last one: what has been spent on looks stays spent.
  const judging = looksMatter ? atLook(Math.max(1, looked)) : { spent: 1, family };
  const last = { ...pooling, judging, partial: isInterrupted };
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
  { thresholds, load, replications }: RunResult,
  plan: ReplicationPlan,
  abortOn: readonly number[],
): "aborted" | "decided" | undefined {
  if (abortOn.some((index) => thresholds[index]?.verdict === "fail")) return "aborted";
  if (plan.kind !== "decided") return undefined;
  if (plan.certifies === true) {
    if (load.verdict === "growing") return "decided";
    if (load.verdict === "unknown" || replications.length < LEAST_CERTIFIED) return undefined;
  }
  return thresholds.every(({ verdict }) => verdict !== "undecided") ? "decided" : undefined;
}

/** Runs several replications at once and hands them out in the order of their seeds. */
class InOrder {
  readonly #run: RunReplication;
  readonly #seed: string;
  readonly #most: number;
  readonly #concurrency: number;
  readonly #mayStart: (started: number) => boolean;
  readonly #underWay: Promise<RunResult | undefined>[] = [];
  #started = 0;
  #stopped = false;

  constructor(
    run: RunReplication,
    seed: string,
    most: number,
    concurrency: number,
    mayStart: (started: number) => boolean,
  ) {
    assert(concurrency >= 1, "at least one replication runs at a time");
    this.#run = run;
    this.#seed = seed;
    this.#most = most;
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
    while (!this.#stopped && this.#underWay.length < this.#concurrency && this.#started < this.#most) {
      if (!this.#mayStart(this.#started)) return;
      this.#started++;
      const run = this.#run(`${this.#seed}/${this.#started}`);
      // An error is thrown where the run is awaited; until then it must not count as an unhandled rejection.
      run.catch(() => {});
      this.#underWay.push(run);
    }
  }
}
