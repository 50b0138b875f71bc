import { describe, expect, it } from "vitest";
import { Router } from "../../../../src/core/server/gateway/router.js";
import { TIER_NOT_OFFERED, UNKNOWN_MODEL } from "../../../../src/core/server/gateway/verdict.js";

const router = new Router([
  { model: "kimi", serviceTier: undefined },
  { model: "kimi", serviceTier: "priority" },
  { model: "kimi-fast", serviceTier: undefined },
  { model: "only-priority", serviceTier: "priority" },
]);

describe("router", () => {
  it.each([
    ["kimi", undefined, 0],
    ["kimi", "priority", 1],
    ["kimi-fast", undefined, 2],
    ["only-priority", "priority", 3],
  ])("takes %s with tier %s to path %i", (model, tier, path) => {
    expect(router.route(model, tier)).toEqual({ path });
  });

  it.each(["auto", "default", "", "PRIORITY", "toString"])(
    "treats the unknown tier %o as the default",
    (tier) => {
      expect(router.route("kimi", tier)).toEqual({ path: 0 });
      expect(router.route("kimi-fast", tier)).toEqual({ path: 2 });
    },
  );

  it("refuses a tier that exists but not with this model: Priority on the Fast model id is a 400", () => {
    expect(router.route("kimi-fast", "priority")).toBe(TIER_NOT_OFFERED);
    expect(router.route("only-priority", undefined)).toBe(TIER_NOT_OFFERED);
    expect(TIER_NOT_OFFERED).toMatchObject({ kind: "reject", status: 400 });
  });

  it.each(["gpt", "", "kimi\npriority", "__proto__"])("knows no model %o: a 404", (model) => {
    expect(router.route(model, undefined)).toBe(UNKNOWN_MODEL);
    expect(UNKNOWN_MODEL).toMatchObject({ kind: "reject", status: 404 });
  });

  it("answers the same question with the same object, so that a million requests allocate nothing", () => {
    expect(router.route("kimi", "auto")).toBe(router.route("kimi", undefined));
  });
});
