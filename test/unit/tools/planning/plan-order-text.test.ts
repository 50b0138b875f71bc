import { describe, expect, it } from "vitest";
import {
  isUndecided,
  orderLines,
  undecidedLine,
} from "../../../../src/core/tools/planning/plan-order-text.js";
import type { PlanOrder, PlanResult } from "../../../../src/core/tools/planning/plan-result.js";
import { plantedPlan } from "../../../support/planted-curves.js";

const standard = (value: number) => 0.1 - value * 0.003;
const plan = await plantedPlan({ standard, common: 0.01, own: 0.001 }, { seed: "text" });
const [worst] = plan.points;
const best = plan.points.at(-1)!;
const ordered = (order: Partial<PlanOrder>, more: Partial<PlanResult> = {}): PlanResult => ({
  ...{ ...plan, ...more },
  order: { ...plan.order!, ...order },
});

describe("what a plan says of its order", () => {
  it("is which values are better, how that is known and what may be missed", () => {
    expect(isUndecided(plan)).toBe(false);
    expect(orderLines(plan)).toEqual([
      "higher values are better, so the least is sought: only that end of the range meets the thresholds",
      "7 values were tried first; what breaks the order within 17% of the range may be missed",
    ]);
    expect(orderLines(ordered({ basis: "told", surveyed: 0 }))).toEqual([]);
    expect(orderLines({ ...plan, order: null })).toEqual([]);
  });

  it("is how exact an answer is, and what was out", () => {
    const range = [{ ...plan.range[0]!, step: "50ms" }];
    const spare = { pool: "shared", replicas: 2 };
    expect(orderLines(ordered({ basis: "told", surveyed: 0 }, { range, spare }))).toEqual([
      "spare: every value was tried with 2 more in shared, and 2 out for the whole run",
      "in steps of 50ms",
    ]);
  });

  it("is that nothing came of what seemed to break it", () => {
    const lines = orderLines(ordered({ compared: [worst!, best] }));
    expect(lines.at(-1)).toBe(
      "0 and 40 seemed not to be in order; tried again on equal seeds, that was not shown",
    );
  });

  it("is that no search decides where it is broken, and how sure each value is", () => {
    const broken = ordered({ isBroken: true, compared: [best, worst!] });
    expect(isUndecided(broken)).toBe(true);
    expect(undecidedLine(broken)).toBe(
      "retryAfter.jitter=0..40 is not monotone: the thresholds are met at 40 and not at 0, with 95% confidence; no search along it decides",
    );
    const unsure = { ...best, verdict: "undecided" } as const;
    expect(undecidedLine(ordered({ isBroken: true, compared: [unsure, worst!] }))).toContain(
      "seem met at 40 and not at 0, and differ more than by chance",
    );
  });

  it("is why nothing tells which values are better", () => {
    const unknown = (basis: PlanOrder["basis"]) => undecidedLine(ordered({ better: null, basis }));
    expect(unknown("opposed")).toMatch(/some thresholds are better met at the low end .* lies between$/);
    expect(unknown("nothing")).toMatch(/do not differ .*\(--better\)$/);
    expect(undecidedLine(ordered({ better: null }, { partial: true }))).toMatch(/not seen to its end/);
    expect(isUndecided(ordered({ better: null }))).toBe(true);
  });
});
