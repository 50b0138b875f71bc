import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { openReplications, type ReplicationHooks } from "../../../../src/node/run/replications.js";
import type { LoadedScenario } from "../../../../src/node/scenario-file.js";
import { everyLookTakes } from "../../../support/clock.js";
import { policyModule } from "../../../support/own-code.js";
import { ownPolicyScenario, smallScenario, tracedScenario } from "./small-scenario.js";

const BROKEN_TRACE = "timestamp,input_tokens,output_tokens\n0,10,20\n1,10,soon\n";
const how = { stepByStep: false, batches: false };

const here = openReplications(1, {});
/** Its threads load all sources, which takes longer than all that they do here: the last test ends them. */
const thread = { slices: 0, isInterrupted: false };
const there = openReplications(2, {
  onSlice: () => thread.slices++,
  isInterrupted: () => thread.isInterrupted,
});
afterAll(() => Promise.all([here.close(), there.close()]));

/** No machine gets through this many years, in microseconds, before it is told to stop. */
const HUNDRED_YEARS = 3.2e15;

function endless(): LoadedScenario {
  const loaded = smallScenario();
  return { ...loaded, scenario: { ...loaded.scenario, duration: HUNDRED_YEARS as never } };
}

function open(workers: number, hooks: ReplicationHooks) {
  const replications = openReplications(workers, hooks);
  onTestFinished(() => replications.close());
  return replications;
}

describe("replications", () => {
  it("are the same in this thread and in others, and run as many at once as there are threads", async () => {
    const loaded = smallScenario('thresholds: { "overloaded_rate": ["rate<50%"] }\n');
    expect([here.concurrency, there.concurrency]).toEqual([1, 2]);
    const alone = [await here.run(loaded, "7/1", how), await here.run(loaded, "7/2", how)];
    // One after the other, in one thread: to load a second takes longer than all this, and test/live has two.
    const apart = [await there.run(loaded, "7/1", how), await there.run(loaded, "7/2", how)];
    expect(JSON.stringify(apart)).toBe(JSON.stringify(alone));
    expect(alone[0]!.seed).toBe("7/1");
    expect(alone[0]!.all.attempts).not.toBe(alone[1]!.all.attempts);
  });

  it("fail with the error of the simulation, its code and its text, in this thread and in others", async () => {
    const traced = tracedScenario(BROKEN_TRACE);
    const messages: unknown[] = [];
    for (const replications of [here, there]) {
      const error = await replications.run(traced, "7/1", how).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SurgefleetError);
      expect(error).toMatchObject({ code: "INVALID_TRACE", message: expect.stringContaining("soon") });
      messages.push((error as Error).message);
    }
    expect(messages[1]).toBe(messages[0]);
  });

  it("say in a line that a thread ran out of memory", async () => {
    const cramped = open(2, { heapMiB: 4 });
    const error = await cramped.run(endless(), "7/1", how).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SurgefleetError);
    expect((error as Error).message).toMatch(/^\S+, seed 7\/1: out of memory \([^\n]*\)$/);
  });

  it("run a module of the user's own, in this thread and in others", async () => {
    const body = `return { decide: (_, pool) => (pool.slotsBusy >= 4 ? "refuse" : undefined) };`;
    const own = ownPolicyScenario(policyModule(body));
    const [alone, apart] = [await here.run(own, "7/1", how), await there.run(own, "7/1", how)];
    expect(JSON.stringify(apart)).toBe(JSON.stringify(alone));
    // Half of the slots that the same pool has without it.
    expect(alone!.pools[0]!.slotsBusyMean).toBeLessThanOrEqual(4);
  });

  it("read their traces where they lie", async () => {
    const rows = Array.from({ length: 20 }, (_, row) => `${row},10,20\n`).join("");
    const traced = tracedScenario(`timestamp,input_tokens,output_tokens\n${rows}`);
    const result = await there.run(traced, "7/1", how);
    expect(result!.all.attempts).toBe(20);
  });

  it("have no result where they were interrupted, in this thread", async () => {
    const replications = open(1, { isInterrupted: () => true });
    expect(await replications.run(endless(), "7/1", how)).toBeUndefined();
  });

  it("tell how far those under way are, and nothing of those that have ended", async () => {
    everyLookTakes(1000);
    const told: number[] = [];
    const replications = open(1, {
      onSlice: () => told.push(replications.underWay().simulated, replications.underWay().requests),
      isInterrupted: () => told.length >= 4,
    });
    await replications.run(endless(), "7/1", how);
    expect(told.every((number) => number > 0)).toBe(true);
    expect(told[2]).toBeGreaterThan(told[0]!);
    expect(replications.underWay()).toEqual({ simulated: 0, requests: 0 });
  });

  it("have no result where they were interrupted, in other threads", async () => {
    const answer = there.run(endless(), "7/1", how);
    const { slices } = thread;
    await expect.poll(() => thread.slices).toBeGreaterThan(slices);
    thread.isInterrupted = true;
    expect(await answer).toBeUndefined();
  });
});
