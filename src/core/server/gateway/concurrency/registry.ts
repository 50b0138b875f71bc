// Every concurrency limit that a scenario may name. A new one is one file beside this one and one line here.
import type * as z from "zod";
import { definitionOf, nameOrMap } from "../../../document/definition.js";
import { aimd } from "./aimd.js";
import { fixed } from "./fixed.js";
import type { ConcurrencyLimit } from "./limit.js";
import { none } from "./none.js";

export const LIMITS = [none, fixed, aimd] as const;

/** A limit by its name, or with its options, as a scenario writes it. */
export const concurrencyLimit = nameOrMap("limit", LIMITS);

/** Makes the limit of one pool. */
export function createLimit({ limit, ...options }: z.output<typeof concurrencyLimit>): ConcurrencyLimit {
  return definitionOf(LIMITS, limit, "concurrency limit").create(options as never, undefined);
}
