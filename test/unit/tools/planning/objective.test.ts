import { expect, it } from "vitest";
import { parseScenario } from "../../../../src/core/index.js";
import { readObjective } from "../../../../src/core/tools/planning/objective.js";
import { tinyScenario } from "../../engine/tiny.js";

it("reads a metric with or without its aggregation", () => {
  const thresholds = { "attempts{account:acme}": "count>0" };
  const scenario = parseScenario(tinyScenario({ more: { thresholds } }));
  expect(readObjective("overloaded_rate{tier:fast,per:attempt}", scenario).aggregation).toBe("rate");
  expect(readObjective("ttft{tier:fast} p(99)", scenario)).toEqual({
    metric: "ttft{tier:fast}",
    aggregation: "p(99)",
  });
  expect(readObjective("ttft{account:acme} p(99)", scenario).metric).toBe("ttft{account:acme}");
  expect(() => readObjective("ttft{tier:b}", scenario)).toThrow(/unknown tier/);
  expect(() => readObjective("ttft{source:b}", scenario)).toThrow(/unknown source/);
  expect(() => readObjective("ttft{account:b}", scenario)).toThrow(
    /not measured by itself: name it in a thresh/,
  );
});
