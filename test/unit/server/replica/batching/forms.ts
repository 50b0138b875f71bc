// Both forms of a batching replica for the tests of this folder, with times and memory that can be worked out by hand.
import { openStream } from "../../../../../src/core/random/stream.js";
import { linearProfile } from "../../../../../src/core/server/profile/linear.js";
import { MacroReplica } from "../../../../../src/core/server/replica/batching/macro-replica.js";
import type { BatchingOptions } from "../../../../../src/core/server/replica/batching/options.js";
import { StepReplica } from "../../../../../src/core/server/replica/batching/step-replica.js";
import { ReplicaRun } from "../../../../conformance/replica-run.js";

export type Form = typeof MacroReplica | typeof StepReplica;

export const FORMS: readonly [name: string, form: Form][] = [
  ["in macro-steps", MacroReplica],
  ["step by step", StepReplica],
];

/** A step takes 1000 + 10 n + 2 P + S / 10 microseconds. */
export const SIMPLE = linearProfile({
  base: 1000,
  perSequence: 10,
  perContextToken: 0.1,
  perPrefillToken: 2,
});
/** Every step takes a millisecond. */
export const EVEN = linearProfile({ base: 1000, perSequence: 0, perContextToken: 0, perPrefillToken: 0 });

export type Changes = Partial<BatchingOptions>;

export function start(form: Form, changes: Changes = {}): ReplicaRun {
  const options: BatchingOptions = {
    profile: SIMPLE,
    maxSequences: 8,
    maxBatchedTokens: 2048,
    maxPrefillSequences: 8,
    kvTokens: 100_000,
    kvBlockTokens: 1,
    kvWatermark: 0,
    prefixCache: false,
    stepAhead: false,
    chance: openStream("1", "acceptance"),
    ...changes,
  };
  return new ReplicaRun((clock, listener) => new form(options, clock, listener));
}
