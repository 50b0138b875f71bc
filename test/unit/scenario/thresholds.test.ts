import { expect, it } from "vitest";
import { parseScenario } from "../../../src/core/index.js";
import { thresholdsOf } from "../../../src/core/scenario/thresholds.js";
import { lossSystem } from "../../support/oracle.js";

it("are all thresholds of a scenario, in the order in which results list them", () => {
  const scenario = parseScenario({
    ...lossSystem({
      slots: 2,
      rates: { standard: 1 },
      admission: { policy: "tail-drop", maxQueue: 0 },
      duration: "10s",
      warmup: "1s",
    }),
    thresholds: { overloaded_rate: ["rate<1%", "rate<5%"], ttft: ["p(50)<1s"] },
  });
  expect(thresholdsOf(scenario).map(({ expression }) => expression)).toEqual([
    "rate<1%",
    "rate<5%",
    "p(50)<1s",
  ]);
});
