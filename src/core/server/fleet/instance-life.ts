// Which state of an instance may follow which. A life goes from a free slot over waiting for GPUs and a cold start to
// serving, and back by way of draining or by a fault; where starts take no time, a free slot is ready at once.
import { assert } from "../../base/assert.js";
import {
  INSTANCE_STATES,
  type InstanceState,
  type InstanceStateName,
  START_STAGES,
} from "../../base/instance-state.js";

const NEXT: Readonly<Record<InstanceStateName, readonly InstanceStateName[]>> = {
  free: ["pending", ...START_STAGES, "ready", "sleeping"],
  pending: [...START_STAGES, "ready", "sleeping", "free"],
  provisioning: ["imaging", "loading", "warming", "ready", "sleeping", "lost", "free"],
  imaging: ["loading", "warming", "ready", "sleeping", "lost", "free"],
  loading: ["warming", "ready", "sleeping", "lost", "free"],
  warming: ["ready", "sleeping", "lost", "free"],
  ready: ["draining", "hung", "lost"],
  sleeping: ["warming", "ready", "lost", "free"],
  draining: ["ready", "sleeping", "hung", "lost", "free"],
  hung: ["ready", "draining", "lost"],
  lost: ["loading", "warming", "ready", "sleeping", "free"],
};

const IS_LEGAL = INSTANCE_STATES.map((from) => INSTANCE_STATES.map((to) => NEXT[from].includes(to)));

export function assertFollows(from: InstanceState, to: InstanceState): void {
  assert(IS_LEGAL[from]![to]!, `an instance that is ${INSTANCE_STATES[from]} becomes ${INSTANCE_STATES[to]}`);
}
