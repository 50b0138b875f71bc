import { describe, expect, it } from "vitest";
import { type Instant, instant } from "../../../../src/core/base/units.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { engineVersion } from "../../../../src/core/server/profile/engine-versions.js";
import { MacroReplica } from "../../../../src/core/server/replica/batching/macro-replica.js";
import { StepReplica } from "../../../../src/core/server/replica/batching/step-replica.js";
import {
  frontEndOf,
  occupationOf,
  type ReplicaSpec,
  replica,
  replicaMaker,
} from "../../../../src/core/server/replica/engines.js";
import { SlotsReplica } from "../../../../src/core/server/replica/slots-replica.js";
import { aloneWork, ReplicaRun } from "../../../conformance/replica-run.js";

const slots = replica.parse({ engine: "slots", slots: 4, tokensPerSecond: 50, prefillTokensPerSecond: 1000 });
/** A step takes 10 ms, whatever is in it. */
const PROFILE = { base: "10ms", perSequence: "0s", perContextToken: "0s", perPrefillToken: "0s" };
const BATCH = { engine: "batching", profile: PROFILE, maxSequences: 8, kvTokens: 1600 };
const batching = replica.parse(BATCH);

function made(spec: ReplicaSpec, stepByStep = false) {
  const drawn: string[] = [];
  const maker = replicaMaker(spec, {
    stepByStep,
    sharesContexts: true,
    openChance() {
      drawn.push("opened");
      return openStream("1", "acceptance");
    },
  });
  const listener = { firstToken() {}, completed() {}, preempted() {} };
  const one = maker.create({ events: new EventQueue(8), kind: 0, subject: 0 }, listener);
  return { ...maker, one, drawn };
}

describe("an engine", () => {
  it("makes replicas of fixed speed, which know no steps and draw nothing", () => {
    const { profile, one, drawn } = made(slots);
    expect(one).toBeInstanceOf(SlotsReplica);
    expect([profile, one.slots, drawn]).toEqual([undefined, 4, []]);
  });

  it("makes replicas that batch, in macro-steps or step by step", () => {
    const { profile, one, drawn } = made(batching);
    expect(one).toBeInstanceOf(MacroReplica);
    expect(made(batching, true).one).toBeInstanceOf(StepReplica);
    expect([profile?.base(3, 0), one.slots, drawn]).toEqual([10_000, 8, ["opened"]]);
  });

  it.each([false, true])("keeps in the host what it is told to (step by step: %s)", (stepByStep) => {
    const tight = { ...BATCH, kvTokens: 100, kvBlockTokens: 1, kvWatermark: 0, prefixCache: false };
    const lostTokens = (more: object) => {
      const { create, work } = replicaMaker(replica.parse({ ...tight, ...more }), {
        stepByStep,
        sharesContexts: false,
        openChance: () => openStream("1", "acceptance"),
      });
      const run = new ReplicaRun(create);
      for (const outputTokens of [60, 85]) run.arrive(0, { inputTokens: 10, outputTokens });
      const [, [, end]] = run.run().times() as [unknown, [number, number]];
      return [work.preemptions, work.lostTokens, end];
    };
    expect(lostTokens({})).toEqual([1, 50, 1_050_000]);
    const kvOffload = { tokens: 60, loadPerToken: "100us" };
    expect(lostTokens({ kvOffload })).toEqual([1, 1, 1_050_000 + 4900]);
  });

  it("has its machine from its profile where the scenario says nothing", () => {
    const spec = replica.parse({ engine: "batching", profile: "llama-3.1-8b-h100" });
    const { profile, one } = made(spec);
    expect(one.slots).toBe(profile?.node?.maxSequences);
    expect(one.kvTokens).toBeGreaterThan(100_000);
  });

  it.each([slots, batching, replica.parse({ ...BATCH, kvTokens: 1599 })])(
    "says what memory its replicas have before there is one: %j",
    (spec) => {
      const { one, kvTokens } = made(spec);
      expect(kvTokens).toBe(one.kvTokens);
    },
  );
});

describe("what is outside the engine", () => {
  const takes = (more: object) => frontEndOf(replica.parse({ ...BATCH, ...more }));

  it("is as the replica says, else as its version has it, else nothing", () => {
    const own = { prompt: "5ms" };
    const given = { prompt: 5000, perPromptToken: 0, token: 0 };
    const measured = engineVersion("vllm-0.15").frontEnd;
    expect(takes({})).toBeUndefined();
    expect(takes({ engineVersion: "vllm-0.15" })).toEqual(measured);
    expect(takes({ engineVersion: "vllm-0.15", frontEnd: own })).toEqual(given);
    const bySlots = { engine: "slots", slots: 1, tokensPerSecond: 1 };
    expect(frontEndOf(replica.parse(bySlots))).toBeUndefined();
    expect(frontEndOf(replica.parse({ ...bySlots, frontEnd: own }))).toEqual(given);
  });

  it.each([
    [{}, 3],
    [{ stepAhead: true }, 4],
    [{ engineVersion: "vllm-0.15" }, 4],
    [{ engineVersion: "vllm-0.15", stepAhead: false }, 3],
    [{ engineVersion: "vllm-0.10" }, 3],
  ])("has a step ahead as %j: a first token after %i steps", (more, steps) => {
    const spec = replica.parse({ ...BATCH, ...more });
    const events = new EventQueue(8);
    const firsts: number[] = [];
    const listener = {
      firstToken: (_: number, now: Instant) => void firsts.push(now / 10_000),
      completed() {},
      preempted() {},
    };
    const setup = {
      stepByStep: false,
      sharesContexts: false,
      openChance: () => openStream("1", "acceptance"),
    };
    const one = replicaMaker(spec, setup).create({ events, kind: 0, subject: 0 }, listener);
    const wake = (until: number) => {
      while (events.nextAt <= until && events.pop()) one.wake(events.time);
    };
    one.admit(1, aloneWork({ inputTokens: 5, outputTokens: 9 }), instant(0));
    wake(15_000);
    one.admit(2, aloneWork({ inputTokens: 5, outputTokens: 9 }), instant(15_000));
    wake(200_000);
    expect(firsts).toEqual([1, steps]);
  });
});

describe("what requests take of a replica", () => {
  const requests = { input: 100, output: 100 };

  it("is a place for their prompt and their answer, where speed is fixed", () => {
    expect(occupationOf(slots, requests, 0)).toEqual({ places: 4, seconds: 2.1, isSteady: true });
  });

  it("is their share of the steps of the largest batch that fits", () => {
    expect(occupationOf(batching, requests, 0)).toMatchObject({ places: 8, seconds: 1, isSteady: false });
    const small = replica.parse({ ...BATCH, kvTokens: 450 });
    expect(occupationOf(small, requests, 0)).toMatchObject({ places: 2, seconds: 1 });
  });

  it("is a smaller batch where each must be faster", () => {
    const slow = { ...PROFILE, perSequence: "10ms" };
    const spec = replica.parse({ ...BATCH, profile: slow });
    // 10 ms and 10 more for each: 20 a second are a batch of four.
    expect(occupationOf(spec, requests, 20)).toMatchObject({ places: 4 });
    expect(occupationOf(spec, requests, 1000)).toMatchObject({ places: 1 });
  });
});

it("tells what of a batch does not fit together", () => {
  const problems = (more: object) =>
    replica.safeParse({ ...BATCH, ...more }).error?.issues.map(({ path, message }) => [path, message]);
  expect(problems({ maxBatchedTokens: 7 })).toEqual([
    [["maxBatchedTokens"], "a step gives each of 8 sequences a token: it needs at least 8"],
  ]);
  expect(problems({ kvTokens: 4 })).toEqual([[["kvTokens"], "not even one block of kvBlockTokens (16)"]]);
  expect(problems({ maxSequences: undefined })).toBeDefined();
});
