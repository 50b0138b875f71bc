import { describe, expect, it } from "vitest";
import { CENTURY, seconds } from "../../../../src/core/base/units.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { ColdStart, type ColdStartSpec } from "../../../../src/core/server/fleet/cold-start.js";

const fixed = (value: number) => ({ dist: "constant", value }) as const;
const SPEC: ColdStartSpec = {
  provision: fixed(100),
  image: fixed(20),
  load: { dist: "lognormal", median: 10, sigma: 0.5 },
  init: fixed(3),
  wake: fixed(2),
};

describe("a cold start", () => {
  it("draws each stage by itself, and is on the average all of them together", () => {
    const start = new ColdStart(SPEC, openStream("1", "start"));
    const drawn = Array.from({ length: 4000 }, () => start.next());
    expect(drawn[0]).toMatchObject({ provision: seconds(100), image: seconds(20), init: seconds(3) });
    const mean = drawn.reduce((sum, { load }) => sum + load, 0) / 4000 / 1e6;
    // Mean of the log-normal: 10 exp(0.125); its standard deviation over sqrt(4000) is about 0.1.
    expect(Math.abs(mean - 11.331)).toBeLessThan(0.4);
    expect([start.meanOn(false), start.meanOn(true)]).toEqual([
      expect.closeTo(134.331, 2),
      expect.closeTo(34.331, 2),
    ]);
    expect(start.wake()).toBe(seconds(2));
  });

  it("takes a century at most, stage by stage, and no time where it takes none", () => {
    const heavy = { dist: "lognormal", median: 1, sigma: 14 } as const;
    const start = new ColdStart(
      { ...SPEC, image: fixed(0), load: heavy, wake: heavy },
      openStream("1", "start"),
    );
    const loads = Array.from({ length: 100 }, () => start.next().load);
    expect(loads.filter((load) => load === CENTURY).length).toBeGreaterThan(0);
    expect(loads.filter((load) => load < seconds(1)).length).toBeGreaterThan(0);
    expect(Array.from({ length: 100 }, () => start.wake())).toContain(CENTURY);
    expect(start.next().image).toBe(0);
  });

  it("has the same draws whatever a stage that takes a fixed time is set to", () => {
    const loads = (init: number) => {
      const start = new ColdStart({ ...SPEC, init: fixed(init) }, openStream("1", "start"));
      return Array.from({ length: 5 }, () => start.next().load);
    };
    expect(loads(0)).toEqual(loads(60));
  });
});
