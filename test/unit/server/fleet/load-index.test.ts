import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOSED, LoadIndex, NOWHERE } from "../../../../src/core/server/fleet/load-index.js";

const MOST_LEAVES = 20;

const commands = fc.array(
  fc.record({
    kind: fc.constantFrom("add", "add", "set", "set", "set", "limit", "search"),
    choice: fc.nat({ max: 1000 }),
    load: fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1), fc.constant(CLOSED)),
    room: fc.nat({ max: 5 }),
  }),
  { minLength: 20, maxLength: 100 },
);

describe("load index", () => {
  it("knows the least loaded as a scan does, the first of equals, whatever changes and however it grows", () => {
    let [grown, found] = [0, 0];
    fc.assert(
      fc.property(commands, (steps) => {
        const index = new LoadIndex();
        const loads: number[] = [];
        /** What each leaf has reported; what really fits may be less. */
        const rooms: number[] = [];
        return steps.every(({ kind, choice, load, room }) => {
          const leaf = choice % Math.max(1, loads.length);
          if (kind === "add" && loads.length < MOST_LEAVES) {
            if (index.add() !== loads.length) return false;
            loads.push(CLOSED);
            rooms.push(Number.POSITIVE_INFINITY);
            grown = Math.max(grown, loads.length);
          } else if (kind === "set" && loads.length > 0) {
            index.set(leaf, load);
            loads[leaf] = load;
          } else if (kind === "limit" && loads.length > 0) {
            index.limitRoom(leaf, room);
            rooms[leaf] = room;
          } else if (kind === "search") {
            const fits = (each: number) => each % 3 !== choice % 3;
            const fitting = [...loads.keys()].filter(
              (each) => loads[each]! < CLOSED && rooms[each]! >= room && fits(each),
            );
            const [best = NOWHERE] = fitting.sort((one, other) => loads[one]! - loads[other]! || one - other);
            found += best === NOWHERE ? 0 : 1;
            if (index.leastWith(room, fits) !== best) return false;
          }
          const least = Math.min(CLOSED, ...loads);
          const expected = least === CLOSED ? NOWHERE : loads.indexOf(least);
          return index.least === expected && loads.every((each, at) => index.loadOf(at) === each);
        });
      }),
      { numRuns: 400 },
    );
    // It has grown again and again.
    expect([grown > 16, found > 100]).toEqual([true, true]);
  });

  it("has no least without a leaf, nor while all are closed", () => {
    const index = new LoadIndex();
    expect([index.size, index.least, index.leastWith(0, () => true)]).toEqual([0, NOWHERE, NOWHERE]);
    for (let leaf = 0; leaf < 5; leaf++) expect([index.add(), index.least]).toEqual([leaf, NOWHERE]);
  });
});
