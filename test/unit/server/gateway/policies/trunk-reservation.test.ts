import { describe, expect, it } from "vitest";
import { START } from "../../../../../src/core/base/units.js";
import { TrunkReservation } from "../../../../../src/core/server/gateway/policies/trunk-reservation.js";
import { ADMIT, OVERLOADED_CAPACITY, WAIT } from "../../../../../src/core/server/gateway/verdict.js";
import { facts, occupancy, signals } from "../../../../support/gateway-views.js";

const queue = { maxQueue: 0, queueTimeout: undefined, displaceLower: true };
const PRIORITY = 0;
const STANDARD = 1;

const reserving = (share: number, signal: "slots" | "kv" = "slots") =>
  new TrunkReservation({ ...queue, reserve: [0, share], signal });

/** The largest number of busy slots at which a path may still start. */
function lastStart(policy: TrunkReservation, path: number, slots: number): number {
  let last = -1;
  for (let slotsBusy = 0; slotsBusy < slots; slotsBusy++) {
    if (policy.mayStart(path, 1, occupancy({ slots, slotsBusy }))) last = slotsBusy;
  }
  return last;
}

describe("trunk reservation", () => {
  it("keeps the share of slots free of the path, and of no other", () => {
    const policy = reserving(0.04);
    expect([lastStart(policy, STANDARD, 200), lastStart(policy, PRIORITY, 200)]).toEqual([191, 199]);
  });

  it.each([
    [0, 100, 99],
    [0.01, 100, 98],
    [0.07, 100, 92],
    [0.29, 100, 70],
    [0.021, 100, 97],
    [0.02, 10, 9],
    [0.02, 49, 48],
    [0.02, 50, 48],
    [0.5, 3, 1],
    [0.5, 1, 0],
    [0.999, 10, 0],
  ])(
    "rounds a share of %d down to whole slots of %i, in spite of doubles: last start at %i",
    (share, slots, last) => {
      expect(lastStart(reserving(share), STANDARD, slots)).toBe(last);
    },
  );

  it("decides by the same slots of the copy as it starts by those that are there", () => {
    const policy = reserving(0.29);
    const admits = (busy: number) =>
      policy.decide(facts({ path: STANDARD, rank: 1 }), signals({ slots: 100, busy }), START) === ADMIT;
    expect([admits(70), admits(71)]).toEqual([true, false]);
  });

  it("can keep memory instead of slots, counting the prompt of the request itself", () => {
    const policy = reserving(0.1, "kv");
    const starts = (kvUsed: number, inputTokens: number, path: number) =>
      policy.mayStart(path, inputTokens, occupancy({ slotsBusy: 9, kvUsed }));
    expect([starts(800, 100, STANDARD), starts(800, 101, STANDARD), starts(899, 1, STANDARD)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([starts(900, 1, STANDARD), starts(900, 100, PRIORITY)]).toEqual([false, true]);
  });

  it.each(["slots", "kv"] as const)(
    "lets any request start in an empty pool, however much it keeps of its %s",
    (signal) => {
      const policy = reserving(0.999, signal);
      expect(policy.mayStart(STANDARD, 1000, occupancy())).toBe(true);
      expect(
        policy.decide(facts({ path: STANDARD, rank: 1, inputTokens: 1000 }), signals({ busy: 0 }), START),
      ).toBe(ADMIT);
      expect(policy.mayStart(STANDARD, 1000, occupancy({ slotsBusy: 1, kvUsed: 1 }))).toBe(false);
    },
  );

  it("decides on memory by the prompts inside and the prompt that comes", () => {
    const policy = reserving(0.1, "kv");
    const admits = (kvUsed: number, inputTokens: number) =>
      policy.decide(facts({ path: STANDARD, rank: 1, inputTokens }), signals({ busy: 1, kvUsed }), START) ===
      ADMIT;
    expect([admits(800, 100), admits(800, 101), admits(900, 1)]).toEqual([true, false, false]);
  });

  it("keeps nothing of a memory without end", () => {
    const endless = occupancy({ slotsBusy: 1, kvTokens: Number.POSITIVE_INFINITY });
    expect([0, 0.1].map((share) => reserving(share, "kv").mayStart(STANDARD, 1e9, endless))).toEqual([
      true,
      true,
    ]);
  });

  it("sheds or lets wait who may not start, though slots are free", () => {
    const policy = reserving(0.2);
    const decide = (path: number, busy: number) =>
      policy.decide(facts({ path, rank: path }), signals({ busy }), START);
    expect([decide(STANDARD, 7), decide(STANDARD, 8), decide(PRIORITY, 9)]).toEqual([
      ADMIT,
      OVERLOADED_CAPACITY,
      ADMIT,
    ]);
    const waiting = new TrunkReservation({ ...queue, maxQueue: 5, reserve: [0, 0.2], signal: "slots" });
    expect(waiting.decide(facts({ path: STANDARD, rank: 1 }), signals({ busy: 8 }), START)).toBe(WAIT);
  });

  it.each([-0.1, 1, Number.NaN])("refuses a reserve of %s", (share) => {
    expect(() => reserving(share)).toThrow("share of the whole");
  });
});
