import { describe, expect, it } from "vitest";
import type { Instant } from "../../../../src/core/base/units.js";
import { type SlotsOptions, SlotsReplica } from "../../../../src/core/server/replica/slots-replica.js";
import { aloneWork, ReplicaRun } from "../../../conformance/replica-run.js";

const start = (changes: Partial<SlotsOptions> = {}) =>
  new ReplicaRun(
    (clock, listener) =>
      new SlotsReplica(
        { slots: 2, tokensPerSecond: 50, prefillTokensPerSecond: undefined, ...changes },
        clock,
        listener,
      ),
  );

describe("slots replica", () => {
  it("serves each sequence at its own speed, however many others run", () => {
    const run = start();
    run.arrive(0, { inputTokens: 1000, outputTokens: 100 });
    run.arrive(7, { inputTokens: 10, outputTokens: 1 });
    run.run();
    expect(run.times()).toEqual([
      [20_000, 2_000_000],
      [20_007, 20_007],
    ]);
  });

  it("prefills what is not cached first, where that takes time", () => {
    const run = start({ prefillTokensPerSecond: 1000 });
    run.arrive(0, { inputTokens: 500, cachedTokens: 100, outputTokens: 50 });
    run.run();
    expect(run.times()).toEqual([[400_000 + 20_000, 1_400_000]]);
  });

  it("has as many places as slots, and no end of memory", () => {
    const run = start();
    for (let count = 0; count < 3; count++) run.arrive(0, { inputTokens: 1e8, outputTokens: 5 });
    run.run();
    expect(run.times().map(([, completed]) => completed)).toEqual([100_000, 100_000, 200_000]);
    expect(run.replica.kvTokens).toBe(Number.POSITIVE_INFINITY);
  });

  it("has an opening for every free slot", () => {
    const { replica } = start({ slots: 3 });
    const work = aloneWork({ inputTokens: 5, outputTokens: 9 });
    const openings = [0, 1, 2].map((id) => {
      replica.admit(id, work, 0 as Instant);
      return replica.openings;
    });
    replica.cancel(1, 0 as Instant);
    expect([openings, replica.openings]).toEqual([[2, 1, 0], 1]);
  });

  it("wakes only when a token is due, however many sequences come and go", () => {
    const run = start({ slots: 10 });
    for (let id = 0; id < 10; id++)
      run.cancelAt(1000 + id, run.arrive(id, { inputTokens: 1, outputTokens: 100 }));
    run.arrive(2000, { inputTokens: 1, outputTokens: 2 });
    run.run();
    expect(run.wakes).toEqual([22_000, 42_000]);
  });

  it.each([3, 7, 50, 777, 1e6, 3e6, 1e9])(
    "counts a token at the microsecond in which it comes (%d a second)",
    (tokensPerSecond) => {
      const { replica } = start({ tokensPerSecond });
      const outputTokens = 1000;
      replica.admit(0, aloneWork({ inputTokens: 1, outputTokens }), 0 as Instant);
      const due = (token: number) => Math.round((token / tokensPerSecond) * 1e6);
      const wrong = Array.from({ length: outputTokens }, (_, index) => index + 1).filter((token) => {
        const at = due(token);
        const before = at > 0 ? replica.generated(0, (at - 1) as Instant) : 0;
        return replica.generated(0, at as Instant) < token || before >= token;
      });
      expect(wrong).toEqual([]);
      expect(replica.generated(0, 1e12 as Instant)).toBe(outputTokens);
    },
  );

  it("serves at once what takes no whole microsecond", () => {
    const run = start({ tokensPerSecond: 1e9 });
    run.arrive(5, { inputTokens: 1, outputTokens: 100 });
    expect(run.run().log.map(({ what, at }) => [what, at])).toEqual([
      ["admitted", 5],
      ["first", 5],
      ["completed", 5],
    ]);
  });

  it("takes twice as long for what is left at half the speed, whoever is inside", () => {
    const run = start({ prefillTokensPerSecond: 1000 });
    run.arrive(0, { inputTokens: 100, outputTokens: 100 });
    run.arrive(1_000_000, { inputTokens: 50, outputTokens: 5 });
    run.setSpeedAt(60_000, 0.5);
    run.setSpeedAt(1_060_001, 1);
    const seen: number[] = [];
    run.probed = (now) => seen.push(run.replica.prefilled(0, now), run.replica.generated(0, now));
    for (const at of [50_000, 80_001, 179_999, 180_000]) run.probeAt(at);
    run.run();
    // Own time was 60 ms at 60 ms, 530 at 1000 and 560.0005 at 1060.001: from then on it is 500.0005 ms behind.
    expect(run.times()).toEqual([
      [180_000, 2_600_001],
      [1_100_001, 1_180_001],
    ]);
    expect(seen).toEqual([50, 0, 70, 0, 100, 0, 100, 1]);
  });

  it("holds what is inside while it hangs, and goes on where it was", () => {
    const run = start();
    run.arrive(0, { inputTokens: 10, outputTokens: 50 });
    run.arrive(500_000, { inputTokens: 10, outputTokens: 1 });
    run.setSpeedAt(410_000, 0);
    run.setSpeedAt(2_410_000, 1);
    const seen: number[] = [];
    run.probed = (now) => seen.push(run.replica.generated(0, now), run.replica.generated(1, now), run.alarms);
    for (const at of [410_000, 500_000, 2_409_999, 2_420_000]) run.probeAt(at);
    run.run();
    expect(run.times()).toEqual([
      [20_000, 3_000_000],
      [2_430_000, 2_430_000],
    ]);
    expect(seen).toEqual([20, 0, 0, 20, 0, 0, 20, 0, 0, 21, 0, 1]);
  });

  it("knows nothing of a sequence that is not inside or still prefills", () => {
    const { replica } = start({ prefillTokensPerSecond: 1 });
    replica.admit(0, aloneWork({ inputTokens: 5, outputTokens: 9 }), 0 as Instant);
    expect([replica.generated(0, 4_999_999 as Instant), replica.generated(1, 9e9 as Instant)]).toEqual([
      0, 0,
    ]);
  });
});
