// LAW-9: the higher rank is served first and shed last.
import { test } from "vitest";
import { expectLaw, withPools } from "../support/laws.js";

test("LAW-9: nobody is shed, overtaken or pushed out by a lower rank", () => {
  expectLaw("LAW-9", (scenario) => withPools(scenario, () => ({ signals: {} })));
});

test("LAW-9: also where the line is short, and displacing the only way in", () => {
  expectLaw("LAW-9", (scenario) =>
    withPools(scenario, () => ({
      signals: {},
      replicas: 1,
      admission: { policy: "trunk-reservation", maxQueue: 2, displaceLower: true },
    })),
  );
});
