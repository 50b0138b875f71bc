import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LoadIndex, NOWHERE } from "../../../../src/core/server/fleet/load-index.js";

const CLOSED = Number.POSITIVE_INFINITY;

describe("load index", () => {
  it("knows the least loaded as a scan does, the first of equals, whatever changes", () => {
    const replicas = fc.integer({ min: 1, max: 17 });
    const load = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1), fc.constant(CLOSED));
    const changes = fc.array(fc.record({ replica: fc.nat({ max: 16 }), load }), { maxLength: 60 });
    fc.assert(
      fc.property(replicas, changes, (count, steps) => {
        const index = new LoadIndex(count);
        const loads = new Array<number>(count).fill(CLOSED);
        return steps.every(({ replica, load }) => {
          index.set(replica % count, load);
          loads[replica % count] = load;
          const least = Math.min(...loads);
          const expected = least === CLOSED ? NOWHERE : loads.indexOf(least);
          return index.least === expected && loads.every((each, at) => index.loadOf(at) === each);
        });
      }),
      { numRuns: 400 },
    );
  });

  it("has all closed at the start", () => {
    expect([1, 2, 5].map((count) => new LoadIndex(count).least)).toEqual([NOWHERE, NOWHERE, NOWHERE]);
  });

  it("refuses to be of none", () => {
    expect(() => new LoadIndex(0)).toThrow("has replicas");
  });
});
