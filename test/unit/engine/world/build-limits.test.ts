import { describe, expect, it } from "vitest";
import { instant } from "../../../../src/core/base/units.js";
import { buildLimits } from "../../../../src/core/engine/world/build-limits.js";
import { RATE_LIMITED } from "../../../../src/core/server/gateway/verdict.js";
import { facts } from "../../../support/gateway-views.js";
import { loaded, SMALL } from "../../scenario/scenarios.js";

const NOW = instant(0);
const built = (limits: string) => buildLimits(loaded(`${SMALL}limits: ${limits}\n`))!;

describe("limits of a server", () => {
  it("are none where a scenario has none", () => {
    expect(buildLimits(loaded(SMALL))).toBeUndefined();
  });

  it("count whole amounts a minute, as they were written", () => {
    const under = built(
      "{ requests: 70/min, promptTokens: { rate: 7/min, window: fixed }, ramp: { from: 7M/min } }",
    );
    expect(under.state(facts(), NOW).map(({ name, perMinute, size }) => [name, perMinute, size])).toEqual([
      ["requests", 70, 70],
      ["promptTokens", 7, 7],
      ["ramp", 7e6, 7e6],
    ]);
  });

  it("know paths by their place, and models by how many there are", () => {
    const under = built("{ paths: { priority: { requests: { rate: 1/min, burst: 1 } } }, concurrency: 3 }");
    const priority = facts({ path: 1 });
    expect([under.charge(priority, NOW), under.charge(priority, NOW)]).toEqual([
      undefined,
      RATE_LIMITED.requests,
    ]);
    expect([0, 0, 0].map(() => under.charge(facts({ path: 0 }), NOW))).toEqual([
      undefined,
      undefined,
      RATE_LIMITED.concurrency,
    ]);
  });

  it("grow as they are told", () => {
    const under = built("{ requests: 60/min, adaptive: { hardFactor: 3 } }");
    expect(under.state(facts(), NOW)[0]).toMatchObject({ perMinute: 180, size: 180 });
    const softened = Array.from({ length: 61 }, () => {
      under.charge(facts(), NOW);
      return under.isOverSoftCap;
    });
    expect([softened[59], softened[60]]).toEqual([false, true]);
  });
});
