import { describe, expect, it } from "vitest";
import { leastLoaded, NOWHERE } from "../../../src/core/fleet/placement.js";
import { type Contents, ReplicaOfCounts } from "./replicas.js";

const place = (kvTokens: number, ...replicas: Contents[]) =>
  leastLoaded(
    replicas.map((each) => new ReplicaOfCounts(each)),
    kvTokens,
  );

describe("leastLoaded", () => {
  it("takes the replica with the smallest share of busy slots, not with the fewest", () => {
    expect(place(1, { slots: 4, busy: 2 }, { slots: 16, busy: 4 }, { slots: 4, busy: 3 })).toBe(1);
  });

  it("takes the first of equals", () => {
    expect(place(1, { slots: 4, busy: 2 }, { slots: 4, busy: 1 }, { slots: 8, busy: 2 })).toBe(1);
  });

  it("passes over replicas without a slot or without the memory", () => {
    const noMemory = { slots: 4, kvTokens: 100, kvUsed: 95 };
    expect(place(10, noMemory, { slots: 2, busy: 2 }, { slots: 4, busy: 3 })).toBe(2);
    expect(place(5, noMemory, { slots: 2, busy: 2 }, { slots: 4, busy: 3 })).toBe(0);
  });

  it("passes over replicas that take nobody in for now, though slots are free", () => {
    expect(place(1, { slots: 4, openings: 0 }, { slots: 4, busy: 3 })).toBe(1);
  });

  it("finds nowhere when all are full", () => {
    expect(place(1, { slots: 2, busy: 2 }, { slots: 1, busy: 1 })).toBe(NOWHERE);
  });
});
