import { describe, expect, it } from "vitest";
import { exampleAnswers } from "../../../../../src/core/server/gateway/providers/examples.js";
import { toldTier } from "../../../../../src/core/server/gateway/providers/provider.js";
import { PROVIDERS, providerNamed } from "../../../../../src/core/server/gateway/providers/registry.js";

const fields = (name: string, when: RegExp) => {
  const answer = exampleAnswers(providerNamed(name)).find((one) => when.test(one.when))!;
  const { status, error, headers, body } = answer;
  return { status, error, ...Object.fromEntries([...headers, ...body]) };
};

describe("who served it", () => {
  // As the providers' own pages have it; x-served-* are ours.
  it.each([
    ["openai", { service_tier: "default", "x-served-tier": "default" }],
    ["anthropic", { "usage.service_tier": "standard", "x-served-tier": "standard" }],
    ["azure", { service_tier: "default" }],
    ["bedrock", { "serviceTier.type": "default", "X-Amzn-Bedrock-Service-Tier": "default" }],
    ["gemini", { "x-gemini-service-tier": "standard", "usageMetadata.serviceTier": "standard" }],
    ["groq", { service_tier: "on_demand" }],
    ["fireworks", { service_tier: "default", "x-served-tier": "default" }],
    ["legacy-429", { service_tier: "default", "x-served-tier": "default" }],
    ["llm-d", { service_tier: "default", "x-served-tier": "default" }],
  ])("is told by %s after a demotion", (name, told) => {
    expect(fields(name, /demoted/)).toMatchObject({ status: 200, ...told });
  });

  it.each(PROVIDERS)("is told by $name as another after a spill, and as asked for otherwise", ({ name }) => {
    expect(fields(name, /spilled/)).toMatchObject({ status: 200, "x-served-pool": "second" });
    expect(fields(name, /as asked for/)).toMatchObject({ status: 200, "x-served-pool": "first" });
  });

  // Priority of anthropic is asked for as auto, and told by its own name.
  it.each([
    ["openai", "priority"],
    ["anthropic", "priority"],
    ["bedrock", "priority"],
    ["gemini", "priority"],
    ["groq", "performance"],
    ["llm-d", "default"],
  ])("is told by %s as %s where that was asked for", (name, tier) => {
    const told: readonly unknown[] = Object.values(fields(name, /as asked for/));
    expect(told.filter((value) => value === tier).length).toBe(2);
  });

  it("is told by openai as priority where fast was asked for", () => {
    expect(toldTier(providerNamed("openai"), "fast")).toBe("priority");
    expect(toldTier(providerNamed("openai"), "auto")).toBe("default");
    expect(toldTier(providerNamed("fireworks"), "priority")).toBe("priority");
  });

  it("is told by azure with the deployment that had no room, of a spill alone", () => {
    expect(fields("azure", /spilled/)).toMatchObject({
      "x-ms-spillover-from-deployment": "first",
      "x-ms-deployment-name": "second",
    });
    expect(Object.keys(fields("azure", /as asked for/))).not.toContain("x-ms-deployment-name");
  });
});

describe("a refusal", () => {
  it.each(PROVIDERS)("of $name says nothing of who served it", ({ name }) => {
    for (const when of [/limit/, /room/, /outage/]) {
      expect(fields(name, when).error).not.toEqual([]);
      const told = Object.keys(fields(name, when)).join(" ");
      expect(told).not.toMatch(/served|service-tier|service_tier|spill/);
    }
  });

  it("goes with the waits of its provider", () => {
    expect(fields("openai", /limit/)).toMatchObject({ status: 429, "retry-after": "12" });
    expect(fields("azure", /room/)).toMatchObject({ status: 429, "retry-after-ms": "6000" });
    expect(fields("anthropic", /room/)).toMatchObject({ status: 529, "x-should-retry": "true" });
    expect(fields("gemini", /outage/)).toEqual({ status: 503, error: ["UNAVAILABLE"] });
    expect(fields("openai", /room/).error).toEqual(["service_unavailable_error", "server_is_overloaded"]);
  });
});
