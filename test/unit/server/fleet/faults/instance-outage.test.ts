import { describe, expect, it } from "vitest";
import { InstanceState } from "../../../../../src/core/base/instance-state.js";
import { type Duration, instant, NEVER, START } from "../../../../../src/core/base/units.js";
import type { Portion } from "../../../../../src/core/document/portion.js";
import { Toll } from "../../../../../src/core/server/fleet/faults/fault.js";
import { instanceOutage } from "../../../../../src/core/server/fleet/faults/instance-outage.js";
import type { Fleet } from "../../../../../src/core/server/fleet/fleet.js";
import { Sizing } from "../../../../../src/core/server/fleet/sizing.js";
import { makeFleet, started } from "../fleets.js";

const { ready, draining, lost, free } = InstanceState;

const outageOf = (fleet: Fleet, pool: number, instances: Portion, from: number, lasts: number) =>
  instanceOutage(fleet, { pool, instances, from: instant(from), lasts: lasts as Duration });

describe("an outage of some instances", () => {
  it("takes the first that are ready, then those that drain, with what they hold, and brings fresh ones up", () => {
    const fleet = makeFleet();
    const { instances } = fleet;
    new Sizing({ fleet }).resize(0, 4, START);
    for (let request = 0; request < 5; request++) fleet.pools[0]!.join(request, 0, 0, START);
    started(fleet, 0);
    fleet.drain(1, START);
    const [one, other] = [outageOf(fleet, 0, { count: 1 }, 1, 4), outageOf(fleet, 0, { share: 0.99 }, 2, 4)];
    const states = () => [0, 1, 2, 3].map((slot) => instances.stateOf(slot));
    const act = (outage: typeof one, at: number) => {
      const toll = new Toll();
      const next = outage.act(instant(at), toll);
      return [toll.halted.map(({ sequence }) => sequence), [...toll.pools], next];
    };
    expect(act(one, 0)).toEqual([[], [], 1]);
    expect([act(one, 1), states()]).toEqual([
      [[0, 4], [0], 5],
      [lost, draining, ready, ready],
    ]);
    expect([act(other, 2), states()]).toEqual([
      [[2, 3, 1], [0], 6],
      // The one that drained has gone with that.
      [lost, free, lost, lost],
    ]);
    expect([act(one, 5), states()]).toEqual([
      [[], [0], NEVER],
      [ready, free, lost, lost],
    ]);
    act(other, 6);
    expect([states(), fleet.pools[0]!.slotsBusy]).toEqual([[ready, free, ready, ready], 0]);
  });

  it("takes as many as there are", () => {
    const fleet = makeFleet();
    new Sizing({ fleet }).resize(1, 1, START);
    const outage = outageOf(fleet, 1, { count: 3 }, 0, 1);
    for (const at of [0, 1]) outage.act(instant(at), new Toll());
    expect(fleet.pools.map(({ serving }) => serving.replicas)).toEqual([0, 1]);
  });
});
