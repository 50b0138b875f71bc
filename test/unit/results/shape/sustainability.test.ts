import { describe, expect, it } from "vitest";
import { parseScenario, type ScenarioInput, Simulation } from "../../../../src/core/index.js";
import { CALLERS, queueOf, sequencesIn } from "../../../../src/core/results/metrics/load.js";
import type { Series } from "../../../../src/core/results/metrics/series.js";
import { isGrowing, loadOf } from "../../../../src/core/results/shape/sustainability.js";
import { gear } from "../../../support/mode.js";
import { lossSystem } from "../../../support/oracle.js";

/** A hundred bins of a second, a request each of ten milliseconds; levels of one pool by bin. */
function history(
  levels: Partial<Record<"queued" | "slotsBusy" | "kvUsed", (bin: number) => number>>,
): Series {
  const bins = (at: (bin: number) => number) => Array.from({ length: 100 }, (_, bin) => at(bin));
  const none = bins(() => 0);
  const counts = { rateLimited: none, overloaded: none, unavailable: none, outputTokens: none };
  const ten = bins(() => 10);
  const { queued = () => 0, slotsBusy = () => 1, kvUsed = () => 0 } = levels;
  const pool = { queued: bins(queued), slotsBusy: bins(slotsBusy), kvUsed: bins(kvUsed) };
  return {
    interval: 1,
    tiers: [{ tier: "standard", attempts: ten, completed: ten, ...counts }],
    pools: [{ pool: "shared", replicas: bins(() => 2), ...pool }],
  };
}
const WHOLE = { from: 0, until: 100 };

describe("what a history says of its load", () => {
  it("finds the queue, the sequences or the callers that grow", () => {
    expect(loadOf(history({}), WHOLE).verdict).toBe("steady");
    const queue = loadOf(history({ queued: (bin) => bin }), WHOLE);
    expect(queue).toMatchObject({ verdict: "growing", where: queueOf("shared"), perSecond: 0.99 });
    expect(queue.growthShare[queueOf("shared")]).toBeCloseTo(0.099, 9);
    const sequences = loadOf(history({ slotsBusy: (bin) => 1 + bin / 2 }), WHOLE);
    expect(sequences).toMatchObject({ verdict: "growing", where: sequencesIn("shared") });
    const waiting = Array.from({ length: 100 }, (_, bin) => 2 * bin);
    expect(loadOf(history({}), WHOLE, waiting)).toMatchObject({ verdict: "growing", where: CALLERS });
  });

  it("calls no pool growing that is full at the end, of slots or of memory", () => {
    const filling = history({ slotsBusy: (bin) => 1 + bin / 2, kvUsed: (bin) => 3 * bin });
    const within = (slots: number, kvTokens: number | null, replicas = 2) =>
      loadOf(filling, WHOLE, [], [{ pool: "shared", replicas, slots, kvTokens }]);
    expect(within(500, null)).toMatchObject({ verdict: "growing", where: sequencesIn("shared") });
    expect(within(51, null)).toMatchObject({ perSecond: null, growth: { [queueOf("shared")]: 0 } });
    const isOf = (...room: Parameters<typeof within>) => isGrowing({ load: within(...room) });
    expect([isOf(500, 3000), isOf(500, 300), isOf(51, 3000)]).toEqual([true, false, false]);
    // Averages of a window in which half as many replicas served as at its end.
    expect([isOf(51, null, 1), isOf(26, null, 1)]).toEqual([true, false]);
  });

  it("still finds the queue growing behind it", () => {
    const queue = history({ queued: (bin) => bin, slotsBusy: (bin) => 1 + bin / 2 });
    const full = [{ pool: "shared", replicas: 2, slots: 51, kvTokens: null }];
    expect(loadOf(queue, WHOLE, [], full)).toMatchObject({ verdict: "growing", where: queueOf("shared") });
  });

  it("looks at the window only", () => {
    const series = history({ queued: (bin) => Math.min(bin, 50) });
    expect(loadOf(series, { from: 0, until: 50 }).verdict).toBe("growing");
    expect(loadOf(series, { from: 50, until: 100 }).verdict).toBe("steady");
  });

  it("takes a start that is lighter than the rest for a warm-up that is too short", () => {
    const filling = history({ slotsBusy: (bin) => 5 * (1 - Math.exp(-bin / 8)) });
    expect(loadOf(filling, WHOLE)).toMatchObject({ verdict: "warming-up" });
    expect(loadOf(filling, WHOLE).startOff!).toBeLessThan(-0.3);
  });

  it.each([
    ["a few bins", history({}), { from: 0, until: 3 }],
    ["less than some services", history({ slotsBusy: () => 600 }), WHOLE],
    ["a window after its end", history({}), { from: 200, until: 300 }],
  ])("knows nothing of %s", (_, series, stretch) => {
    expect(loadOf(series, stretch).verdict).toBe("unknown");
  });
});

/** So many requests after a tenth as many of warm-up, at a load of ten slots. */
function system(requests: number, load: number, changes: Partial<Parameters<typeof lossSystem>[0]> = {}) {
  const seconds = requests / (10 * load);
  return lossSystem({
    slots: 10,
    rates: { standard: 10 * load },
    admission: { policy: "none" },
    duration: `${1.1 * seconds}s`,
    warmup: `${0.1 * seconds}s`,
    ...changes,
  });
}

function growing(scenario: ScenarioInput, seeds: number): number {
  const parsed = parseScenario(scenario);
  const found = Array.from({ length: seeds }, (_, seed) => {
    const simulation = new Simulation(parsed, { seed: `growth/${seed}`, batches: false });
    simulation.run();
    return isGrowing(simulation.result());
  });
  return found.filter(Boolean).length;
}

// docs/statistics.md has the table of more models and seeds.
describe("on queues whose load is known", () => {
  const seeds = gear(8, 100);
  const bursts = (rate: number) => {
    const scenario = system(10_000, rate);
    const callers = scenario.traffic["callers"]!;
    const arrivals = { process: "gamma", cv: 6, rate: 10 * rate } as const;
    return { ...scenario, traffic: { callers: { ...callers, arrivals } } };
  };
  const full = { policy: "tail-drop", maxQueue: 50, queueTimeout: "10h" } as const;

  it.each<[string, ScenarioInput]>([
    ["a load of 0.95", system(10_000, 0.95)],
    ["bursts at a load of 0.95", bursts(0.95)],
    ["an overload whose queue is full", system(10_000, 1.3, { admission: full })],
  ])("does not call %s growing", (_, scenario) => {
    expect(growing(scenario, seeds)).toBeLessThanOrEqual(0.05 * seeds);
  });

  it("finds growth by a tenth of what arrives in 10,000 requests", () => {
    expect(growing(system(10_000, 1 / 0.9), seeds)).toBeGreaterThanOrEqual(0.95 * seeds);
  });

  it.runIf(gear(false, true))("finds growth by a fiftieth in 500,000 requests", () => {
    expect(growing(system(500_000, 1 / 0.98), 20)).toBeGreaterThanOrEqual(19);
  });
});
