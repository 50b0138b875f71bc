import { describe, expect, it } from "vitest";
import { type Instant, NEVER, seconds } from "../../../../src/core/base/units.js";
import { RunBatches } from "../../../../src/core/results/ledger/run-batches.js";

const at = (time: number) => seconds(time) as number as Instant;
const attempts = (batches: RunBatches, tier = 0) => batches.all.map((batch) => batch.at(tier, 0).attempts);

describe("batches of a run", () => {
  it("cut a window of known length into 64", () => {
    const batches = new RunBatches(2, 1, at(100), at(740));
    for (let time = 100; time < 740; time++) batches.columns(time % 2, 0, at(time)).attempts++;
    expect(attempts(batches)).toEqual(Array.from({ length: 64 }, () => 5));
    expect(attempts(batches, 1)).toEqual(Array.from({ length: 64 }, () => 5));
  });

  it("hold the very last instant of a window that 64 does not divide", () => {
    const until = (at(100) + 1001) as Instant;
    const batches = new RunBatches(1, 1, at(100), until);
    for (let instant: number = at(100); instant < until; instant++)
      batches.columns(0, 0, instant as Instant).attempts++;
    expect(attempts(batches).length).toBeLessThanOrEqual(64);
    expect(attempts(batches).reduce((sum, count) => sum + count, 0)).toBe(1001);
  });

  it("take neighbours together where the length of the run is not known, and lose nothing", () => {
    const batches = new RunBatches(1, 1, at(10), NEVER);
    for (let time = 0; time < 1000; time++) {
      const columns = batches.columns(0, 0, at(10 + time));
      columns.attempts++;
      columns.ttft.add(time);
    }
    // 1,000 s in stretches of 16 s.
    expect(attempts(batches)).toEqual([...Array.from({ length: 62 }, () => 16), 8]);
    expect(batches.all[1]!.at(0, 0).ttft.minimum).toBe(16);
    expect(batches.all[1]!.at(0, 0).ttft.maximum).toBe(31);
  });

  it("have an empty one where nothing arrived, and go back where something old ends", () => {
    const batches = new RunBatches(1, 1, at(0), at(64));
    batches.columns(0, 0, at(3)).attempts++;
    batches.columns(0, 0, at(0)).attempts++;
    expect(attempts(batches)).toEqual([1, 0, 0, 1]);
  });

  it("tell sources apart", () => {
    const batches = new RunBatches(1, 2, at(0), at(64));
    for (const source of [0, 1, 1]) batches.columns(0, source, at(3)).attempts++;
    expect(batches.all[3]!.cells().map(({ place, columns }) => [place, columns.attempts])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it("stay small: sketches spill into coarse buckets", () => {
    const batches = new RunBatches(1, 1, at(0), at(64));
    const columns = batches.columns(0, 0, at(0));
    for (let index = 0; index < 100_000; index++) columns.ttft.add(10 ** (index / 25_000 - 2));
    expect(columns.ttft.exact).toBe(false);
    expect(columns.ttft.retainedBytes).toBeLessThan(40_000);
  });
});
