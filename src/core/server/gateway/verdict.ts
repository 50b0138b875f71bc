// What the gateway says to an attempt: a closed union of constants, so that a decision allocates nothing.
// With what status a rejection is answered, and when to retry, is not part of it: that is the provider's, and the
// gateway is asked for it separately.
import { type Reason, type ReasonName, reasonCode } from "../../base/outcome.js";

export type Verdict =
  /** There is room: start as soon as the memory for it is free. */
  | { readonly kind: "admit" }
  /** Join the queue; with `displaces`, the youngest waiting request of a lower rank leaves it. */
  | { readonly kind: "wait"; readonly displaces: boolean }
  /** Not served on its own path, or in its own pool: what the path states instead; where that is nothing, refused. */
  | { readonly kind: "demote" }
  | { readonly kind: "spill" }
  | { readonly kind: "reject"; readonly reason: Reason };

/** There is room. */
export const ADMIT: Verdict = { kind: "admit" };
/** Join the queue. */
export const WAIT: Verdict = { kind: "wait", displaces: false };
/** Join the queue, and take the place of another. */
export const DISPLACE: Verdict = { kind: "wait", displaces: true };
export const DEMOTE: Verdict = { kind: "demote" };
export const SPILL: Verdict = { kind: "spill" };
/** The account is over a soft limit: what its path states for that, and let in where it states nothing. */
export const SOFTENED: Verdict = { kind: "demote" };

function reject(name: ReasonName): Verdict & { readonly kind: "reject" } {
  return { kind: "reject", reason: reasonCode(name) };
}

export const RATE_LIMITED = {
  requests: reject("requests"),
  promptTokens: reject("prompt_tokens"),
  uncachedPromptTokens: reject("uncached_prompt_tokens"),
  generatedTokens: reject("generated_tokens"),
  ramp: reject("ramp"),
  concurrency: reject("concurrency"),
  quota: reject("quota"),
} as const;
/** Overloaded: there is no room, and no place to wait. */
export const OVERLOADED_CAPACITY: Verdict = reject("overloaded_capacity");
/** Overloaded: waits have become too long. */
export const OVERLOADED_DELAY: Verdict = reject("overloaded_delay");
/** Overloaded: it would be too slow, by what can be told of it. */
export const OVERLOADED_PREDICTED: Verdict = reject("overloaded_predicted");
export const OUTAGE: Verdict = reject("outage");
