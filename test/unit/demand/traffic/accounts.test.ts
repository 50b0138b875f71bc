import { describe, expect, it } from "vitest";
import { AccountNames } from "../../../../src/core/demand/traffic/accounts.js";

describe("account names", () => {
  it("number names in the order in which they come up, each once", () => {
    const names = new AccountNames();
    expect(["ann", "bob", "ann", "cid"].map((name) => names.indexOf(name))).toEqual([0, 1, 0, 2]);
    expect([names.count, names.nameOf(1), names.nameOf(2)]).toEqual([3, "bob", "cid"]);
  });
});
