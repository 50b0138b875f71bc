import { describe, expect, it } from "vitest";
import { Phase } from "../../../src/core/kernel/phase.js";

describe("phase", () => {
  it("orders what happens at one instant", () => {
    const { completion, fault, control, arrival, timeout, sample, step } = Phase;
    const order = [completion, fault, control, arrival, timeout, sample, step];
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(Object.values(Phase)).toHaveLength(order.length);
  });
});
