import { sampleCorrelation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { type Instant, seconds } from "../../../../../src/core/base/units.js";
import { KnownLoad } from "../../../../../src/core/demand/traffic/population/known-load.js";
import type { PopulationOptions } from "../../../../../src/core/demand/traffic/population/population.js";
import { SWINGS } from "../../../../../src/core/demand/traffic/rate/rate-spec.js";
import { openStream, type StreamSource } from "../../../../../src/core/random/stream.js";
import { gear } from "../../../../support/mode.js";
import { createPopulation, drive, populationOptions } from "../sessions/drive.js";

const [FROM, UNTIL] = [300, 900];
const RATES = { shape: {}, swings: SWINGS, cv: 1 };
const PROGRAMS = { agent: 0, api: 1, chat: 0 };

const options = (changes: Partial<PopulationOptions> = {}) =>
  populationOptions({ rates: RATES, until: seconds(UNTIL) as number as Instant, ...changes });

/** Output tokens a second that are asked for in the window. */
function asked(changes: Partial<PopulationOptions>, seed: string): number {
  const source = createPopulation(options(changes), seed);
  const taken = drive(source, seconds(UNTIL) as number as Instant, {
    service: (_, { outputTokens }) => 1 + outputTokens / 60,
  });
  const inWindow = taken.filter(({ at }) => at >= seconds(FROM));
  return inWindow.reduce((sum, { outputTokens }) => sum + outputTokens, 0) / (UNTIL - FROM);
}

describe("the load that is known before a run", () => {
  it.each(gear(["1", "2"], ["1", "2", "3"]))("is what the programs of that seed ask for: seed %s", (seed) => {
    // Many requests of few accounts, all of which are known.
    const changes = { archetypes: PROGRAMS, rate: 30, accounts: { count: 5, skew: 1 } };
    const known = new KnownLoad(options(changes), false).of(seed, FROM, UNTIL);
    expect(Math.abs(asked(changes, seed) / known - 1)).toBeLessThan(0.04);
  });

  it("goes with what agents ask for, whose sessions began before", () => {
    const changes = { archetypes: { agent: 1, api: 0, chat: 0 }, rate: 2, accounts: { count: 8, skew: 1 } };
    const seeds = Array.from({ length: gear(8, 100) }, (_, index) => `${index}`);
    const load = new KnownLoad(options(changes), false);
    const known = seeds.map((seed) => Math.log(load.of(seed, FROM, UNTIL)));
    const real = seeds.map((seed) => Math.log(asked(changes, seed)));
    expect(sampleCorrelation(known, real)).toBeGreaterThan(0.5);
  });

  it("draws from streams that the run of that seed draws from, and so the same swings", () => {
    const opened = (use: (seed: StreamSource) => void) => {
      const names = new Set<string>();
      use({
        open: (name) => {
          names.add(name);
          return openStream("1", name);
        },
      });
      return names;
    };
    const load = new KnownLoad(options(), true);
    const known = opened((seed) => load.of(seed, FROM, UNTIL));
    const run = opened((seed) => createPopulation(options(), seed));
    expect([...known].filter((name) => !run.has(name))).toEqual([]);
    expect([...known].filter((name) => /swings/.test(name)).length).toBeGreaterThan(20);
    // And draws nothing else: neither when something comes nor what.
    expect([...known].filter((name) => !/swings|lengths/.test(name))).toEqual([]);
  });

  it("is a matter of the seed alone", () => {
    const of = (seed: string) => new KnownLoad(options({ rate: 40 }), true).of(seed, FROM, UNTIL);
    expect(of("1")).toBe(of("1"));
    expect(of("2")).not.toBe(of("1"));
  });

  it("counts prompts where the fleet computes them", () => {
    const [with_, without] = [true, false].map((computes) => new KnownLoad(options(), computes));
    expect(with_!.of("1", FROM, UNTIL)).toBeGreaterThan(without!.of("1", FROM, UNTIL));
  });

  it("tells nothing of populations that do not swing, or of accounts that are all small", () => {
    const swings = (changes: Partial<PopulationOptions>) => new KnownLoad(options(changes), false).swings;
    expect(swings({})).toBe(true);
    expect(swings({ rates: { ...RATES, swings: [] } })).toBe(false);
    expect(swings({ rates: { ...RATES, swings: [{ sigma: 0, tau: seconds(60) }] } })).toBe(false);
    expect(swings({ accounts: { count: 1000, skew: 0 } })).toBe(false);
    expect(new KnownLoad(options({ accounts: { count: 1000, skew: 0 } }), false).of("1", 0, 60)).toBe(0);
  });
});
