import { expect, it } from "vitest";
import { type Instant, instant } from "../../../../src/core/base/units.js";
import { GpuTime } from "../../../../src/core/server/fleet/gpu-time.js";

it("adds up GPU-seconds from the start, or from when it is reset", () => {
  const time = new GpuTime(4);
  time.change(2, instant(1_000_000));
  expect(time.seconds(instant(2_000_000))).toBe(4 + 6);
  time.reset(instant(2_000_000));
  time.change(-6, instant(2_500_000));
  expect([time.gpus, time.seconds(instant(9_000_000))]).toEqual([0, 3]);
  expect(() => time.change(-1, instant(9_000_000))).toThrow("LAW-15");
  expect(() => time.seconds(1 as Instant)).toThrow("LAW-2");
});
