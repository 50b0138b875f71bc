import { describe, expect, it } from "vitest";
import { kvNeeded } from "../../../src/core/replica/replica.js";

describe("kvNeeded", () => {
  it("reserves the whole prompt, cached or not, and all that will be generated", () => {
    expect(kvNeeded({ inputTokens: 100, cachedTokens: 80, outputTokens: 20 })).toBe(120);
  });
});
