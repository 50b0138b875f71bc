import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, seconds } from "../../../src/core/base/units.js";
import { ScalingRecord } from "../../../src/core/engine/scaling-record.js";
import { Sizing } from "../../../src/core/server/fleet/sizing.js";
import { dispatching } from "../../support/gateway-views.js";
import { gear } from "../../support/mode.js";
import { facts, makeFleet } from "../server/fleet/fleets.js";

const at = (time: number) => instant(seconds(time));
/** As the makers of these fleets say: one slot counts, whatever their replicas hold. */
const SLOTS = 1;

function makeRecord(gpus = 20) {
  const fleet = makeFleet(gpus);
  const sizing = new Sizing({ fleet });
  sizing.begin(0, 2);
  sizing.begin(1, 0);
  return { fleet, sizing, record: new ScalingRecord(fleet, sizing) };
}

describe("how pools were scaled", () => {
  it("is told of the measured window alone", () => {
    const { fleet, sizing, record } = makeRecord();
    sizing.resize(0, 3, at(1));
    record.windowOpens(at(10));
    sizing.resize(0, 5, at(20));
    sizing.resize(0, 4, at(30));
    sizing.resize(1, 1, at(30));
    for (const request of [1, 2]) fleet.pools[1]!.join(request, 0, 0, at(40));
    record.poolChanged(1, at(40));
    fleet.pools[1]!.counts.hasWaitedCold(seconds(6));
    record.windowCloses(at(60));
    sizing.resize(0, 1, at(61));
    // Of five wanted one drains and leaves at once; none of the first pool has anything to do.
    expect(record.totalsOf(0, at(60))).toEqual({
      ...{ measured: 50, wanted: (3 * 10 + 5 * 10 + 4 * 30) / 50, starts: 2, startDelay: 0 },
      ...{ scaleUps: 1, scaleDowns: 1, flaps: 1, missing: 0, short: 0, spare: 200, pending: 0 },
      ...{ coldWaits: 0, coldWait: 0 },
    });
    // Two wait for one replica: one is missing from 40 on, and none was needed before.
    expect(record.totalsOf(1, at(60))).toMatchObject({ missing: 20, short: 20, spare: 10, starts: 1 });
    expect(record.totals(at(60))).toMatchObject({
      ...{ wanted: 4 + 0.6, starts: 3, scaleUps: 2, scaleDowns: 1, flaps: 1 },
      ...{ missing: 20, short: 20, spare: 210, coldWaits: 1, coldWait: 6 },
    });
  });

  it("counts a start from the instant at which the instance was wanted, and time without GPUs", () => {
    const { fleet, sizing, record } = makeRecord(6);
    sizing.resize(0, 5, at(4));
    expect(fleet.inventory.taken).toBe(6);
    sizing.resize(0, 4, at(8));
    const [lost] = fleet.instances.ofPool(0);
    fleet.lose(lost!, at(10));
    fleet.repair(lost!, at(13));
    // One is there at once; two wait until 8, and one of them goes on waiting; the lost one is back after three.
    expect(record.totalsOf(0, at(20))).toMatchObject({
      ...{ starts: 2, startDelay: 3, pending: 2 * 4 + 12 },
      ...{ scaleUps: 1, scaleDowns: 1, flaps: 1 },
    });
  });

  it("is short for as long as any pool is", () => {
    const { fleet, record } = makeRecord();
    const load = (pool: number, requests: readonly number[], time: number) => {
      for (const request of requests) fleet.pools[pool]!.join(request, 0, 0, at(time));
      record.poolChanged(pool, at(time));
    };
    load(0, [1, 2, 3], 2);
    load(1, [4], 3);
    fleet.pools[0]!.leave(3, at(5));
    record.poolChanged(0, at(5));
    fleet.pools[1]!.leave(4, at(6));
    record.poolChanged(1, at(6));
    expect(record.totals(at(9))).toMatchObject({ short: 4, missing: 3 + 3 });
  });

  it("is what a naive look at every instant adds up to", () => {
    const step = fc.record({
      kind: fc.constantFrom("join", "leave", "resize", "start"),
      pool: fc.nat(1),
      choice: fc.nat(9),
      elapsed: fc.nat(3_000_000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { fleet, sizing, record } = makeRecord();
        const own = [0, 1].map(() => ({ missing: 0, spare: 0, short: 0, wanted: 0 }));
        let anyShort = 0;
        let now = 0;
        const waiting = [new Set<number>(), new Set<number>()];
        for (const [index, { kind, pool, choice, elapsed }] of steps.entries()) {
          const gaps = fleet.pools.map(({ readyBusy, ready, queue }, place) => {
            const gap = Math.ceil((readyBusy + queue.length) / SLOTS) - ready.replicas;
            own[place]!.missing += Math.max(0, gap) * elapsed;
            own[place]!.spare += Math.max(0, -gap) * elapsed;
            own[place]!.short += gap > 0 ? elapsed : 0;
            own[place]!.wanted += sizing.wantedOf(place) * elapsed;
            return gap;
          });
          if (gaps.some((gap) => gap > 0)) anyShort += elapsed;
          now += elapsed;
          const one = fleet.pools[pool]!;
          const time = instant(now);
          const queued = waiting[pool]!;
          const [request] = queued;
          if (kind === "join") {
            queued.add(index);
            one.join(index, 0, 0, time);
          } else if (kind === "leave" && request !== undefined) {
            queued.delete(request);
            one.leave(request, time);
          } else if (kind === "resize") sizing.resize(pool, choice % 5, time);
          else if (kind === "start")
            one.dispatch(
              time,
              dispatching(facts, (started, slot) => {
                queued.delete(started);
                fleet.instances.replicaOf(slot).admit(started, facts.promptOf(started), time);
              }),
            );
          for (const place of [0, 1]) record.poolChanged(place, time);
        }
        const micros = (value: number) => Math.round(value * 1e6);
        for (const [pool, { missing, spare, short, wanted }] of own.entries()) {
          const told = record.totalsOf(pool, instant(now));
          expect([told.missing, told.spare, told.short].map(micros)).toEqual([missing, spare, short]);
          if (now > 0) expect(told.wanted * now).toBeCloseTo(wanted, 3);
        }
        expect(micros(record.totals(instant(now)).short)).toBe(anyShort);
      }),
      { numRuns: gear(100, 3000) },
    );
  });
});
