// The queue rule of one pool: who is at the head of its queue, and who has to leave it first. One file per rule here
// holds its definition, and one line in registry.ts lists it: schema, documentation and contract suite follow. How long
// the queue may get and how long a request may wait is the policy's, and what fits where the pool's: whatever the rule,
// no request overtakes one that may start but does not fit yet, or large ones would starve.
import type * as z from "zod";
import type { Definition } from "../../../document/definition.js";
import type { AdmissionPolicy, Occupancy } from "../policies/policy.js";
import type { RequestQueue } from "./queue.js";

/** What a rule may ask of a waiting request, for the policy's word on whether it may start. */
export interface WaitingView {
  pathOf(request: number): number;
  inputTokensOf(request: number): number;
}

export interface QueueRule {
  readonly queue: RequestQueue;
  /** Whether it has to be told of requests that find the queue empty and start at once, too. */
  readonly seesAll: boolean;
  /** `lane` is that of its path in a row; which row it joins is the rule's. */
  join(request: number, lane: number, account: number): void;
  /** It starts, or leaves without. */
  leave(request: number): void;
  /**
   * The waiting request that starts next: the first, by the order of the rule, of the heads of lanes that the policy
   * lets start; NO_REQUEST when it lets none.
   */
  next(policy: AdmissionPolicy, waiting: WaitingView, occupancy: Occupancy): number;
  /**
   * Whom an arrival of `rank` displaces: of the lowest rank below it that has a request waiting, the last to start and
   * of its lane the last to join; NO_REQUEST if none waits below.
   */
  lastBelow(rank: number): number;
  /** A request has left the queue and started, with a prompt of so many tokens. */
  started(request: number, inputTokens: number): void;
  /** Called once for each request that joined (LAW-10), with what it generated: 0 for one that never started. */
  settled(request: number, outputTokens: number): void;
}

/** What a scenario may name: the rule with its name and options. */
export type QueueRuleDefinition<Name extends string, Shape extends z.ZodRawShape> = Definition<
  Name,
  Shape,
  readonly number[],
  QueueRule
>;

/** A rule with its name and options; create gets the shed ranks of the pool's paths, a lane of a row each. */
export function defineQueueRule<const Name extends string, Shape extends z.ZodRawShape>(
  definition: QueueRuleDefinition<Name, Shape>,
): QueueRuleDefinition<Name, Shape> {
  return definition;
}
