// What a scenario says will happen to its fleet: launches and retirements of models, and outages of whole pools. What
// comes by chance, or of how the fleet is run, is told by the fleet.
import { after, type Instant, NEVER, START } from "../../base/units.js";
import type { Scenario } from "../../scenario/schema.js";
import type { PlannedEvent } from "../event-record.js";

/** A model is launched with the first of its paths in a pool, and retired with the last. */
export function plannedEvents({ paths, pools, outages }: Scenario): PlannedEvent[] {
  const names = Object.keys(pools);
  const specs = Object.values(paths);
  const models = names.flatMap((name, pool) => {
    const served = specs.filter((path) => path.pool === name);
    return [...new Set(served.map(({ model }) => model))].flatMap((model): PlannedEvent[] => {
      const own = served.filter((path) => path.model === model);
      const detail = { name: model };
      const launch = Math.min(...own.map((path) => path.launch ?? START)) as Instant;
      const retire = Math.max(...own.map((path) => path.retire ?? NEVER)) as Instant;
      const ends: PlannedEvent[] = [
        { kind: "launch", pool, at: launch, detail },
        { kind: "retirement", pool, at: retire, detail },
      ];
      return ends.filter(({ at }) => at > START && at < NEVER);
    });
  });
  const ofPools = outages.flatMap(({ pool, from, for: length, instances }): PlannedEvent[] => {
    const begins = after(START, from);
    const of = { pool: names.indexOf(pool) };
    if (instances !== undefined) return [];
    return [
      { kind: "outage-begins", at: begins, ...of },
      { kind: "outage-ends", at: after(begins, length), ...of },
    ];
  });
  return [...models, ...ofPools];
}
