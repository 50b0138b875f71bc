import { describe, expect, it } from "vitest";
import { CLIENT_NAMES as SCENARIO_NAMES } from "../../../../src/core/scenario/names.js";
import { CLIENT_NAMES, createClient } from "../../../../src/core/traffic/clients/registry.js";

const options = { maxRetries: undefined, timeout: undefined };

describe("client registry", () => {
  it("makes every client it names, under that name", () => {
    expect(CLIENT_NAMES.map((name) => createClient(name, options).name)).toEqual(CLIENT_NAMES);
  });

  it("has exactly the names that scenarios may use", () => {
    expect([...CLIENT_NAMES].sort()).toEqual([...SCENARIO_NAMES].sort());
  });

  it("says which clients there are when asked for another", () => {
    expect(() => createClient("curl", options)).toThrow(
      'no client is named "curl"; there are none, openai-node-6',
    );
  });
});
