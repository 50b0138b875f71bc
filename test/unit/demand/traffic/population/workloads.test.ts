import { expect, it } from "vitest";
import { WORKLOADS, type WorkloadName } from "../../../../../src/core/demand/traffic/population/workloads.js";
import { agentRequests } from "../../../../../src/core/demand/traffic/sessions/expected.js";

it.each(Object.keys(WORKLOADS) as WorkloadName[])("%s has shares and weights that sum to one", (name) => {
  const { archetypes, agent, api } = WORKLOADS[name];
  expect(archetypes.agent + archetypes.api + archetypes.chat).toBeCloseTo(1, 12);
  for (const parts of [agent.first, agent.growth, agent.output, agent.toolGap, api.input, api.output]) {
    expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  }
  expect(agent.subAgents.counts.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
});

it("is plain data", () => {
  expect(JSON.parse(JSON.stringify(WORKLOADS.conv))).toEqual(
    JSON.parse(JSON.stringify({ ...WORKLOADS.conv })),
  );
  expect(WORKLOADS["fan-out"].agent.subAgents.counts).toHaveLength(8);
  expect(agentRequests(WORKLOADS["fan-out"].agent)).toBeGreaterThan(
    1.3 * agentRequests(WORKLOADS.agentic.agent),
  );
});
