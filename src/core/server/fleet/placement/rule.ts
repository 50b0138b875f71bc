// A placement rule: which replica of a pool a sequence should go to, if that one has room. One file per rule here holds
// its definition, and one line in registry.ts lists it. What happens where there is no room is not a rule's business.
import type * as z from "zod";
import type { Instant } from "../../../base/units.js";
import type { Definition } from "../../../document/definition.js";
import type { Stream } from "../../../random/stream.js";
import type { StatedPrompt } from "../../attempts/stated/prompt.js";
import type { Replica } from "../../replica/replica.js";
import type { LoadIndex } from "../load-index.js";

export interface PlacementRule {
  /** The replica that the sequence should go to, full or not; NOWHERE: to the least loaded, which is `least`. */
  wish(work: StatedPrompt, least: number, now: Instant): number;
  /** A sequence has gone to that replica, as wished or not. Left out by rules that do not ask. */
  placed?(work: StatedPrompt, replica: number): void;
  /** What it knows of replicas by copy alone; left out by rules that see them as they are. */
  readonly signals?: DatedSignals;
}

/** Copies of what replicas are, taken at whole multiples of a period. */
export interface DatedSignals {
  /** When the next copy falls due. */
  readonly dueAt: Instant;
  /** Takes what has fallen due: replicas are what they were then, since nothing has changed in them. */
  renew(now: Instant): void;
}

/** What can be read of a replica from outside. */
export type ReplicaFacts = Pick<Replica, "slots" | "slotsBusy" | "kvTokens" | "kvUsed">;

/** What a rule may look at. */
export interface RuleContext {
  /** The replicas that take sequences, in order: as many as there are right now. */
  readonly ready: readonly number[];
  /** Another number whenever others take sequences than before. */
  membership(): number;
  readonly loads: LoadIndex;
  /** By leaf. Another one stands there when another replica has come up in its place. */
  readonly replicas: readonly ReplicaFacts[];
  readonly chance: Stream;
  /** Uniform draws by which copies of replicas get lost. */
  readonly lossChance: () => number;
}

/** What a scenario may name: the rule with its name and options. */
export type PlacementDefinition<Name extends string, Shape extends z.ZodRawShape> = Definition<
  Name,
  Shape,
  RuleContext,
  PlacementRule
>;

/** A rule with its name and options. */
export function definePlacement<const Name extends string, Shape extends z.ZodRawShape>(
  definition: PlacementDefinition<Name, Shape>,
): PlacementDefinition<Name, Shape> {
  return definition;
}
