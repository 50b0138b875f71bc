import { describe, expect, it } from "vitest";
import { ReplicaRows } from "../../../../../src/core/server/replica/batching/replica-rows.js";

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
});
