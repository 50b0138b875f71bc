// The queue rule of one pool as users write it: a number for each waiting request, of which the least goes first.
import type { CustomOptions, ValuesOf } from "./options.js";
import type { PolicyPath, PolicyRequest } from "./policy.js";

/** Times are whole microseconds from the start of the run. */
export interface CustomQueueRule {
  /**
   * The place of a request that waits: of two, the one with the less goes first, and of equals the one that came first.
   * Asked once, before the first start after it came. Who is displaced goes by rank, whatever this says.
   */
  score(request: PolicyRequest, arrivedAt: number): number;
  /** Whether a request at the head is not worth starting any more, and is shed. */
  isLate?(request: PolicyRequest, waited: number, now: number): boolean;
  /** A request has left the queue and started. */
  started?(request: { readonly account: number; readonly inputTokens: number }, now: number): void;
  /** A request that had joined has left, with what it generated. */
  settled?(request: { readonly account: number; readonly outputTokens: number }, now: number): void;
}

export interface QueueRuleContext {
  /** All paths of the scenario, in their order. */
  readonly paths: readonly PolicyPath[];
}

/** What `defineQueueRule` is given. */
export interface QueueRuleGiven<Options extends CustomOptions> {
  /** What it does, in one sentence. */
  readonly summary: string;
  readonly options?: Options;
  /** Makes the rule of one pool, for one run. */
  create(options: ValuesOf<Options>, context: QueueRuleContext): CustomQueueRule;
}

export interface QueueRuleModule<Options extends CustomOptions> extends QueueRuleGiven<Options> {
  readonly kind: "queueRule";
}

/** A queue rule of your own: the default export of its module. docs/own-policy.md */
export function defineQueueRule<const Options extends CustomOptions = Record<never, never>>(
  given: QueueRuleGiven<Options>,
): QueueRuleModule<Options> {
  return { ...given, kind: "queueRule" };
}
