// Every concurrency limit that a scenario may name. A new one is one file beside this one and one line here.
import type * as z from "zod";
import { nameMapOrModule } from "../../../document/custom.js";
import { CustomInstance, type CustomPool } from "../../../document/custom-instance.js";
import { definitionOf } from "../../../document/definition.js";
import { aimd } from "./aimd.js";
import { CustomLimit } from "./custom-limit.js";
import { fixed } from "./fixed.js";
import { gradient2 } from "./gradient2.js";
import type { ConcurrencyLimit, LimitContext } from "./limit.js";
import { none } from "./none.js";
import { pid } from "./pid.js";
import { predictive } from "./predictive.js";
import { vegas } from "./vegas.js";

export const LIMITS = [none, fixed, aimd, vegas, gradient2, pid, predictive] as const;

/** A limit by its name, or with its options, as a scenario writes it; or a module of the user's own. */
export const concurrencyLimit = nameMapOrModule("limit", LIMITS, {});

/** Makes the limit of one pool. Throws CODE_FAILED where a module of the user's own fails. */
export function createLimit(
  spec: z.output<typeof concurrencyLimit>,
  context: LimitContext,
  custom?: CustomPool,
): ConcurrencyLimit {
  if (spec.limit === "custom") {
    const { paths } = custom!;
    return new CustomLimit(new CustomInstance(spec, custom!, { paths }, 0));
  }
  const { limit, ...options } = spec;
  return definitionOf(LIMITS, limit, "concurrency limit").create(options as never, context);
}
