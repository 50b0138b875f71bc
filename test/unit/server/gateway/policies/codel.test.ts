import { describe, expect, it } from "vitest";
import { instant, NO_TIME, seconds } from "../../../../../src/core/base/units.js";
import { Codel } from "../../../../../src/core/server/gateway/policies/codel.js";
import type { PathOfPool } from "../../../../../src/core/server/gateway/policies/policy.js";
import { createPolicy, policy } from "../../../../../src/core/server/gateway/policies/registry.js";
import { policyContext } from "../../../../support/gateway-views.js";

const STANDARD = 1;
const PRIORITY = 0;
const OTHERS = 5;

const make = () =>
  new Codel({
    maxQueue: 100,
    queueTimeout: undefined,
    displaceLower: true,
    interval: seconds(5),
    targets: [seconds(1), seconds(0.25)],
  });

/** The whole seconds, of those given, at which one is shed of heads that have waited so long. */
function shedAt(codel: Codel, from: number, to: number, waited = 1, path = STANDARD): number[] {
  const times = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return times.filter((time) => codel.dropsHead(path, seconds(waited), instant(seconds(time)), OTHERS));
}

describe("codel", () => {
  it("sheds none until all waits of an interval were too long, then ever more often: 5 s / sqrt(count)", () => {
    // Due at 5, 10, 13.54, 16.42, 18.92 and 21.16 s; it is asked on whole seconds.
    expect(shedAt(make(), 0, 22)).toEqual([5, 10, 14, 17, 19, 22]);
  });

  it("stops with one that waited less, and soon after goes on at the rate that it had reached", () => {
    const codel = make();
    shedAt(codel, 0, 22);
    expect(shedAt(codel, 23, 23, 0.2)).toEqual([]);
    // Five more were shed than it had begun with: due at 29, 31.24 and 33.28 s.
    expect(shedAt(codel, 24, 34)).toEqual([29, 32, 34]);
  });

  it("begins anew where the last spell is more than 16 intervals ago", () => {
    const codel = make();
    shedAt(codel, 0, 22);
    shedAt(codel, 23, 23, 0.2);
    expect(shedAt(codel, 200, 216)).toEqual([205, 210, 214]);
  });

  it("takes the target itself for too long, and what starts at once for short", () => {
    const codel = make();
    expect(shedAt(codel, 0, 5, 0.25)).toEqual([5]);
    const eased = make();
    shedAt(eased, 0, 4);
    eased.started(STANDARD, NO_TIME, instant(seconds(4.5)));
    expect(shedAt(eased, 5, 10)).toEqual([10]);
    eased.started(STANDARD, seconds(0.25), instant(seconds(10.5)));
    expect(shedAt(eased, 11, 15)).toEqual([15]);
  });

  it("keeps a spell for each path: what one waits says nothing of another", () => {
    const codel = make();
    const times = Array.from({ length: 11 }, (_, time) => instant(seconds(time)));
    const asked = times.map((now) => [
      codel.dropsHead(PRIORITY, seconds(0.5), now, OTHERS),
      codel.dropsHead(STANDARD, seconds(0.5), now, OTHERS),
    ]);
    expect(
      asked.flatMap(([priority, standard], time) => (priority || standard ? [[time, priority]] : [])),
    ).toEqual([
      [5, false],
      [10, false],
    ]);
  });

  it("never sheds the only one that waits", () => {
    const codel = make();
    shedAt(codel, 0, 4);
    expect(codel.dropsHead(STANDARD, seconds(60), instant(seconds(5)), 0)).toBe(false);
    expect(shedAt(codel, 6, 11)).toEqual([11]);
  });

  it("lets those above another rank wait four targets, unless told", () => {
    const paths = (ranks: readonly number[]): PathOfPool[] =>
      ranks.map((rank) => ({ name: `p${rank}`, isServed: true, rank }));
    const isLong = (ranks: readonly number[], given: object, path: number, waited: number) => {
      const made = createPolicy(policy.parse({ policy: "codel", ...given }), policyContext(paths(ranks)));
      made.dropsHead(path, seconds(waited), instant(0), OTHERS);
      return made.dropsHead(path, seconds(waited), instant(seconds(5)), OTHERS);
    };
    expect([isLong([0, 1], {}, 0, 0.99), isLong([0, 1], {}, 0, 1), isLong([0, 1], {}, 1, 0.25)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(isLong([0], {}, 0, 0.25)).toBe(true);
    const given = { targetFactor: { p1: 2 }, target: "1s" };
    expect([isLong([0, 1], given, 1, 1.99), isLong([0, 1], given, 1, 2)]).toEqual([false, true]);
  });
});
