// How flags that several commands share are read. Knows no command.
import { SurgefleetError } from "../core/index.js";

/** For a flag that may be given again. */
export const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

const LONGEST_SEED = 256;

/** Flag before environment; undefined leaves it to the scenario. Throws USAGE for a seed that no scenario may have. */
export function seedOf(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const seed = flag ?? (env["SURGEFLEET_SEED"] || undefined);
  if (seed !== undefined && (seed === "" || seed.length > LONGEST_SEED)) {
    throw new SurgefleetError("USAGE", `a seed is a text of 1 to ${LONGEST_SEED} characters`);
  }
  return seed;
}

/** Throws USAGE unless the text is a whole number from 1 up; `also` names what else it could have been. */
export function wholeNumber(flag: string, text: string, most: number, also = ""): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new SurgefleetError("USAGE", `${flag} is a whole number from 1 to ${most}${also}, not "${text}"`);
}
