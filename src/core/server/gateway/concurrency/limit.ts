// The concurrency limit of one pool: how many of its attempts may be inside its replicas at once, whatever room those
// have. It may learn from how long attempts are inside, and may weigh each by what its caller states; it does not know
// who waits. One file per limit here holds its definition, and one line in registry.ts lists it: schema, documentation
// and contract suite follow.
import type * as z from "zod";
import type { Instant } from "../../../base/units.js";
import type { Checked, Definition } from "../../../document/definition.js";
import type { Settlement } from "../policies/policy.js";
import type { RequestFacts } from "../request-facts.js";

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
  /** Whether it looks at each attempt before that may start, and is told what started; such a limit learns, too. */
  readonly weighs: boolean;
  /**
   * Whether that attempt may be inside, beside those that are. Asked where `weighs` and below `most`, of arrivals and
   * at the head of the queue; where none is inside every attempt may. Says the same of it until it is told something,
   * however late: nothing else has the pool ask again (LAW-8).
   */
  mayEnter(facts: RequestFacts, inside: number, now: Instant): boolean;
  /** An attempt starts; `attempt` is its number until it has left. Told where `weighs`; `inside` counts it. */
  entered(attempt: number, facts: RequestFacts, inside: number, now: Instant): void;
  /** Of an attempt that has just entered, more or less of the prompt is cached than its facts said; they now say it. */
  foundCached?(attempt: number, facts: RequestFacts): void;
  /** An attempt has its first token; `inside` counts it. At most once an attempt, and before `left`. */
  firstToken(attempt: number, startedAt: Instant, inside: number, now: Instant): void;
  /** An attempt that had started has left. Called exactly once for each (LAW-10); `inside` are the others. */
  left(attempt: number, stay: Stay, inside: number): void;
}

/** What a limit is made with, beside its options. */
export interface LimitContext {
  /** Uniform on [0, 1), from a stream of the pool's own. */
  readonly chance: () => number;
}

/** What a scenario may name, with its options. */
export type LimitDefinition<Name extends string, Shape extends z.ZodRawShape> = Definition<
  Name,
  Shape,
  LimitContext,
  ConcurrencyLimit
> &
  Checked<unknown> & {
    /** Whether it goes by how much of a prompt is cached. */
    readonly looksAtCached?: true;
  };

/** A limit with its name and options. */
export function defineLimit<const Name extends string, Shape extends z.ZodRawShape>(
  definition: LimitDefinition<Name, Shape>,
): LimitDefinition<Name, Shape> {
  return definition;
}
