import { describe, expect, it, test } from "vitest";
import { linkSheet } from "../../../../src/core/server/profile/catalogue.js";
import { LINK_NAMES, type LinkSheet } from "../../../../src/core/server/profile/file/hardware-keys.js";
import { allReduceMillis, allToAllMillis, handOverMillis } from "../../../../src/core/server/profile/link.js";

/** A byte takes 1e-8 ms. */
const ALL: LinkSheet = {
  source: "made up",
  bandwidth: 200,
  achieved: 0.5,
  latency: 0.01,
  hop: 0.004,
  peers: "all",
};
const RING: LinkSheet = { ...ALL, peers: "ring" };

describe("an all-reduce", () => {
  it("of a small message is one exchange of all of it, where all reach all", () => {
    expect(allReduceMillis(ALL, 4, 100_000)).toBeCloseTo(0.01 + 3 * 1e-3, 15);
    expect(allReduceMillis(ALL, 2, 1e9)).toBeCloseTo(0.01 + 10, 12);
  });

  it("of a large one is two exchanges of a part each", () => {
    expect(allReduceMillis(ALL, 4, 1e6)).toBeCloseTo(0.01 + 0.004 + 2 * 0.75 * 1e-2, 15);
  });

  it("changes from one to the other where both take as long", () => {
    // 3 M = 1.5 M + 0.004 ms
    const bytes = 0.004 / 1.5e-8;
    expect(allReduceMillis(ALL, 4, bytes)).toBeCloseTo(0.01 + 3e-8 * bytes, 12);
    expect(allReduceMillis(ALL, 4, bytes)).toBeCloseTo(0.014 + 1.5e-8 * bytes, 12);
  });

  it("around a ring of four takes six exchanges of a quarter", () => {
    expect(allReduceMillis(RING, 4, 1e6)).toBeCloseTo(0.01 + 5 * 0.004 + 6 * 0.25 * 1e-2, 15);
  });

  it("of one GPU takes nothing", () => {
    expect([allReduceMillis(ALL, 1, 1e9), allToAllMillis(RING, 1, 1e9)]).toEqual([0, 0]);
  });
});

test("an all-to-all sends what is not its own, at once or to one after another", () => {
  expect(allToAllMillis(ALL, 4, 1e6)).toBeCloseTo(0.01 + 0.75e-2, 15);
  expect(allToAllMillis(RING, 4, 1e6)).toBeCloseTo(0.01 + 2 * 0.004 + 0.75e-2, 15);
});

test("a neighbour gets all of it", () => {
  expect(handOverMillis(RING, 1e6)).toBeCloseTo(0.01 + 1e-2, 15);
});

describe.each(LINK_NAMES)("%s", (name) => {
  const link = linkSheet(name);
  const faster = { ...link, bandwidth: 2 * link.bandwidth };
  const sizes = Array.from({ length: 30 }, (_, power) => 2 ** power);

  it("never takes longer with more bandwidth, nor less time for more bytes or more GPUs", () => {
    const slower = [2, 4, 8, 16].flatMap((gpus) =>
      sizes.flatMap((bytes) => [
        allReduceMillis(faster, gpus, bytes) - allReduceMillis(link, gpus, bytes),
        allReduceMillis(link, gpus, bytes) - allReduceMillis(link, gpus, 2 * bytes),
        allReduceMillis(link, gpus, bytes) - allReduceMillis(link, 2 * gpus, bytes),
        allToAllMillis(faster, gpus, bytes) - allToAllMillis(link, gpus, bytes),
        handOverMillis(faster, bytes) - handOverMillis(link, bytes),
      ]),
    );
    expect(Math.max(...slower)).toBeLessThanOrEqual(0);
  });
});

// What others measured, in microseconds: bytes, GPUs, sources as in links.json. PCIe differs more than that by machine.
const MIB = 2 ** 20;
test.each([
  ["nvlink4", 2, 0.5 * MIB, 7],
  ["nvlink4", 8, 0.5 * MIB, 15],
  ["nvlink4", 8, 2 * MIB, 22],
  ["nvlink4", 8, 8 * MIB, 65],
  ["nvlink4", 8, 32 * MIB, 242],
  ["infinity-fabric", 8, 24 * 1024, 6.3],
  ["infinity-fabric", 8, 1.5 * MIB, 24.2],
  ["pcie4", 4, 8 * 1024, 15],
])("over %s, %i GPUs sum %i bytes in about %d us", (name, gpus, bytes, micros) => {
  expect(Math.abs((1000 * allReduceMillis(linkSheet(name), gpus, bytes)) / micros - 1)).toBeLessThan(0.4);
});
