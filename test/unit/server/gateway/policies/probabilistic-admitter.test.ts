import { describe, expect, it } from "vitest";
import { instant, START, seconds } from "../../../../../src/core/base/units.js";
import { ProbabilisticAdmitter } from "../../../../../src/core/server/gateway/policies/probabilistic-admitter.js";
import { policy } from "../../../../../src/core/server/gateway/policies/registry.js";
import { ADMIT, OVERLOADED_CAPACITY } from "../../../../../src/core/server/gateway/verdict.js";
import { facts, signals } from "../../../../support/gateway-views.js";

const OPTIONS = {
  maxQueue: 100,
  queueTimeout: seconds(5),
  displaceLower: true,
  sheddable: [false, true],
  queueDepth: 5,
  kvShare: 0.8,
  staleAfter: seconds(0.2),
  power: 5,
  factor: 300,
};

const make = (chance = () => 0) => new ProbabilisticAdmitter(OPTIONS, chance);
/** A pool that is so full by its KV, of which 80 % count as all. */
const full = (saturation: number) => signals({ kvTokens: 100_000, kvUsed: saturation * 80_000 });

describe("probabilistic admitter", () => {
  it.each([
    [0, 0],
    [0.08, 0.000983],
    [0.15, 0.0228],
    [0.2, 0.096],
    [0.3, 0.729],
    [0.34, 1],
    [1, 1],
  ])(
    "at a saturation of %d refuses a share of %d: the table that its authors publish",
    (saturation, share) => {
      expect(make().probability(full(saturation), START)).toBeCloseTo(share, 4);
    },
  );

  it.each([0.5, 1, 2.5, 3])("may have another power and factor: %d", (power) => {
    const made = new ProbabilisticAdmitter({ ...OPTIONS, power, factor: 2 }, () => 0);
    expect(made.probability(full(0.25), START)).toBeCloseTo(Math.min(1, 2 * 0.25 ** power), 12);
  });

  it("goes by the queue of each replica, too", () => {
    const seen = signals({ replicas: 4, queued: [1, 3] });
    expect(make().probability(seen, START)).toBeCloseTo(0.096, 12);
  });

  it("refuses a sheddable path when the draw falls below that, and no other path ever", () => {
    const decide = (drawn: number, rank: number) =>
      make(() => drawn).decide(facts({ path: rank, rank }), full(0.2), START);
    expect([decide(0.0959, 1), decide(0.0961, 1), decide(0, 0)]).toEqual([OVERLOADED_CAPACITY, ADMIT, ADMIT]);
  });

  it("draws once for every arrival, whoever that is", () => {
    let draws = 0;
    const admitter = make(() => {
      draws++;
      return 0.5;
    });
    for (const rank of [0, 1, 1]) admitter.decide(facts({ path: rank, rank }), full(0), START);
    expect(draws).toBe(3);
  });

  it("takes an old copy for full, and refuses none without any replica", () => {
    const at = instant(seconds(0.3));
    expect(make().probability(full(0), at)).toBe(1);
    expect(make().probability(signals({ replicas: 0, kvTokens: 0 }), START)).toBe(0);
  });

  it("has the defaults of the plugin that it is taken from", () => {
    const parsed = policy.parse({ policy: "probabilistic-admitter" });
    expect(parsed).toMatchObject({ power: 5, factor: 300, queueDepth: 5, kvShare: 0.8 });
  });
});
