import { describe, expect, it } from "vitest";
import { type Duration, duration, seconds } from "../../../../../src/core/base/units.js";
import { type Phase, PhasesTerm } from "../../../../../src/core/demand/traffic/rate/phases.js";

const STEP: Phase = { duration: seconds(10), rate: 5 };
const RAMP: Phase = { duration: seconds(20), rate: 5, rampTo: 45 };
const PAUSE: Phase = { duration: seconds(30), rate: 0 };

function pieces(phases: readonly Phase[], repeat: boolean, count: number): number[][] {
  const term = new PhasesTerm(phases, repeat);
  return Array.from({ length: count }, () => {
    const piece = [term.from, term.until, term.value, term.slope];
    term.next();
    return piece;
  });
}

describe("phases", () => {
  it("follow each other, and nothing follows the last", () => {
    const nothing = [60, Number.POSITIVE_INFINITY, 0, 0];
    expect(pieces([STEP, RAMP, PAUSE], false, 4)).toEqual([
      [0, 10, 5, 0],
      [10, 30, 5, 2],
      [30, 60, 0, 0],
      nothing,
    ]);
  });

  it("begin anew if they repeat", () => {
    expect(pieces([RAMP, PAUSE], true, 4)).toEqual([
      [0, 20, 5, 2],
      [20, 50, 0, 0],
      [50, 70, 5, 2],
      [70, 100, 0, 0],
    ]);
  });

  it("keep to whole microseconds however often they repeat", () => {
    const all = pieces([{ duration: duration(100_001), rate: 1 }], true, 100_001);
    expect(all.at(-1)![1]).toBe((100_001 * 100_001) / 1e6);
  });

  it("without a rate above 0 do not repeat: there would be no end of looking for one", () => {
    expect(pieces([PAUSE], true, 2)[1]).toEqual([30, Number.POSITIVE_INFINITY, 0, 0]);
    expect(pieces([{ ...PAUSE, rampTo: 1 }], true, 2)[1]).toEqual([30, 60, 0, 1 / 30]);
  });

  it("of no length or of a rate below 0 are refused", () => {
    expect(() => new PhasesTerm([{ duration: 0 as Duration, rate: 1 }], false)).toThrow("some time");
    expect(() => new PhasesTerm([{ ...STEP, rate: -1 }], false)).toThrow("never negative");
    expect(() => new PhasesTerm([{ ...STEP, rampTo: -1 }], false)).toThrow("never negative");
  });
});
