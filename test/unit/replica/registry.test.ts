import { describe, expect, it } from "vitest";
import { PROFILE_NAMES, profileByName } from "../../../src/core/replica/registry.js";
import { PROFILE_NAMES as SCENARIO_NAMES } from "../../../src/core/scenario/names.js";

describe("profile registry", () => {
  it("finds every profile it names, each with a source", () => {
    const found = PROFILE_NAMES.map(profileByName);
    expect(found.map(({ name }) => name)).toEqual(PROFILE_NAMES);
    expect(found.filter(({ source }) => source === "")).toEqual([]);
  });

  it("has exactly the names that scenarios may use", () => {
    expect([...PROFILE_NAMES].sort()).toEqual([...SCENARIO_NAMES].sort());
  });

  it("says which profiles there are when asked for another", () => {
    expect(() => profileByName("tpu")).toThrow(
      'no step-time profile is named "tpu"; there are llama-3.1-8b-h100',
    );
  });
});
