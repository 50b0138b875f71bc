// LAW-12: memory and slots in use never exceed what there is, and whoever counts them counts the same.
import { test } from "vitest";
import { expectLaw, withPools } from "../support/laws.js";

test("LAW-12: no replica holds more than it has", () => {
  expectLaw("LAW-12");
});

test("LAW-12: also where memory is short and slots are plenty", () => {
  expectLaw("LAW-12", (scenario) =>
    withPools(scenario, () => ({
      replicas: 2,
      replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 64, kvTokens: 900 },
    })),
  );
});
