import { describe, expect, it } from "vitest";
import { grown } from "../../../src/core/base/grown.js";

describe("a typed array that grows", () => {
  it.each([Uint8Array.of(1, 2), Uint16Array.of(1, 2), Int32Array.of(1, 2), Float64Array.of(1, 2)])(
    "keeps its kind and its numbers, and has zeros behind them: %o",
    (old) => {
      const longer = grown(old, 4);
      expect([longer.constructor, [...longer], [...old]]).toEqual([old.constructor, [1, 2, 0, 0], [1, 2]]);
    },
  );

  it("does not shrink", () => {
    expect(() => grown(Int32Array.of(1, 2), 1)).toThrow(RangeError);
  });
});
