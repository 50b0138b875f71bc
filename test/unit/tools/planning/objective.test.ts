import { expect, it } from "vitest";
import { readObjective } from "../../../../src/core/tools/planning/objective.js";

it("reads a metric with or without its aggregation", () => {
  expect(readObjective("overloaded_rate{tier:a,per:attempt}", ["a"], []).aggregation).toBe("rate");
  expect(readObjective("ttft{tier:a} p(99)", ["a"], [])).toEqual({
    metric: "ttft{tier:a}",
    aggregation: "p(99)",
  });
  expect(() => readObjective("ttft{tier:b}", ["a"], [])).toThrow(/unknown tier/);
});
