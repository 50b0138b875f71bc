import { expect, it } from "vitest";
import {
  GPU_STATES,
  INSTANCE_STATES,
  InstanceState,
  type InstanceStateName,
} from "../../../../src/core/base/instance-state.js";
import { assertFollows } from "../../../../src/core/server/fleet/instance-life.js";

function isLegal(from: InstanceStateName, to: InstanceStateName): boolean {
  try {
    assertFollows(InstanceState[from], InstanceState[to]);
    return true;
  } catch {
    return false;
  }
}

const successors = (from: InstanceStateName) => INSTANCE_STATES.filter((to) => isLegal(from, to));

/** All that can come after a state, sooner or later. */
function reachableFrom(start: InstanceStateName): ReadonlySet<InstanceStateName> {
  const seen = new Set<InstanceStateName>();
  const open = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const one of successors(next)) {
      if (seen.has(one)) continue;
      seen.add(one);
      open.push(one);
    }
  }
  return seen;
}

it("every state can be reached from a free slot, and the slot is free again from every state", () => {
  expect([...reachableFrom("free")].sort()).toEqual([...INSTANCE_STATES].sort());
  expect(INSTANCE_STATES.filter((state) => !reachableFrom(state).has("free"))).toEqual([]);
});

it("an instance that serves is drained or lost before its slot is free or it sleeps", () => {
  expect(INSTANCE_STATES.filter((from) => isLegal(from, "free"))).not.toContain("ready");
  expect(INSTANCE_STATES.filter((from) => isLegal(from, "sleeping"))).not.toContain("ready");
  expect(successors("lost")).toEqual(["free", "loading", "warming", "ready", "sleeping"]);
  expect(successors("draining")).toEqual(["free", "ready", "sleeping", "hung", "lost"]);
  expect(successors("hung")).toEqual(["ready", "draining", "lost"]);
});

it("starts in this order, leaving out what takes no time, and never goes back", () => {
  const start = ["free", "pending", "provisioning", "imaging", "loading", "warming", "ready"] as const;
  for (const [index, from] of start.entries()) {
    for (const to of start.slice(index + 1)) expect([from, to, isLegal(from, to)]).toEqual([from, to, true]);
    for (const to of start.slice(1, index)) expect([from, to, isLegal(from, to)]).toEqual([from, to, false]);
  }
});

it("says which step is not one", () => {
  expect(() => assertFollows(InstanceState.free, InstanceState.draining)).toThrow("free becomes draining");
});

it("an instance holds GPUs from when it gets them until they are given back", () => {
  expect(INSTANCE_STATES.filter((state) => !GPU_STATES.includes(state))).toEqual(["free", "pending"]);
});
