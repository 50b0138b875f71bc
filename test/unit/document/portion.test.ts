import { describe, expect, it } from "vitest";
import { type Portion, portion, portionOf } from "../../../src/core/document/portion.js";

const read = (text: unknown): Portion | string | undefined => {
  const parsed = portion(100).safeParse(text);
  return parsed.success ? parsed.data : parsed.error.issues[0]?.message;
};

describe("so many, or a share", () => {
  it("is a count where it is whole, and a share with a percent sign or below 1", () => {
    expect([read(1), read("30%"), read(0.3), read("100%"), read("0.1k")]).toEqual([
      { count: 1 },
      { share: 0.3 },
      { share: 0.3 },
      { share: 1 },
      { count: 100 },
    ]);
  });

  it("says what else it might have been", () => {
    expect(read(0)).toBe("0 is out of range: write a whole number from 1 to 100, or a share like 30%");
    for (const given of [1.5, "0%", "101%", 101, "some", null, -1]) {
      expect(read(given)).toContain("a whole number from 1 to 100, or a share like 30%");
    }
  });

  it("is rounded to the nearest, at least one, and never more than there are", () => {
    const of = (part: Portion) => [0, 1, 4, 5, 10].map((whole) => portionOf(part, whole));
    expect(of({ share: 0.3 })).toEqual([0, 1, 1, 2, 3]);
    expect(of({ share: 0.01 })).toEqual([0, 1, 1, 1, 1]);
    expect(of({ count: 4 })).toEqual([0, 1, 4, 4, 4]);
  });
});
