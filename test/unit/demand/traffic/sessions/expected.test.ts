import { expect, it } from "vitest";
import { AgentPlan } from "../../../../../src/core/demand/traffic/sessions/agent-plan.js";
import { ChatPlan } from "../../../../../src/core/demand/traffic/sessions/chat-plan.js";
import {
  agentRequests,
  chatRequests,
  meanCount,
} from "../../../../../src/core/demand/traffic/sessions/expected.js";
import { AGENT, CHAT } from "../../../../../src/core/demand/traffic/sessions/spec.js";
import { openStream } from "../../../../../src/core/random/stream.js";

const LIMITS = {
  maxInput: 250_000,
  maxOutput: 32_000,
  inputOffset: 0,
  outputOffset: 0,
  prefixTokens: 15_000,
};

it("of a rounded lognormal is that of the lognormal where rounding does not matter", () => {
  expect(meanCount({ mu: 5, sigma: 0.3 }, 1, 5000)).toBeCloseTo(Math.exp(5 + 0.045), 1);
});

it("of an agent session is what sessions have on average", () => {
  const spec = { ...AGENT, turns: { ...AGENT.turns, sigma: 0.5 } };
  const sessions = 4000;
  let requests = 0;
  for (let index = 0; index < sessions; index++) {
    const plan = new AgentPlan(spec, openStream("1", `session-${index}`), LIMITS);
    while (plan.next()) requests += 1 + plan.children * spec.subAgents.requests;
  }
  expect(Math.abs(requests / sessions / agentRequests(spec) - 1)).toBeLessThan(0.04);
});

it("of a chat is what chats have on average", () => {
  let requests = 0;
  for (let index = 0; index < 20_000; index++) {
    const plan = new ChatPlan(CHAT, openStream("1", `session-${index}`), LIMITS);
    while (plan.next()) requests++;
  }
  expect(requests / 20_000 / chatRequests(CHAT)).toBeCloseTo(1, 1);
});
