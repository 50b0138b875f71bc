import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, instant, seconds } from "../../../src/core/base/units.js";
import { ScaleChanges } from "../../../src/core/engine/scale-changes.js";
import { gear } from "../../support/mode.js";

const at = (time: number) => instant(seconds(time));

describe("changes of the wanted number", () => {
  it("are flaps where they turn round within ten minutes, and not a moment later", () => {
    const changes = new ScaleChanges();
    changes.change(1, 3, at(0));
    changes.change(3, 4, at(10));
    changes.change(4, 2, at(610));
    changes.change(2, 3, instant(at(1210) + 1));
    expect([changes.ups, changes.downs, changes.flaps]).toEqual([3, 1, 1]);
  });

  it("count from a reset on, and a later one may turn round one before it", () => {
    const changes = new ScaleChanges();
    changes.change(1, 3, at(0));
    changes.reset();
    changes.change(3, 2, at(5));
    expect([changes.ups, changes.downs, changes.flaps]).toEqual([0, 1, 1]);
  });

  it("are what a log of them says", () => {
    const change = fc.record({ elapsed: fc.nat(900), wanted: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (log) => {
        const changes = new ScaleChanges();
        const turns: { readonly at: Instant; readonly by: number }[] = [];
        let now = 0;
        let before = 2;
        for (const { elapsed, wanted } of log) {
          now += elapsed;
          if (wanted === before) continue;
          changes.change(before, wanted, at(now));
          turns.push({ at: at(now), by: wanted - before });
          before = wanted;
        }
        const flaps = turns.filter(({ at: time, by }, index) => {
          const last = turns[index - 1];
          return last !== undefined && last.by * by < 0 && time - last.at <= 600e6;
        });
        expect(changes.flaps).toBe(flaps.length);
        expect(changes.ups).toBe(turns.filter(({ by }) => by > 0).length);
        expect(changes.downs).toBe(turns.length - changes.ups);
      }),
      { numRuns: gear(200, 5000) },
    );
  });
});
