// The admission policy of one pool: which requests are admitted, wait or are shed, and which may take room that has
// appeared. It decides from request facts and dated signals and nothing else. One file per policy beside this one holds
// its definition, and one line in registry.ts lists it: schema, documentation and contract suite follow.
import type * as z from "zod";
import type { Duration, Instant } from "../../../base/units.js";
import type { Checked, Definition } from "../../../document/definition.js";
import { checkName, isMap, type Report } from "../../../document/raw.js";
import type { Path } from "../../../document/tree.js";
import { quote } from "../../../document/words.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import type { Verdict } from "../verdict.js";

/**
 * How an admitted request left the pool. `shed`: the fleet let it go before it generated anything. `cut`: it was ended
 * on the way, by the fleet or by its client.
 */
export type Settlement = "completed" | "shed" | "cut";

/**
 * The pool as its own scheduler sees it when it starts a request: never stale, as the scheduler is in the pool. Like
 * the signals it tells nothing of outputs to come.
 */
export type Occupancy = Pick<PoolSignals, "slotsBusy" | "slots" | "kvUsed" | "kvTokens">;

export interface AdmissionPolicy {
  /** Places in the queue. The pool holds to it, whatever was decided on an old copy. */
  readonly maxQueue: number;
  /** Whether an arrival that finds the queue full takes the place of the youngest of a lower rank. */
  readonly displaceLower: boolean;
  /**
   * Whether it looks at `kvUsed` as it decides, and whether as it lets one start; for others, and where `kvTokens` is
   * without end, the pool does not add that up.
   */
  readonly watchesKv: boolean;
  readonly startsByKv: boolean;
  /** How long a request may wait before it is shed; undefined means as long as it takes. */
  readonly queueTimeout: Duration | undefined;
  /** Whether an arrival that has to wait ends the youngest running request of a lower rank, to start in its place. */
  readonly evictsLower: boolean;
  /** Whether it wants to be told of what starts. */
  readonly learns: boolean;
  /** Whether it sheds requests that are about to start. */
  readonly dropsAtHead: boolean;
  /** The verdict on a request that arrives at `now`. It must not depend on anything but its arguments and itself. */
  decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict;
  /**
   * Whether a waiting request of `path` with a prompt of `inputTokens` may take room that is there for it. Asked by the
   * pool's scheduler, which checks by itself that there is room. In an empty pool every request may start.
   */
  mayStart(path: number, inputTokens: number, occupancy: Occupancy): boolean;
  /**
   * Whether one is shed as a request could start that has waited so long, beside so many others that wait: that one,
   * or where the policy displaces the last of a lower rank. Asked where `dropsAtHead`, of requests that have joined the
   * queue, each time one could start: once it has said no, that starts unless no replica has the memory.
   */
  dropsHead(path: number, waited: Duration, now: Instant, others: number): boolean;
  /** A request starts that waited so long, 0 for one that never did. Told where `learns`. */
  started(path: number, waited: Duration, now: Instant): void;
  /** Called exactly once for each request that `decide` did not reject (LAW-10). */
  settle(path: number, settlement: Settlement, now: Instant): void;
}

/** A path as the policy of a pool knows it before the run. */
export interface PathOfPool {
  readonly name: string;
  /** Whether it is this pool that serves it. */
  readonly isServed: boolean;
  /** Its rank among the paths of the pool that serves it, from 0, without gaps. */
  readonly rank: number;
}

/** How many ranks the paths of the pool have. */
export function ranksOf(paths: readonly PathOfPool[]): number {
  return paths.reduce((most, { isServed, rank }) => (isServed ? Math.max(most, rank + 1) : most), 1);
}

/** By path: whether it is of the lowest rank of its pool, in a pool that has several. */
export function lowestOf(paths: readonly PathOfPool[]): boolean[] {
  const ranks = ranksOf(paths);
  return paths.map(({ isServed, rank }) => isServed && ranks > 1 && rank === ranks - 1);
}

/** What a policy is made with, beside its options. */
export interface PolicyContext {
  /** All paths of the scenario, in their order. */
  readonly paths: readonly PathOfPool[];
  /** Uniform on [0, 1), from a stream of the pool's own. */
  readonly chance: () => number;
}

/** What the options of a policy may name, as it is written. */
export interface PolicySurroundings {
  readonly pool: string;
  /** For each path of the scenario what it says of the pool that serves it. */
  readonly servedBy: Readonly<Record<string, unknown>>;
  /** Paths that this pool serves, those of other pools that may spill over into it among them. */
  readonly servedHere: readonly string[];
}

/** Reports a path that an option names and that is not there, or that another pool serves. */
export function checkServed(
  path: unknown,
  { servedBy, servedHere }: PolicySurroundings,
  place: Path,
  report: Report,
  at?: "key",
): void {
  if (!checkName(path, servedBy, "path", place, report, at)) return;
  const served = servedBy[path as string];
  if (typeof served !== "string" || servedHere.includes(path as string)) return;
  const message = `path ${quote(path)} is not served by this pool but by ${quote(served)}`;
  report(place, message, { ...(at && { at }) });
}

/** Reports an option by path that names none, and those that `checkServed` does. */
export function checkPaths(byPath: unknown, around: PolicySurroundings, place: Path, report: Report): void {
  if (!isMap(byPath)) return;
  const paths = Object.keys(byPath);
  if (paths.length === 0) report(place, "names no path: name one, or remove the key");
  for (const path of paths) checkServed(path, around, [...place, path], report, "key");
}

/** What a scenario may name, with its options. */
export type PolicyDefinition<Name extends string, Shape extends z.ZodRawShape> = Definition<
  Name,
  Shape,
  PolicyContext,
  AdmissionPolicy
> &
  Checked<PolicySurroundings> & {
    /**
     * Whether, as long as its options favour no lower rank, a request that is let in would have been let in at a higher
     * rank, too, whatever came before.
     */
    readonly ordersByPriority: boolean;
  };

/** A policy with its name and options. */
export function definePolicy<const Name extends string, Shape extends z.ZodRawShape>(
  definition: PolicyDefinition<Name, Shape>,
): PolicyDefinition<Name, Shape> {
  return definition;
}
