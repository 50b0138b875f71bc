import { describe, expect, it } from "vitest";
import { SCALING_METRICS } from "../../../../../../src/core/server/fleet/control/autoscalers/metrics.js";
import { at, context, sample, viewOf } from "./views.js";

describe("scaling metrics", () => {
  const samples = [
    sample(0, { running: 10, queued: 0, kvUsed: 1000, arrived: 0, promptTokens: 0, outputTokens: 0 }),
    sample(10, { running: 20, queued: 6, kvUsed: 3000, arrived: 50, promptTokens: 900, outputTokens: 70 }),
  ];
  const totals = (view = viewOf(samples, 1), kvTokens = 4000) =>
    Object.fromEntries(
      SCALING_METRICS.map(({ name, total }) => [name, total(view, at(20), context({ slots: 6, kvTokens }))]),
    );

  it("sum over a pool what a replica is compared with", () => {
    expect(totals()).toEqual({
      utilization: 3,
      concurrency: 18,
      queue: 3,
      kv: 0.5,
      requests: 5,
      promptTokens: 90,
      outputTokens: 7,
    });
  });

  it("are missing where nothing has been counted yet, and none where a cache has no bound", () => {
    const { requests, promptTokens, outputTokens, concurrency } = totals(viewOf(samples.slice(0, 1), 1));
    expect([requests, promptTokens, outputTokens, concurrency]).toEqual([
      undefined,
      undefined,
      undefined,
      10,
    ]);
    expect(totals(viewOf(samples, 1), Number.POSITIVE_INFINITY)["kv"]).toBe(0);
  });
});
