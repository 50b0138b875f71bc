import { describe, expect, it } from "vitest";
import { AccountNames, zipfWeights } from "../../../src/core/traffic/accounts.js";

describe("account names", () => {
  it("number names in the order in which they come up, each once", () => {
    const names = new AccountNames();
    expect(["ann", "bob", "ann", "cid"].map((name) => names.indexOf(name))).toEqual([0, 1, 0, 2]);
    expect([names.count, names.nameOf(1), names.nameOf(2)]).toEqual([3, "bob", "cid"]);
  });
});

describe("zipfWeights", () => {
  it("falls with the rank to the power of the skew", () => {
    expect([...zipfWeights(4, 1)]).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
    expect([...zipfWeights(3, 2)]).toEqual([1, 1 / 4, 1 / 9]);
  });

  it("is equal without skew", () => {
    expect([...zipfWeights(3, 0)]).toEqual([1, 1, 1]);
  });
});
