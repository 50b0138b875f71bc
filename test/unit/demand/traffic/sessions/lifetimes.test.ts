import { mean } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { AgentPlan } from "../../../../../src/core/demand/traffic/sessions/agent-plan.js";
import { AgentTurns } from "../../../../../src/core/demand/traffic/sessions/agent-turns.js";
import { ChatPlan } from "../../../../../src/core/demand/traffic/sessions/chat-plan.js";
import { ChatTurns } from "../../../../../src/core/demand/traffic/sessions/chat-turns.js";
import {
  agentLifetimes,
  chatLifetimes,
  meanTokens,
  nominalSeconds,
} from "../../../../../src/core/demand/traffic/sessions/lifetimes.js";
import type { ThreadPlan } from "../../../../../src/core/demand/traffic/sessions/plan.js";
import { AGENT, CHAT, LONG_AGENT } from "../../../../../src/core/demand/traffic/sessions/spec.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { gear } from "../../../../support/mode.js";

const LIMITS = {
  maxInput: 200_000,
  maxOutput: 32_000,
  inputOffset: 0,
  outputOffset: 0,
  prefixTokens: 15_000,
};
const SESSIONS = gear(1500, 10_000);
/** Without agents, whose times a plan alone does not tell. */
const ALONE = { ...AGENT, subAgents: { ...AGENT.subAgents, share: 0 } };

function duration(plan: ThreadPlan): number {
  let total = 0;
  while (plan.next()) total += plan.gap + nominalSeconds(plan.outputTokens);
  return total;
}

interface Lived {
  readonly turns: number;
  readonly lasted: number;
  /** By its turns' number, and by all of them. */
  readonly longest: number;
  readonly longestOf: number;
}

function agents(): Lived[] {
  const lifetimes = agentLifetimes(ALONE);
  return Array.from({ length: SESSIONS }, (_, index) => {
    const stream = openStream("lifetimes", `agent-${index}`);
    const turns = new AgentTurns(ALONE, stream);
    const lasted = duration(new AgentPlan(ALONE, stream, LIMITS, turns));
    const longest = lifetimes.longest(turns.length);
    return { turns: turns.length, lasted, longest, longestOf: lifetimes.longestOf(turns) };
  });
}

function chats(): Lived[] {
  const lifetimes = chatLifetimes(CHAT);
  return Array.from({ length: SESSIONS }, (_, index) => {
    const stream = openStream("lifetimes", `chat-${index}`);
    const turns = new ChatTurns(CHAT, stream);
    const lasted = duration(new ChatPlan(CHAT, stream, LIMITS, turns));
    const longest = lifetimes.longest(turns.length);
    return { turns: turns.length, lasted, longest, longestOf: lifetimes.longestOf(turns) };
  });
}

describe.each([
  ["agents", agentLifetimes(ALONE), agents],
  ["chats", chatLifetimes(CHAT), chats],
] as const)("lifetimes of %s", (_, lifetimes, live) => {
  const lived = live();
  const total = lived.reduce((sum, { lasted }) => sum + lasted, 0);
  const beyond = (bound: "longest" | "longestOf") =>
    lived.reduce((sum, one) => sum + Math.max(0, one.lasted - one[bound]), 0) / total;

  it("have the mean of sessions", () => {
    expect(Math.abs(mean(lived.map(({ lasted }) => lasted)) / lifetimes.mean - 1)).toBeLessThan(
      gear(0.15, 0.06),
    );
  });

  it("are bounded, but for a hundredth of their time", () => {
    expect(beyond("longest")).toBeLessThan(0.01);
    expect(beyond("longestOf")).toBeLessThan(0.003);
  });

  it("are told much closer by the turns than by their number", () => {
    const [loose, close] = [mean(lived.map((one) => one.longest)), mean(lived.map((one) => one.longestOf))];
    expect(close).toBeLessThan(loose / 3);
    expect(close).toBeLessThan(2.2 * lifetimes.mean);
  });

  it("have as many turns as sessions do", () => {
    for (const least of [1, 2, 4, 9]) {
      const those = lived.filter(({ turns }) => turns >= least);
      const share = lifetimes.atLeast(least);
      const error = Math.sqrt((share * (1 - share)) / SESSIONS);
      expect(Math.abs(those.length / SESSIONS - share)).toBeLessThan(4 * error + 1e-9);
      const all = lived.reduce((sum, { turns }) => sum + turns, 0);
      const found = those.reduce((sum, { turns }) => sum + turns, 0) / all;
      expect(Math.abs(lifetimes.shareOf(least) - found)).toBeLessThan(gear(0.06, 0.025));
    }
  });

  it("draw turns of at least a number as they come among all sessions", () => {
    const stream = openStream("lifetimes", "drawn");
    const drawn = Array.from({ length: SESSIONS }, () => lifetimes.draw(stream, 4).length);
    expect(Math.min(...drawn)).toBe(4);
    const share = lifetimes.atLeast(7) / lifetimes.atLeast(4);
    const found = drawn.filter((length) => length >= 7).length / SESSIONS;
    expect(Math.abs(found - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / SESSIONS));
  });
});

it("grow with the turns, and end where no session has as many", () => {
  const lifetimes = agentLifetimes(LONG_AGENT);
  let before = 0;
  for (const turns of [1, 2, 3, 10, 100, 1000]) {
    expect(lifetimes.longest(turns)).toBeGreaterThan(before);
    before = lifetimes.longest(turns);
  }
  expect(lifetimes.atLeast(LONG_AGENT.turns.most + 1)).toBe(0);
  expect(lifetimes.shareOf(LONG_AGENT.turns.most + 1)).toBe(0);
  expect(chatLifetimes({ ...CHAT, turns: { one: 1, mean: 1 } }).atLeast(2)).toBe(0);
});

it("the mean of lengths is that of the lognormal, and heeds the cut", () => {
  const parts = [{ weight: 1, mu: 6, sigma: 1 }];
  expect(meanTokens(parts, 1e9) / Math.exp(6.5)).toBeCloseTo(1, 5);
  expect(meanTokens(parts, 10)).toBeCloseTo(10, 2);
  expect(meanTokens([{ weight: 1, mu: 3, sigma: 0 }], 10)).toBe(10);
});
