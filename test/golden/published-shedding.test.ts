// What was published of shedding, in sign and order: a gate that keeps critical tails short and takes more of them the more
// there is to take, a partition that puts all of the loss on prefetch, a controller that sheds the lower tiers. Each on
// one seed, or a few at night; the pages in docs/scenarios/ have all eight with intervals.
import { describe, expect, test } from "vitest";
import type { RunResult, TierResult } from "../../src/core/index.js";
import { runShipped } from "../support/golden.js";
import { gear } from "../support/mode.js";

const SEEDS = gear(["1"], ["1", "1/1", "1/2", "1/3"]);
const ADMISSION = "pools.shared.admission";
const FIFO = "pools.shared.discipline=fifo";

const tier = (result: RunResult, name: string): TierResult => result.tiers.find((row) => row.tier === name)!;
const served = ({ attempts, outcomes }: TierResult) => outcomes.completed / attempts;
const change = (before: number, after: number) => after / before - 1;

/** From one to the next never up, or never down. */
const isFalling = (values: readonly number[]) =>
  values.every((value, i) => value <= (values[i - 1] ?? value));
const isRising = (values: readonly number[]) => values.every((value, i) => value >= (values[i - 1] ?? value));

describe.each(SEEDS)("seed %s", (seed) => {
  const run = (name: string, ...sets: string[]) =>
    runShipped(name, { overrides: sets, ...(seed === "1" ? {} : { seed }) }).result;

  test("llm-d: the admitter shortens critical tails, by the more the higher the load, for some of the tokens", () => {
    const surges = [28, 32, 36, 48].map((rate) => {
      const surge = `traffic.callers.arrivals.phases.1.arrivalRate=${rate}`;
      const without = run("probabilistic-admitter", surge, `${ADMISSION}={policy: none}`);
      return { without, gated: run("probabilistic-admitter", surge) };
    });
    const tails = surges.map(({ without, gated }) =>
      change(tier(without, "critical").ttft.p99!, tier(gated, "critical").ttft.p99!),
    );
    // Published: -7, -13, -69, -97 %.
    expect(isFalling(tails)).toBe(true);
    expect(tails[0]).toBeLessThan(0);
    expect(tails.at(-1)).toBeLessThan(-0.9);
    const prices = surges.map(
      ({ without, gated }) => -change(without.all.outputTokens, gated.all.outputTokens),
    );
    // Published: 5 to 20 %, up to 40 %.
    expect(Math.min(...prices)).toBeGreaterThan(0.02);
    expect(Math.max(...prices)).toBeLessThan(0.4);
    for (const { without, gated } of surges) {
      expect(tier(gated, "critical").outcomes.overloaded).toBe(0);
      expect(without.all.outcomes.overloaded).toBe(0);
    }
  });

  test("Netflix: the partition is idle before the spike, and then all of the loss is prefetch's", () => {
    const spike = run("prefetch-spike");
    const calm = run("prefetch-spike", "duration=2m", "warmup=30s", "thresholds=");
    // A burst now and then.
    expect(calm.all.overloadedRate).toBeLessThan(0.03);
    expect(served(tier(spike, "user"))).toBeGreaterThan(0.994);
    expect(served(tier(spike, "prefetch"))).toBeLessThan(0.3);
    const alike = run("prefetch-spike", `${ADMISSION}.shares.prefetch=100%`);
    expect(served(tier(alike, "user"))).toBeLessThan(0.8);
    // The same work is done: who is served changes, and not how much.
    expect(Math.abs(change(alike.all.outputTokens, spike.all.outputTokens))).toBeLessThan(0.1);
  });

  test("Netflix: where prefetch calls stay in the fleet for long, it pays for them itself", () => {
    const slow = [
      "traffic.devices.arrivals.phases.1.arrivalRate=3.5",
      "traffic.devices.output={dist: lognormal, median: 800, sigma: 0.6}",
    ];
    const kept = run("prefetch-spike", ...slow);
    const alike = run("prefetch-spike", ...slow, `${ADMISSION}.shares.prefetch=100%`);
    expect(served(tier(kept, "user"))).toBeGreaterThan(0.99);
    expect(served(tier(alike, "user"))).toBeLessThan(0.97);
    expect(served(tier(kept, "prefetch"))).toBeLessThan(served(tier(alike, "prefetch")));
  });

  test("Uber: none serves no tier, CoDel a part of each, Cinnamon tier 1 whole and as fast as at low load", () => {
    const rules = {
      none: [`${ADMISSION}={policy: none}`, FIFO],
      codel: [`${ADMISSION}={policy: codel, queueTimeout: 2s}`, FIFO],
      controller: [FIFO],
      cinnamon: [],
    };
    const at = (rate: number, sets: readonly string[]) =>
      run("tiered-shedding", `traffic.callers.arrivals.rate=${rate}`, ...sets);
    const calm = tier(at(14, rules.cinnamon), "tier1").ttft.p99!;
    const loads = [28, 40, 60];
    for (const rate of loads) {
      const [none, codel, controller, cinnamon] = Object.values(rules).map((sets) => at(rate, sets));
      const firsts = [none, codel, controller, cinnamon].map((result) => served(tier(result!, "tier1")));
      expect(isRising(firsts)).toBe(true);
      expect(firsts[0]).toBeLessThan(0.05);
      expect(firsts.at(-1)).toBe(1);
      expect(tier(cinnamon!, "tier1").ttft.p99!).toBeLessThan(3 * calm);
      expect(tier(codel!, "tier1").ttft.p99!).toBeGreaterThan(5 * calm);
      const tiers = ["tier1", "tier2", "tier3", "tier4"].map((name) => served(tier(cinnamon!, name)));
      expect(isFalling(tiers)).toBe(true);
      // Goodput: with each shedder about what the fleet can do.
      expect(Math.abs(change(codel!.all.outputTokens, cinnamon!.all.outputTokens))).toBeLessThan(0.05);
    }
    for (const name of ["tier2", "tier3", "tier4"]) {
      expect(isFalling(loads.map((rate) => served(tier(at(rate, rules.cinnamon), name))))).toBe(true);
    }
  });
});
