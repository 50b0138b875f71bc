import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EngineObserver } from "../../../../src/core/api/observer.js";
import {
  type Duration,
  type Instant,
  instant,
  MICROS_PER_SECOND,
  NEVER,
} from "../../../../src/core/base/units.js";
import { Engine } from "../../../../src/core/engine/engine.js";
import { AmpleRun } from "../../../../src/core/engine/foresight/ample-run.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { gear } from "../../../support/mode.js";

/** Two pools of two places a replica; callers of the second wait for their answers. */
const SCENARIO: ScenarioInput = {
  schemaVersion: 1,
  duration: "20s",
  inventory: { gpus: 40 },
  pools: {
    open: {
      replicas: 30,
      replica: { engine: "slots", slots: 2, tokensPerSecond: 10 },
    },
    closed: {
      replicas: 1,
      replica: { engine: "slots", slots: 2, tokensPerSecond: 10 },
    },
  },
  paths: {
    plain: { model: "a", pool: "open", rank: 0 },
    other: { model: "b", pool: "closed", rank: 0 },
  },
  traffic: {
    bursts: {
      arrivals: { process: "gamma", rate: "8/s", cv: 4 },
      input: 10,
      output: { dist: "exponential", mean: 15 },
      mix: { plain: 1 },
    },
    loop: {
      arrivals: {
        process: "closed",
        callers: 7,
        think: { dist: "exponential", mean: 2 },
      },
      input: 10,
      output: { dist: "exponential", mean: 15 },
      mix: { other: 1 },
    },
  },
};

function worldOf(seed: string, observer: EngineObserver): Engine {
  return new Engine(parseScenario(SCENARIO), { seed, observer });
}

/** Of one pool, whenever it changes: since when it has had so many sequences. */
function levelsOf(seed: string, pool: number): { readonly at: number; readonly level: number }[] {
  const levels = [{ at: 0, level: 0 }];
  const world: Engine = worldOf(seed, {
    settled: (now) => {
      const { slotsBusy, queue } = world.service.parts.pools[pool]!;
      levels.push({ at: now, level: slotsBusy + queue.length });
    },
  });
  while (world.nextEventAt < NEVER) world.step();
  return levels;
}

describe("an ample run", () => {
  it("tells of each pool, at any time and as far ahead as is asked, what a run would have had then", () => {
    const question = fc.record({
      pool: fc.nat(1),
      wait: fc.nat(2_000_000),
      ahead: fc.nat(4_000_000),
      length: fc.integer({ min: 1, max: 3_000_000 }),
    });
    const widths = [1_000_000, 70_000];
    fc.assert(
      fc.property(fc.nat(20), fc.array(question, { minLength: 1, maxLength: 15 }), (seed, questions) => {
        let now = instant(0);
        const run = new AmpleRun({
          makeWorld: (observer) => worldOf(`${seed}`, observer),
          now: () => now,
          resolutions: widths as Duration[],
        });
        const levels = [levelsOf(`${seed}`, 0), levelsOf(`${seed}`, 1)];
        for (const { pool, wait, ahead, length } of questions) {
          now = instant(now + wait);
          const from = now + ahead;
          const [first, end] = [from, from + length].map((at) => at / widths[pool]!);
          const most = mostOf(
            levels[pool]!,
            Math.floor(first!) * widths[pool]!,
            Math.ceil(end!) * widths[pool]!,
          );
          const told = run.of(pool)!.mostLoad(from as Instant, (from + length) as Instant);
          expect(told).toBe(most / 2);
        }
      }),
      { numRuns: gear(12, 30) },
    );
  });

  it("runs no further than is asked about, and not at all before", () => {
    let last = -1;
    let worlds = 0;
    const run = new AmpleRun({
      makeWorld: (observer) => {
        worlds++;
        const settled = (now: Instant) => {
          last = now;
          observer.settled?.(now);
        };
        return worldOf("1", { ...observer, settled });
      },
      now: () => instant(0),
      resolutions: [MICROS_PER_SECOND as Duration, undefined],
    });
    const foresight = run.of(0)!;
    expect([worlds, last]).toEqual([0, -1]);
    foresight.mostLoad(instant(0), instant(2_500_000));
    expect(worlds).toBe(1);
    expect(last).toBeGreaterThan(2_000_000);
    expect(last).toBeLessThan(3_000_000);
    foresight.mostLoad(instant(0), instant(4_000_000));
    expect(worlds).toBe(1);
    expect(last).toBeGreaterThan(3_000_000);
    expect(foresight.end).toBe(NEVER);
    foresight.mostLoad(instant(1e15), instant(1e15 + 1));
    expect(foresight.end).toBe(Math.ceil((last + 1) / MICROS_PER_SECOND) * MICROS_PER_SECOND);
  });

  it("tells the same where every step is worked through (LAW-5), also by the contexts inside", () => {
    const profile = { base: "20ms", perSequence: "1ms", perContextToken: "1us", perPrefillToken: "50us" };
    const replica = { engine: "batching", profile, maxSequences: 20, kvTokens: 2000 } as const;
    const { open, closed } = SCENARIO.pools;
    const scenario = { ...SCENARIO, pools: { open: { ...open!, replicas: 3, replica }, closed: closed! } };
    const told = [false, true].map((stepByStep) => {
      const run = new AmpleRun({
        makeWorld: (observer) => new Engine(parseScenario(scenario), { seed: "1", stepByStep, observer }),
        now: () => instant(0),
        resolutions: [100_000 as Duration, undefined],
      });
      const { mostLoad } = run.of(0)!;
      return Array.from({ length: 200 }, (_, bin) => mostLoad(instant(bin * 1e5), instant((bin + 1) * 1e5)));
    });
    expect(told[1]).toEqual(told[0]);
    expect(new Set(told[0]).size).toBeGreaterThan(50);
  });

  it("shows nothing of pools that nobody foresees", () => {
    const resolutions = [MICROS_PER_SECOND as Duration, undefined];
    const run = new AmpleRun({
      makeWorld: (observer) => worldOf("1", observer),
      now: () => NEVER,
      resolutions,
    });
    expect(run.of(1)).toBeUndefined();
  });
});

/** The highest level in [from, until), the one that it begins with included. */
function mostOf(
  levels: readonly { readonly at: number; readonly level: number }[],
  from: number,
  until: number,
): number {
  const before = levels.filter(({ at }) => at < from).at(-1)?.level ?? 0;
  const inside = levels.filter(({ at }) => at >= from && at < until).map(({ level }) => level);
  return Math.max(before, ...inside);
}
