// The contract of providers over every provider there is, and over faulty ones.
import { describe, expect, it } from "vitest";
import { Outcome, REASONS } from "../../src/core/base/outcome.js";
import { seconds } from "../../src/core/base/units.js";
import { SERVED_POOL, SERVED_TIER } from "../../src/core/server/gateway/providers/families.js";
import { fireworks } from "../../src/core/server/gateway/providers/fireworks.js";
import type { Provider } from "../../src/core/server/gateway/providers/provider.js";
import { PROVIDERS } from "../../src/core/server/gateway/providers/registry.js";
import { misreadReasons, problemsOf } from "./provider.js";

it.each(PROVIDERS)("$name keeps the contract", (provider) => {
  expect(problemsOf(provider)).toEqual([]);
});

describe("which causes a caller cannot tell", () => {
  const overloads = REASONS.filter(({ outcome }) => outcome === Outcome.overloaded).map(({ name }) => name);
  const of = (name: string) => misreadReasons(PROVIDERS.find((one) => one.name === name)!);

  it.each(["fireworks", "openai", "anthropic"])("of %s: none", (name) => {
    expect(of(name)).toEqual([]);
  });

  it.each([
    ["legacy-429", "rate_limited"],
    ["azure", "rate_limited"],
    ["bedrock", "unavailable"],
    ["gemini", "unavailable"],
    ["groq", "unavailable"],
  ])("of %s: overload passes for %s", (name, read) => {
    expect(of(name)).toEqual(overloads.map((reason) => `${reason} as ${read}`));
  });

  it("of llm-d: a full pool passes for an account limit, a wait that ran out for an outage", () => {
    const read = (reason: string) => (reason === "queue_timeout" ? "unavailable" : "rate_limited");
    expect(of("llm-d")).toEqual(overloads.map((reason) => `${reason} as ${read(reason)}`));
  });
});

const broken = (changes: Partial<Provider>): Provider => ({ ...(fireworks as Provider), ...changes });
const { answers, retryAfter, serviceTiers } = fireworks;

describe("the contract finds", () => {
  it.each<[string, Partial<Provider>, RegExp]>([
    [
      "a status that no refusal has",
      { answers: { ...answers, overloaded: { ...answers.overloaded, status: 200 } } },
      /has status 200/,
    ],
    [
      "a cause without a code",
      { answers: { ...answers, unavailable: { ...answers.unavailable, code: "" } } },
      /no code/,
    ],
    [
      "an account limit that looks like an overload",
      { answers: { ...answers, rate_limited: answers.overloaded } },
      /is misread/,
    ],
    ["a wait of 0", { retryAfter: { ...retryAfter, overloaded: seconds(0) } }, /waits 0/],
    ["a wait of a minute", { retryAfter: { ...retryAfter, rateLimited: seconds(60) } }, /waits 60000000/],
    ["a reason that there is not", { byReason: { lazy: answers.invalid } as never }, /no reason lazy/],
    [
      "a header twice",
      { headers: [...fireworks.headers, { name: "RETRY-AFTER", shows: "retry-after", as: "seconds" }] },
      /a header twice/,
    ],
    ["a name that is no header", { headers: [{ name: "retry after", shows: "should-retry" }] }, /no name/],
    [
      "a tier of the default that it does not know",
      { serviceTiers: { ...serviceTiers, ofDefault: ["auto"] } },
      /not known/,
    ],
    ["no sources", { sources: [] }, /no source/],
    [
      "a part of which nothing says where it is from",
      { sources: fireworks.sources.filter(({ parts }) => !parts.some((part) => part === "served")) },
      /does not say where served is from/,
    ],
    ["a tier that is told in no header", { headers: [SERVED_POOL] }, /does not tell that default served/],
    ["a tier that is not told in the body", { body: [] }, /does not tell that priority served/],
    ["a pool that is not told", { headers: [SERVED_TIER] }, /does not tell that shared served/],
    [
      "a field that is none of a body",
      { body: [{ name: "usage service", shows: "served-tier" }] },
      /no path of the body/,
    ],
  ])("%s", (_, changes, problem) => {
    expect(problemsOf(broken(changes)).join("\n")).toMatch(problem);
  });
});
