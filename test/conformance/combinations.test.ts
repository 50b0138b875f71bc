// The contract of admissions over combinations of all concurrency limits, policies and queue rules there are: by day those
// in which every pair is, at night every triple.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NEVER } from "../../src/core/base/units.js";
import type { AdmissionParts } from "../../src/core/server/gateway/admission.js";
import { ADMIT, DEMOTE, OVERLOADED_CAPACITY } from "../../src/core/server/gateway/verdict.js";
import { gear, TEST_SEED } from "../support/mode.js";
import { pairsOf, TRIPLES, type Triple } from "../support/triples.js";
import { brokenBy, COMBINED_LAWS, type Combination, Trial } from "./combinations.js";
import { combinationOf, log, PAIRS } from "./combined-draws.js";

const LOGS = gear(5, 25);

const nameOf = ({ limit, policy, rule }: Triple) => `limit ${limit}, policy ${policy}, rule ${rule}`;

/** Fails with the shortest log that it breaks something on, and what. */
function hold(combination: Combination, seed: number): void {
  const keeps = fc.property(log, (one) => {
    const broken = brokenBy(combination, one);
    if (broken.length > 0) throw new Error(broken.join("\n"));
  });
  fc.assert(keeps, { seed, numRuns: LOGS });
}

describe("an admission keeps the contract", () => {
  it.each(gear(PAIRS, TRIPLES).map((triple, place) => [nameOf(triple), triple, place] as const))(
    "%s",
    (_, triple, place) => hold(combinationOf(triple), TEST_SEED + place),
  );
});

it("is tried on every pair by day", () => {
  expect(new Set(PAIRS.flatMap(pairsOf))).toEqual(new Set(TRIPLES.flatMap(pairsOf)));
});

const LOGS_TRIED = fc.sample(log, { seed: 5, numRuns: 60 });
const QUEUE_RULES_TRIED = ["fifo", "priority-aging", "apf"];
const OTHERS = QUEUE_RULES_TRIED.map((rule) => ({ limit: "aimd", policy: "tail-drop", rule }));

/** The laws that it breaks on any of some logs. */
function lawsBroken(combination: Combination): string[] {
  const trials = LOGS_TRIED.map((one) => new Trial(combination, one));
  return COMBINED_LAWS.filter(({ problem }) => trials.some((trial) => problem(trial) !== undefined)).map(
    ({ text }) => text,
  );
}

/** Its parts, changed. */
function changed(triple: Triple, change: (parts: AdmissionParts) => void): Combination {
  const sound = combinationOf(triple);
  const create = (seed: string) => {
    const parts = sound.create(seed);
    change(parts);
    return parts;
  };
  return { ...sound, create };
}

/** How often each of these came about in the trials of some combinations. */
function counted(): Record<string, number> {
  const trials = [...OTHERS, { limit: "fixed", policy: "codel", rule: "priority" }].flatMap((triple) =>
    LOGS_TRIED.map((one) => new Trial(combinationOf(triple), one)),
  );
  const fates = trials.flatMap((trial) => [...trial.fates]);
  const count = (is: (fate: (typeof fates)[number]) => boolean) => fates.filter(is).length;
  return {
    ...Object.fromEntries(
      ["completed", "cut", "shed", "refused"].map((end) => [end, count((one) => one.end === end)]),
    ),
    idle: count(({ metIdle }) => metIdle),
    waited: count(({ at, startedAt }) => startedAt !== NEVER && startedAt > at),
    hurried: count(({ retryAfter }) => retryAfter.some((wait) => wait !== undefined && wait <= 1000)),
    late: count(({ retryAfter }) => retryAfter.some((wait) => wait !== undefined && wait > 1e6)),
  };
}

it("is tried where it matters", () => {
  const few = Object.entries(counted()).filter(([, count]) => count < 100);
  expect(few).toEqual([]);
});

describe("an admission breaks the contract", () => {
  const plain: Triple = { limit: "none", policy: "tail-drop", rule: "priority" };
  const breaks = (change: (parts: AdmissionParts) => void, triple = plain) =>
    lawsBroken(changed(triple, change));

  it("not if it is left as it is", () => {
    expect(breaks(() => undefined)).toEqual([]);
  });

  it.each([plain, ...OTHERS])("that always admits: $limit, $policy, $rule", (triple) => {
    const always = ({ policy }: AdmissionParts) => Object.assign(policy, { decide: () => ADMIT });
    expect(breaks(always, triple)).toEqual([
      "has no more wait than its policy states, while the policy sees what is",
    ]);
  });

  it.each([plain, ...OTHERS])("that always refuses: $limit, $policy, $rule", (triple) => {
    const never = ({ policy }: AdmissionParts) =>
      Object.assign(policy, { decide: () => OVERLOADED_CAPACITY });
    expect(breaks(never, triple)).toEqual(["refuses none in an idle pool, and lets it start at once"]);
  });

  it("whose limit keeps one out beside none, or lets in more than it says", () => {
    const closed = breaks(
      ({ limit }) => {
        Object.assign(limit, { most: 0 });
      },
      { ...plain, limit: "fixed" },
    );
    expect(closed).toContain("refuses none in an idle pool, and lets it start at once");
    const wide = breaks(
      ({ limit }) => {
        let most = 3;
        Object.defineProperty(limit, "most", { get: () => 1 + (most++ % 3) });
      },
      { ...plain, limit: "fixed" },
    );
    expect(wide).toContain(
      "starts none beyond its limit, and is the same when it is asked who is next twice",
    );
  });

  it("whose rule turns round when it is asked", () => {
    const turning = breaks(({ rule }) => {
      let asked = 0;
      const next = rule.next.bind(rule);
      rule.next = (...given) => (asked++ % 2 === 0 ? next(...given) : -1);
    });
    expect(turning).toContain(
      "starts none beyond its limit, and is the same when it is asked who is next twice",
    );
  });

  it("whose policy remembers across runs", () => {
    let asked = 0;
    const unlike = breaks(({ policy }) => {
      const decide = policy.decide.bind(policy);
      policy.decide = (...given) => (asked++ < 300 ? decide(...given) : OVERLOADED_CAPACITY);
    });
    expect(unlike).toEqual(
      expect.arrayContaining([
        "LAW-4: the same log twice is the same twice",
        "policy and limit answer from what they are shown and told, and from nothing else",
      ]),
    );
  });

  it("whose policy takes back what it has let in", () => {
    const back = breaks(({ policy }) => {
      const decide = policy.decide.bind(policy);
      policy.decide = (facts, signals, now) => {
        policy.settle(facts.path, "shed", now);
        return decide(facts, signals, now);
      };
    });
    expect(back).toContain(
      "LAW-10: what is let in is settled once, for policy, rule and limit, and nothing else is",
    );
  });

  it("whose policy writes on the copy that it is shown", () => {
    const writing = breaks(({ policy }) => {
      const decide = policy.decide.bind(policy);
      policy.decide = (facts, signals, now) => {
        signals.slotsBusy++;
        return decide(facts, signals, now);
      };
    });
    expect(writing).toContain(
      "LAW-7: shows the pool as it was at the date of its copy, and leaves the copy as it is",
    );
  });

  it("that has account limits forget what it moves", () => {
    const moving = breaks(({ policy }) => {
      policy.decide = (_, { slotsBusy }) => (slotsBusy === 0 ? ADMIT : DEMOTE);
    });
    expect(moving).toEqual(["LAW-11: whom account limits refuse depends on no admission"]);
  });

  it("whose policy refuses a rank for being high", () => {
    const upside = breaks(({ policy }) => {
      const decide = policy.decide.bind(policy);
      policy.decide = (facts, signals, now) =>
        facts.rank === 0 && signals.slotsBusy > 0 ? OVERLOADED_CAPACITY : decide(facts, signals, now);
    });
    expect(upside).toEqual([
      "where its policy orders by priority: no admission turns into a refusal at a higher rank",
    ]);
  });
});
