// The states in the life of an instance, and which of them may follow which. A life goes from a free slot over waiting
// for GPUs and a cold start to serving, and back, by way of draining or by a fault; where starts take no time, a free
// slot is ready at once. Knows words, no time.
import { assert } from "../../base/assert.js";

export const InstanceState = {
  /** The slot belongs to no instance. */
  free: 0,
  /** Wanted, and without GPUs yet. */
  pending: 1,
  /** It has its GPUs: their node is made ready, the image is pulled, weights are loaded, the engine warms up. */
  provisioning: 2,
  imaging: 3,
  loading: 4,
  warming: 5,
  /** It takes sequences. */
  ready: 6,
  /** Weights in host memory: it can be ready again soon. */
  sleeping: 7,
  /** It takes no new sequences, and leaves when those inside have. */
  draining: 8,
  /** It holds what is inside, and makes no progress. */
  hung: 9,
  /** What was inside is gone; its GPUs are not given back before it is repaired. */
  lost: 10,
} as const;
export type InstanceState = (typeof InstanceState)[keyof typeof InstanceState];
export type InstanceStateName = keyof typeof InstanceState;

/** By state. */
export const INSTANCE_STATES = Object.keys(InstanceState) as InstanceStateName[];

const NEXT: Readonly<Record<InstanceStateName, readonly InstanceStateName[]>> = {
  free: ["pending", "ready"],
  pending: ["provisioning", "imaging", "loading", "free"],
  provisioning: ["imaging", "loading", "lost", "free"],
  imaging: ["loading", "lost", "free"],
  loading: ["warming", "lost", "free"],
  warming: ["ready", "lost", "free"],
  ready: ["sleeping", "draining", "hung", "lost"],
  sleeping: ["warming", "ready", "lost", "free"],
  draining: ["ready", "hung", "lost", "free"],
  hung: ["ready", "lost"],
  lost: ["free"],
};

const IS_LEGAL = INSTANCE_STATES.map((from) => INSTANCE_STATES.map((to) => NEXT[from].includes(to)));

export function assertFollows(from: InstanceState, to: InstanceState): void {
  assert(IS_LEGAL[from]![to]!, `an instance that is ${INSTANCE_STATES[from]} becomes ${INSTANCE_STATES[to]}`);
}

/** States in which an instance holds GPUs. */
export const GPU_STATES: readonly InstanceStateName[] = INSTANCE_STATES.filter(
  (name) => name !== "free" && name !== "pending",
);
