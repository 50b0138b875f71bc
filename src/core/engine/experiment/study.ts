// A study: many replications of a scenario, a fixed number of them or as many as it takes to decide every threshold.
// Decides what to run next and when it is enough; how a replication is run, and where, is the caller's business. What
// comes out does not depend on how many run at once: replications count in the order of their seeds.
import { assert } from "../../base/assert.js";
import type { Clusters } from "../../results/build/clusters.js";
import { clustersOver, type PoolingOptions, pooledLook, pooledResult } from "../../results/build/pooled.js";
import type { RunResult } from "../../results/shape/result.js";
import type { StatedThreshold, Subject } from "../../results/verdict/threshold.js";
import { spentByLooks } from "../../stats/sequential-looks.js";
import type { RequestsPerSquare } from "./heavy-tail.js";
import { type ChosenSeeds, plainSeeds, type ReplicationPlan, type SeedPlan, strataOf } from "./seeds.js";

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
  /** What the replications estimate besides, as they were asked for it; default: nothing. */
  readonly asked?: readonly Subject[] | undefined;
  /** Thresholds that are judged together with these, themselves included; default: these. */
  readonly family?: number | undefined;
  /** Whether its accounts swing, so that a few seeds say too little of rates. Default false. */
  readonly swings?: boolean | undefined;
  /** By sources: how many of its requests say of the longest as much as one. Default: none has a heavy tail. */
  readonly requestsPerSquare?: RequestsPerSquare | undefined;
  /** Of the risk of a wrong verdict, the part that this study may spend. Default 1. */
  readonly share?: number | undefined;
  /** How refusals cluster, as far as other fleets of the like have shown it. */
  readonly clusters?: Clusters | undefined;
  /** What the scenario says that a bad run sheds at most, as a share of a tier's attempts. */
  readonly worstRun?: number | undefined;
}

export interface StudyOutcome {
  /** Undefined where not one replication came to its end. */
  readonly result: RunResult | undefined;
  /** Why it ended; `copies` where two seeds gave one and the same run, so that more would say nothing. */
  readonly ended: "complete" | "decided" | "aborted" | "over-budget" | "interrupted" | "copies";
  /** Replications that the result rests on, and how often they were looked at. */
  readonly runs: number;
  readonly looks: number;
  /** How refusals, and values that thresholds do not allow, cluster in them. */
  readonly clusters: () => Clusters;
}

/** Runs one replication; undefined where it was interrupted. */
export type RunReplication = (seed: string) => Promise<RunResult | undefined>;

/** Throws USAGE unless the number of replications is a whole number from 1 up. Passes errors of a replication on. */
export async function study(run: RunReplication, options: StudyOptions): Promise<StudyOutcome> {
  const { plan, seed, thresholds, confidence = 0.95, concurrency = 1, abortOn = [] } = options;
  const { most, looks, blocks } = options.seeds ?? plainSeeds(seed, plan);
  const begun: ChosenSeeds[] = [];
  const ordered = new InOrder(
    run,
    seedsIn(blocks(), begun),
    concurrency,
    (started) => started < most && mayGoOn(started, options),
  );
  const { family = Math.max(1, thresholds.length), worstRun, swings, requestsPerSquare, clusters } = options;
  const { share = 1 } = options;
  const spent = spentByLooks(looks);
  const atLook = (look: number) => ({ spent: share * spent[look - 1]!, family });
  const looksMatter = plan.kind === "decided" || abortOn.length > 0;
  const runs: RunResult[] = [];
  const pooling = (): PoolingOptions => {
    const ran = runs.flatMap(({ replications }) => replications.map((one) => one.seed));
    const known = { worstRun, swings, requestsPerSquare, clusters };
    return { seed, confidence, thresholds, asked: options.asked, ...known, strata: strataOf(begun, ran) };
  };
  const counted = (looks: number) => ({
    runs: runs.length,
    looks,
    clusters: () => (runs.length === 0 ? {} : clustersOver(runs, pooling())),
  });
  let looked = 0;
  for (;;) {
    const next = await ordered.next();
    if (next === undefined) break;
    if (runs.length === 1 && areCopies(runs[0]!, next)) {
      ordered.stop();
      return { result: pooledResult(runs, pooling()), ended: "copies", ...counted(0) };
    }
    runs.push(next);
    options.onResult?.(
      pooledOnce([...runs], { ...pooling(), judging: { spent: share, family } }),
      runs.length,
    );
    if (!looksMatter || !looks.includes(runs.length)) continue;
    looked++;
    const judged = { ...pooling(), judging: atLook(looked) };
    const ended = endAt(pooledLook(runs, judged), plan, abortOn);
    if (ended === undefined) continue;
    ordered.stop();
    return { result: pooledResult(runs, judged), ended, ...counted(looked) };
  }
  const isInterrupted = options.isInterrupted?.() === true && runs.length < most;
  const ended = isInterrupted ? "interrupted" : runs.length < most ? "over-budget" : "complete";
  // What ends between two looks is judged at a last one, which may spend all that those before have left. What ends
  // with its last look has been judged.
  const left = 1 - spent.slice(0, looked).reduce((sum, part) => sum + part, 0);
  const judging =
    looked === looks.length ? atLook(looked) : { spent: share * (looksMatter ? left : 1), family };
  const last = { ...pooling(), judging, partial: isInterrupted };
  return {
    result: runs.length === 0 ? undefined : pooledResult(runs, last),
    ended,
    ...counted(looked),
  };
}

/** Whether two seeds gave the same: all that they measured, by as many events. */
function areCopies(one: RunResult, other: RunResult): boolean {
  const [a, b] = [one.replications[0]!, other.replications[0]!];
  const isSame = (values: readonly unknown[], others: readonly unknown[]) =>
    values.length === others.length && values.every((value, index) => Object.is(value, others[index]));
  return (
    one.work.events === other.work.events &&
    a.seed !== b.seed &&
    isSame(a.values, b.values) &&
    isSame(a.weights, b.weights)
  );
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
  { thresholds, load }: Pick<RunResult, "thresholds" | "load">,
  plan: ReplicationPlan,
  abortOn: readonly number[],
): "aborted" | "decided" | undefined {
  if (abortOn.some((index) => thresholds[index]?.verdict === "fail")) return "aborted";
  if (plan.kind !== "decided") return undefined;
  if (plan.mustKeepUp === true && load.verdict === "growing") return "decided";
  if (plan.mustKeepUp === true && load.verdict === "unknown") return undefined;
  return thresholds.every(({ verdict }) => verdict !== "undecided") ? "decided" : undefined;
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
