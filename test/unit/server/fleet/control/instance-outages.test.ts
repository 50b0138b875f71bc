import { describe, expect, it } from "vitest";
import { InstanceState } from "../../../../../src/core/base/instance-state.js";
import { START } from "../../../../../src/core/base/units.js";
import { InstanceOutages } from "../../../../../src/core/server/fleet/control/instance-outages.js";
import { makeFleet, started } from "../fleets.js";

const { ready, draining, lost } = InstanceState;

describe("outages of some instances", () => {
  it("take the first that are ready, then those that drain, with what they hold, and bring fresh ones up", () => {
    const fleet = makeFleet();
    const { instances } = fleet;
    fleet.resize(0, 4, START);
    for (let request = 0; request < 5; request++) fleet.pools[0]!.join(request, 0, 0, START);
    started(fleet, 0);
    fleet.drain(1, START);
    const outages = new InstanceOutages(fleet, [
      { pool: 0, instances: { count: 1 } },
      { pool: 0, instances: { count: 3 } },
    ]);
    const states = () => [0, 1, 2, 3].map((slot) => instances.stateOf(slot));
    const sequences = (outage: number) => outages.begin(outage, START).map(({ sequence }) => sequence);
    expect([sequences(0), states()]).toEqual([
      [0, 4],
      [lost, draining, ready, ready],
    ]);
    expect([sequences(1), states()]).toEqual([
      [2, 3, 1],
      [lost, lost, lost, lost],
    ]);
    outages.end(0, START);
    expect([outages.poolOf(0), states()]).toEqual([0, [ready, lost, lost, lost]]);
    outages.end(1, START);
    // The one that drained does not come back.
    expect([states(), fleet.pools[0]!.slotsBusy]).toEqual([[ready, InstanceState.free, ready, ready], 0]);
  });

  it("take as many as there are", () => {
    const fleet = makeFleet();
    fleet.resize(1, 1, START);
    const outages = new InstanceOutages(fleet, [{ pool: 1, instances: { count: 3 } }]);
    outages.begin(0, START);
    outages.end(0, START);
    expect(fleet.pools.map(({ replicaCount }) => replicaCount)).toEqual([0, 1]);
  });
});
