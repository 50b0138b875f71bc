// The queue rule of one pool: who is at the head of its queue, and who has to leave it first. One file per rule here
// holds its definition, and one line in registry.ts lists it: schema, documentation and contract suite follow. How long
// the queue may get and how long a request may wait is the policy's, and what fits where the pool's: whatever the rule,
// no request overtakes one that may start but does not fit yet, or large ones would starve.
import type * as z from "zod";
import type { Instant } from "../../../base/units.js";
import type { Checked, Definition } from "../../../document/definition.js";
import type { AdmissionPolicy, Occupancy, PolicySurroundings } from "../policies/policy.js";
import type { RequestFacts } from "../request-facts.js";
import type { RequestQueue } from "./queue.js";

/** What a rule may ask of a waiting request. */
export interface WaitingView {
  pathOf(request: number): number;
  inputTokensOf(request: number): number;
  /** When it came: its wait is from then. */
  arrivedAtOf(request: number): Instant;
  /** Valid until the next question. */
  factsOf(request: number): RequestFacts;
}

export interface QueueRule {
  readonly queue: RequestQueue;
  /** Whether it counts requests that find the queue empty and start at once, too: only then `passed` is told. */
  readonly seesAll: boolean;
  /** Whether it has bounds of its own beside the policy's `maxQueue`: only then `hasPlace` is asked. */
  readonly isBounded: boolean;
  /** Whether it sheds what it cannot start in time: only then `isLate` is asked. */
  readonly dropsLate: boolean;
  /** Whether there is a place for an arrival of `rank`; while the queue is empty there is one. */
  hasPlace(rank: number, account: number): boolean;
  /** `lane` is that of its path in a row; which row it joins is the rule's. */
  join(request: number, lane: number, account: number, now: Instant): void;
  /** It starts, or leaves without. */
  leave(request: number): void;
  /**
   * The waiting request that starts next: the first, by the order of the rule, of those that are first in their lanes
   * and that the policy lets start; NO_REQUEST when it lets none. It is the same until something joins or leaves,
   * starts or is settled, however much time has passed (LAW-8).
   */
  next(policy: AdmissionPolicy, waiting: WaitingView, occupancy: Occupancy, now: Instant): number;
  /** Whether the request that `next` named is not worth starting any more, and is shed. */
  isLate(request: number, waiting: WaitingView, now: Instant): boolean;
  /**
   * Whom an arrival of `rank` displaces: of the lowest rank below it that has a request waiting, the one that would be
   * the last to start; NO_REQUEST if none waits below.
   */
  lastBelow(rank: number): number;
  /** A request has started that found the queue empty: told in place of `join`, `leave` and `started`. */
  passed(request: number, lane: number, account: number, inputTokens: number, now: Instant): void;
  /** A request has left the queue and started, with a prompt of so many tokens. */
  started(request: number, inputTokens: number, now: Instant): void;
  /** Called once for each request that joined or passed (LAW-10), with what it generated: 0 if it never started. */
  settled(request: number, outputTokens: number, now: Instant): void;
}

/** A lane of a row: one path of the pool, or one of another pool that may spill over into it. */
export interface LaneOfPool {
  /** The path. */
  readonly name: string;
  /** Shed rank, from 0, shed last, without gaps. */
  readonly rank: number;
}

export interface QueueContext {
  /** In the order of lanes. */
  readonly lanes: readonly LaneOfPool[];
}

/** What a scenario may name: the rule with its name and options. */
export type QueueRuleDefinition<Name extends string, Shape extends z.ZodRawShape> = Definition<
  Name,
  Shape,
  QueueContext,
  QueueRule
> &
  Checked<PolicySurroundings> &
  QueueRulePromises;

/** What a rule promises beside what every rule has to do: the contract holds it to that. */
export interface QueueRulePromises {
  /** Whether requests of one path and account start in the order in which they came; left out: not always. */
  readonly keepsOrder?: boolean;
  /**
   * Who may wait for ever while requests of the accounts that there are keep coming: none, or those of lower ranks
   * alone; left out: any.
   */
  readonly starves?: "none" | "lower";
}

/** A rule with its name and options. */
export function defineQueueRule<const Name extends string, Shape extends z.ZodRawShape>(
  definition: QueueRuleDefinition<Name, Shape>,
): QueueRuleDefinition<Name, Shape> {
  return definition;
}

/** Shed ranks by lane. */
export function ranksOfLanes({ lanes }: QueueContext): readonly number[] {
  return lanes.map(({ rank }) => rank);
}
