// What stands below a checked scenario and fails nothing, wherever the check is told.
import type { RunResult, Scenario } from "../../core/index.js";
import { estimatedGround, format, thresholdsOf, uncoveredOutcomes } from "../../core/internal.js";

/** What the verdicts of a scenario's thresholds do not cover, what they rest on, and what its result cannot tell. */
export function notesOf(result: RunResult, scenario: Scenario): string[] {
  const thresholds = thresholdsOf(scenario).map(({ parsed }) => parsed);
  const uncovered = uncoveredOutcomes(result, thresholds).map(
    ({ tier, outcome, share }) => `${outcome} ${format.percent(share)} of ${tier}: no threshold covers it`,
  );
  const ground = estimatedGround(result.pools, thresholds, (tier) => scenario.paths[tier]?.pool);
  const caveats = result.caveats.map(({ text }) => text);
  if (ground === null) return [...uncovered, ...caveats];
  const many = `${ground.thresholds} of ${thresholds.length} thresholds rest`;
  return [...uncovered, `${many} on profiles that are estimates: ${ground.profiles.join(", ")}`, ...caveats];
}
