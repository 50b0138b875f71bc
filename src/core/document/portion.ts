// So many of something, or a share of it: of instances, of nodes. A share is rounded to the nearest whole number, and
// is at least one of them where there are any: what a scenario breaks is never nothing.
import * as z from "zod";
import { count, share } from "./units.js";
import { quote } from "./words.js";

export type Portion = { readonly count: number } | { readonly share: number };

/** "3" of them, or "30%" (or 0.3): a whole number is a count, and so is 1. */
export function portion(most: number): z.ZodType<Portion, string | number> {
  const whole = count(1, most).transform((value): Portion => ({ count: value }));
  const part = share({ above: 0 }).transform((value): Portion => ({ share: value }));
  return z.union([whole, part], {
    error: (issue) =>
      `${quote(issue.input)} is out of range: write a whole number from 1 to ${most}, or a share like 30%`,
  });
}

/** How many of so many that is: never more than there are. */
export function portionOf(part: Portion, whole: number): number {
  const wanted = "count" in part ? part.count : Math.max(1, Math.round(part.share * whole));
  return Math.min(whole, wanted);
}
