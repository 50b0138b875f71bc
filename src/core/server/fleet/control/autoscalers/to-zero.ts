// Keys that say how a pool goes to zero, or comes back: where `min` keeps a replica they count for nothing, and one
// that is stated was meant to bring it there.
import type * as z from "zod";
import { type Raw, type Report, read } from "../../../../document/raw.js";
import type { Path } from "../../../../document/tree.js";

/** From that tolerance on, one may be near enough to what there is where none is not. */
const TELLS_NONE_FROM_ONE = 0.5;

export interface ToZero {
  readonly keys: readonly string[];
  /** The knob, with the default that it has there. */
  readonly min: z.ZodType<number>;
  /**
   * For one that asks for none even where `min` keeps one. Of two replicas one may be within a wide tolerance, and none
   * never is, so that it then matters when none is asked for.
   */
  readonly tolerance?: z.ZodType<number>;
}

/** Reports those of the keys that a part has and that count for nothing. */
export function checkToZero(part: Raw, at: Path, { keys, min, tolerance }: ToZero, report: Report): void {
  const least = read(min, part["min"]);
  const within = tolerance === undefined ? 0 : read(tolerance, part["tolerance"]);
  if (least === undefined || least === 0 || within === undefined || within >= TELLS_NONE_FROM_ONE) return;
  const byDefault = part["min"] === undefined ? ", its default" : "";
  for (const key of keys.filter((one) => part[one] !== undefined))
    report([...at, key], `counts only where the pool may go to zero: min is ${least}${byDefault}`, {
      at: "key",
      hint: `say min: 0, or leave ${key} out`,
    });
}
