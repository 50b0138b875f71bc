import { describe, expect, it } from "vitest";
import { collect, seedOf, wholeNumber } from "../../../src/node/flags.js";

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

  it.each(["", "x".repeat(257)])("refuses what no scenario may have: %j", (seed) => {
    expect(() => seedOf(seed, {})).toThrow("a seed is a text of 1 to 256 characters");
  });
});

describe("wholeNumber", () => {
  it("reads digits within bounds", () => {
    expect(wholeNumber("--most", "100", 100)).toBe(100);
  });

  it.each(["0", "101", "1.5", "-1", "1e3", "", " 7"])("refuses %j and says what was meant", (text) => {
    expect(() => wholeNumber("--most", text, 100, ', or "until"')).toThrow(
      `--most is a whole number from 1 to 100, or "until", not "${text}"`,
    );
  });
});

it("collect keeps what was given before", () => {
  expect(collect("b", collect("a"))).toEqual(["a", "b"]);
});
