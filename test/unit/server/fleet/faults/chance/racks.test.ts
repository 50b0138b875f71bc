import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../../../../src/core/random/stream.js";
import { racksOf } from "../../../../../../src/core/server/fleet/faults/chance/racks.js";
import { chiSquare } from "../../../../../support/goodness-of-fit.js";

const streamOf = (rack: number) => openStream("1", `rack/${rack}`);

describe("racks", () => {
  it("hold every node once, and are as large as they may be but for the last", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 9 }), fc.nat(9), (nodes, least, more) => {
        const racks = racksOf(nodes, { least, most: least + more }, streamOf);
        expect(
          racks.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, at) => first + at)),
        ).toEqual(Array.from({ length: nodes }, (_, node) => node));
        for (const [index, { first, end }] of racks.entries()) {
          expect(end - first).toBeGreaterThanOrEqual(index === racks.length - 1 ? 1 : least);
          expect(end - first).toBeLessThanOrEqual(least + more);
        }
      }),
    );
  });

  it("stay what they are when nodes are added", () => {
    const sizes = { least: 4, most: 9 };
    const [few, many] = [racksOf(50, sizes, streamOf), racksOf(500, sizes, streamOf)];
    expect(many.slice(0, few.length - 1)).toEqual(few.slice(0, -1));
  });

  it("are of every size alike", () => {
    const racks = racksOf(20_000, { least: 4, most: 9 }, streamOf).slice(0, -1);
    const counts = [4, 5, 6, 7, 8, 9].map(
      (size) => racks.filter(({ first, end }) => end - first === size).length,
    );
    const { statistic, limit } = chiSquare(
      counts,
      counts.map(() => racks.length / 6),
    );
    expect(statistic).toBeLessThan(limit);
  });
});
