import { describe, expect, it } from "vitest";
import { LOCAL_REJECTION, NO_ANSWER } from "../../../../src/core/demand/clients/client.js";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { at, LOWEST, refused } from "./calls.js";

describe("a try without a status", () => {
  it("is retried by an SDK when no answer came, and not when the client itself refused it", () => {
    const delays = [NO_ANSWER, LOCAL_REJECTION].map((status) =>
      createClient("openai-node-6", {}).retryDelay(refused(status), 0, 0, at(0), LOWEST),
    );
    expect(delays).toEqual([500_000, undefined]);
  });
});
