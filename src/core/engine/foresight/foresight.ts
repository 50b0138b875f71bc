// What autoscalers that foresee are shown, for a run that is about to begin: by pool, of an ample run that begins when
// the first of them asks.
import type { EngineObserver } from "../../api/observer.js";
import { assert } from "../../base/assert.js";
import type { Instant } from "../../base/units.js";
import type { Seed } from "../../random/stream.js";
import type { Scenario } from "../../scenario/schema.js";
import type { Foresight } from "../../server/fleet/control/autoscalers/autoscaler.js";
import { AmpleRun, type AmpleWorld } from "./ample-run.js";
import { ampleScenario, foreseenPools } from "./ample-scenario.js";

export interface ForeseenRun {
  readonly seed: Seed;
  /** Its own time: what is before that is not asked about. */
  readonly now: () => Instant;
  /** A world of the same seed that nothing has happened in yet. */
  readonly makeWorld: (scenario: Scenario, observer: EngineObserver) => AmpleWorld;
}

/** By pool; undefined where nobody foresees. */
export function foresightOf(
  scenario: Scenario,
  { seed, now, makeWorld }: ForeseenRun,
): ((pool: number) => Foresight | undefined) | undefined {
  const resolutions = foreseenPools(scenario);
  if (resolutions.every((width) => width === undefined)) return undefined;
  // Chance that branches on the way is not known before.
  assert(typeof seed === "string", "the chance of a run that is foreseen is that of its seed");
  const ample = ampleScenario(scenario);
  const run = new AmpleRun({ makeWorld: (observer) => makeWorld(ample, observer), now, resolutions });
  return (pool) => run.of(pool);
}
