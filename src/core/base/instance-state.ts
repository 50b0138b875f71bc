// The states in the life of an instance of a replica. One closed list for the whole project: the fleet moves instances
// from one to the next, results tell GPU-seconds by them. Codes are small integers so that they fit typed arrays; names
// appear only in results.

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

/** States of which there is nothing to say are left out. */
export type ByInstanceState = Readonly<Partial<Record<InstanceStateName, number>>>;

/** Of GPUs: those that no instance holds are free, or gone with their node. */
export type ByGpuState = Readonly<Partial<Record<InstanceStateName | "gone", number>>>;

/** By code. */
export const INSTANCE_STATES = Object.keys(InstanceState) as readonly InstanceStateName[];

/** The stages of a start, in their order; those that take no time are left out. */
export const START_STAGES = ["provisioning", "imaging", "loading", "warming"] as const;
export const START_STATES: readonly InstanceState[] = START_STAGES.map((stage) => InstanceState[stage]);

/** States in which an instance holds GPUs. */
export const GPU_STATES: readonly InstanceStateName[] = INSTANCE_STATES.filter(
  (name) => name !== "free" && name !== "pending",
);
