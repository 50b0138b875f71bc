import { describe, expect, it } from "vitest";
import { profileFileByName } from "../../../../src/core/internal.js";
import { settingsOf } from "../../../../src/core/tools/validation/settings.js";
import {
  NOTHING,
  openCache,
  type Stage,
  type StageArrivals,
} from "../../../../src/core/tools/validation/stage.js";
import { simulateStage } from "../../../../src/core/tools/validation/stage-run.js";

const PROFILE = profileFileByName("llama-3.1-8b-h100");
const SETTINGS = settingsOf(PROFILE, { maxSequences: 16 });
const stage = (arrivals: StageArrivals, parts: Partial<Stage> = {}): Stage => ({
  name: "s",
  model: "",
  arrivals,
  seconds: 20,
  promptTokens: 1000,
  outputTokens: 50,
  cached: openCache(1000),
  settings: {},
  recorded: {
    sent: null,
    succeeded: null,
    failed: null,
    ttft: NOTHING,
    tpot: NOTHING,
    e2e: NOTHING,
    outputTokensPerSecond: null,
  },
  notes: [],
  ...parts,
});
const constant = (rate: number) => stage({ kind: "constant", rate });
const [nothing, all] = openCache(1000);
const run = (one: Stage, cached = nothing!, timeout?: number) =>
  simulateStage(one, cached, PROFILE, SETTINGS, { timeout });

describe("simulateStage", () => {
  it("sends at equal gaps, so that requests that do not meet are all alike", () => {
    const { sent, succeeded, failed, ttft, e2e, batch } = run(constant(1));
    expect([sent, succeeded, failed]).toEqual([20, 20, 0]);
    expect(ttft.p99! - ttft.p50!).toBeLessThan(0.002);
    expect(e2e.p50!).toBeGreaterThan(0.3);
    expect(batch).toBeCloseTo(e2e.p50! - ttft.p50!, 1);
  });

  it("varies with Poisson arrivals, whose requests meet", () => {
    const { ttft } = run(stage({ kind: "poisson", rate: 10 }));
    expect(ttft.p99! - ttft.p50!).toBeGreaterThan(0.002);
  });

  it("keeps so many callers busy", () => {
    const { batch, sent, failed } = run(stage({ kind: "closed", callers: 4 }));
    expect(batch).toBeGreaterThan(3);
    expect(batch).toBeLessThanOrEqual(4);
    expect(sent! - failed!).toBeGreaterThan(100);
  });

  it("computes the less, the more of each prompt was cached, shared or not", () => {
    const first = (cached: Parameters<typeof run>[1]) => run(constant(1), cached).ttft.p50!;
    const shared = first({ label: "", tokens: 1000, applications: 2 });
    expect(first(all)).toBeLessThan(0.6 * first(nothing));
    expect(shared / first(all)).toBeCloseTo(1, 1);
  });

  it("has callers give up where a replica is overloaded", () => {
    const { sent, succeeded, failed, e2e } = run(constant(60), nothing, 3);
    expect(failed).toBeGreaterThan(0.2 * sent!);
    expect(succeeded! + failed!).toBe(sent);
    expect(e2e.p99).toBeLessThanOrEqual(3);
  });

  it("follows what was sent to its end, however long after the load", () => {
    // Ten times what the replica can do, in two seconds; callers wait as long as it takes.
    const short = stage({ kind: "constant", rate: 60 }, { seconds: 2, outputTokens: 200 });
    const patient = run(short, nothing, 600);
    expect([patient.sent, patient.succeeded]).toEqual([120, 120]);
    expect(patient.e2e.p99).toBeGreaterThan(5);
    const { sent, succeeded, failed } = run(short, nothing, 5);
    expect(sent).toBe(120);
    expect(failed).toBeGreaterThan(0);
    expect(succeeded! + failed!).toBe(120);
  });

  it("sends exactly as many as its rate makes in its time, and callers of a loop without a pause", () => {
    for (const rate of [1, 4, 10, 7]) {
      expect(run(stage({ kind: "constant", rate }, { seconds: 3, outputTokens: 2 })).sent).toBe(3 * rate);
    }
    const { e2e, sent } = run(stage({ kind: "closed", callers: 1 }));
    expect(sent).toBe(Math.ceil(20 / e2e.mean!));
  });

  it("refuses a request that never fits", () => {
    expect(() => simulateStage(constant(1), nothing!, PROFILE, { ...SETTINGS, kvTokens: 1000 })).toThrow(
      /1050 tokens of KV/,
    );
  });
});
