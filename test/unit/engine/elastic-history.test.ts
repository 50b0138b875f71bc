import { describe, expect, it } from "vitest";
import { type Instant, instant, START, seconds } from "../../../src/core/base/units.js";
import { ElasticHistory } from "../../../src/core/engine/elastic-history.js";
import { TimeSeries } from "../../../src/core/results/ledger/time-series.js";
import { Sizing } from "../../../src/core/server/fleet/sizing.js";
import { makeFleet, started } from "../server/fleet/fleets.js";
import { play, waiting } from "./tiny.js";

const at = (time: number): Instant => instant(seconds(time));

/** Two of three slots each in the first pool, none in the other. */
function made(interval = 10) {
  const sizing = new Sizing({ fleet: makeFleet(8) });
  sizing.begin(0, 2);
  const history = new ElasticHistory(sizing.fleet, sizing, seconds(interval));
  const bins = new TimeSeries({ columns: 1, interval: seconds(interval) });
  const sample = (time: number) => {
    bins.add(0, at(time), 0);
    history.sample(at(time), bins.interval / 1e6);
  };
  return { sizing, fleet: sizing.fleet, history, bins, sample };
}

describe("the history of a pool that changes", () => {
  it("has what it wants, has ready and needs, and the states that occur", () => {
    const { sizing, fleet, history, bins, sample } = made();
    sample(0);
    // Six run and three wait; the makers of these replicas tell of one slot each.
    for (let request = 0; request < 9; request++) fleet.pools[0]!.join(request, 0, 0, START);
    started(fleet, 0);
    sample(10);
    // The inventory has room for two more.
    sizing.resize(0, 5, at(12));
    sample(20);
    fleet.lose(1, at(25));
    sample(30);
    const { shed, ...found } = history.binsOf(0, bins);
    expect([shed, found]).toEqual([
      undefined,
      {
        wanted: [2, 2, 5, 5],
        ready: [2, 2, 4, 3],
        needed: [0, 9, 9, 6],
        pending: [0, 0, 1, 1],
        lost: [0, 0, 0, 1],
      },
    ]);
    expect(history.binsOf(1, bins)).toEqual({});
  });

  it("is averaged over bins that were taken together, also of a state that came late", () => {
    const { sizing, history, bins, sample } = made(1);
    for (let time = 0; time < 4096; time++) {
      if (time === 4001) sizing.resize(0, 5, at(time));
      sample(time);
    }
    for (let time = 4096; time < 4100; time += 2) sample(time);
    const found = history.binsOf(0, bins);
    expect([bins.interval, bins.bins]).toEqual([seconds(2), 2050]);
    expect([found.wanted?.slice(1999, 2002), found.pending?.slice(1999, 2002)]).toEqual([
      [2, 3.5, 5],
      [0, 0.5, 1],
    ]);
    expect(found.wanted).toHaveLength(2050);
  });

  it("has bins up to the last event of the run, though it was sampled before", () => {
    const { sizing, history, bins, sample } = made(1);
    sizing.resize(0, 5, START);
    for (let time = 0; time < 4096; time++) sample(time);
    bins.add(0, at(4097), 1);
    const { pending } = history.binsOf(0, bins);
    expect([pending?.length, pending?.[2047], pending?.[2048]]).toEqual([2049, 1, 0]);
  });
});

describe("what a pool needs", () => {
  it("is the same in its history as in what it lags by", () => {
    // Two slots each; all that happens does so on whole seconds, and samples come after it. Ten calls of 7 s, one a second:
    // running or waiting are 1, 2 and so on to 7, one ends at 7 s and at 8 s, as one comes; then there are 8, until two
    // end at 13 s, which a second replica has from 6 s on, and one each at 14 and 15 s.
    const calls = Array.from({ length: 10 }, (_, second) => ({ at: second, output: 7 }));
    const { result } = play(calls, {
      pool: {
        replica: { engine: "slots", slots: 2, tokensPerSecond: 1 },
        admission: waiting(9),
        autoscaler: {
          algorithm: "schedule",
          steps: [1, 2].map((replicas) => ({ at: 6 * (replicas - 1), replicas })),
        },
      },
      more: { duration: "16s", sampling: { interval: "1s" } },
    });
    const { needed, ready } = result.series.pools[0]!;
    const total = (of: (need: number, is: number) => number) =>
      needed!.reduce((sum, need, second) => sum + Math.max(0, of(need, ready![second]!)), 0);
    expect(needed).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4, 4, 3, 3, 2]);
    expect(total((need, is) => need - is) / 16).toBeCloseTo(result.pools[0]!.scaling!.lagMean!, 9);
    expect(total((need, is) => is - need) / 16).toBeCloseTo(result.pools[0]!.scaling!.overshootMean!, 9);
  });
});

describe("what a pool sheds", () => {
  it("is all that its callers are told, in the bins in which it happens", () => {
    // None but the first in the instant of a sample.
    const calls = Array.from({ length: 40 }, (_, index) => ({
      at: index === 0 ? 0 : index / 4 + 0.1,
      output: 3,
    }));
    const run = play(calls, {
      pool: {
        admission: waiting(1, "2s"),
        autoscaler: { algorithm: "schedule", steps: [{ at: 5, replicas: 3 }] },
      },
      more: { duration: "10s", drain: true },
    });
    const { tiers, pools } = run.result.series;
    const told = tiers.find(({ tier }) => tier === "standard")!.overloaded;
    expect(pools[0]!.shed).toEqual(told);
    expect(told.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
    expect(Object.keys(pools[1]!)).toEqual(["pool", "replicas", "queued", "slotsBusy", "kvUsed"]);
  });
});
