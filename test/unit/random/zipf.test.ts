import { describe, expect, it } from "vitest";
import { zipfWeights } from "../../../src/core/random/zipf.js";

describe("zipfWeights", () => {
  it("falls with the rank to the power of the skew", () => {
    expect([...zipfWeights(4, 1)]).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
    expect([...zipfWeights(3, 2)]).toEqual([1, 1 / 4, 1 / 9]);
  });

  it("is equal without skew", () => {
    expect([...zipfWeights(3, 0)]).toEqual([1, 1, 1]);
  });
});
