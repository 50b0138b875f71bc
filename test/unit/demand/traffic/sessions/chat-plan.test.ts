import { expect, it } from "vitest";
import { ChatPlan } from "../../../../../src/core/demand/traffic/sessions/chat-plan.js";
import { CHAT } from "../../../../../src/core/demand/traffic/sessions/spec.js";
import { openStream } from "../../../../../src/core/random/stream.js";

const LIMITS = { maxInput: 250_000, maxOutput: 32_000, inputOffset: 0, outputOffset: 0, prefixTokens: 0 };

it("says all again that was said, and one thing more", () => {
  let turns = 0;
  for (let session = 0; session < 300; session++) {
    const plan = new ChatPlan(CHAT, openStream("1", `s-${session}`), LIMITS);
    let held = 0;
    while (plan.next()) {
      expect([plan.restarts, plan.sharedTokens]).toEqual([held === 0, held]);
      expect(plan.inputTokens).toBeGreaterThan(held);
      expect([plan.gap > 0, plan.children]).toEqual([held > 0, 0]);
      held = plan.inputTokens + plan.outputTokens;
      turns++;
    }
    expect(plan.next()).toBe(false);
  }
  expect(turns).toBeGreaterThan(600);
});

it("loses its beginning, and all that is cached, where it gets too long", () => {
  const limits = { ...LIMITS, maxInput: 1500 };
  let cuts = 0;
  for (let session = 0; session < 300; session++) {
    const plan = new ChatPlan(CHAT, openStream("1", `s-${session}`), limits);
    for (let turn = 0; plan.next(); turn++) {
      expect(plan.inputTokens).toBeLessThanOrEqual(1500);
      if (turn === 0 || !plan.restarts) continue;
      expect([plan.inputTokens, plan.sharedTokens]).toEqual([1500, 0]);
      cuts++;
    }
  }
  expect(cuts).toBeGreaterThan(30);
});
