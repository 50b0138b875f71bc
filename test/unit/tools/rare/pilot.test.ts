import { describe, expect, it } from "vitest";
import { Outcome } from "../../../../src/core/base/outcome.js";
import type { Scenario } from "../../../../src/core/index.js";
import { Pilot } from "../../../../src/core/tools/rare/pilot.js";
import { gear } from "../../../support/mode.js";
import { smallPool } from "./small-pool.js";

function placed(scenario: Scenario, seed: string, size = gear(25, 60)) {
  const pilot = new Pilot({ scenario, tier: 0, outcome: Outcome.overloaded }, seed, size);
  while (pilot.advance()) {
    // Until the levels are placed.
  }
  return { ...pilot.splitting, events: pilot.events };
}

describe("the pilot", () => {
  const slots = gear(16, 20);
  const rare = smallPool({ slots, reserved: 3, priority: 2, standard: 8 });
  const once = placed(rare, "1");

  it("places levels one above the other, up to where the event is near, and a floor below them", () => {
    const { levels, floor } = once;
    expect(levels.length).toBeGreaterThanOrEqual(2);
    const places = levels.map(({ crowding }) => crowding);
    expect(places).toEqual([...new Set(places)].sort((one, other) => one - other));
    expect(places.at(-1)).toBeLessThanOrEqual(slots);
    expect(levels.every(({ factor }) => Number.isInteger(factor) && factor >= 2)).toBe(true);
    expect(floor).toBeGreaterThan(8);
    expect(floor).toBeLessThanOrEqual(places[0]!);
  });

  it("places them alike for the same seed", () => {
    expect(placed(rare, "1")).toEqual(once);
  });

  it("places none where the event is nothing rare", () => {
    expect(placed(smallPool({ slots: 3, reserved: 1 }), "1").levels).toEqual([]);
  });

  it("gives up where no trajectory gets any further", () => {
    const { levels, events } = placed(
      smallPool({
        slots: gear(32, 200),
        reserved: 0,
        priority: 1,
        standard: 1,
        warmup: "2s",
        duration: "4s",
      }),
      "1",
      10,
    );
    expect(levels.length).toBeLessThan(30);
    expect(events).toBeGreaterThan(0);
  });
});
