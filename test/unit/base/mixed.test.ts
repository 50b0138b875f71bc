import { describe, expect, it } from "vitest";
import { mixed } from "../../../src/core/base/mixed.js";

describe("mixed", () => {
  it("has the numbers of the finalizer as it was published", () => {
    // Worked out with integers of any length, in another language.
    expect([0, 1, 2, 0xffffffff].map((number) => mixed(number) >>> 0)).toEqual([
      0, 0x514e28b7, 0x30f4c306, 0x81f16f39,
    ]);
  });

  it("keeps different numbers apart, and fills every place about alike", () => {
    const hashes = Array.from({ length: 12_800 }, (_, number) => mixed(number));
    expect(new Set(hashes).size).toBe(hashes.length);
    const places = new Int32Array(128);
    for (const hash of hashes) places[hash & 127]!++;
    // 100 on average with a deviation of 10.
    expect(Math.min(...places)).toBeGreaterThan(55);
    expect(Math.max(...places)).toBeLessThan(145);
  });
});
