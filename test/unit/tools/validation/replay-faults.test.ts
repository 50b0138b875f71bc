// A recording that the simulator made itself, of all that a replay must keep to: cached parts of prompts, little KV,
// callers who give up. Its replay has no error, and each replay that leaves one of them out is found.
import { describe, expect, it } from "vitest";
import { profileFileByName } from "../../../../src/core/internal.js";
import { type ReplayOptions, replay } from "../../../../src/core/tools/validation/replay.js";
import { compareRun, type RunComparison } from "../../../../src/core/tools/validation/run-comparison.js";
import type { Run } from "../../../../src/core/tools/validation/run-request.js";
import { settingsOf } from "../../../../src/core/tools/validation/settings.js";
import { once } from "../../../support/oracle.js";
import { request, served } from "./requests.js";

const PROFILE = profileFileByName("llama-3.1-8b-h100");
const SETTINGS = settingsOf(PROFILE, { maxSequences: 32, kvTokens: 16_000 });
const PATIENCE = 3;

/** Two hundred at once and more to come than one replica can take: some wait for KV, some in vain. */
const asked = Array.from({ length: 200 }, (_, index) =>
  request({
    arrival: index / 40,
    promptTokens: 1000 + 37 * (index % 30),
    cachedTokens: 900,
    outputTokens: 60 + (index % 50),
  }),
);
const recorded = once((): Run => replay(served(asked), PROFILE, SETTINGS, { timeout: PATIENCE }));

function errorsOf(options: ReplayOptions & { recording?: Run; settings?: Partial<typeof SETTINGS> } = {}) {
  const { recording = recorded(), settings = {}, ...rest } = options;
  const set = { ...SETTINGS, ...settings };
  const run: RunComparison = compareRun(recorded(), replay(recording, PROFILE, set, rest), set, undefined);
  const { outcomes, ttft, e2e, throughput } = run;
  return [
    outcomes.served,
    outcomes.lost,
    ...Object.values(ttft),
    ...Object.values(e2e),
    throughput.outputTokensPerSecond,
  ].map(({ error }) => Math.abs(error ?? 1));
}

const most = (errors: readonly number[]) => errors.reduce((one, other) => Math.max(one, other));

describe("a replay that keeps to all of it", () => {
  it("has no error, though a third of the requests are lost", () => {
    expect(recorded().lost.length).toBeGreaterThan(40);
    expect(recorded().served.length).toBeGreaterThan(40);
    // Those who gave up had all waited equally long: no timeout need be given.
    expect(most(errorsOf())).toBeLessThan(1e-9);
    expect(most(errorsOf({ timeout: PATIENCE }))).toBeLessThan(1e-9);
  });
});

describe("a planted fault is found: a replay that ignores", () => {
  const forgetful: NonNullable<ReplayOptions["seams"]> = {
    calls: (calls) => ({
      receive: (call, now) => calls.receive({ ...call, cachedTokens: 0 }, now),
      cancel: (handle, now) => calls.cancel(handle, now),
      progress: (handle, now) => calls.progress(handle, now),
    }),
  };

  it.each<[string, Parameters<typeof errorsOf>[0]]>([
    ["the cached part of prompts", { seams: forgetful }],
    ["the KV that there is", { settings: { kvTokens: 400_000 } }],
    ["that callers give up", { timeout: 1e6 }],
    ["those that were lost", { recording: { served: recorded().served, lost: [] } }],
  ])("%s", (_, fault) => {
    expect(most(errorsOf(fault))).toBeGreaterThan(0.05);
  });
});

it("keeps to how many prefill at a time", () => {
  const burst = served(asked.map((one) => ({ ...one, arrival: 0, promptTokens: 100, cachedTokens: 0 })));
  const roomy = settingsOf(PROFILE, {});
  const one = replay(burst, PROFILE, { ...roomy, maxPrefillSequences: 1 });
  const { ttft } = compareRun(one, replay(one, PROFILE, roomy), roomy, undefined);
  expect(ttft.p50.error).toBeLessThan(-0.2);
});

describe("several GPUs", () => {
  it("are as many as the profile's replica needs", () => {
    const wide = profileFileByName("llama-3.1-70b-tp8-h100");
    const again = replay(served(asked.slice(0, 20)), wide, settingsOf(wide, {}));
    expect(again.served).toHaveLength(20);
  });

  it("share the load as replicas, whose steps are not told apart", () => {
    const burst = served(asked.map((one) => ({ ...one, arrival: 0 })));
    const [one, two] = [1, 2].map((replicas) => replay(burst, PROFILE, { ...SETTINGS, replicas }));
    const last = ({ served: all }: Run) => all.reduce((latest, { finish }) => Math.max(latest, finish), 0);
    expect(last(two!) / last(one!)).toBeCloseTo(0.5, 1);
    expect(two!.steps).toEqual([]);
    const run = compareRun(two!, two!, { ...SETTINGS, replicas: 2 }, undefined);
    expect([run.batch.mean.simulated, run.steps.perSecond.simulated]).toEqual([null, null]);
    expect(run.e2e.p50.error).toBe(0);
  });
});
