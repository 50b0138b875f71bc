import { describe, expect, it } from "vitest";
import { instant, NEVER, START } from "../../../../../src/core/base/units.js";
import { CapacitySchedule } from "../../../../../src/core/server/fleet/control/schedule.js";
import { Sizing } from "../../../../../src/core/server/fleet/sizing.js";
import { makeFleet } from "../fleets.js";

describe("a capacity schedule", () => {
  const steps = [
    { at: instant(10), replicas: 3 },
    { at: instant(20), replicas: 0 },
    { at: instant(30), replicas: 2 },
  ];

  it("brings its pool to what the last entry says, and acts next when the next one is due", () => {
    const fleet = makeFleet();
    const sizing = new Sizing({ fleet });
    sizing.resize(1, 1, START);
    const schedule = new CapacitySchedule(sizing, 1, steps);
    const seen = [0, 5, 10, 12, 20, 30, 99].map((time) => {
      const next = schedule.act(instant(time));
      return [next, fleet.pools[1]!.replicaCount];
    });
    expect(seen).toEqual([
      [10, 1],
      [10, 1],
      [20, 3],
      [20, 3],
      [30, 0],
      [NEVER, 2],
      [NEVER, 2],
    ]);
    expect(fleet.pools[0]!.replicaCount).toBe(0);
  });

  it("starts with what it says of the very start", () => {
    const fleet = makeFleet();
    new CapacitySchedule(new Sizing({ fleet }), 0, [{ at: START, replicas: 2 }]).act(START);
    expect(fleet.pools[0]!.replicaCount).toBe(2);
  });
});
