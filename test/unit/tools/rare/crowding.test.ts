import { describe, expect, it } from "vitest";
import { Engine } from "../../../../src/core/engine/engine.js";
import { Crowding } from "../../../../src/core/tools/rare/crowding.js";
import { smallPool } from "./small-pool.js";

/** Far more than fits, so that both tiers wait. */
function crowded(displaceLower: boolean) {
  const engine = new Engine(
    smallPool({ slots: 4, reserved: 1, maxQueue: 8, priority: 6, standard: 20, displaceLower }),
    { seed: "1" },
  );
  const [priority, standard] = [0, 1].map((tier) => new Crowding(engine.service.parts, tier));
  const [pool] = engine.service.parts.pools;
  return { engine, pool: pool!, priority: priority!, standard: standard! };
}

describe("crowding", () => {
  it("counts sequences inside and, where the lowest can be displaced, waiting requests that cannot", () => {
    const { engine, pool, priority, standard } = crowded(true);
    let differed = 0;
    while (engine.step()) {
      expect(priority.level).toBe(pool.slotsBusy + pool.queue.countOf(0));
      expect(standard.level).toBe(pool.slotsBusy + pool.queue.length);
      if (priority.level < standard.level) differed++;
    }
    expect(differed).toBeGreaterThan(100);
  });

  it("counts the whole queue where no request is displaced", () => {
    const { engine, pool, priority } = crowded(false);
    let waited = 0;
    while (engine.step()) {
      expect(priority.level).toBe(pool.slotsBusy + pool.queue.length);
      waited += pool.queue.countOf(1);
    }
    expect(waited).toBeGreaterThan(100);
  });

  it("is of a path that is there", () => {
    const { engine } = crowded(true);
    expect(() => new Crowding(engine.service.parts, 2)).toThrow("only a path of the scenario");
  });
});
