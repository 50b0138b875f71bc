// Each provider as its published texts have it, on the mapping of causes, tiers and waits.
import { describe, expect, it } from "vitest";
import { Catalogue } from "../../../../../src/core/api/catalogue.js";
import { type ReasonName, reasonCode } from "../../../../../src/core/base/outcome.js";
import { seconds } from "../../../../../src/core/base/units.js";
import { AnswerTable } from "../../../../../src/core/server/gateway/providers/answers.js";
import {
  PROVIDERS,
  type ProviderName,
  providerNamed,
} from "../../../../../src/core/server/gateway/providers/registry.js";

type Case = readonly [ReasonName, status: number, type: string, code: string];

const PUBLISHED: Readonly<Record<ProviderName, readonly Case[]>> = {
  fireworks: [
    ["requests", 429, "rate_limit_error", "rate_limit_exceeded"],
    ["generated_tokens", 429, "rate_limit_error", "rate_limit_exceeded"],
    ["overloaded_capacity", 503, "service_overloaded_error", "service_overloaded"],
    ["queue_timeout", 503, "service_overloaded_error", "service_overloaded"],
    ["outage", 503, "service_unavailable_error", "service_unavailable"],
  ],
  "legacy-429": [
    ["requests", 429, "rate_limit_error", "rate_limit_exceeded"],
    ["overloaded_capacity", 429, "rate_limit_error", "rate_limit_exceeded"],
    ["displaced", 429, "rate_limit_error", "rate_limit_exceeded"],
    ["outage", 503, "service_unavailable_error", "service_unavailable"],
  ],
  openai: [
    ["requests", 429, "requests", "rate_limit_exceeded"],
    ["prompt_tokens", 429, "tokens", "rate_limit_exceeded"],
    ["overloaded_capacity", 503, "service_unavailable_error", "server_is_overloaded"],
    ["ramp", 429, "rate_limit_error", "slow_down"],
    ["outage", 500, "server_error", "server_error"],
    ["context_length", 400, "invalid_request_error", "context_length_exceeded"],
    ["unknown_model", 404, "invalid_request_error", "model_not_found"],
  ],
  anthropic: [
    ["requests", 429, "rate_limit_error", "rate_limit_error"],
    ["overloaded_capacity", 529, "overloaded_error", "overloaded_error"],
    ["queue_timeout", 529, "overloaded_error", "overloaded_error"],
    ["outage", 500, "api_error", "api_error"],
    ["unknown_model", 404, "not_found_error", "not_found_error"],
  ],
  azure: [
    ["prompt_tokens", 429, "too_many_requests", "429"],
    ["overloaded_capacity", 429, "too_many_requests", "429"],
    ["outage", 503, "service_unavailable", "503"],
  ],
  bedrock: [
    ["requests", 429, "ThrottlingException", "ThrottlingException"],
    ["overloaded_capacity", 503, "ServiceUnavailableException", "ServiceUnavailableException"],
    ["outage", 500, "InternalServerException", "InternalServerException"],
  ],
  gemini: [
    ["requests", 429, "RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED"],
    ["overloaded_capacity", 503, "UNAVAILABLE", "UNAVAILABLE"],
    ["outage", 503, "UNAVAILABLE", "UNAVAILABLE"],
  ],
  groq: [
    ["requests", 429, "requests", "rate_limit_exceeded"],
    ["prompt_tokens", 429, "tokens", "rate_limit_exceeded"],
    ["overloaded_capacity", 503, "service_unavailable", "service_unavailable"],
  ],
  "llm-d": [
    ["overloaded_capacity", 429, "ResourceExhausted", "ResourceExhausted"],
    ["queue_timeout", 503, "ServiceUnavailable", "ServiceUnavailable"],
    ["outage", 503, "ServiceUnavailable", "ServiceUnavailable"],
    ["unknown_model", 404, "NotFound", "NotFound"],
  ],
};

it("has each provider once, under the names of the published cases, the default first", () => {
  expect(PROVIDERS.map(({ name }) => name)).toEqual(Object.keys(PUBLISHED));
});

it("says what was probably meant", () => {
  expect(providerNamed("groq").name).toBe("groq");
  expect(() => providerNamed("antropic")).toThrow(/no provider is named "antropic".*anthropic/);
});

describe.each(PROVIDERS)("$name", ({ name }) => {
  it.each(PUBLISHED[name])("answers %s with %d %s %s", (reason, status, type, code) => {
    expect(new AnswerTable(providerNamed(name)).of(reasonCode(reason))).toMatchObject({ status, type, code });
  });
});

it("has statuses of Flex of their own", () => {
  const flex = (name: ProviderName) =>
    new AnswerTable(providerNamed(name), {}, ["flex"]).of(reasonCode("overloaded_capacity"), 0);
  expect(flex("groq")).toMatchObject({ status: 498, code: "capacity_exceeded" });
  expect(flex("openai")).toMatchObject({ status: 429 });
});

it("tells the waits that are published", () => {
  const waits = PROVIDERS.map(({ name, retryAfter }) => [
    name,
    retryAfter.rateLimited,
    retryAfter.overloaded,
  ]);
  expect(waits).toEqual([
    ["fireworks", "none", "none"],
    ["legacy-429", "none", "none"],
    ["openai", "estimate", "none"],
    ["anthropic", "estimate", "none"],
    ["azure", "estimate", seconds(6)],
    ["bedrock", "none", "none"],
    ["gemini", "none", "none"],
    ["groq", "estimate", "none"],
    ["llm-d", "none", "none"],
  ]);
  expect(providerNamed("anthropic").retryAfter.shouldRetry).toEqual({ overloaded: true });
});

it("demotes at Gemini, spills at Azure, and does neither at Fireworks", () => {
  const verbs = (name: ProviderName) => providerNamed(name).verbs.map(({ verb }) => verb);
  expect([verbs("gemini"), verbs("azure"), verbs("fireworks")]).toEqual([["demote"], ["spill"], []]);
});

it("takes a service tier that is not there for the default, or refuses it", () => {
  const model = { name: "standard", model: "m", serviceTier: undefined, price: undefined };
  const route = (name: ProviderName, tier: string) =>
    new Catalogue([model], providerNamed(name).serviceTiers).route("m", tier);
  expect(route("fireworks", "gold")).toBe(0);
  expect(route("openai", "gold")).toBeLessThan(0);
  expect(route("openai", "auto")).toBe(0);
  expect(route("anthropic", "standard_only")).toBe(0);
});
