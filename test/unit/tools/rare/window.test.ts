import { describe, expect, it } from "vitest";
import { toSeconds } from "../../../../src/core/base/units.js";
import type { WindowOptions } from "../../../../src/core/tools/rare/window.js";
import { windowOf } from "../../../../src/core/tools/rare/window.js";
import { smallPool } from "./small-pool.js";

function lengths(warmup: string, duration: string, options: WindowOptions = {}) {
  const scenario = windowOf(smallPool({ warmup, duration }), options);
  return [toSeconds(scenario.warmup), toSeconds(scenario.duration!)];
}

describe("the window", () => {
  it("is as long as the warm-up, or what the scenario leaves", () => {
    expect(lengths("10s", "1h")).toEqual([10, 20]);
    expect(lengths("10s", "15s")).toEqual([10, 15]);
    expect(lengths("0s", "30s")).toEqual([0, 30]);
  });

  it("is what the options say", () => {
    expect(lengths("10s", "1h", { window: "2m" })).toEqual([10, 130]);
    expect(lengths("10s", "1h", { warmup: 5, window: 1.5 })).toEqual([5, 6.5]);
    expect(lengths("10s", "1h", { warmup: "500ms" })).toEqual([0.5, 1]);
  });

  it.each([
    [{ window: "0s" }, "must be longer than 0s"],
    [{ window: "soon" }, 'window: "soon" is not a duration'],
    [{ warmup: "-1s" }, 'warmup: "-1s" is not a duration'],
    [{ warmup: "2h" }, "leaves no window"],
  ])("refuses %j", (options, problem) => {
    expect(() => lengths("10s", "1h", options)).toThrow(problem);
  });

  it("needs a length from somewhere", () => {
    const { duration: _, ...endless } = smallPool({ warmup: "0s" });
    expect(() => windowOf(endless, {})).toThrow("say how long the window is");
    expect(() => windowOf({ ...smallPool(), findsWarmup: true }, {})).toThrow("leaves its warm-up open");
    expect(windowOf({ ...smallPool(), findsWarmup: true }, { warmup: "3s" }).warmup).toBe(3e6);
  });
});
