import { describe, expect, it } from "vitest";
import { readSeed, seedOf } from "../../../../src/node/flags/seed.js";

const UNFIT = ["", "x".repeat(257)];

describe("seedOf", () => {
  it("takes the flag before the environment, and leaves the rest to the scenario", () => {
    const env = { SURGEFLEET_SEED: "from-env" };
    expect([seedOf("flag", env), seedOf(undefined, env), seedOf(undefined, {})]).toEqual([
      "flag",
      "from-env",
      undefined,
    ]);
    expect(seedOf(undefined, { SURGEFLEET_SEED: "" })).toBeUndefined();
  });

  it("refuses what no scenario may have, and says where it comes from", () => {
    expect(() => seedOf(undefined, { SURGEFLEET_SEED: UNFIT[1] })).toThrow(
      "SURGEFLEET_SEED: a seed is a text of 1 to 256 characters",
    );
  });
});

describe("a seed in a flag", () => {
  it("is any text", () => {
    expect(readSeed("monday 7")).toBe("monday 7");
  });

  it.each(UNFIT)("is not %j", (seed) => {
    expect(() => readSeed(seed)).toThrow("Write a text of 1 to 256 characters.");
  });
});
