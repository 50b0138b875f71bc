// What the replicas of a pool use in turn and need not each have: sequences to use again, lists for the boundary in
// hand, counters. With a thousand replicas it is memory that takes the time: the less of it is gone through the better.
import type { ReplicaWork } from "../replica.js";
import type { PrefillLoad } from "./prefills.js";
import type { Sequence } from "./sequence.js";

export class Workspace {
  /** Sequences that have left. */
  readonly spare: Sequence[] = [];
  /** Whose prefill ended, and who leaves, at the boundary in hand. */
  readonly prefilled: Sequence[] = [];
  readonly leaving: Sequence[] = [];
  /** What prefills take of the step that is being planned. */
  readonly load: PrefillLoad = { tokens: 0, area: 0, prior: 0 };
  readonly work: ReplicaWork = { steps: 0, epochs: 0, preemptions: 0, lostTokens: 0 };
}
