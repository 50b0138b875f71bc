import { describe, expect, it } from "vitest";
import { CLIENT_NAMES, createClient } from "../../src/core/traffic/clients/registry.js";
import { type ClientUnderTest, clientContract } from "./client.js";

const CLIENTS: Readonly<Record<string, ClientUnderTest>> = {
  none: { create: (options) => createClient("none", options), readsShouldRetry: true },
  "openai-node-6": { create: (options) => createClient("openai-node-6", options), readsShouldRetry: true },
};

for (const [name, underTest] of Object.entries(CLIENTS)) clientContract(name, underTest);

describe("contract of clients", () => {
  it("covers every registered client", () => {
    expect(Object.keys(CLIENTS)).toEqual(CLIENT_NAMES);
  });
});
