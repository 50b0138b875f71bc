import { describe, expect, it } from "vitest";
import { busyWindow, ratesIn, wholeRun } from "../../../../src/core/tools/validation/throughput.js";
import { request } from "./requests.js";

describe("rates", () => {
  const run = [request(), request({ arrival: 4, scheduled: 4 })];

  it("of a whole run count every token once", () => {
    const window = wholeRun(run);
    expect(window).toEqual({ from: 0, to: 15 });
    expect(ratesIn(run, window)).toEqual({
      seconds: 15,
      requestsPerSecond: 2 / 15,
      outputTokensPerSecond: 22 / 15,
      promptTokensPerSecond: 200 / 15,
    });
  });

  it("of a window count the share of a prompt and of an output that lies inside", () => {
    const rates = ratesIn(run, { from: 4.5, to: 6.5 });
    expect(rates.promptTokensPerSecond).toBeCloseTo(50 / 2, 9);
    // Two of the first one's, its tokens a second apart; the second's first token and one and a half after it.
    expect(rates.outputTokensPerSecond).toBeCloseTo((2 + 1 + 1.5) / 2, 9);
    expect(rates.requestsPerSecond).toBe(0);
  });

  it("count tokens where steps ended, if there is a log of them", () => {
    const steps = [
      { end: 4, decoding: 100 },
      { end: 5, decoding: 7 },
      { end: 7, decoding: 100 },
    ];
    // 7 further tokens, and the second request's first.
    expect(ratesIn(run, { from: 4.5, to: 6.5 }, steps).outputTokensPerSecond).toBe(8 / 2);
  });
});

describe("the busy window", () => {
  it("of requests that all come at once lies between filling and draining", () => {
    // Four places, one filled every second, each held for twenty.
    const run = Array.from({ length: 12 }, (_, index) => {
      const scheduled = (index % 4) + 20 * Math.floor(index / 4);
      return request({ arrival: 0, scheduled, firstToken: scheduled + 1, finish: scheduled + 20 });
    });
    const { from, to } = busyWindow(run);
    expect(from).toBeGreaterThan(2.5);
    expect(from).toBeLessThan(3.5);
    expect(to).toBe(43);
  });

  it("of a single request is the whole run", () => {
    expect(busyWindow([request()])).toEqual({ from: 0, to: 11 });
  });
});
