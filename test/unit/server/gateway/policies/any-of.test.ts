import { describe, expect, it } from "vitest";
import { NO_TIME, START, seconds } from "../../../../../src/core/base/units.js";
import { AnyOf, tightest } from "../../../../../src/core/server/gateway/policies/any-of.js";
import type { AdmissionPolicy } from "../../../../../src/core/server/gateway/policies/policy.js";
import {
  createPolicy,
  POLICIES,
  policy,
  queueBounds,
} from "../../../../../src/core/server/gateway/policies/registry.js";
import { TailDrop } from "../../../../../src/core/server/gateway/policies/tail-drop.js";
import {
  ADMIT,
  DISPLACE,
  OVERLOADED_CAPACITY,
  OVERLOADED_DELAY,
  OVERLOADED_PREDICTED,
  SPILL,
  type Verdict,
  WAIT,
} from "../../../../../src/core/server/gateway/verdict.js";
import { facts, occupancy, policyContext, signals, startsAll } from "../../../../support/gateway-views.js";

/** A policy of one verdict that notes what it is told. */
class Noting {
  readonly told: string[] = [];
  readonly policy: AdmissionPolicy;

  constructor(verdict: Verdict, changes: Partial<AdmissionPolicy> = {}) {
    this.policy = {
      ...startsAll,
      displaceLower: true,
      decide: () => {
        this.told.push("decide");
        return verdict;
      },
      settle: (path, settlement) => void this.told.push(`settle ${path} ${settlement}`),
      started: (path, waited) => void this.told.push(`started ${path} ${waited}`),
      ...changes,
    };
  }
}

const decide = (...verdicts: readonly Verdict[]) =>
  new AnyOf(verdicts.map((verdict) => new Noting(verdict).policy)).decide(facts(), signals(), START);

describe("any of several policies", () => {
  it("refuses for the reason of the first that refuses, or moves it", () => {
    expect(decide(ADMIT, OVERLOADED_DELAY, OVERLOADED_PREDICTED)).toBe(OVERLOADED_DELAY);
    expect([decide(WAIT, SPILL, OVERLOADED_DELAY), decide(OVERLOADED_PREDICTED, SPILL)]).toEqual([
      SPILL,
      OVERLOADED_PREDICTED,
    ]);
  });

  it("admits where all admit, and otherwise lets wait, displacing where one says so", () => {
    expect([decide(ADMIT, ADMIT), decide(ADMIT, WAIT), decide(WAIT, DISPLACE, ADMIT)]).toEqual([
      ADMIT,
      WAIT,
      DISPLACE,
    ]);
  });

  it("displaces none where one of them displaces none: a full queue is full then", () => {
    const displacing = new Noting(DISPLACE);
    const strict = new Noting(WAIT, { displaceLower: false });
    const any = new AnyOf([displacing.policy, strict.policy]);
    expect([any.displaceLower, any.decide(facts(), signals(), START)]).toEqual([false, OVERLOADED_CAPACITY]);
    expect([displacing, strict].map(({ told }) => told)).toEqual([
      ["decide", "settle 0 shed"],
      ["decide", "settle 0 shed"],
    ]);
  });

  it("settles with those that let in what another refuses, and asks no further (LAW-10)", () => {
    const all = [ADMIT, WAIT, OVERLOADED_DELAY, ADMIT].map((verdict) => new Noting(verdict));
    new AnyOf(all.map((one) => one.policy)).decide(facts({ path: 3 }), signals(), START);
    expect(all.map(({ told }) => told)).toEqual([
      ["decide", "settle 3 shed"],
      ["decide", "settle 3 shed"],
      ["decide"],
      [],
    ]);
  });

  it("tells all of ends, and of starts those that learn", () => {
    const learning = new Noting(ADMIT, { learns: true });
    const other = new Noting(ADMIT);
    const any = new AnyOf([other.policy, learning.policy]);
    any.started(1, seconds(2), START);
    any.settle(1, "completed", START);
    expect(any.learns).toBe(true);
    expect(other.told).toEqual(["settle 1 completed"]);
    expect(learning.told).toEqual(["started 1 2000000", "settle 1 completed"]);
  });

  it("starts what all let start", () => {
    const reserving = new Noting(ADMIT, { mayStart: (path) => path === 0 });
    const any = new AnyOf([new Noting(ADMIT).policy, reserving.policy]);
    expect([0, 1].map((path) => any.mayStart(path, 1, occupancy()))).toEqual([true, false]);
  });

  it("sheds at the head what any sheds, and asks all that shed there, since they learn from it", () => {
    const asked: string[] = [];
    const dropping = (name: string, drops: boolean, dropsAtHead = true) =>
      new Noting(ADMIT, {
        dropsAtHead,
        dropsHead: (path, waited, now, others) => {
          asked.push([name, path, waited, now, others].join(" "));
          return drops;
        },
      }).policy;
    const any = new AnyOf([dropping("a", true), dropping("b", false), dropping("c", true, false)]);
    expect([any.dropsAtHead, any.dropsHead(1, NO_TIME, START, 4)]).toEqual([true, true]);
    expect(asked).toEqual(["a 1 0 0 4", "b 1 0 0 4"]);
    expect(new AnyOf([dropping("b", false)]).dropsHead(1, NO_TIME, START, 4)).toBe(false);
  });

  it("looks at memory, evicts and displaces as they do", () => {
    const traits = (...all: Partial<AdmissionPolicy>[]) => {
      const { watchesKv, startsByKv, evictsLower, displaceLower } = new AnyOf(
        all.map((one) => new Noting(ADMIT, one).policy),
      );
      return [watchesKv || startsByKv, evictsLower, displaceLower];
    };
    expect(traits({ watchesKv: true, evictsLower: true }, {})).toEqual([true, false, true]);
    expect(traits({}, { startsByKv: true })).toEqual([true, false, true]);
    expect(traits({ evictsLower: true, displaceLower: false }, { evictsLower: true })).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("has the shortest queue and the soonest deadline", () => {
    const of = [
      { policy: "none" },
      { policy: "tail-drop", maxQueue: 30, queueTimeout: "9s" },
      { policy: "codel", maxQueue: 50, queueTimeout: "3s" },
    ];
    const given = policy.parse({ policy: "any-of", of });
    const bounds = { maxQueue: 30, queueTimeout: seconds(3) };
    expect(queueBounds(given)).toEqual(bounds);
    expect(createPolicy(given, policyContext())).toMatchObject(bounds);
    const endless = { maxQueue: Number.POSITIVE_INFINITY, queueTimeout: undefined };
    expect(queueBounds(policy.parse({ policy: "any-of", of: of.slice(0, 1) }))).toEqual(endless);
    expect(tightest([endless, { maxQueue: 2, queueTimeout: undefined }])).toEqual({
      ...endless,
      maxQueue: 2,
    });
  });

  it("is made of those that stand alone, one at least", () => {
    const parse = (of: readonly object[]) => policy.safeParse({ policy: "any-of", of }).success;
    expect([parse([]), parse([{ policy: "codel" }])]).toEqual([false, true]);
    expect(parse([{ policy: "any-of", of: [{ policy: "codel" }] }])).toBe(false);
    expect(() => new AnyOf([])).toThrow("any of none");
  });

  it("checks what each of them names at its own place, and says that it does not stand within itself", () => {
    const told: string[] = [];
    const report = (path: readonly (string | number)[], message: string) =>
      told.push(`${path.join(".")}: ${message}`);
    const around = { pool: "shared", servedBy: { standard: "shared" }, servedHere: ["standard"] };
    const of = [{ policy: "none" }, { policy: "ramp", from: { standrad: 0 } }, { policy: "any-of", of: [] }];
    POLICIES.at(-1)!.check!({ policy: "any-of", of }, ["pools", "shared", "admission"], around, report);
    expect(told).toEqual([
      'pools.shared.admission.of.1.from.standrad: there is no path "standrad"',
      'pools.shared.admission.of.2: "any-of" does not stand within itself',
    ]);
  });

  it("orders by priority as far as all that it may combine do", () => {
    expect(POLICIES.at(-1)).toMatchObject({ name: "any-of", ordersByPriority: false });
  });

  it("of one is that one", () => {
    const alone = new TailDrop({ maxQueue: 1, queueTimeout: undefined, displaceLower: true });
    const any = new AnyOf([alone]);
    for (const queued of [
      [0, 0],
      [0, 1],
      [1, 0],
    ]) {
      for (const rank of [0, 1]) {
        const asked = [facts({ path: rank, rank }), signals({ busy: 10, queued }), START] as const;
        expect(any.decide(...asked)).toBe(alone.decide(...asked));
      }
    }
  });
});
