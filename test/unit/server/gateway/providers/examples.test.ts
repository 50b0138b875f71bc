import { describe, expect, it } from "vitest";
import { exampleAnswers } from "../../../../../src/core/server/gateway/providers/examples.js";
import { PROVIDERS, providerNamed } from "../../../../../src/core/server/gateway/providers/registry.js";

const fields = (name: string, when: RegExp) => {
  const { status, headers, body } = exampleAnswers(providerNamed(name)).find((one) => when.test(one.when))!;
  return { status, ...Object.fromEntries([...headers, ...body]) };
};

describe("who served it", () => {
  // As the providers' own pages have it; x-served-* are ours.
  it.each([
    ["openai", { service_tier: "default", "x-served-tier": "default" }],
    ["anthropic", { "usage.service_tier": "standard", "x-served-tier": "standard" }],
    ["azure", { service_tier: "default" }],
    ["bedrock", { "serviceTier.type": "default" }],
    ["gemini", { "x-gemini-service-tier": "standard" }],
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
      const told = Object.keys(fields(name, when)).join(" ");
      expect(told).toMatch(/error\.type/);
      expect(told).not.toMatch(/served|service-tier|service_tier|spill/);
    }
  });

  it("goes with the waits of its provider", () => {
    expect(fields("openai", /limit/)).toMatchObject({ status: 429, "retry-after": "12" });
    expect(fields("azure", /room/)).toMatchObject({ status: 429, "retry-after-ms": "6000" });
    expect(fields("anthropic", /room/)).toMatchObject({ status: 529, "x-should-retry": "true" });
    expect(Object.keys(fields("gemini", /outage/))).toEqual(["status", "error.type", "error.code"]);
  });
});
