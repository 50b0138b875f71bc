import { describe, expect, it } from "vitest";
import type { ScalingSample } from "../../../../../../src/core/server/fleet/control/autoscalers/view.js";
import { make, sample, viewOf } from "./views.js";

const keda = (given: object = {}) => make({ algorithm: "keda", targets: { concurrency: 10 }, ...given });

/** What it says every 15 s, where so many are wanted. */
function says(scaler: ReturnType<typeof keda>, wanted: number, looks: readonly Partial<ScalingSample>[]) {
  return looks.map((one, index) => scaler.recommend(viewOf([sample(15 * index, one)], wanted)));
}

describe("KEDA by its published rule", () => {
  it("goes from zero to one when a poll finds something, and polls every 30 s", () => {
    const busy = { queued: 40, arrived: 40 };
    expect(says(keda(), 0, [{}, busy, busy, busy])).toEqual([undefined, undefined, 1, undefined]);
  });

  it("sees at a poll what came and went since the last one", () => {
    expect(says(keda(), 0, [{}, { queued: 1, arrived: 1 }, { arrived: 1 }])).toEqual([
      undefined,
      undefined,
      1,
    ]);
  });

  it("goes to zero from however many once it was idle for the cooldown, and not before", () => {
    const idle = Array.from({ length: 22 }, () => ({ ready: 4, arrived: 5 }));
    const said = says(keda(), 4, [{ ready: 4, running: 5, arrived: 5 }, ...idle]);
    expect(said.indexOf(0)).toBe(300 / 15);
    expect(said.slice(1, 20).every((one) => one === 1)).toBe(true);
    const kept = says(keda({ min: 1 }), 4, [{ ready: 4, running: 5, arrived: 5 }, ...idle]);
    expect(kept).not.toContain(0);
  });

  it("is HPA between one and many, on a total that those on their way do not change", () => {
    const given = { ready: 2, starting: 6, running: 35, arrived: 35 };
    expect(says(keda(), 8, [given])).toEqual([3.5]);
    const hpa = make({ algorithm: "hpa", targets: { concurrency: 10 }, metrics: "external" });
    expect(hpa.recommend(viewOf([sample(0, given)], 8))).toBe(3.5);
  });
});
