import { describe, expect, it } from "vitest";
import { instant, MICROS_PER_SECOND, seconds } from "../../../../../src/core/base/units.js";
import { createPolicy, policy } from "../../../../../src/core/server/gateway/policies/registry.js";
import { Saturation } from "../../../../../src/core/server/gateway/policies/saturation.js";
import { ADMIT, OVERLOADED_CAPACITY, WAIT } from "../../../../../src/core/server/gateway/verdict.js";
import { facts, occupancy, policyContext, signals } from "../../../../support/gateway-views.js";

const NOW = instant(0);
const OPTIONS = {
  maxQueue: 100,
  queueTimeout: seconds(5),
  displaceLower: true,
  sheddable: [false, true, true],
  queueDepth: 5,
  kvShare: 0.8,
  staleAfter: seconds(0.2),
};

const make = (changes: Partial<typeof OPTIONS> = {}) => new Saturation({ ...OPTIONS, ...changes });
const ofRank = (rank: number) => facts({ path: rank, rank });

describe("saturation", () => {
  it("is the larger of two shares: of requests that wait per replica, and of KV", () => {
    const shares = [
      signals({ replicas: 2, queued: [2, 3], kvUsed: 0 }),
      signals({ replicas: 2, queued: [2, 3], kvUsed: 600 }),
      signals({ kvUsed: 900 }),
      signals({ kvTokens: Number.POSITIVE_INFINITY, kvUsed: 900 }),
    ].map((seen) => make().saturation(seen, NOW));
    expect(shares).toEqual([0.5, 0.75, 1.125, 0]);
  });

  it("is worse than full where there is no replica, or the copy is too old", () => {
    expect(make().saturation(signals({ replicas: 0, kvTokens: 0 }), NOW)).toBe(Number.POSITIVE_INFINITY);
    const idle = signals();
    const at = (time: number) => make().saturation(idle, instant(seconds(time)));
    expect([at(0.2), at(0.2) < at(0.21)]).toEqual([0, true]);
  });

  it("refuses a sheddable path beside free slots, and no other", () => {
    const full = signals({ kvUsed: 800 });
    expect([0, 1].map((rank) => make().decide(ofRank(rank), full, NOW))).toEqual([
      ADMIT,
      OVERLOADED_CAPACITY,
    ]);
    const roomy = signals({ kvUsed: 799 });
    expect(make().decide(ofRank(1), roomy, NOW)).toBe(ADMIT);
  });

  it("lets a sheddable request go before one of a lower rank that waits, where it may displace", () => {
    const full = signals({ busy: 10, queued: [0, 0, 5] });
    expect(make().decide(ofRank(1), full, NOW)).toBe(WAIT);
    expect(make({ displaceLower: false }).decide(ofRank(1), full, NOW)).toBe(OVERLOADED_CAPACITY);
    expect(make().decide(ofRank(2), full, NOW)).toBe(OVERLOADED_CAPACITY);
  });

  it("lets all start that have been let in", () => {
    expect(make().mayStart(0, 1, occupancy())).toBe(true);
  });

  it("takes the lowest rank of a pool with several for sheddable, unless told", () => {
    const names = ["priority", "standard"];
    const paths = names.map((name, rank) => ({ name, isServed: true, rank }));
    const refused = (given: object, among = paths) => {
      const made = createPolicy(policy.parse({ policy: "saturation", ...given }), policyContext(among));
      const full = signals({ kvUsed: 1000 });
      return among.filter((_, rank) => made.decide(ofRank(rank), full, NOW).kind === "reject");
    };
    expect(refused({})).toEqual([paths[1]]);
    expect(refused({}, paths.slice(0, 1))).toEqual([]);
    expect(refused({ sheddable: ["priority", "standard"] })).toEqual(paths);
  });

  it("has the defaults of the detector that it is taken from", () => {
    const parsed = policy.parse({ policy: "saturation" });
    expect(parsed).toMatchObject({ queueDepth: 5, kvShare: 0.8, staleAfter: 0.2 * MICROS_PER_SECOND });
  });
});
