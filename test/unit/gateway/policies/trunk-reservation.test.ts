import { describe, expect, it } from "vitest";
import { TrunkReservation } from "../../../../src/core/gateway/policies/trunk-reservation.js";
import { ADMIT, OVERLOADED_CAPACITY, WAIT } from "../../../../src/core/gateway/verdict.js";
import { facts, signals } from "../requests.js";

const queue = { maxQueue: 0, queueTimeout: undefined, displaceLower: true };
const PRIORITY = 0;
const STANDARD = 1;

const reserving = (share: number, signal: "slots" | "kv" = "slots") =>
  new TrunkReservation({ ...queue, reserve: [0, share], signal });

/** The largest number of busy slots at which a path may still start. */
function lastStart(policy: TrunkReservation, path: number, slots: number): number {
  let last = -1;
  for (let busy = 0; busy <= slots; busy++) if (policy.mayStart(path, signals({ slots, busy }))) last = busy;
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
    [0.021, 100, 96],
    [0.5, 3, 0],
    [0.999, 10, -1],
  ])(
    "rounds a share of %d up to whole slots of %i, in spite of doubles: last start at %i",
    (share, slots, last) => {
      expect(lastStart(reserving(share), STANDARD, slots)).toBe(last);
    },
  );

  it("can keep memory instead of slots", () => {
    const policy = reserving(0.1, "kv");
    const at = (kvUsed: number, path: number) => policy.mayStart(path, signals({ kvTokens: 1000, kvUsed }));
    expect([at(899, STANDARD), at(900, STANDARD), at(999, PRIORITY), at(1000, PRIORITY)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(policy.mayStart(PRIORITY, signals({ busy: 10 }))).toBe(false);
  });

  it("keeps nothing of a memory without end", () => {
    const endless = { kvTokens: Number.POSITIVE_INFINITY };
    const starts = [0, 0.1].map((share) => reserving(share, "kv").mayStart(STANDARD, signals(endless)));
    expect(starts).toEqual([true, true]);
  });

  it("sheds or lets wait who may not start, though slots are free", () => {
    const policy = reserving(0.2);
    const decide = (path: number, busy: number) =>
      policy.decide(facts({ path, rank: path }), signals({ busy }));
    expect([decide(STANDARD, 7), decide(STANDARD, 8), decide(PRIORITY, 9)]).toEqual([
      ADMIT,
      OVERLOADED_CAPACITY,
      ADMIT,
    ]);
    const waiting = new TrunkReservation({ ...queue, maxQueue: 5, reserve: [0, 0.2], signal: "slots" });
    expect(waiting.decide(facts({ path: STANDARD, rank: 1 }), signals({ busy: 8 }))).toBe(WAIT);
  });

  it.each([-0.1, 1, Number.NaN])("refuses a reserve of %s", (share) => {
    expect(() => reserving(share)).toThrow("share of the whole");
  });
});
