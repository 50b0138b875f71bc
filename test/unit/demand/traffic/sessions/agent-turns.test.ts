import { describe, expect, it } from "vitest";
import { AgentTurns, drawAgentLength } from "../../../../../src/core/demand/traffic/sessions/agent-turns.js";
import { AGENT } from "../../../../../src/core/demand/traffic/sessions/spec.js";
import { openStream } from "../../../../../src/core/random/stream.js";

const MANY = { ...AGENT, subAgents: { ...AGENT.subAgents, share: 0.5 } };
const turnsOf = (index: number, length?: number) => new AgentTurns(MANY, openStream("1", `${index}`), length);

describe("the turns of an agent session", () => {
  it("sum up what each of them is", () => {
    let sent = 0;
    for (let index = 0; index < 200; index++) {
      const turns = turnsOf(index);
      const sums = { requests: 0, pauses: 0, agents: 0 };
      for (let turn = 0; turn < turns.length; turn++) {
        const requests = turns.requestsOf(turn);
        sums.requests += requests;
        sums.pauses += turns.pause(turn);
        // Agents are sent out by one request of a turn, and never by its last.
        expect(turns.agentsAfter(turn, requests)).toBe(0);
        for (let request = 1; request < requests; request++) sums.agents += turns.agentsAfter(turn, request);
        expect(requests).toBeGreaterThanOrEqual(turns.length === 1 ? 2 : 1);
      }
      expect(turns.pause(0)).toBe(0);
      expect({ requests: turns.requests, agents: turns.agents }).toEqual({
        requests: sums.requests,
        agents: sums.agents,
      });
      expect(turns.pauses).toBeCloseTo(sums.pauses, 6);
      sent += turns.agents;
    }
    expect(sent).toBeGreaterThan(100);
  });

  it("are as many as is said, where that is known", () => {
    expect(turnsOf(1, 7).length).toBe(7);
  });

  it("are never fewer than asked for, nor more than the most", () => {
    const stream = openStream("1", "length");
    const few = { ...AGENT, turns: { ...AGENT.turns, most: 60 } };
    const drawn = Array.from({ length: 500 }, () => drawAgentLength(few, stream, 50));
    expect(Math.min(...drawn)).toBe(50);
    expect(Math.max(...drawn)).toBe(60);
  });
});
