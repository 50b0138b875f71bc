import { describe, expect, it } from "vitest";
import { type Instant, instant, NEVER, START } from "../../../../../src/core/base/units.js";
import { EventQueue } from "../../../../../src/core/kernel/event-queue.js";
import { Phase } from "../../../../../src/core/kernel/phase.js";
import type { Controller } from "../../../../../src/core/server/fleet/control/controller.js";
import { Controllers } from "../../../../../src/core/server/fleet/control/controllers.js";
import { Sizing } from "../../../../../src/core/server/fleet/sizing.js";
import { leave, makeFleet, started } from "../fleets.js";

const KIND = 12;

function run(
  sizing: Sizing,
  controllers: readonly Controller[],
  until: number,
  during = (_: Instant) => {},
): void {
  const events = new EventQueue();
  const all = new Controllers({ sizing, controllers, events, kind: KIND });
  while (events.nextAt <= until) {
    expect([events.nextPhase, events.nextKind]).toEqual([Phase.control, KIND]);
    events.pop();
    all.act(events.subject, events.time);
    during(events.time);
  }
}

describe("controllers", () => {
  it("act at the start and then when each wants to, in the order of the list at one instant", () => {
    const acted: string[] = [];
    const every = (name: string, micros: number): Controller => ({
      act(now) {
        acted.push(`${name}${now}`);
        return instant(now + micros);
      },
    });
    run(new Sizing({ fleet: makeFleet() }), [every("a", 4), every("b", 6), { act: () => NEVER }], 12);
    expect(acted).toEqual(["a0", "b0", "a4", "b6", "a8", "a12", "b12"]);
  });

  it("wait while the control plane is down, but for those that are no part of it", () => {
    const acted: string[] = [];
    const every = (name: string, isApart: boolean): Controller => ({
      isApart,
      act(now) {
        acted.push(`${name}${now}`);
        return instant(now + 4);
      },
    });
    const controllers = [every("a", false), every("b", true)];
    const events = new EventQueue();
    const all = new Controllers({
      sizing: new Sizing({ fleet: makeFleet() }),
      controllers,
      events,
      kind: KIND,
    });
    const until = (end: number) => {
      while (events.nextAt <= end) {
        events.pop();
        all.act(events.subject, events.time);
      }
    };
    until(1);
    all.goesDown();
    until(9);
    all.comesUp(instant(10));
    until(12);
    expect(acted).toEqual(["a0", "b0", "b4", "b8", "a10", "b10"]);
  });

  it("must look ahead", () => {
    expect(() => run(new Sizing({ fleet: makeFleet() }), [{ act: (now) => now }], 1)).toThrow(
      "once at an instant",
    );
  });

  it("let instances that wait for GPUs have them once some are given back", () => {
    const fleet = makeFleet(8);
    const sizing = new Sizing({ fleet });
    const [one, other] = fleet.pools;
    sizing.resize(0, 3, START);
    for (const request of [1, 2, 3]) one!.join(request, 0, 0, START);
    started(fleet, 0);
    const resizes = (pool: number, replicas: number): Controller => ({
      act(now) {
        if (now === 10) sizing.resize(pool, replicas, now);
        return now < 10 ? instant(10) : NEVER;
      },
    });
    const seen: (readonly [Instant, number, number])[] = [];
    // Those that drain are empty at 20 and 30.
    const leaving: [at: number, request: number, slot: number][] = [
      [20, 2, 1],
      [30, 3, 2],
    ];
    const also: Controller = {
      act(now) {
        const [next] = leaving;
        if (next?.[0] === now) {
          leaving.shift();
          leave(fleet, 0, next[1], next[2], now);
        }
        return leaving.length > 0 ? instant(leaving[0]![0]) : NEVER;
      },
    };
    run(sizing, [resizes(0, 1), resizes(1, 3), also], 40, (now) =>
      seen.push([now, one!.serving.replicas, other!.serving.replicas]),
    );
    expect(seen.filter(([at], index) => at !== seen[index + 1]?.[0])).toEqual([
      [0, 3, 0],
      [10, 3, 1],
      [20, 2, 2],
      [30, 1, 3],
    ]);
  });
});
