import { describe, expect, it } from "vitest";
import { Catalogue, reasonOf } from "../../../src/core/api/catalogue.js";
import { REASONS } from "../../../src/core/base/outcome.js";

const FREE = { serviceTier: undefined, price: undefined };

const catalogue = new Catalogue([
  { ...FREE, name: "standard", model: "kimi" },
  { ...FREE, name: "priority", model: "kimi", serviceTier: "priority" },
  { ...FREE, name: "fast", model: "kimi-fast", price: { input: 1, cached: 0.1, output: 4 } },
  { ...FREE, name: "only", model: "only-priority", serviceTier: "priority" },
]);

/** Name and status of the refusal. */
function refusal(model: string, tier: string | undefined): [string, number] {
  const route = catalogue.route(model, tier);
  expect(route).toBeLessThan(0);
  const { name, status } = REASONS[reasonOf(route)]!;
  return [name, status];
}

describe("catalogue", () => {
  it.each([
    ["kimi", undefined, 0],
    ["kimi", "priority", 1],
    ["kimi-fast", undefined, 2],
    ["only-priority", "priority", 3],
  ])("takes %s with tier %s to path %i", (model, tier, path) => {
    expect(catalogue.route(model, tier)).toBe(path);
  });

  it.each(["auto", "default", "", "PRIORITY", "toString"])(
    "treats the unknown tier %o as the default",
    (tier) => {
      expect(catalogue.route("kimi", tier)).toBe(0);
      expect(catalogue.route("kimi-fast", tier)).toBe(2);
    },
  );

  it("refuses a tier that exists but not with this model: Priority on the Fast model id is a 400", () => {
    expect(refusal("kimi-fast", "priority")).toEqual(["tier_not_offered", 400]);
    expect(refusal("only-priority", undefined)).toEqual(["tier_not_offered", 400]);
  });

  it.each(["gpt", "", "kimi\npriority", "__proto__"])("knows no model %o: a 404", (model) => {
    expect(refusal(model, undefined)).toEqual(["unknown_model", 404]);
  });

  it("charges what is not cached, what is, and the answer; nothing where a path has no price", () => {
    const tokens = { inputTokens: 1_000_000, cachedTokens: 400_000, outputTokens: 500_000 };
    expect([2, 0, 9].map((path) => catalogue.costOf(tokens, path))).toEqual([0.6 + 0.04 + 2, 0, 0]);
  });
});
