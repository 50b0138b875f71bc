import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/base/errors.js";
import {
  type ChosenSeeds,
  givenSeeds,
  mostOf,
  plainSeeds,
  type SeedPlan,
  seedsOf,
  strataOf,
  wholeBlocks,
} from "../../../../src/core/engine/experiment/seeds.js";
import { lookSizes } from "../../../../src/core/stats/sequential-looks.js";

const BLOCK: ChosenSeeds = {
  seeds: ["a", "c", "b", "d"],
  strata: {
    candidates: 8,
    strata: [
      { share: 0.75, seeds: ["a", "b"] },
      { share: 0.25, seeds: ["c", "d"] },
    ],
  },
};

const all = ({ blocks }: SeedPlan) => [...blocks()].flatMap(({ seeds }) => seeds);

describe("a plan of seeds", () => {
  it("is one seed after the other, and looks seldom", () => {
    const plan = plainSeeds("s", { kind: "decided", most: 30 });
    expect(all(plan).slice(0, 3)).toEqual(["s/1", "s/2", "s/3"]);
    expect([plan.most, plan.looks]).toEqual([30, lookSizes(30, 4)]);
  });

  it("of seeds that were chosen together looks only when all of them have run", () => {
    expect(givenSeeds(BLOCK)).toMatchObject({ most: 4, looks: [4] });
    const plan = wholeBlocks([4, 4], () => BLOCK);
    expect([plan.most, plan.looks]).toEqual([8, [4, 8]]);
  });

  it("makes a block only when it is asked for", () => {
    const made: number[] = [];
    const plan = wholeBlocks([4, 4], (index) => {
      made.push(index);
      return BLOCK;
    });
    const [first] = plan.blocks();
    expect([first, made]).toEqual([BLOCK, [0]]);
  });

  it.each([0, -1, 1.5, Number.NaN])("is never of %s replications", (count) => {
    expect(() => mostOf({ kind: "fixed", count })).toThrow(SurgefleetError);
  });
});

describe("seeds that were run", () => {
  const replications = ["a", "c", "b", "d"].map((seed) => ({ seed }));

  it("can be run again, with their strata", () => {
    const again = seedsOf({ replications, strata: { blocks: [BLOCK.strata!] } });
    expect([...again.blocks()]).toEqual([BLOCK]);
  });

  it("are any seeds where a result does not say", () => {
    expect([...seedsOf({ replications }).blocks()]).toEqual([{ seeds: ["a", "c", "b", "d"], strata: null }]);
  });
});

describe("strata of what has run", () => {
  it("are all of them once the block is whole", () => {
    expect(strataOf([BLOCK], ["a", "b", "c", "d"])).toEqual({ blocks: [BLOCK.strata] });
  });

  it("leave out what has not run, and scale up the rest where a stratum has none", () => {
    expect(strataOf([BLOCK], ["a", "c"])!.blocks[0]!.strata).toEqual([
      { share: 0.75, seeds: ["a"] },
      { share: 0.25, seeds: ["c"] },
    ]);
    expect(strataOf([BLOCK], ["a", "b"])!.blocks[0]!.strata).toEqual([{ share: 1, seeds: ["a", "b"] }]);
    expect(strataOf([BLOCK, BLOCK], [])).toBeNull();
  });

  it("are none of plain seeds", () => {
    expect(strataOf([{ seeds: ["a"], strata: null }], ["a"])).toBeNull();
  });
});
