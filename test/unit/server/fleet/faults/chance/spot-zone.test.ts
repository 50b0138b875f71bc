// Spot zones against the trace figures of elastic.md 2.8: availability, and mean over median of the spells.
import { mean, median } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { type Duration, instant, START, seconds } from "../../../../../../src/core/base/units.js";
import { openStream } from "../../../../../../src/core/random/stream.js";
import { timeDistribution } from "../../../../../../src/core/random/time-distribution.js";
import { SpotZone } from "../../../../../../src/core/server/fleet/faults/chance/spot-zone.js";

const HOUR = 3600e6;
type Spells = readonly [mean: number, median: number];
type Zone = readonly [name: string, availability: number, up: Spells, down: Spells];

const hours = ([mean, median]: Spells) =>
  timeDistribution({ mean: seconds(mean * 3600), median: seconds(median * 3600) });

/** Spells in hours. */
const ZONES: readonly Zone[] = [
  ["us-east-1a", 0.167, [0.7, 0.3], [3.6, 0.54]],
  ["us-east-1c", 0.467, [1.5, 0.5], [1.7, 0.54]],
  ["us-east-1f", 0.591, [2.3, 0.5], [1.6, 0.49]],
  ["us-east-2b", 0.682, [4.3, 1.1], [2.0, 0.7]],
  ["us-west-2a", 0.883, [6.1, 1.0], [0.8, 0.38]],
  ["us-west-2b", 0.905, [10.4, 1.4], [1.1, 0.38]],
  ["us-west-2c", 0.891, [6.8, 0.9], [0.8, 0.38]],
];

const zoneOf = ([name, , up, down]: Zone, seed = "1") =>
  new SpotZone({ up: hours(up), down: hours(down) }, openStream(seed, name));

describe("a spot zone", () => {
  it.each(ZONES.map((zone) => ({ name: zone[0], zone })))(
    "$name is there for the share of time that it was",
    ({ zone }) => {
      const { availability } = zoneOf(zone);
      // Means are published with two digits.
      expect(Math.abs(availability - zone[1])).toBeLessThan(0.025);
    },
  );

  it("has spells of the mean and median that they are said to have, by turns", () => {
    const zone = zoneOf(ZONES[3]!);
    const lengths = { up: [] as number[], down: [] as number[] };
    let [isUp, from] = [zone.isUp, zone.changesAt];
    zone.change(from);
    for (let spell = 0; spell < 40_000; spell++) {
      expect(zone.isUp).toBe(!isUp);
      isUp = zone.isUp;
      lengths[isUp ? "up" : "down"].push((zone.changesAt - from) / HOUR);
      from = zone.changesAt;
      zone.change(from);
    }
    // The standard error of a mean is cv / sqrt(n): cv of the up spells 3.8, of the down ones 2.7.
    for (const [kind, [center, middle], cv] of [
      ["up", [4.3, 1.1], 3.8],
      ["down", [2.0, 0.7], 2.7],
    ] as const) {
      const drawn = lengths[kind];
      expect(Math.abs(mean(drawn) / center - 1)).toBeLessThan((3.29 * cv) / Math.sqrt(drawn.length));
      expect(median(drawn) / middle).toBeCloseTo(1, 1);
    }
  });

  it("is stationary from the start: as often up then as at any time later", () => {
    const [worlds, later] = [600, 10 * HOUR];
    const counts = { atStart: 0, later: 0 };
    for (let world = 0; world < worlds; world++) {
      const zone = zoneOf(ZONES[1]!, String(world));
      if (zone.isUp) counts.atStart++;
      while (zone.changesAt <= later) zone.change(zone.changesAt);
      if (zone.isUp) counts.later++;
    }
    const { availability } = zoneOf(ZONES[1]!);
    const error = 3.29 * Math.sqrt((availability * (1 - availability)) / worlds);
    expect(Math.abs(counts.atStart / worlds - availability)).toBeLessThan(error);
    expect(Math.abs(counts.later / worlds - availability)).toBeLessThan(error);
  });

  it("warns as long before as it is said to, and at once where the spell is shorter", () => {
    const always = { dist: "constant", value: 100 } as const;
    const zone = new SpotZone({ up: always, down: { dist: "constant", value: 0 } }, openStream("2", "zone"));
    expect(zone.isUp).toBe(true);
    zone.change(zone.changesAt);
    const back = zone.changesAt;
    zone.change(back);
    expect(zone.changesAt).toBe(back + 100e6);
    expect(zone.warnsAt(30e6 as Duration, back)).toBe(back + 70e6);
    expect(zone.warnsAt(200e6 as Duration, back)).toBe(back);
    expect(zone.warnsAt(30e6 as Duration, instant(back + 90e6))).toBe(back + 90e6);
    expect(() => zone.change(START)).toThrow("changes when it said it would");
  });
});
