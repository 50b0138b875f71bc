import { describe, expect, it } from "vitest";
import { parseThreshold } from "../../../src/core/results/verdict/threshold.js";
import { problems, SMALL } from "./scenarios.js";

const withThresholds = (client: string, ...metrics: readonly string[]) =>
  problems(
    `${SMALL}${client === "" ? "" : `    ${client}\n`}thresholds:\n${metrics
      .map(
        (metric) => `  ${JSON.stringify(metric)}: "${metric.startsWith("ttft") ? "p(50)<1" : "rate<1%"}"\n`,
      )
      .join("")}`,
  );

const RETRYING = "client: { preset: openai-node-6 }";

describe("a rate of refusals in a threshold", () => {
  it("must say of what it is a share where clients retry, and is told how", () => {
    expect(withThresholds(RETRYING, "overloaded_rate")).toEqual([
      "small.yaml:19:3 thresholds.overloaded_rate: the clients of agents may send several attempts for a request: " +
        "a share of which? (write overloaded_rate{per:attempt} or overloaded_rate{per:request})",
    ]);
  });

  it("is told how with the tags that it has", () => {
    const [problem] = withThresholds(RETRYING, "rate_limited_rate{tier:priority}");
    const hint = /write (\S+) or (\S+)\)$/.exec(problem!)!.slice(1);
    expect(hint).toEqual([
      "rate_limited_rate{tier:priority,per:attempt}",
      "rate_limited_rate{tier:priority,per:request}",
    ]);
    for (const metric of hint) {
      expect(parseThreshold(metric, "rate<1%").ok).toBe(true);
      expect(withThresholds(RETRYING, metric)).toEqual([]);
    }
  });

  it("is told each time", () => {
    expect(withThresholds(RETRYING, "overloaded_rate", "unavailable_rate", "completed_rate")).toHaveLength(3);
  });

  it.each([
    ["client: { preset: openai-node-6, maxRetries: 2 }", 1],
    ["client: [{ share: 50%, preset: none }, { share: 50%, preset: openai-node-6 }]", 1],
    ["client: { preset: none, hedgeAfter: 1s }", 1],
    ["fallback: [priority]", 1],
    ["client: { preset: openai-node-6, maxRetries: 0 }", 0],
    ["client: { preset: none }", 0],
    ["client: none", 0],
    ["", 0],
  ])("with %s: %i", (client, wanted) => {
    expect(withThresholds(client, "overloaded_rate")).toHaveLength(wanted);
  });

  it("may leave it open where there is only one thing that it could be of", () => {
    expect(withThresholds(RETRYING, "ttft", "failure_rate", "give_up_rate{tier:priority}")).toEqual([]);
  });
});
