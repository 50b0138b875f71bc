import { describe, expect, it } from "vitest";
import type { Duration } from "../../../../../src/core/base/units.js";
import { ReplicaRows, SPEED } from "../../../../../src/core/server/replica/batching/replica-rows.js";

describe("the rows of replicas", () => {
  it("are apart, keep what stands in them when others come, and are used again", () => {
    const rows = new ReplicaRows();
    const opened = Array.from({ length: 100 }, () => {
      const row = rows.open();
      rows.numbers.fill(row, row, row + 8);
      return row;
    });
    expect(new Set(opened).size).toBe(100);
    for (const row of opened) expect([...rows.numbers.subarray(row, row + 8)]).toEqual(Array(8).fill(row));
    rows.close(opened[3]!);
    expect(() => rows.close(opened[3]!)).toThrow("once");
    expect([rows.open(), opened.includes(rows.open())]).toEqual([opened[3], false]);
  });

  it("are at full speed when they are opened, for the first time or again", () => {
    const rows = new ReplicaRows();
    const row = rows.open();
    expect(rows.numbers[row + SPEED]).toBe(1);
    rows.numbers[row + SPEED] = 0.5;
    rows.close(row);
    expect(rows.numbers[rows.open() + SPEED]).toBe(1);
  });

  it("come later in all their instants and in nothing else", () => {
    const rows = new ReplicaRows();
    const [row, other] = [rows.open(), rows.open()];
    rows.numbers.fill(0, row, other + 8);
    rows.delay(row, 7 as Duration);
    // The origin of the epoch, the start of a step with prefills and the end of the last one that heated.
    expect([...rows.numbers.subarray(row, row + 8)]).toEqual([7, 0, 0, 0, 7, 0, 7, 0]);
    expect([...rows.numbers.subarray(other, other + 8)]).toEqual(Array(8).fill(0));
  });
});
