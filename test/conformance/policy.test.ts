// The contract of admission policies over every policy there is, with its defaults and with more telling options; and
// policies that must not pass.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../src/core/random/stream.js";
import { none } from "../../src/core/server/gateway/policies/none.js";
import type { AdmissionPolicy } from "../../src/core/server/gateway/policies/policy.js";
import { createPolicy, POLICIES, policy } from "../../src/core/server/gateway/policies/registry.js";
import { TailDrop } from "../../src/core/server/gateway/policies/tail-drop.js";
import { ADMIT, OVERLOADED_CAPACITY } from "../../src/core/server/gateway/verdict.js";
import { MiniPool } from "../../src/core/tools/contracts/mini-pool.js";
import { log, play, RANKED_PATHS } from "../../src/core/tools/contracts/policy-logs.js";
import { policyContext } from "../support/gateway-views.js";
import { brokenLaws, type PolicyUnderTest, policyContract, type QueueOptions } from "./policy.js";

/** Options beside the queue's that make more of a policy than its defaults do, in a pool of a few requests. */
const MORE: Readonly<Record<string, readonly object[]>> = {
  "trunk-reservation": [{ reserve: { p1: 0.1, p2: 0.25 } }, { reserve: { p1: 0.1, p2: 0.25 }, signal: "kv" }],
  saturation: [{ sheddable: ["p1", "p2"], queueDepth: 1, kvShare: 0.3 }],
  "probabilistic-admitter": [{ sheddable: ["p1", "p2"], power: 1, factor: 2 }],
  codel: [{ target: "1ms", interval: "10ms" }],
  dagor: [{ delay: "10ms", window: "100ms", decrease: "50%", userLevels: 4, rehash: "1s" }],
  ramp: [{ queueDepth: 2, from: { p0: 0.4, p1: 0.2, p2: 0 } }],
  partition: [{ shares: { p0: 1, p1: 0.5, p2: 0.2 } }],
  cinnamon: [{ interval: "100ms", emptyQueue: "0s", cohorts: 4, sample: 10 }],
};

type Given = Readonly<Record<string, unknown>>;

const displacesOf = (name: string) =>
  "displaceLower" in (POLICIES.find((one) => one.name === name)?.options ?? {});

const withQueue = (given: Given, { maxQueue, displaceLower }: QueueOptions): Given => ({
  ...given,
  maxQueue,
  ...(displacesOf(given["policy"] as string) && { displaceLower }),
});

const contextOf = () => {
  const stream = openStream("contract", "policy");
  return policyContext(RANKED_PATHS, () => stream.uniform());
};

/** As a scenario writes it, with a queue in each of them where it is several. */
function underTest(given: Given): PolicyUnderTest {
  const of = given["of"] as readonly Given[] | undefined;
  const definition = POLICIES.find(({ name }) => name === given["policy"])!;
  return {
    create: (queue) => {
      const all =
        of === undefined ? withQueue(given, queue) : { ...given, of: of.map((one) => withQueue(one, queue)) };
      return createPolicy(policy.parse(all), contextOf());
    },
    displaces: (of ?? [given]).every((one) => displacesOf(one["policy"] as string)),
    ordersByPriority:
      of === undefined
        ? definition.ordersByPriority
        : of.every((one) => POLICIES.find(({ name }) => name === one["policy"])!.ordersByPriority),
  };
}

const telling = (name: string): Given => ({ policy: name, ...MORE[name]?.[0] });

const COMBINED: readonly Given[] = [
  { policy: "any-of", of: [telling("codel"), telling("saturation")] },
  { policy: "any-of", of: [telling("dagor"), telling("trunk-reservation"), telling("cinnamon")] },
  { policy: "any-of", of: [{ policy: "none" }, telling("partition"), telling("ramp")] },
];

const ALL: readonly Given[] = [
  ...POLICIES.flatMap(({ name }) => {
    if (name === "any-of") return COMBINED;
    return [{ policy: name }, ...(MORE[name] ?? []).map((more) => ({ policy: name, ...more }))];
  }),
];

for (const given of ALL) policyContract(JSON.stringify(given), underTest(given));

/** What becomes of the arrivals of some logs: the verdicts, and how many were shed after all. */
function fatesIn(create: () => AdmissionPolicy): string[] {
  return fc.sample(log, { seed: 3, numRuns: 40 }).map((entries) => {
    const pool = new MiniPool(create(), 4);
    const { verdicts } = play(pool, entries);
    return `${verdicts.map(({ kind }) => kind).join()} ${pool.shed}`;
  });
}

describe("what the contract is tried with", () => {
  const queue = { maxQueue: 4, displaceLower: true };
  const bare = fatesIn(() => underTest({ policy: "tail-drop" }).create(queue));

  it.each(Object.keys(MORE).map((name) => [name]))("tells %s from a bounded queue", (name) => {
    expect(fatesIn(() => underTest(telling(name)).create(queue))).not.toEqual(bare);
  });
});

describe("the contract is broken", () => {
  const under = (create: (queue: QueueOptions) => AdmissionPolicy): PolicyUnderTest => ({
    create,
    displaces: true,
    ordersByPriority: true,
  });
  const tailDrop = (queue: QueueOptions) => new TailDrop({ ...queue, queueTimeout: undefined });
  const changed = (change: (bare: TailDrop, queue: QueueOptions) => Partial<AdmissionPolicy>) =>
    under((queue) => {
      const made = tailDrop(queue);
      return Object.assign(made, change(made, queue));
    });

  it("by none that keeps it", () => {
    expect(brokenLaws(under(tailDrop))).toEqual([]);
  });

  it("by one that admits all, beyond its capacity", () => {
    expect(brokenLaws(changed(() => ({ decide: () => ADMIT })))).toEqual([
      "lets at most maxQueue wait while its signals are live",
      "admits none without an opening, or past a request of the same or a higher rank",
    ]);
  });

  it("by one that refuses all", () => {
    expect(brokenLaws(changed(() => ({ decide: () => OVERLOADED_CAPACITY })))).toEqual([
      "refuses none in an idle pool, whatever came before",
      "LAW-9: refuses none while a request of a lower rank waits",
    ]);
  });

  it("by one that lets wait without a bound, though it states one", () => {
    const unbounded = none.create({ maxQueue: "unlimited" }, policyContext());
    const broken = brokenLaws(changed(() => ({ decide: unbounded.decide.bind(unbounded) })));
    expect(broken).toEqual(["lets at most maxQueue wait while its signals are live"]);
  });

  it("by one that refuses a higher rank for being one", () => {
    const broken = brokenLaws(
      changed((bare) => {
        const decide = bare.decide.bind(bare);
        return {
          decide: (facts, signals, now) =>
            facts.rank === 0 && signals.slotsBusy > 0 && signals.queued === 0
              ? OVERLOADED_CAPACITY
              : decide(facts, signals, now),
        };
      }),
    );
    expect(broken).toEqual([
      "orders by priority: of a log with one request at a higher rank none turns that one's admission into a refusal",
    ]);
  });

  it("by one that draws chance of its own, or remembers a refusal in an idle pool", () => {
    const lucky = changed((bare) => {
      const decide = bare.decide.bind(bare);
      return { decide: (...asked) => (Math.random() < 0 ? OVERLOADED_CAPACITY : decide(...asked)) };
    });
    expect(brokenLaws(lucky)).toEqual([
      "takes its chance from its own stream, and the time from what it is told",
    ]);
    const resentful = changed((bare) => {
      const decide = bare.decide.bind(bare);
      let decided = 0;
      return {
        decide: (facts, signals, now) =>
          ++decided > 5 && signals.queued === 0 ? OVERLOADED_CAPACITY : decide(facts, signals, now),
      };
    });
    expect(brokenLaws(resentful)).toContain("refuses none in an idle pool, whatever came before");
  });

  it("by one that sheds all at the head", () => {
    const broken = brokenLaws(changed(() => ({ dropsAtHead: true, dropsHead: () => true })));
    expect(broken).toEqual(["sheds none at the head that has not waited and is alone"]);
  });
});
