import { describe, expect, it } from "vitest";
import { CLIENT_NAMES, createClient, createStack } from "../../../../src/core/demand/clients/registry.js";
import { CLIENT_NAMES as SCENARIO_NAMES } from "../../../../src/core/scenario/names.js";
import { at, delays, LOWEST, refused, times } from "./calls.js";

describe("client registry", () => {
  it("makes every client it names, under that name", () => {
    expect(CLIENT_NAMES.map((name) => createClient(name, {}).name)).toEqual(CLIENT_NAMES);
  });

  it("has exactly the names that scenarios may use", () => {
    expect([...CLIENT_NAMES].sort()).toEqual([...SCENARIO_NAMES].sort());
  });

  it("says which clients there are when asked for another", () => {
    expect(() => createClient("curl", {})).toThrow(
      'no client is named "curl"; there are none, openai-node-6,',
    );
    expect(() => createStack(["vercel-ai", "curl"], {})).toThrow('no client is named "curl"');
    expect(() => createStack([], {})).toThrow("a stack needs a client");
  });

  it("puts what is asked for around a preset", () => {
    const plain = createClient("fixed", { maxRetries: 9 });
    const frugal = createClient("fixed", { maxRetries: 9, budget: { ratio: 0, least: 2 } });
    const counts = [plain, frugal].map((client) => delays(client, times(20, refused(503)), LOWEST).length);
    expect(counts).toEqual([9, 2]);
  });

  it("changes of a preset's own features only what is set", () => {
    // The throttle of sre-throttle lets everything through at first; with a k this small it does so no longer.
    const strict = createClient("sre-throttle", { throttle: { k: 1e-9, window: undefined } });
    const lets = Array.from({ length: 3 }, () => strict.allows(0, at(0), LOWEST, 0));
    expect(lets).toEqual([true, false, false]);
  });

  it("gives a stack's timeout and hedging to the calls, its features to the whole", () => {
    const stack = createStack(["naive", "naive"], { maxRetries: 3, budget: { ratio: 0, least: 5 } });
    expect(delays(stack, times(99, refused(503)), LOWEST)).toHaveLength(5);
    expect(createStack(["vercel-ai", "openai-node-6"], {}).timeout).toBe(600e6);
  });
});
