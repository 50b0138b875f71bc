import { expect, it } from "vitest";
import { PROFILES, type ProfileName } from "../../../../../src/core/demand/traffic/population/profiles.js";
import { agentRequests } from "../../../../../src/core/demand/traffic/sessions/expected.js";

it.each(Object.keys(PROFILES) as ProfileName[])("%s has shares and weights that sum to one", (name) => {
  const { archetypes, agent, api } = PROFILES[name];
  expect(archetypes.agent + archetypes.api + archetypes.chat).toBeCloseTo(1, 12);
  for (const parts of [agent.first, agent.growth, agent.output, agent.toolGap, api.input, api.output]) {
    expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  }
  expect(agent.subAgents.counts.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
});

it("is plain data", () => {
  expect(JSON.parse(JSON.stringify(PROFILES.conv))).toEqual(JSON.parse(JSON.stringify({ ...PROFILES.conv })));
  expect(PROFILES["fan-out"].agent.subAgents.counts).toHaveLength(8);
  expect(agentRequests(PROFILES["fan-out"].agent)).toBeGreaterThan(
    1.3 * agentRequests(PROFILES.agentic.agent),
  );
});
