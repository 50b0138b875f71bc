import { expect, it } from "vitest";
import { WORKLOADS, workloadNamed } from "../../../../../src/core/demand/traffic/population/workloads.js";
import { agentRequests } from "../../../../../src/core/demand/traffic/sessions/expected.js";

const names = WORKLOADS.map(({ name }) => name);

it.each(names)("%s has shares and weights that sum to one", (name) => {
  const { archetypes, agent, api } = workloadNamed(name);
  expect(archetypes.agent + archetypes.api + archetypes.chat).toBeCloseTo(1, 12);
  for (const parts of [agent.first, agent.growth, agent.output, agent.toolGap, api.input, api.output]) {
    expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  }
  expect(agent.subAgents.counts.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
});

it("is plain data", () => {
  const conv = workloadNamed("conv");
  expect(JSON.parse(JSON.stringify(conv))).toEqual(JSON.parse(JSON.stringify({ ...conv })));
  const { agent } = workloadNamed("fan-out");
  expect(agent.subAgents.counts).toHaveLength(8);
  expect(agentRequests(agent)).toBeGreaterThan(1.3 * agentRequests(workloadNamed("agentic").agent));
});
