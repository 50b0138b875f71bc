// The concurrency limit of one pool: how many of its attempts may be inside its replicas at once, whatever room those
// have. It may learn from how long attempts are inside; it knows none of them, and not who waits. One file per limit
// here holds its definition, and one line in registry.ts lists it: schema, documentation and contract suite follow.
import type * as z from "zod";
import type { Instant } from "../../../base/units.js";
import type { Definition } from "../../../document/definition.js";
import type { Settlement } from "../policies/policy.js";

/** How an attempt fared inside: one object, filled in anew for every attempt. */
export interface Stay {
  readonly startedAt: Instant;
  /** NEVER for one that left before. */
  readonly firstTokenAt: Instant;
  readonly leftAt: Instant;
  readonly outputTokens: number;
  readonly settlement: Settlement;
}

export interface ConcurrencyLimit {
  /** Attempts that may be inside at once: a whole number from 1 up, or Infinity. Changes only when told something. */
  readonly most: number;
  /** Whether it wants to be told anything; for others the times of attempts are not kept. */
  readonly learns: boolean;
  /** An attempt has its first token; `inside` counts it. At most once an attempt, and before `left`. */
  firstToken(startedAt: Instant, inside: number, now: Instant): void;
  /** An attempt that had started has left. Called exactly once for each (LAW-10); `inside` are the others. */
  left(stay: Stay, inside: number): void;
}

/** What a scenario may name, with its options. */
export type LimitDefinition<Name extends string, Shape extends z.ZodRawShape> = Definition<
  Name,
  Shape,
  undefined,
  ConcurrencyLimit
>;

/** A limit with its name and options. */
export function defineLimit<const Name extends string, Shape extends z.ZodRawShape>(
  definition: LimitDefinition<Name, Shape>,
): LimitDefinition<Name, Shape> {
  return definition;
}
