import { describe, expect, it } from "vitest";
import * as z from "zod";
import { knobs, samplePeriod } from "../../../../../../src/core/server/fleet/control/autoscalers/knobs.js";
import { at } from "./views.js";

describe("the knobs of autoscalers", () => {
  const read = (defaults: Parameters<typeof knobs>[0], written: object = {}) =>
    z.strictObject(knobs(defaults)).safeParse(written);

  it("have the defaults of the product, in microseconds", () => {
    const { data } = read({ interval: "15s", tolerance: 0.1, upRate: { replicas: 4, times: 1, per: "15s" } });
    expect(data).toEqual({
      min: 1,
      interval: at(15),
      metricsDelay: 0,
      tolerance: 0.1,
      upWindow: 0,
      downWindow: 0,
      upRate: { replicas: 4, times: 1, per: at(15) },
      downRate: "unlimited",
    });
  });

  it("sample as often as they decide, unless they say how often", () => {
    expect(samplePeriod(read({ interval: "15s" }).data!)).toBe(at(15));
    expect(samplePeriod(read({ interval: "15s", metricsEvery: "1s" }).data!)).toBe(at(1));
    expect(samplePeriod(read({ interval: "15s" }, { metricsEvery: "5s" }).data!)).toBe(at(5));
  });

  it("go to zero only where the product does", () => {
    expect(read({ interval: "1s" }, { min: 0 }).success).toBe(true);
    expect(read({ least: 1, interval: "1s" }, { min: 0 }).success).toBe(false);
  });

  it.each([
    [{ interval: "10ms" }, "from 100ms"],
    [{ metricsEvery: "1ms" }, "from 100ms"],
    [{ tolerance: 1 }, "less than 1"],
    [{ upRate: "fast" }, "unlimited, or a limit like"],
    [{ downRate: { replicas: 1 } }, "unlimited, or a limit like"],
    [{ min: -1 }, "-1"],
  ])("refuse %j", (written, message) => {
    const { error } = read({ interval: "1s" }, written);
    expect(JSON.stringify(error?.issues)).toContain(message);
  });
});
