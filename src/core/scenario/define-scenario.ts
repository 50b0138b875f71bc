// A scenario as a literal in a program, held to its type where it is written. Knows nothing about what its values mean:
// that is checked when it is run.
import type { ScenarioInput } from "./schema.js";

/**
 * Returns the scenario as it is. It is there for the compiler: a literal keeps its narrow types, so that `engine:
 * "batching"` is not any text, and a key that no scenario has is an error where it stands. Quantities with units,
 * such as "10m" or "20/s", are texts to the compiler: `simulate` and `parseScenario` read them.
 */
export function defineScenario(scenario: ScenarioInput): ScenarioInput {
  return scenario;
}
