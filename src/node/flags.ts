// How flags that several commands share are read. Knows no command.
import { SurgefleetError } from "../core/index.js";

/** For a flag that may be given again. */
export const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

/** Throws USAGE unless the text is a whole number from 1 up; `also` names what else it could have been. */
export function wholeNumber(flag: string, text: string, most: number, also = ""): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new SurgefleetError("USAGE", `${flag} is a whole number from 1 to ${most}${also}, not "${text}"`);
}
