import { expect, it } from "vitest";
import { AgentPlan } from "../../../../../src/core/demand/traffic/sessions/agent-plan.js";
import { AGENT } from "../../../../../src/core/demand/traffic/sessions/spec.js";
import { SubAgentPlan } from "../../../../../src/core/demand/traffic/sessions/sub-agent-plan.js";
import { openStream } from "../../../../../src/core/random/stream.js";

const LIMITS = {
  maxInput: 250_000,
  maxOutput: 32_000,
  inputOffset: 0,
  outputOffset: 0,
  prefixTokens: 15_000,
};

it("grows by at least the answer, or begins anew below the limit", () => {
  let restarts = 0;
  for (let session = 0; session < 200; session++) {
    const plan = new AgentPlan(AGENT, openStream("1", `s-${session}`), LIMITS);
    let held = 0;
    for (let request = 0; plan.next(); request++) {
      if (plan.restarts) {
        expect(plan.sharedTokens).toBe(0);
        expect(plan.inputTokens).toBeGreaterThanOrEqual(15_000);
        if (request > 0) restarts++;
      } else {
        expect(plan.inputTokens).toBeGreaterThanOrEqual(held);
        expect(plan.sharedTokens).toBeLessThanOrEqual(held);
      }
      expect(plan.inputTokens).toBeLessThanOrEqual(LIMITS.maxInput);
      held = plan.inputTokens + plan.outputTokens;
    }
  }
  expect(restarts).toBeGreaterThan(20);
});

it("lets the context of a sub-agent grow as stated", () => {
  let [first, last, requests] = [0, 0, 0];
  for (let agent = 0; agent < 2000; agent++) {
    const plan = new SubAgentPlan(AGENT, openStream("1", `a-${agent}`), { ...LIMITS, prefixTokens: 8000 });
    plan.next();
    first += plan.inputTokens;
    requests++;
    while (plan.next()) requests++;
    last += plan.inputTokens;
  }
  expect(requests / 2000).toBeCloseTo(10.7, 0);
  expect(last / first).toBeGreaterThan(3.3);
  expect(last / first).toBeLessThan(4.1);
});
