import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PredictedLatency } from "../../../../../../src/core/server/fleet/control/autoscalers/predicted-latency.js";
import { autoscaler } from "../../../../../../src/core/server/fleet/control/autoscalers/registry.js";
import type { ScalingSample } from "../../../../../../src/core/server/fleet/control/autoscalers/view.js";
import { linearProfile } from "../../../../../../src/core/server/profile/linear.js";
import { at, make, sample, viewOf } from "./views.js";

const profile = linearProfile({ base: 20_000, perSequence: 400, perContextToken: 0, perPrefillToken: 0 });
const limits = { slots: 64, kvTokens: Number.POSITIVE_INFINITY, profile };

const sla = (given: object = {}) => make({ algorithm: "sla", ...given }, limits);

/** Three minutes with so many arrivals a second, of 1 prompt token and 200 generated ones each. */
function minutes(rate: number, given: Partial<ScalingSample> = {}) {
  const arrived = 180 * rate;
  const counts = { arrived, promptTokens: arrived, completed: arrived, outputTokens: 200 * arrived };
  return viewOf([sample(0), sample(180, { ...counts, ...given })], 1);
}

describe("scaling to a latency objective", () => {
  it("has the least replicas that meet the time per token, worked by hand", () => {
    // 20 + 0.4 n <= 30 ms: 25 in a batch, which leave at 25 / (200 x 0.03 s) = 4.1667 a second.
    const scaler = sla({ tpot: "30ms" });
    expect([4.16, 4.17, 8.33, 8.34, 41.6].map((rate) => scaler.recommend(minutes(rate)))).toEqual([
      1, 2, 2, 3, 10,
    ]);
  });

  it("has what keeps the wait below its target where tokens may be slow", () => {
    // One replica takes 7.0175 a second. By its chain, reckoned apart from this code, attempts wait for 344 ms at 6.4 a
    // second and 448 ms at 6.45, to which half a step and the first one add 62 ms: too long.
    const scaler = sla({ tpot: "1s" });
    const load = [5, 6.4, 6.45].map((rate) => scaler.recommend(minutes(rate)));
    expect(load).toEqual([1, 1, 2]);
    expect(sla({ tpot: "1s", ttft: "50ms" }).recommend(minutes(6.9))).toBe(2);
  });

  it("takes what waits for traffic of the interval", () => {
    expect(sla({ tpot: "30ms" }).recommend(minutes(4, { queued: 0 }))).toBe(1);
    expect(sla({ tpot: "30ms" }).recommend(minutes(4, { queued: 180 }))).toBe(2);
  });

  it("takes a quarter more than a replica without load where a target is out of reach", () => {
    // 20.4 ms at best, 25.5 with a quarter more: 13 in a batch, 13 / (200 x 0.0252 s) = 2.579 a second.
    const scaler = sla({ tpot: "1ms" });
    expect([2.57, 2.58].map((rate) => scaler.recommend(minutes(rate)))).toEqual([1, 2]);
  });

  it("prefills only what it does not expect in the cache", () => {
    const prefills = linearProfile({
      base: 10_000,
      perSequence: 0,
      perContextToken: 0,
      perPrefillToken: 100,
    });
    const busy = minutes(5, { promptTokens: 5 * 180 * 1000 });
    const says = (cached: string) =>
      make(
        { algorithm: "sla", ttft: "1h", tpot: "15ms", cached },
        { ...limits, profile: prefills },
      ).recommend(busy);
    // 100 ms a prompt: 5 a second are half of a step, which is then 20 ms; one in ten of them is hardly noticed.
    expect([says("0%"), says("90%")]).toEqual([2, 1]);
  });

  it("says nothing before anything has completed, and one without traffic", () => {
    expect(sla().recommend(viewOf([sample(0)], 1))).toBeUndefined();
    expect(sla().recommend(minutes(5, { completed: 0, outputTokens: 0 }))).toBeUndefined();
    expect(sla().recommend(minutes(0))).toBe(1);
  });

  it("has the published defaults", () => {
    expect(autoscaler.parse("sla")).toMatchObject({
      ttft: at(0.5),
      tpot: at(0.05),
      interval: at(180),
      min: 1,
    });
  });

  it("has the least number of all that meet the targets", () => {
    const targets = fc.record({
      rate: fc.double({ min: 0.1, max: 200, noNaN: true }),
      ttft: fc.integer({ min: 100, max: 2000 }),
      tpot: fc.integer({ min: 30, max: 60 }),
    });
    const law = fc.property(targets, ({ rate, ttft, tpot }) => {
      const said = sla({ ttft: `${ttft}ms`, tpot: `${tpot}ms` }).recommend(minutes(rate))!;
      const traffic = { rate: rate / 1e6, promptTokens: 1, cachedTokens: 0, outputTokens: 200 };
      const predicted = new PredictedLatency(limits, traffic);
      const meets = (replicas: number) => {
        const latency = predicted.with(replicas);
        return latency !== undefined && latency.ttft <= 1000 * ttft && latency.tpot <= 1000 * tpot;
      };
      const fewer = Array.from({ length: said - 1 }, (_, index) => index + 1);
      return meets(said) && !fewer.some(meets);
    });
    fc.assert(law, { numRuns: 60 });
  });
});
