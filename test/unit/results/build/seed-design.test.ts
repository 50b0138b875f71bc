import { describe, expect, it } from "vitest";
import { designOf } from "../../../../src/core/results/build/seed-design.js";
import type { StrataBlock } from "../../../../src/core/results/shape/result.js";

const replications = ["s/3", "s/9", "s/1", "s/7", "s/5"].map((seed) => ({ seed, values: [], weights: [] }));
const block = (...strata: readonly (readonly string[])[]): StrataBlock => ({
  candidates: 24,
  strata: strata.map((seeds) => ({ share: 1 / strata.length, seeds })),
});

describe("how seeds were chosen, by the places of their replications", () => {
  it("is found by the seeds, in whatever order they ran", () => {
    const blocks = [block(["s/1", "s/3"], ["s/5"]), block(["s/7", "s/9"])];
    expect(designOf(replications, { blocks })).toEqual([
      {
        candidates: 24,
        strata: [
          { share: 0.5, members: [2, 0] },
          { share: 0.5, members: [4] },
        ],
      },
      { candidates: 24, strata: [{ share: 1, members: [3, 1] }] },
    ]);
  });

  it("is none where they were not chosen", () => {
    expect(designOf(replications, null)).toEqual([]);
  });

  it("is of seeds that ran", () => {
    expect(() => designOf(replications, { blocks: [block(["s/1", "s/2"])] })).toThrow(
      "every seed of a stratum",
    );
  });
});
