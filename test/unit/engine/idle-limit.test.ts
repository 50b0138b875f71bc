import { expect, it } from "vitest";
import { parseScenario } from "../../../src/core/engine/experiment/simulate.js";
import { idleLimit } from "../../../src/core/engine/idle-limit.js";
import { type TinyChanges, tinyScenario } from "./tiny.js";

const hours = (pool: TinyChanges["pool"], more: TinyChanges["more"] = {}) =>
  idleLimit(parseScenario(tinyScenario({ pool, more } as TinyChanges))) / 3600e6;

it("is beyond every plan that could bring capacity", () => {
  const scaled = (autoscaler: object) => hours({ autoscaler } as never);
  expect(hours({})).toBe(2);
  expect(scaled({ algorithm: "target-load", downWindow: "3h" })).toBe(5);
  expect(scaled({ algorithm: "schedule", every: "7d", steps: [{ at: 0, replicas: 1 }] })).toBe(2 + 7 * 24);
  expect(scaled({ algorithm: "schedule", steps: [{ at: "9h", replicas: 1 }] })).toBe(11);
  expect(scaled({ algorithm: "predictive", season: "24h" })).toBe(26);
  expect(hours({}, { outages: [{ pool: "shared", from: "1h", for: "1m" }] })).toBe(8 * 24);
});
