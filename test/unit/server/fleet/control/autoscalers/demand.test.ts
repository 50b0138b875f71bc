import { describe, expect, it } from "vitest";
import {
  Demand,
  mostOf,
  targets,
} from "../../../../../../src/core/server/fleet/control/autoscalers/demand.js";
import { at, context, sample, viewOf } from "./views.js";

describe("the demand of a pool", () => {
  it("is load over target by metric, the most demanding of which counts", () => {
    const demand = new Demand({ utilization: 0.5, queue: 2, requests: 3 }, context());
    const view = viewOf([sample(0, { running: 40, queued: 16 })], 1);
    expect(demand.each(view, at(10))).toEqual([11.2, 8, undefined]);
    expect(demand.most(view, at(10))).toBe(11.2);
    expect(new Demand({ requests: 3 }, context()).most(view, at(10))).toBeUndefined();
    expect(mostOf([])).toBeUndefined();
  });

  it("watches the KV cache only for a target that needs it", () => {
    expect(new Demand({ utilization: 1 }, context()).watchesKv).toBe(false);
    expect(new Demand({ utilization: 1, kv: 0.7 }, context()).watchesKv).toBe(true);
  });

  it("has one target at least, above zero", () => {
    expect(targets.safeParse({}).error?.issues[0]?.message).toBe("at least one target is needed");
    expect(targets.safeParse({ queue: 0 }).success).toBe(false);
    expect(targets.safeParse({ latency: 1 }).success).toBe(false);
  });
});
