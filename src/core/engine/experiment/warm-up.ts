// Finds out how long a scenario takes to forget that it started empty: pilot runs on seeds of their own, and how full
// the pools and their caches were in them. Only looks at series of results; the rule itself is stats/settling.ts.
import { SurgefleetError } from "../../base/errors.js";
import { type Duration, MICROS_PER_SECOND } from "../../base/units.js";
import type { Series } from "../../results/metrics/series.js";
import type { RunResult } from "../../results/shape/result.js";
import type { Scenario } from "../../scenario/schema.js";
import { warmupBins } from "../../stats/settling.js";
import { Simulation, type SimulationOptions } from "./simulation.js";

/** Enough that a burst in one of them does not look like the end of warm-up (Welch averages five to ten). */
const PILOTS = 10;

/** Seeds of the runs by which `warmup: auto` is found; none where the scenario does not ask for it. */
export function pilotSeeds({ findsWarmup, seed: own }: Scenario, seed: string = own): string[] {
  return findsWarmup ? Array.from({ length: PILOTS }, (_, pilot) => `${seed}/warm-up/${pilot + 1}`) : [];
}

/** The scenario with the warm-up that pilots show. Throws INVALID_SCENARIO where they are too short to tell. */
export function settledBy(scenario: Scenario, pilots: readonly RunResult[]): Scenario {
  const found = warmupOf(pilots);
  if (found === null) {
    const why = "its pools are still filling, or change as slowly as it is long";
    throw new SurgefleetError("INVALID_SCENARIO", `warmup: auto: the run is too short to tell, ${why}`);
  }
  return { ...scenario, findsWarmup: false, warmup: Math.round(found * MICROS_PER_SECOND) as Duration };
}

/**
 * The scenario with its warm-up found, where it says `warmup: auto`; any other one as it is. Pilots have the seeds
 * `<seed>/warm-up/1` and so on: no replication shares them. Throws INVALID_SCENARIO where runs are too short to tell.
 */
export function settledScenario(
  scenario: Scenario,
  { seed, readTrace, openRealm }: Pick<SimulationOptions, "seed" | "readTrace" | "openRealm"> = {},
): Scenario {
  const seeds = pilotSeeds(scenario, seed);
  if (seeds.length === 0) return scenario;
  const pilots = seeds.map((one) => {
    // Pilots take nothing else of what the run is asked for: they have no observer, no threshold ends them, and only
    // their series are looked at.
    const options = { neverAborts: true, followed: "nothing" } as const;
    const simulation = new Simulation(scenario, { seed: one, readTrace, openRealm, ...options });
    simulation.run();
    return simulation.result();
  });
  return settledBy(scenario, pilots);
}

/**
 * Seconds of warm-up, from the mean over the runs of the sequences in each pool, the queue included, and of its KV
 * cache, which remembers longer: the longest of all. Null where one is not settled before the second half.
 */
function warmupOf(runs: readonly RunResult[]): number | null {
  const series = runs.map((run) => run.series);
  const first = series[0];
  if (first === undefined) return null;
  const found = runs[0]!.pools.flatMap(({ kvTokens }, pool) => [
    warmupBins(meanOver(series, pool, ({ slotsBusy, queued }, bin) => slotsBusy[bin]! + queued[bin]!)),
    // Slots have no cache that anything waits for.
    ...(kvTokens === null ? [] : [warmupBins(meanOver(series, pool, ({ kvUsed }, bin) => kvUsed[bin]!))]),
  ]);
  if (found.some((bins) => bins === null)) return null;
  return Math.max(0, ...found.map((bins) => bins! * first.interval));
}

/** Bins that all runs have. */
function meanOver(
  series: readonly Series[],
  pool: number,
  read: (pool: Series["pools"][number], bin: number) => number,
): number[] {
  const bins = Math.min(...series.map(({ pools }) => pools[pool]!.slotsBusy.length));
  return Array.from({ length: bins }, (_, bin) => {
    const sum = series.reduce((so, { pools }) => so + read(pools[pool]!, bin), 0);
    return sum / series.length;
  });
}
