// Every concurrency limit that a scenario may name. A new one is one file beside this one and one line here.
import type * as z from "zod";
import { definitionOf, nameOrMap } from "../../../document/definition.js";
import { aimd } from "./aimd.js";
import { fixed } from "./fixed.js";
import { gradient2 } from "./gradient2.js";
import type { ConcurrencyLimit, LimitContext } from "./limit.js";
import { none } from "./none.js";
import { pid } from "./pid.js";
import { predictive } from "./predictive.js";
import { vegas } from "./vegas.js";

export const LIMITS = [none, fixed, aimd, vegas, gradient2, pid, predictive] as const;

/** A limit by its name, or with its options, as a scenario writes it. */
export const concurrencyLimit = nameOrMap("limit", LIMITS);

/** Makes the limit of one pool. */
export function createLimit(
  { limit, ...options }: z.output<typeof concurrencyLimit>,
  context: LimitContext,
): ConcurrencyLimit {
  return definitionOf(LIMITS, limit, "concurrency limit").create(options as never, context);
}
