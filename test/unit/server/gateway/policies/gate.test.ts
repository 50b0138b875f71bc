import { describe, expect, it } from "vitest";
import { START, seconds } from "../../../../../src/core/base/units.js";
import { Gate, isIdle } from "../../../../../src/core/server/gateway/policies/gate.js";
import {
  ADMIT,
  DISPLACE,
  OVERLOADED_CAPACITY,
  OVERLOADED_DELAY,
  WAIT,
} from "../../../../../src/core/server/gateway/verdict.js";
import { facts, signals } from "../../../../support/gateway-views.js";

/** Closed to ranks from 1 on. */
class Closed extends Gate {
  asked = 0;

  protected isClosedTo({ rank }: { readonly rank: number }): boolean {
    this.asked++;
    return rank >= 1;
  }
}

const queue = { maxQueue: 3, queueTimeout: seconds(2), displaceLower: true };
const decide = (gate: Gate, rank: number, queued: readonly number[], busy = 10) =>
  gate.decide(facts({ path: rank, rank }), signals({ busy, queued }), START);

describe("gate", () => {
  const gate = new Closed(queue, OVERLOADED_DELAY);

  it("refuses with its own word whom it is closed to, beside free slots, too", () => {
    expect(decide(gate, 1, [0, 0, 0], 0)).toBe(OVERLOADED_DELAY);
  });

  it("is a bounded queue to all others", () => {
    expect([decide(gate, 0, [0, 0, 0], 9), decide(gate, 0, [2, 0, 0])]).toEqual([ADMIT, WAIT]);
    expect([decide(gate, 0, [2, 1, 0]), decide(gate, 0, [3, 0, 0])]).toEqual([DISPLACE, OVERLOADED_CAPACITY]);
  });

  it("is closed to none while one of a lower rank waits that goes first (LAW-9), where it may displace", () => {
    expect([decide(gate, 1, [0, 0, 1]), decide(gate, 2, [0, 0, 1])]).toEqual([WAIT, OVERLOADED_DELAY]);
    const strict = new Closed({ ...queue, displaceLower: false }, OVERLOADED_DELAY);
    expect(decide(strict, 1, [0, 0, 1])).toBe(OVERLOADED_DELAY);
  });

  it("asks once about each arrival", () => {
    const fresh = new Closed(queue, OVERLOADED_DELAY);
    for (const rank of [0, 1, 2]) decide(fresh, rank, [0, 0, 1]);
    expect(fresh.asked).toBe(3);
  });
});

describe("an idle pool", () => {
  it("has none inside and none waiting", () => {
    const pools = [signals(), signals({ busy: 1 }), signals({ queued: [0, 1] })];
    expect(pools.map(isIdle)).toEqual([true, false, false]);
  });
});
