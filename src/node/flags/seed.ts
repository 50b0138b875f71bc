// Where a seed comes from: a flag, the environment, or else the scenario. Reads no scenario and no process.
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { SurgefleetError } from "../../core/index.js";

const LONGEST_SEED = 256;
const EXPECTED = `a text of 1 to ${LONGEST_SEED} characters`;

/** As a flag gives it. */
export function readSeed(text: string): string {
  if (isSeed(text)) return text;
  throw new InvalidArgumentError(`Write ${EXPECTED}.`);
}

/** Flag before environment; undefined leaves it to the scenario. Throws USAGE for a seed that no scenario may have. */
export function seedOf(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const seed = flag ?? (env["SURGEFLEET_SEED"] || undefined);
  if (seed === undefined || isSeed(seed)) return seed;
  throw new SurgefleetError("USAGE", `SURGEFLEET_SEED: a seed is ${EXPECTED}`);
}

function isSeed(text: string): boolean {
  return text !== "" && text.length <= LONGEST_SEED;
}
