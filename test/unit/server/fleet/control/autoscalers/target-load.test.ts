import { describe, expect, it } from "vitest";
import { autoscaler } from "../../../../../../src/core/server/fleet/control/autoscalers/registry.js";
import { at, make, sample, viewOf } from "./views.js";

describe("target load by the rule that Fireworks publishes", () => {
  it("has as many replicas as keep each at the target, of 30 s on average", () => {
    const scaler = make({ algorithm: "target-load" });
    const samples = [0, 10, 20, 30].map((second) => sample(second, { running: second, ready: 1 }));
    // 10, 20 and 30 sequences in the window, 10 slots a replica, 0.8 of them.
    expect(scaler.recommend(viewOf(samples, 1))).toBe(20 / 10 / 0.8);
  });

  it("takes the most demanding of several targets", () => {
    const targets = { requests: 2, concurrency: 10 };
    const scaler = make({ algorithm: "target-load", targets });
    const samples = [sample(0), sample(30, { running: 35, arrived: 300 })];
    expect(scaler.recommend(viewOf(samples, 1))).toBe(300 / 30 / 2);
  });

  it("keeps one until nothing has been there for an hour, and starts none for nothing", () => {
    const scaler = make({ algorithm: "target-load", min: 0 });
    const looks = [
      [0, { running: 1, arrived: 1 }, 1],
      [10, { arrived: 1 }, 1],
      [3599, { arrived: 1 }, 1],
      [3600, { arrived: 1 }, 1],
      [3610, { arrived: 1 }, 0],
      [3620, { arrived: 2, queued: 1 }, 0],
    ] as const;
    const said = looks.map(([second, given, wanted]) =>
      scaler.recommend(viewOf([sample(second, given)], wanted)),
    );
    expect(said).toEqual([1, 1, 1, 0, 0, 1]);
    expect(make("target-load").recommend(viewOf([sample(0)], 0))).toBe(0);
  });

  it("has the published defaults, and a wait of 5 min before zero at least", () => {
    expect(autoscaler.parse("target-load")).toMatchObject({
      upWindow: at(30),
      downWindow: at(600),
      zeroAfter: at(3600),
      targets: { utilization: 0.8 },
    });
    expect(autoscaler.safeParse({ algorithm: "target-load", zeroAfter: "4m" }).success).toBe(false);
  });
});
