// What the replicas of a pool share: sequences to use again, lists for the boundary in hand and counters, which they
// use in turn, and the rows of their numbers with what works on these. With a thousand replicas it is memory that takes
// the time: the less of it is gone through the better.
import type { ReplicaWork } from "../replica.js";
import { MixedSteps } from "./mixed-step.js";
import type { BatchingOptions } from "./options.js";
import { Progressions } from "./progression.js";
import { ReplicaRows } from "./replica-rows.js";
import type { Sequence } from "./sequence.js";

export class Workspace {
  /** Sequences that have left. */
  readonly spare: Sequence[] = [];
  /** Whose prefill ended, and who leaves, at the boundary in hand. */
  readonly prefilled: Sequence[] = [];
  readonly leaving: Sequence[] = [];
  readonly work: ReplicaWork = { steps: 0, epochs: 0, preemptions: 0, lostTokens: 0 };
  readonly rows: ReplicaRows = new ReplicaRows();
  readonly progressions: Progressions;
  readonly mixed: MixedSteps;

  constructor(options: BatchingOptions) {
    this.progressions = new Progressions(this.rows, options.profile.clock);
    this.mixed = new MixedSteps(options, this.rows);
  }
}
