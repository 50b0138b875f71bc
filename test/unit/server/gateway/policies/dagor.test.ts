import { describe, expect, it } from "vitest";
import { instant, START, seconds } from "../../../../../src/core/base/units.js";
import { Dagor, type DagorOptions } from "../../../../../src/core/server/gateway/policies/dagor.js";
import { OVERLOADED_DELAY, WAIT } from "../../../../../src/core/server/gateway/verdict.js";
import { facts, signals } from "../../../../support/gateway-views.js";

const OPTIONS: DagorOptions = {
  maxQueue: 1000,
  queueTimeout: undefined,
  displaceLower: true,
  ranks: 2,
  delay: seconds(0.25),
  window: seconds(1),
  windowRequests: 2000,
  decrease: 0.05,
  increase: 0.01,
  userLevels: 1,
  rehash: seconds(3600),
};

/** Draws that lie evenly, each twice: one for each rank. */
function even(): () => number {
  let drawn = 0;
  return () => 0.05 + 0.1 * (Math.floor(drawn++ / 2) % 10);
}

const busy = signals({ busy: 10, queued: [5, 0] });

/** Ten arrivals of each rank; returns how many of each are let in. */
function tenOfEach(dagor: Dagor, at: number): number[] {
  const letIn = [0, 0];
  for (let one = 0; one < 10; one++) {
    for (const rank of [0, 1]) {
      if (dagor.decide(facts({ path: rank, rank }), busy, instant(seconds(at))) === WAIT) letIn[rank]!++;
    }
  }
  return letIn;
}

describe("dagor", () => {
  it("cuts what it let in by 5 % while waits are long, and adds 1 % of what came otherwise: by hand", () => {
    const dagor = new Dagor(OPTIONS, even());
    const windows = [0.3, 0.3, 0.3, 0.2, 0.2].map((wait, second) => {
      const letIn = tenOfEach(dagor, second);
      dagor.started(1, seconds(wait), instant(seconds(second + 0.5)));
      return [...letIn, Number(dagor.cursor.toFixed(6))];
    });
    // 0.95 x 20 = 19; 0.95 x 19 = 18.05; 0.95 x 18 = 17.1; then 17 + 0.2.
    expect(windows).toEqual([
      [10, 10, 2],
      [10, 9, 1.9],
      [10, 8, 1.805],
      [10, 7, 1.71],
      [10, 7, 1.72],
    ]);
  });

  it("goes by the mean of a window, and a mean of the threshold is none too long", () => {
    const dagor = new Dagor(OPTIONS, even());
    tenOfEach(dagor, 0);
    for (const wait of [0.1, 0.4]) dagor.started(0, seconds(wait), START);
    tenOfEach(dagor, 1);
    expect(dagor.cursor).toBe(2);
  });

  it("closes a window after so many arrivals, too, and none in which none started", () => {
    const dagor = new Dagor({ ...OPTIONS, windowRequests: 20 }, even());
    tenOfEach(dagor, 0);
    tenOfEach(dagor, 0);
    expect(dagor.cursor).toBe(2);
    dagor.started(1, seconds(1), START);
    tenOfEach(dagor, 0);
    // 0.95 x 40 of 40.
    expect(dagor.cursor).toBeCloseTo(1.9, 12);
  });

  it("refuses for the wait, lower ranks first, and none in an idle pool", () => {
    const dagor = new Dagor({ ...OPTIONS, decrease: 0.9 }, () => 0.5);
    tenOfEach(dagor, 0);
    dagor.started(1, seconds(1), START);
    // Two of twenty are wanted: a fifth of Priority.
    expect(tenOfEach(dagor, 1)).toEqual([0, 0]);
    expect(dagor.cursor).toBeCloseTo(0.2, 12);
    const decide = (seen = busy) => dagor.decide(facts(), seen, instant(seconds(1)));
    expect([decide(), decide(signals()).kind]).toEqual([OVERLOADED_DELAY, "admit"]);
  });

  it("serves or refuses an account as a whole, until its level is dealt anew", () => {
    const accounts = Array.from({ length: 400 }, (_, account) => account);
    const dagor = new Dagor({ ...OPTIONS, ranks: 1, userLevels: 128, decrease: 0.5 }, () => 0.5);
    const refused = (at: number) =>
      accounts.filter((account) => dagor.decide(facts({ account }), busy, instant(seconds(at))) !== WAIT);
    refused(0);
    dagor.started(0, seconds(1), START);
    const first = refused(1);
    expect(first.length).toBeGreaterThan(150);
    expect(first.length).toBeLessThan(250);
    expect(refused(3599)).toEqual(first);
    const next = refused(3600);
    expect(next.filter((account) => !first.includes(account)).length).toBeGreaterThan(50);
  });
});
