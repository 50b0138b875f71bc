// The thresholds of a scenario that is checked already. Apart from the schema, whose library the engine does not need.
import type { ScenarioThreshold } from "./resolve.js";
import type { Scenario } from "./schema.js";

/** Its thresholds in the order in which results list them. */
export function thresholdsOf({ thresholds }: Pick<Scenario, "thresholds">): readonly ScenarioThreshold[] {
  return Object.values(thresholds).flat();
}
