import { describe, expect, it } from "vitest";
import type { RareResult } from "../../../../src/core/index.js";
import { rareText } from "../../../../src/core/tools/rare/rare-text.js";

const RESULT: RareResult = {
  schemaVersion: 1,
  scenario: "reserved",
  seed: "1",
  tier: "priority",
  event: "overloaded",
  metric: "overloaded_rate{tier:priority,per:attempt}",
  partial: false,
  caveats: [],
  value: 4.4174e-7,
  low: 3.9e-7,
  high: 5.04e-7,
  confidence: 0.95,
  method: "splitting",
  window: { warmup: 60, length: 90 },
  levels: [
    { crowding: 190, factor: 4, reached: 0.25, given: 0.25 },
    { crowding: 1200, factor: 12, reached: 0.00012, given: 0.00048 },
  ],
  trials: 1234,
  trialsWithEvent: 200,
  trajectories: 9876,
  events: 12_345_678,
  pilotEvents: 234_567,
  plain: { runsWithEvent: 0, events: 456_000_000, gain: 36.9 },
};

describe("the text", () => {
  it("says the rate, the levels and what it took", () => {
    expect(rareText(RESULT)).toMatchInlineSnapshot(`
      "overloaded_rate{tier:priority,per:attempt} = 4.42e-7 [3.90e-7, 5.04e-7]  95%

      level  inside or in queue  copies  times a run gets there  of the level before
          1                 190       4                   0.250                0.250
          2               1,200      12                 1.20e-4             0.000480

      window   1m30s, after 1m of warm-up
      trials   1,234, 200 of them with the event; 9,876 trajectories
      events   12.3M, of them 235k to place the levels
      plain    about 456M events for the same interval: splitting gains 37 times (estimate)
      "
    `);
  });

  it("says what is to be known besides, below the rate", () => {
    const caveats = [{ kind: "estimate", text: "the step times of shared are an estimate" }] as const;
    expect(rareText({ ...RESULT, caveats })).toMatch(
      /95%\n\nCAVEATS\n {2}the step times of shared are an estimate\n\nlevel/,
    );
  });

  const first = (change: Partial<RareResult>) => rareText({ ...RESULT, ...change }).split("\n")[0];
  const last = (plain: RareResult["plain"]) =>
    rareText({ ...RESULT, plain })
      .split("\n")
      .at(-2);

  it("says what it does not know", () => {
    expect(first({ low: null, high: null, method: "none" })).toMatch(/= 4.42e-7, too few trials/);
    expect(first({ value: null, low: null, high: null, method: "none" })).toMatch(
      /is unknown: no attempts in 1,234 trials$/,
    );
    expect(first({ value: 0, low: 0, high: 0.03, method: "zero-events" })).toMatch(
      /= 0 \[0, 3%\] .*rule of three/,
    );
    expect(first({ partial: true })).toMatch(/\(partial: interrupted\)$/);
    expect(last(null)).toMatch(/unknown, as no trial/);
  });

  it("says when a plain run will do", () => {
    expect(last({ runsWithEvent: 300, events: 4e6, gain: 0.32 })).toMatch(
      /0.32 times .*surgefleet run will do$/,
    );
  });
});
