import { describe, expect, it } from "vitest";
import { PerCaller } from "../../../../src/core/demand/clients/per-caller.js";

describe("what is kept per caller", () => {
  it("is made once for each, in whatever order they come", () => {
    let made = 0;
    const states = new PerCaller(() => ({ number: made++ }));
    expect([5, 0, 5, 2, 0].map((caller) => states.of(caller).number)).toEqual([0, 1, 0, 2, 1]);
    expect(made).toBe(3);
  });
});
