import { describe, expect, it } from "vitest";
import * as z from "zod";
import { reasonCode } from "../../../../../src/core/base/outcome.js";
import { type Instant, instant, NEVER, START } from "../../../../../src/core/base/units.js";
import type { Autoscaler } from "../../../../../src/core/server/fleet/control/autoscalers/autoscaler.js";
import { targetLoad } from "../../../../../src/core/server/fleet/control/autoscalers/target-load.js";
import type { ScalingView } from "../../../../../src/core/server/fleet/control/autoscalers/view.js";
import { Autoscaling } from "../../../../../src/core/server/fleet/control/autoscaling.js";
import { type PoolSizing, Sizing } from "../../../../../src/core/server/fleet/sizing.js";
import { makeFleet, started } from "../fleets.js";

const KNOBS = z.strictObject(targetLoad.options).parse({ interval: 2, upWindow: 0, downWindow: 0 });

/** A pool of one replica with three places, scaled by what `recommend` says. */
function makeScaling(
  recommend: Autoscaler["recommend"],
  knobs: Partial<typeof KNOBS> = {},
  more: Partial<Autoscaler> = {},
  pools: readonly PoolSizing[] = [],
  launch: Instant = START,
) {
  const fleet = makeFleet();
  const sizing = new Sizing({ fleet, pools });
  sizing.begin(0, 1);
  const scaler = { looksBack: 0, recommend, ...more };
  const scaling = new Autoscaling({
    ...{ sizing, pool: 0, scaler, knobs: { ...KNOBS, ...knobs }, available: 5, launch },
  });
  return { fleet, sizing, scaling };
}

const at = (seconds: number) => instant(seconds * 1e6);

/** From the start to an instant: when it acts. */
function actUntil(scaling: Autoscaling, until: Instant): number[] {
  const times: number[] = [];
  for (let now = START; now <= until; now = scaling.act(now)) times.push(now / 1e6);
  return times;
}

describe("an autoscaler at work", () => {
  it("samples and decides each at its own pace", () => {
    const every = (metricsEvery: number | undefined) =>
      makeScaling(
        () => undefined,
        metricsEvery === undefined ? {} : { metricsEvery: at(metricsEvery) as never },
      );
    expect(actUntil(every(undefined).scaling, at(6))).toEqual([0, 2, 4, 6]);
    expect(actUntil(every(3).scaling, at(6))).toEqual([0, 2, 3, 4, 6]);
  });

  it("sees the pool as it was: what came, what runs and waits, and how much there is", () => {
    const views: object[] = [];
    const { fleet, scaling } = makeScaling(
      ({ latest }) => void views.push({ ...latest }),
      {},
      { watchesKv: true },
    );
    const pool = fleet.pools[0]!;
    scaling.act(START);
    for (const request of [1, 2, 3, 4, 5]) {
      pool.counts.arrives(10);
      pool.join(request, 0, 0, START);
    }
    pool.counts.turnsAway(reasonCode("overloaded_capacity"), 10);
    started(fleet, 0);
    pool.counts.completes(7);
    scaling.act(at(2));
    expect(views).toEqual([
      expect.objectContaining({ ready: 1, running: 0, queued: 0, slots: 3, arrived: 0, kvShares: [0] }),
      {
        ...{ asOf: at(2), wanted: 1, ready: 1, starting: 0, queued: 2, running: 3, slots: 3 },
        ...{ kvTokens: 1000, kvUsed: 3, kvShares: [0.003] },
        ...{ arrived: 6, promptTokens: 60, shed: 1, completed: 1, outputTokens: 7 },
      },
    ]);
  });

  it("sees nothing younger than the delay of its metrics", () => {
    const ages: number[] = [];
    const seen = (view: ScalingView) => void ages.push((view.now - view.latest.asOf) / 1e6);
    const { scaling } = makeScaling(seen, { metricsDelay: at(3) as never });
    actUntil(scaling, at(8));
    // The first sample can be seen from the start.
    expect(ages).toEqual([0, 2, 4, 4, 4]);
  });

  const byClock = { changesAt: (now: Instant) => (now < at(5) ? at(5) : NEVER) };

  it("acts when its word changes if it goes by the clock, and at no other time", () => {
    expect(actUntil(makeScaling(() => undefined, {}, byClock).scaling, at(1e6))).toEqual([0, 5]);
  });

  it("is asked in between where what holds it back counts time", () => {
    const wanted = (knobs: Partial<typeof KNOBS>) => {
      const { sizing, scaling } = makeScaling(({ now }) => (now < at(5) ? 4 : 2), knobs, byClock);
      return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((time) => {
        const before = sizing.wantedOf(0);
        scaling.act(at(time));
        return sizing.wantedOf(0) === before ? [] : [[time, sizing.wantedOf(0)]];
      });
    };
    expect(wanted({})).toEqual([
      [0, 4],
      [5, 2],
    ]);
    const slow = { replicas: 1, times: 0, per: at(2) as never };
    expect(wanted({ upRate: slow })).toEqual([
      [0, 2],
      [2, 3],
      [4, 4],
      [5, 2],
    ]);
    expect(wanted({ downRate: slow })).toEqual([
      [0, 4],
      [5, 3],
      [7, 2],
    ]);
    expect(wanted({ downWindow: at(3) as never })).toEqual([
      [0, 4],
      [7, 2],
    ]);
    expect(wanted({ upWindow: at(1) as never })).toEqual([
      [2, 4],
      [5, 2],
    ]);
  });

  it("wants again what another pool has displaced, by the clock as well", () => {
    const pools = [[], [0]].map((displaces) => ({ warmPool: 0, displaces }));
    const { sizing, scaling } = makeScaling(() => 3, {}, byClock, pools);
    const next = scaling.act(START);
    sizing.resize(0, 1, at(1));
    scaling.act(next);
    expect([next, sizing.wantedOf(0)]).toEqual([at(2), 3]);
  });

  it("takes the place of what is owed with its word for as many as there are, and not without one", () => {
    const owedAfter = (says: number | undefined, launch = START) => {
      const pools = [[], [0]].map((displaces) => ({ warmPool: 0, displaces }));
      const { fleet, sizing, scaling } = makeScaling(() => says, {}, {}, pools, launch);
      sizing.resize(0, 10, START);
      sizing.resize(1, 9, START);
      sizing.supply(START);
      expect(sizing.wantedOf(0)).toBe(1);
      scaling.act(START);
      sizing.resize(1, 0, START);
      sizing.supply(START);
      return [sizing.wantedOf(0), fleet.pools[0]!.ready.replicas];
    };
    expect(owedAfter(1)).toEqual([1, 1]);
    expect(owedAfter(undefined)).toEqual([10, 10]);
    // It may not take away yet.
    expect(owedAfter(1, at(10))).toEqual([10, 10]);
  });

  it("has the pool sized within its bounds, and leaves alone one that is not there", () => {
    const { sizing, scaling } = makeScaling(() => 9, { max: 4 });
    scaling.act(START);
    expect(sizing.wantedOf(0)).toBe(4);
    sizing.retirePool(0, at(1));
    scaling.act(at(2));
    expect(sizing.wantedOf(0)).toBe(0);
  });

  it("takes none away before it has seen as much of a launch as it looks back, and may add", () => {
    const wanted = (more: Partial<Autoscaler>, knobs: Partial<typeof KNOBS> = {}) => {
      const says = ({ now }: ScalingView) => (now < at(4) ? 3 : now < at(6) ? 4 : 1);
      const { sizing, scaling } = makeScaling(says, knobs, more, [], at(10));
      sizing.resize(0, 3, START);
      return Array.from({ length: 12 }, (_, turn) => {
        scaling.act(at(2 * turn));
        return sizing.wantedOf(0);
      });
    };
    const kept = [3, 3, 4, 4, 4, 4];
    // A launch at 10 s, and its interval of 2 s, or the 5 s that it looks back, or those as late as its metrics are.
    expect(wanted({})).toEqual([...kept, 1, 1, 1, 1, 1, 1]);
    expect(wanted({ looksBack: at(5) })).toEqual([...kept, 4, 4, 1, 1, 1, 1]);
    expect(wanted({ looksBack: at(5) }, { metricsDelay: at(3) as never })).toEqual([
      ...kept,
      4,
      4,
      4,
      4,
      1,
      1,
    ]);
    // What it has kept counts as wanted.
    expect(wanted({}, { downWindow: at(4) as never })).toEqual([...kept, 4, 1, 1, 1, 1, 1]);
  });

  it("keeps to its bounds while it has no opinion", () => {
    const { sizing, scaling } = makeScaling(() => undefined, { min: 2, max: 4 });
    const kept = [0, 5].map((replicas) => {
      sizing.resize(0, replicas, START);
      scaling.act(at(replicas));
      return sizing.wantedOf(0);
    });
    expect(kept).toEqual([2, 4]);
  });
});
