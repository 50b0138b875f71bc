import { describe, expect, it } from "vitest";
import { Returns } from "../../../../src/core/server/fleet/returns.js";
import { Role } from "../../../../src/core/server/fleet/roles.js";

const { serves, standsBy } = Role;

describe("what makes up for a lost instance", () => {
  it("is the one that starts again, once, unless it is given up", () => {
    const returns = new Returns();
    for (const slot of [3, 4]) returns.startsAgain(slot);
    returns.forget(4);
    const back = [3, 3, 4].map((slot) => returns.hasStarted(slot, 0, serves));
    expect(back).toEqual([true, false, false]);
  });

  it("is whichever starts next in its pool and its role, as often as one is owed", () => {
    const returns = new Returns();
    returns.owe(1, serves);
    returns.owe(1, standsBy);
    const back = [
      [0, serves],
      [1, serves],
      [1, serves],
      [1, standsBy],
    ] as const;
    expect(back.map(([pool, role], slot) => returns.hasStarted(slot, pool, role))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it("is none where no other is wanted any more", () => {
    const returns = new Returns();
    for (const _ of [1, 2, 3]) returns.owe(0, serves);
    returns.oweAtMost(0, serves, 1);
    returns.oweAtMost(0, serves, 5);
    expect([0, 1].map((slot) => returns.hasStarted(slot, 0, serves))).toEqual([true, false]);
    returns.owe(0, serves);
    returns.oweAtMost(0, serves, -2);
    expect(returns.hasStarted(0, 0, serves)).toBe(false);
  });
});
